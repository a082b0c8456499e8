"""DBSCAN on weighted points, held against scikit-learn's and against its definition."""

import pickle

import numpy as np
import pytest
import sklearn.cluster
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.spatial.distance import cdist
from skimage.color import rgb2lab
from sklearn.metrics import adjusted_rand_score

from napari_colorcluster.core.methods.dbscan import DBSCAN, estimate_eps, find_core
from napari_colorcluster.core.methods.solvers.points import WeightedPoints
from napari_colorcluster.core.support.progress import Cancelled, silent


def group(points, weights, eps=None, min_samples=None, progress=silent):
    method = DBSCAN(eps, min_samples)
    colors = WeightedPoints(points, weights, np.arange(len(points)))
    return method.prepare(colors, random_state=0, progress=progress)(None, silent)


def core_of(points, weights, eps, min_samples):
    return np.flatnonzero(find_core(points, weights, eps, min_samples, silent))


def assert_scikit_learns(points, counts, eps, min_samples):
    """Core points and their clusters are exactly those of all pixels; the rest go to the nearest
    core point, within eps of which scikit-learn puts them in one of the clusters that are near.
    """
    of_pixel = np.repeat(np.arange(len(points)), counts)
    oracle = sklearn.cluster.DBSCAN(eps=eps, min_samples=min_samples).fit(points[of_pixel])
    core = np.unique(of_pixel[oracle.core_sample_indices_])
    np.testing.assert_array_equal(core_of(points, counts.astype(float), eps, min_samples), core)
    if not len(core):
        return
    labels = group(points, counts.astype(float), eps, min_samples).labels
    expected = oracle.labels_[np.unique(of_pixel, return_index=True)[1]]
    assert labels.max() == expected.max()
    assert adjusted_rand_score(expected[core], labels[core]) == 1
    away = cdist(points, points[core])
    nearest = away.min(axis=1)
    own = np.where(labels[core] == labels[:, np.newaxis], away, np.inf).min(axis=1)
    np.testing.assert_array_equal(own, nearest)
    np.testing.assert_array_equal(nearest > eps, expected < 0)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("eps", [4.0, 12.0, 25.0, 60.0])
@pytest.mark.parametrize("min_samples", [1, 5, 12, 60])
def test_core_colors_and_clusters_are_scikit_learns_on_all_pixels(seed, eps, min_samples):
    random = np.random.default_rng(seed)
    colors = np.unique(random.normal(128, 40, (300, 3)).astype(int), axis=0).astype(float)
    assert_scikit_learns(colors, random.integers(1, 6, len(colors)), eps, min_samples)


@pytest.mark.parametrize(("eps", "min_samples"), [(1.0, 5), (2.0, 20), (3.0, 20), (8.0, 300)])
def test_a_photo_has_the_clusters_that_scikit_learn_finds(thumbnail, eps, min_samples):
    pixels = rgb2lab(thumbnail).reshape(-1, 3)
    points, counts = np.unique(pixels, axis=0, return_counts=True)
    assert_scikit_learns(points, counts, eps, min_samples)


@settings(max_examples=100)
@given(
    cells=arrays(np.int64, st.tuples(st.integers(1, 40), st.just(3)), elements=st.integers(0, 6)),
    squared_eps=st.sampled_from([0.25, 1, 2, 3, 4, 9, 12, 14, 400]),
    min_samples=st.integers(1, 9),
    data=st.data(),
)
def test_neighbors_at_just_eps_count_on_any_lattice(cells, squared_eps, min_samples, data):
    points = np.unique(cells, axis=0).astype(float)
    counts = data.draw(arrays(np.int64, len(points), elements=st.sampled_from([1, 1, 2, 5])))
    assert_scikit_learns(points, counts, float(np.sqrt(squared_eps)), min_samples)


