"""The Gaussian mixture, held against scikit-learn's on the points repeated."""

import dataclasses
import pickle

import numpy as np
import pytest
import sklearn.mixture
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.special import logsumexp
from scipy.stats import multivariate_normal
from skimage.color import rgb2lab
from sklearn.metrics import adjusted_rand_score
from threadpoolctl import threadpool_limits

from napari_colorcluster.core.methods import gaussian_mixture
from napari_colorcluster.core.methods.gaussian_mixture import GaussianMixture, fit_mixture
from napari_colorcluster.core.methods.kmeans import KMeans
from napari_colorcluster.core.methods.solvers.points import WeightedPoints
from napari_colorcluster.core.support import threads
from napari_colorcluster.core.support.progress import Cancelled, silent


def group(points, weights, n_clusters, reg_covar=0.0, progress=silent):
    method = GaussianMixture(reg_covar)
    colors = WeightedPoints(points, weights, np.arange(len(points), dtype=np.int32))
    return method.prepare(colors, random_state=0, progress=silent)(n_clusters, progress)


def kmeans_labels(points, weights, n_clusters):
    colors = WeightedPoints(points, weights, np.arange(len(points), dtype=np.int32))
    prepared = KMeans().prepare(colors, random_state=0, progress=silent)
    return prepared(n_clusters, silent).labels


def covariances_of(mixture):
    return mixture.factors @ mixture.factors.transpose(0, 2, 1)


def log_likelihood(mixture, pixels):
    """Mean over the pixels, by scipy."""
    densities = [
        np.log(share) + multivariate_normal(mean, covariance).logpdf(pixels)
        for share, mean, covariance in zip(
            mixture.mixing_weights, mixture.means, covariances_of(mixture), strict=True
        )
    ]
    return logsumexp(densities, axis=0).mean()


def oracle_on(pixels, labels, reg_covar, **keywords):
    """scikit-learn's mixture, fitted to all pixels from their labels."""
    parts = [pixels[labels == label] for label in range(labels.max() + 1)]
    precisions = [
        np.linalg.inv(np.cov(part.T, bias=True) + reg_covar * np.eye(3)) for part in parts
    ]
    return sklearn.mixture.GaussianMixture(
        len(parts),
        reg_covar=reg_covar,
        weights_init=[len(part) / len(pixels) for part in parts],
        means_init=[part.mean(axis=0) for part in parts],
        precisions_init=precisions,
        **keywords,
    ).fit(pixels)


def assert_equal_to(oracle, mixture, pixels):
    assert log_likelihood(mixture, pixels) == pytest.approx(oracle.score(pixels), abs=1e-6)
    np.testing.assert_allclose(mixture.mixing_weights, oracle.weights_, rtol=1e-6)
    np.testing.assert_allclose(mixture.means, oracle.means_, rtol=1e-6)
    np.testing.assert_allclose(covariances_of(mixture), oracle.covariances_, rtol=1e-5, atol=1e-7)
    np.testing.assert_array_equal(mixture(pixels), oracle.predict(pixels))


@pytest.fixture(scope="module")
def cloud():
    """A thousand points from four ellipsoids that overlap, each several times."""
    random = np.random.default_rng(1)
    shapes = random.normal(scale=10, size=(4, 3, 3))
    of = random.integers(4, size=1000)
    middles = random.normal(scale=25, size=(4, 3))
    points = middles[of] + np.einsum("nij,nj->ni", shapes[of], random.normal(size=(1000, 3)))
    return points, random.integers(1, 12, 1000).astype(float)


@pytest.fixture(scope="module")
def lab(thumbnail):
    """A photo's pixels in CIELAB, its distinct colors, their counts, and each pixel's color."""
    pixels = rgb2lab(thumbnail).reshape(-1, 3)
    points, of_pixel, counts = np.unique(pixels, axis=0, return_inverse=True, return_counts=True)
    return pixels, points, counts.astype(float), of_pixel


@pytest.mark.parametrize("n_clusters", [1, 2, 4, 9])
@pytest.mark.parametrize("reg_covar", [1e-6, 0.5])
def test_it_ends_where_scikit_learn_does_on_all_repeated_points(cloud, n_clusters, reg_covar):
    points, weights = cloud
    of_pixel = np.repeat(np.arange(len(points)), weights.astype(int))
    labels = kmeans_labels(points, weights, n_clusters)
    oracle = oracle_on(points[of_pixel], labels[of_pixel], reg_covar)
    mixture = fit_mixture(points, weights, labels, reg_covar)
    assert_equal_to(oracle, mixture, points[of_pixel])
    grouping = group(points, weights, n_clusters, reg_covar)
    np.testing.assert_array_equal(grouping.labels[of_pixel], oracle.predict(points[of_pixel]))


