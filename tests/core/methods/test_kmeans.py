"""k-means on weighted points, held against scikit-learn on the points repeated."""

import numpy as np
import pytest
import sklearn.cluster
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.ndimage import gaussian_filter
from threadpoolctl import threadpool_limits

from napari_colorcluster.core.methods import kmeans
from napari_colorcluster.core.methods.kmeans import KMeans, NearestCenter
from napari_colorcluster.core.methods.solvers.points import WeightedPoints
from napari_colorcluster.core.methods.solvers.sums import weighted_means
from napari_colorcluster.core.pixels.passes import count_colors
from napari_colorcluster.core.support.progress import silent


def prepare(points, weights, random_state=0, progress=silent, effort="default"):
    # So few points are tried one by one; the order of their codes matters to no result.
    colors = WeightedPoints(points, weights, np.arange(len(points), dtype=np.int32))
    return KMeans(effort).prepare(colors, random_state=random_state, progress=progress)


def group(points, weights, n_clusters, random_state=0, effort="default"):
    prepared = prepare(points, weights, random_state, effort=effort)
    return prepared(n_clusters, silent)


def sse_of(points, weights, labels):
    centers = [
        np.average(points[labels == label], axis=0, weights=weights[labels == label])
        for label in range(labels.max() + 1)
    ]
    return weights @ ((points - np.array(centers)[labels]) ** 2).sum(axis=1)


@pytest.fixture(scope="module")
def cloud():
    """A thousand points around six places, each several times."""
    random = np.random.default_rng(1)
    places = random.normal(scale=30, size=(6, 3))
    points = places[random.integers(6, size=1000)] + random.normal(scale=12, size=(1000, 3))
    return points, random.integers(1, 12, 1000).astype(float)


@pytest.mark.parametrize("n_clusters", [2, 4, 6, 13])
def test_the_sse_is_that_of_scikit_learns_best_start_on_all_repeated_points(cloud, n_clusters):
    points, weights = cloud
    repeated = np.repeat(points, weights.astype(int), axis=0)
    best = sklearn.cluster.KMeans(n_clusters, n_init=20, random_state=0).fit(repeated)
    found = sse_of(points, weights, group(points, weights, n_clusters).labels)
    assert found <= 1.001 * best.inertia_


def colors_of(image):
    histogram = count_colors(image)
    colors, counts = histogram.colors.astype(float), histogram.counts.astype(float)
    return WeightedPoints(colors, counts, histogram.codes)


def best_of_scikit_learn(colors, n_clusters, n_init):
    model = sklearn.cluster.KMeans(n_clusters, n_init=n_init, random_state=0)
    return model.fit(colors.points, sample_weight=colors.weights).inertia_


def dark_field():
    """Nearly all pixels nearly black, with noise; few highlights."""
    rng = np.random.default_rng(3)
    shape = 300, 300
    light = np.zeros(shape)
    light[rng.integers(300, size=40), rng.integers(300, size=40)] = rng.uniform(2e3, 2e4, 40)
    light = gaussian_filter(light, 4)[..., np.newaxis] * [1, 0.8, 0.6]
    return np.clip(np.rint(light + rng.gamma(1.2, 0.9, (*shape, 3))), 0, 255).astype(np.uint8)


def gray_ramp():
    rng = np.random.default_rng(4)
    gray = np.linspace(20, 230, 40_000) + rng.normal(0, 8, 40_000)
    return np.repeat(np.rint(gray).astype(np.uint8)[:, np.newaxis], 3, axis=1)[np.newaxis]


@pytest.mark.parametrize("picture", [dark_field, gray_ramp])
@pytest.mark.parametrize("n_clusters", [5, 16, 64])
def test_pictures_of_mostly_one_color_are_clustered_as_well(picture, n_clusters):
    colors = colors_of(picture())
    labels = KMeans().prepare(colors, random_state=0, progress=silent)(n_clusters, silent).labels
    found = sse_of(colors.points, colors.weights, labels)
    assert found <= 1.002 * best_of_scikit_learn(colors, n_clusters, 5)


def test_many_clusters_are_as_good_as_those_of_scikit_learn(photo):
    colors = colors_of(photo)
    labels = KMeans().prepare(colors, random_state=0, progress=silent)(256, silent).labels
    found = sse_of(colors.points, colors.weights, labels)
    assert found <= 1.002 * best_of_scikit_learn(colors, 256, 1)


def test_thousands_of_clusters_are_as_many_as_asked_for(photo):
    colors = colors_of(photo)
    labels = KMeans().prepare(colors, random_state=0, progress=silent)(4096, silent).labels
    assert len(np.unique(labels)) == 4096


@pytest.mark.parametrize("n_clusters", [4, 13])
def test_more_effort_finds_clusters_that_are_no_worse(cloud, n_clusters):
    points, weights = cloud
    fast, default, best = (
        [
            sse_of(points, weights, group(points, weights, n_clusters, s, effort).labels)
            for s in (0, 1, 2)
        ]
        for effort in ("fast", "default", "best")
    )
    assert max(best) <= 1.003 * min(fast + default + best)
    assert np.mean(best) <= np.mean(default) * (1 + 1e-9)
    assert np.mean(default) <= np.mean(fast) * 1.0005