@settings(max_examples=60)
@given(
    points=arrays(float, st.tuples(st.integers(1, 25), st.just(3)), elements=st.integers(0, 9)),
    eps=st.sampled_from([None, 1e-3, 1.0, 2.5, 1e6]),
    offset=st.sampled_from([0.0, -3.3, 1e3]),
    data=st.data(),
)
def test_every_cluster_is_used_however_the_points_lie(points, eps, offset, data):
    points = np.unique(points, axis=0) + offset
    counts = st.sampled_from([1.0, 2.0, 1e3, 1e9])
    weights = data.draw(arrays(float, len(points), elements=counts))
    min_samples = data.draw(st.one_of(st.none(), st.integers(1, int(weights.max()))))
    grouping = group(points, weights, eps, min_samples)
    n_clusters = grouping.labels.max() + 1
    assert np.unique(grouping.labels).tolist() == list(range(n_clusters))
    assert grouping.labels.dtype == np.int64
    np.testing.assert_array_equal(grouping.rule(points), grouping.labels)


@given(seed=st.integers(0, 2**32 - 1))
def test_the_order_of_the_points_does_not_matter(seed):
    random = np.random.default_rng(seed)
    points, weights = random.normal(size=(80, 3)), random.integers(1, 9, 80).astype(float)
    order = random.permutation(80)
    labels = group(points, weights, 0.7, 12).labels
    shuffled = group(points[order], weights[order], 0.7, 12).labels
    assert adjusted_rand_score(labels[order], shuffled) == 1


def test_a_color_with_enough_pixels_is_core_by_itself():
    points = np.array([[0.0, 0, 0], [9, 0, 0], [10, 0, 0]])
    weights = np.array([1e9, 1, 1])
    np.testing.assert_array_equal(core_of(points, weights, 2, 10), [0])
    np.testing.assert_array_equal(core_of(points, weights, 2, 2), [0, 1, 2])
    assert group(points, weights, 2, 2).labels.tolist() == [0, 1, 1]


def test_a_color_between_two_clusters_goes_to_the_nearer_one():
    points = np.array([-1, 0, 1.1, 2, 3])[:, np.newaxis] * [1.0, 0, 0]
    weights = np.array([7.0, 3, 1, 3, 7])
    np.testing.assert_array_equal(core_of(points, weights, 1.2, 10), [0, 1, 3, 4])
    assert group(points, weights, 1.2, 10).labels.tolist() == [0, 0, 1, 1, 1]


def test_a_chain_of_any_shape_is_one_cluster():
    angle = np.linspace(0, 2 * np.pi, 400, endpoint=False)
    ring = np.stack([50 * np.cos(angle), 50 * np.sin(angle), np.zeros(400)], axis=1)
    labels = group(np.vstack([ring, np.zeros((1, 3))]), np.ones(401), 1.0, 1).labels
    assert len(np.unique(labels[:400])) == 1
    assert labels[400] != labels[0]


def test_with_estimates_about_half_of_the_pixels_are_core(photo):
    points, counts = np.unique(rgb2lab(photo).reshape(-1, 3), axis=0, return_counts=True)
    weights = counts.astype(float)
    min_samples = round(0.005 * weights.sum())
    eps = estimate_eps(points, weights, min_samples)
    core = core_of(points, weights, eps, min_samples)
    assert 0.4 < weights[core].sum() / weights.sum() < 0.6
    expected = group(points, weights, eps, min_samples).labels
    np.testing.assert_array_equal(group(points, weights).labels, expected)


def test_the_estimate_of_few_colors_is_the_median_over_all_pixels():
    random = np.random.default_rng(0)
    points, weights = random.normal(size=(150, 3)), random.integers(1, 9, 150)
    repeated = np.repeat(points, weights, axis=0)
    twentieth = np.sort(cdist(repeated, repeated), axis=1)[:, 19]
    expected = np.quantile(twentieth, 0.5, method="inverted_cdf")
    assert estimate_eps(points, weights.astype(float), 20) == pytest.approx(expected)


@pytest.mark.parametrize("n", [1, 2])
def test_one_and_two_colors_are_themselves(n):
    assert sorted(group(np.eye(3)[:n], np.full(n, 1e9)).labels) == list(range(n))
    assert sorted(group(np.eye(3)[:n], np.ones(n)).labels) == list(range(n))