@pytest.mark.parametrize("n_clusters", [2, 5, 8])
def test_it_is_scikit_learns_on_the_pixels_of_a_photo(lab, n_clusters):
    pixels, points, weights, of_pixel = lab
    labels = kmeans_labels(points, weights, n_clusters)
    mixture = fit_mixture(points, weights, labels, 1e-6)
    assert_equal_to(oracle_on(pixels, labels[of_pixel], 1e-6), mixture, pixels)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("n_iterations", [1, 2, 3, 30])
def test_each_iteration_is_scikit_learns(lab, monkeypatch, n_iterations):
    monkeypatch.setattr(gaussian_mixture, "_TOL", 0)
    monkeypatch.setattr(gaussian_mixture, "_MAX_ITER", n_iterations)
    pixels, points, weights, of_pixel = lab
    labels = kmeans_labels(points, weights, 6)
    oracle = oracle_on(pixels, labels[of_pixel], 0.1, tol=0, max_iter=n_iterations)
    assert_equal_to(oracle, fit_mixture(points, weights, labels, 0.1), pixels)


def test_the_default_adds_a_thousandth_of_the_variance(lab):
    pixels, points, weights, _ = lab
    labels = kmeans_labels(points, weights, 4)
    mixture = fit_mixture(points, weights, labels, 0.0)
    expected = fit_mixture(points, weights, labels, pixels.var(axis=0).mean() / 1000)
    np.testing.assert_allclose(mixture.means, expected.means)
    np.testing.assert_allclose(mixture.factors, expected.factors, atol=1e-9)


@pytest.mark.parametrize("scale", [2.0**-12, 2.0**9])
def test_with_the_default_the_scale_of_the_space_does_not_matter(cloud, scale):
    points, weights = cloud
    np.testing.assert_array_equal(
        group(scale * points, weights, 4).labels, group(points, weights, 4).labels
    )


def test_a_small_round_cluster_within_a_large_one_is_found():
    random = np.random.default_rng(0)
    wide = random.normal(scale=10, size=(2000, 3))
    dense = np.array([12.0, 0, 0]) + random.normal(scale=0.3, size=(2000, 3))
    labels = group(np.vstack([wide, dense]), np.ones(4000), 2).labels
    assert adjusted_rand_score(np.repeat([0, 1], 2000), labels) > 0.98