def test_an_unknown_effort_is_refused(refused):
    with refused("effort must be one of 'fast', 'default', 'best'", "got 'much'."):
        KMeans("much")


def test_no_point_is_nearer_to_another_center_than_to_its_own(cloud):
    points, weights = cloud
    grouping = group(points, weights, 7)
    centers, _ = weighted_means(points, weights, grouping.labels)
    distances = np.linalg.norm(points[:, np.newaxis] - centers, axis=2)
    own = distances[np.arange(len(points)), grouping.labels]
    np.testing.assert_allclose(own, distances.min(axis=1), rtol=1e-9)
    np.testing.assert_array_equal(grouping.rule(points), grouping.labels)


def test_one_large_weight_holds_a_center():
    points = np.array([[0.0, 0, 0], [2, 0, 0], [3, 0, 0]])
    grouping = group(points, np.array([1e9, 1, 1]), 2)
    np.testing.assert_allclose(sorted(grouping.rule.centers[:, 0]), [0, 2.5])


@settings(max_examples=30)
@given(
    points=arrays(float, st.tuples(st.integers(1, 25), st.just(3)), elements=st.integers(0, 9)),
    exponent=st.integers(-9, 9),
    offset=st.sampled_from([0.0, 1e3]),
    data=st.data(),
)
def test_every_cluster_is_used_however_the_points_lie(points, exponent, offset, data):
    points = np.unique(points, axis=0) * 2.0**exponent + offset
    n_points = len(points)
    weights = data.draw(arrays(float, n_points, elements=st.sampled_from([1.0, 2.0, 1e3, 1e9])))
    n_clusters = data.draw(st.integers(1, n_points))
    labels = group(points, weights, n_clusters).labels
    assert np.unique(labels).tolist() == list(range(n_clusters))


def test_neighboring_points_are_told_apart_where_there_are_more_clusters_than_cells():
    places = np.repeat([[0.0, 0, 0], [100, 0, 0], [0, 100, 0]], 8, axis=0)
    points = places + np.tile(np.arange(8)[:, np.newaxis] / 100, (3, 1))
    labels = group(points, np.ones(24), 12).labels
    assert np.unique(labels).tolist() == list(range(12))


def test_a_seed_and_any_number_of_threads_give_the_same_labels(cloud):
    with threadpool_limits(1):
        alone = group(*cloud, 9, random_state=5)
    with threadpool_limits(4):
        together = group(*cloud, 9, random_state=5)
    np.testing.assert_array_equal(alone.labels, together.labels)
    np.testing.assert_array_equal(alone.rule.centers, together.rule.centers)


def test_the_largest_seed_is_a_seed(cloud):
    assert group(*cloud, 3, random_state=2**32 - 1).labels.max() == 2


def test_the_points_and_weights_are_left_alone(cloud):
    points, weights = (array.copy() for array in cloud)
    points.setflags(write=False)
    weights.setflags(write=False)
    group(points, weights, 3)
    np.testing.assert_array_equal(points, cloud[0])


def test_progress_rises_to_1_in_each_of_both_steps(cloud):
    prepared_told, fitted_told = [], []
    prepared = prepare(*cloud, progress=lambda fraction, what: prepared_told.append(fraction))
    prepared(3, lambda fraction, what: fitted_told.append(fraction))
    for told in (prepared_told, fitted_told):
        assert told == sorted(told)
        assert told[-1] == 1


def test_a_tie_goes_to_the_first_center():
    rule = NearestCenter(np.array([[0.0, 0, 0], [2, 0, 0], [0, 2, 0]]))
    assert rule(np.array([[1.0, 0, 0], [1.1, 0, 0], [0, 1, 0], [1, 1, 0]])).tolist() == [0, 1, 0, 0]


def test_no_points_have_no_clusters():
    assert NearestCenter(np.zeros((2, 3)))(np.empty((0, 3))).shape == (0,)


def test_many_points_are_assigned_as_a_few_are():
    random = np.random.default_rng(0)
    rule, points = NearestCenter(random.random((5, 3))), random.random((140_000, 3))
    expected = np.linalg.norm(points[:, np.newaxis] - rule.centers, axis=2).argmin(axis=1)
    np.testing.assert_array_equal(rule(points), expected)


@pytest.mark.parametrize("n_clusters", [12, 60])
def test_on_merged_colors_first_the_end_is_as_good_for_all_colors(photo, monkeypatch, n_clusters):
    colors = colors_of(photo)
    monkeypatch.setattr(kmeans, "_MANY_DISTANCES", 0)
    prepared = KMeans("fast").prepare(colors, random_state=0, progress=silent)
    labels = prepared(n_clusters, silent).labels
    best = sklearn.cluster.KMeans(n_clusters, n_init=3, random_state=0)
    best.fit(colors.points, sample_weight=colors.weights)
    assert sse_of(colors.points, colors.weights, labels) <= 1.001 * best.inertia_