def test_a_cloud_in_one_neighborhood_takes_no_memory_for_its_pairs():
    points = np.random.default_rng(0).random((100_000, 3))
    assert group(points, np.ones(100_000), 50.0, 99_999).labels.max() == 0


def test_equal_inputs_give_equal_labels_after_a_pickle_too(thumbnail, astronaut):
    points, counts = np.unique(rgb2lab(thumbnail).reshape(-1, 3), axis=0, return_counts=True)
    one, other = (group(points, counts.astype(float)) for _ in range(2))
    np.testing.assert_array_equal(one.labels, other.labels)
    strangers = rgb2lab(astronaut).reshape(-1, 3)
    expected = one.rule(strangers)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(one.rule))(strangers), expected)
    known = one.rule.known.points
    nearest = cdist(strangers[:500], known).argmin(axis=1)
    np.testing.assert_array_equal(expected[:500], one.rule.labels[nearest])


def test_it_reports_rising_fractions_and_can_be_cancelled():
    points = np.random.default_rng(0).random((500, 3))
    told = []
    group(points, np.ones(500), progress=lambda fraction, what: told.append(fraction))
    assert told == sorted(told)
    assert told[0] >= 0
    assert told[-1] == 1

    for stop in (0.3, 0.7):

        def cancel(fraction, what, stop=stop):
            if fraction > stop:
                raise Cancelled

        with pytest.raises(Cancelled):
            group(points, np.ones(500), progress=cancel)


def test_where_no_color_is_core_it_says_what_to_change(refused):
    points = np.eye(3)
    with refused("min_samples=1,000 and eps=0.5", "raise eps or lower min_samples"):
        group(points, np.ones(3), 0.5, 1000)


@pytest.mark.large
def test_more_clusters_than_labels_are_refused_with_the_number(refused):
    points = np.stack(np.meshgrid(*3 * [np.arange(41.0)]), axis=-1).reshape(-1, 3)
    with refused("eps=0.5 leaves 68,921 clusters", "65,535", "raise eps"):
        group(points, np.ones(len(points)), 0.5, 1)


def test_an_eps_too_small_to_be_told_from_0_is_refused_with_the_least(refused):
    with refused("eps=1e-09 is too small", "at least 1.9e-06"):
        group(np.eye(3), np.ones(3), 1e-9, 1)


@pytest.mark.parametrize("value", [0, -1.5, float("nan"), float("inf"), "1", True])
def test_a_bad_eps_is_refused(refused, value):
    with refused("eps must be None or a number greater than 0", f"got {value!r}."):
        DBSCAN(eps=value)


@pytest.mark.parametrize("value", [0, -1, 2.5, "1", True])
def test_a_bad_min_samples_is_refused(refused, value):
    with refused("min_samples must be None or an integer of at least 1", f"got {value!r}."):
        DBSCAN(min_samples=value)
    assert isinstance(DBSCAN(min_samples=np.int32(2)).min_samples, int)


@pytest.mark.parametrize("factor", [2, 7, 10**6])
def test_a_picture_many_times_over_has_the_same_clusters_with_as_many_times_the_samples(factor):
    random = np.random.default_rng(0)
    points = random.normal(0, 10, (300, 3)) + random.integers(2, size=(300, 1)) * 90
    weights = random.integers(1, 6, 300).astype(float)
    once = group(points, weights, 8.0, 12).labels
    assert once.max() > 0
    np.testing.assert_array_equal(group(points, factor * weights, 8.0, 12 * factor).labels, once)
    core, more = core_of(points, weights, 8.0, 12), core_of(points, factor * weights, 8.0, 12)
    assert set(core) < set(more)
    # Of thousands of pixels, 0.5% are whole.
    whole, estimated = group(points, 1000 * weights), group(points, 1000 * factor * weights)
    np.testing.assert_array_equal(estimated.labels, whole.labels)