@given(seed=st.integers(0, 2**32 - 1))
def test_the_order_of_the_points_does_not_matter(seed):
    random = np.random.default_rng(seed)
    points = np.repeat(30 * np.eye(3), 20, axis=0) + random.normal(scale=6, size=(60, 3))
    weights = random.integers(1, 10, 60).astype(float)
    labels = np.repeat([0, 1, 2], 20)
    order = random.permutation(60)
    one = fit_mixture(points, weights, labels, 0.01)
    other = fit_mixture(points[order], weights[order], labels[order], 0.01)
    np.testing.assert_allclose(other.means, one.means, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(other.factors, one.factors, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("factor", [2, 10**8])
def test_a_picture_many_times_over_has_the_same_clusters(cloud, factor):
    points, weights = cloud
    many, once = group(points, factor * weights, 4).labels, group(points, weights, 4).labels
    # The clusters are the same; their numbers are those of the search, which rounds.
    assert adjusted_rand_score(many, once) == 1


@given(
    points=arrays(float, st.tuples(st.integers(1, 25), st.just(3)), elements=st.integers(0, 9)),
    exponent=st.integers(-9, 9),
    offset=st.sampled_from([0.0, 1e3]),
    reg_covar=st.sampled_from([0.0, 1e-12, 1e-6, 1.0]),
    data=st.data(),
)
def test_labels_are_those_of_the_rule_and_each_is_used_however_the_points_lie(
    points, exponent, offset, reg_covar, data
):
    points = np.unique(points, axis=0) * 2.0**exponent + offset
    n_points = len(points)
    weights = data.draw(arrays(float, n_points, elements=st.sampled_from([1.0, 2.0, 1e3, 1e9])))
    n_clusters = data.draw(st.integers(1, n_points))
    grouping = group(points, weights, n_clusters, reg_covar)
    n_found = len(grouping.rule.means)
    assert 1 <= n_found <= n_clusters
    np.testing.assert_array_equal(np.unique(grouping.labels), range(n_found))
    np.testing.assert_array_equal(grouping.rule(points), grouping.labels)
    assert np.isfinite(grouping.rule.factors).all()


def test_colors_far_apart_are_a_cluster_each():
    points = np.array([[0.0, 0, 0], [9, 9, 9], [250, 250, 250], [240, 240, 240], [255, 0, 0]])
    for weights in (np.ones(5), np.full(5, 1e9), np.array([1.0, 2, 3, 4, 5])):
        assert np.unique(group(points, weights, 5).labels).tolist() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("n", [1, 2])
def test_one_and_two_points(n):
    points, weights = np.eye(3)[:n], np.full(n, 1e9)
    np.testing.assert_array_equal(group(points, weights, 1).labels, np.zeros(n))
    assert np.unique(group(points, weights, n).labels).tolist() == list(range(n))


@pytest.mark.parametrize("direction", [(1, 0, 0), (1, 1, 1), (0.3, -0.7, 0.2)])
def test_points_on_a_line_are_split_along_it(direction):
    along = np.concatenate([np.arange(0, 50.0), np.arange(200, 230.0), np.arange(500, 510.0)])
    points = along[:, np.newaxis] * direction + 7
    for reg_covar in (0.0, 1e-13):
        labels = group(points, np.ones(90), 3, reg_covar).labels
        assert adjusted_rand_score(np.repeat([0, 1, 2], [50, 30, 10]), labels) == 1


def test_a_component_that_is_the_most_probable_nowhere_is_no_cluster():
    # Next to a billion pixels, a single one a level away is taken for one of them.
    points = np.array([[0.0, 0, 0], [1, 0, 0], [250, 250, 250]])
    grouping = group(points, np.array([1e9, 1, 1e9]), 3)
    assert grouping.labels[0] == grouping.labels[1]
    assert np.unique(grouping.labels).tolist() == [0, 1]
    assert len(grouping.rule.means) == 2
    np.testing.assert_array_equal(grouping.rule(points + 0.1), grouping.labels)


def test_the_bits_do_not_depend_on_threads(photo, monkeypatch):
    colors, counts = np.unique(photo.reshape(-1, 3), axis=0, return_counts=True)
    points, weights = colors.astype(float), counts.astype(float)
    found = []
    for n_threads in (1, 3):
        monkeypatch.setattr(threads, "N_THREADS", n_threads)
        with threadpool_limits(n_threads):
            found.append(group(points, weights, 6))
    alone, together = found
    np.testing.assert_array_equal(together.labels, alone.labels)
    for field in dataclasses.fields(alone.rule):
        np.testing.assert_array_equal(
            getattr(together.rule, field.name), getattr(alone.rule, field.name)
        )


def test_a_point_belongs_to_one_component_however_many_are_asked_for_with_it(cloud):
    points, _ = cloud
    rule = group(*cloud, 4).rule
    singly = [rule(points[i : i + 1])[0] for i in range(50)]
    np.testing.assert_array_equal(rule(points)[:50], singly)
    many = np.tile(points, (40, 1))
    np.testing.assert_array_equal(rule(many), np.tile(rule(points), 40))
    assert rule(np.empty((0, 3))).shape == (0,)
    assert rule(np.empty((0, 3))).dtype == np.int64


def test_a_pickled_rule_is_the_same(cloud):
    rule = group(*cloud, 4).rule
    again = pickle.loads(pickle.dumps(rule))
    others = np.random.default_rng(0).normal(scale=50, size=(500, 3))
    np.testing.assert_array_equal(again(others), rule(others))


def test_the_points_and_weights_are_left_alone(cloud):
    points, weights = (array.copy() for array in cloud)
    points.setflags(write=False)
    weights.setflags(write=False)
    group(points, weights, 3)
    np.testing.assert_array_equal(points, cloud[0])


def test_progress_rises_to_1_and_each_report_can_cancel(cloud):
    told = []
    group(*cloud, 4, progress=lambda fraction, what: told.append(fraction))
    assert told == sorted(told)
    assert told[0] >= 0
    assert told[-1] == 1
    assert len([fraction for fraction in told if fraction > 0.4]) > 5

    for last in range(1, len(told) + 1):
        heard = []

        def cancel(fraction, what, heard=heard, last=last):
            heard.append(fraction)
            if len(heard) == last:
                raise Cancelled

        with pytest.raises(Cancelled):
            group(*cloud, 4, progress=cancel)
        assert heard == told[:last]


@pytest.mark.parametrize("value", [-1e-9, np.nan, np.inf, "1", None, True])
def test_a_bad_reg_covar_is_refused(refused, value):
    with refused("reg_covar must be a number of at least 0", f"got {value!r}."):
        GaussianMixture(value)


def test_it_is_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        GaussianMixture().reg_covar = 1.0
