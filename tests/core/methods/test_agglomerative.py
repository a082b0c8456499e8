"""Agglomerative clustering, held against scikit-learn's on the points repeated."""

import dataclasses
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skimage.color import rgb2lab
from sklearn.cluster import AgglomerativeClustering
from sklearn.metrics import adjusted_rand_score
from sklearn.preprocessing import StandardScaler

from napari_colorcluster.core.methods import agglomerative
from napari_colorcluster.core.methods.agglomerative import Agglomerative
from napari_colorcluster.core.methods.solvers.points import WeightedPoints
from napari_colorcluster.core.support.progress import Cancelled, silent

LINKAGES = ["ward", "average", "complete", "single"]
every_linkage = pytest.mark.parametrize("linkage", LINKAGES)


def prepare_method(method, points, weights, progress=silent):
    colors = WeightedPoints(points, weights, np.arange(len(points)))
    return method.prepare(colors, random_state=0, progress=progress)


def prepare(points, weights, linkage="ward", progress=silent):
    return prepare_method(Agglomerative(linkage), points, weights, progress)


def labels_of(points, weights, n_clusters, linkage="ward"):
    return prepare(points, weights, linkage)(n_clusters, silent).labels


def cloud(n, seed=0):
    """Distinct points with counts of 1 to 9; no two distances are equal."""
    random = np.random.default_rng(seed)
    return random.normal(size=(n, 3)), random.integers(1, 10, n).astype(float)


def assert_same_parts(labels, expected):
    assert adjusted_rand_score(expected, labels) == 1


@every_linkage
@pytest.mark.parametrize("seed", range(3))
def test_it_is_scikit_learns_on_all_standardized_pixels(linkage, seed):
    random = np.random.default_rng(seed)
    colors = np.unique(random.integers(0, 256, (200, 3)), axis=0)
    counts = random.integers(1, 8, len(colors))
    # Off the lattice of the colors, where many distances are equal.
    colors = colors + random.normal(scale=0.3, size=colors.shape)
    pixels = StandardScaler().fit_transform(np.repeat(colors, counts, axis=0))
    of_pixel = np.repeat(np.arange(len(colors)), counts)
    points = pixels[np.unique(of_pixel, return_index=True)[1]]

    prepared = prepare(points, counts.astype(float), linkage)
    for n_clusters in (2, 3, 5, 9, 40):
        oracle = AgglomerativeClustering(n_clusters, linkage=linkage).fit(pixels)
        assert_same_parts(prepared(n_clusters, silent).labels[of_pixel], oracle.labels_)


@every_linkage
def test_it_is_scikit_learns_on_a_photo(linkage, thumbnail):
    pixels = StandardScaler().fit_transform(rgb2lab(thumbnail).reshape(-1, 3))
    points, of_pixel, counts = np.unique(pixels, axis=0, return_inverse=True, return_counts=True)
    prepared = prepare(points, counts.astype(float), linkage)
    for n_clusters in (2, 6, 30):
        oracle = AgglomerativeClustering(n_clusters, linkage=linkage).fit(pixels)
        assert_same_parts(prepared(n_clusters, silent).labels[of_pixel], oracle.labels_)


@every_linkage
@given(seed=st.integers(0, 2**32 - 1))
def test_the_order_of_the_points_does_not_matter(linkage, seed):
    points, weights = cloud(60, seed)
    order = np.random.default_rng(seed).permutation(60)
    labels = labels_of(points, weights, 6, linkage)
    assert_same_parts(labels_of(points[order], weights[order], 6, linkage), labels[order])


@every_linkage
@given(seed=st.integers(0, 2**32 - 1), factor=st.integers(2, 10**8))
def test_a_picture_many_times_over_has_the_same_clusters(linkage, seed, factor):
    points, weights = cloud(60, seed)
    labels = labels_of(points, weights, 6, linkage)
    assert_same_parts(labels_of(points, factor * weights, 6, linkage), labels)


@every_linkage
@given(seed=st.integers(0, 2**32 - 1), n_clusters=st.integers(2, 30))
def test_one_cluster_less_is_two_clusters_merged(linkage, seed, n_clusters):
    prepared = prepare(*cloud(30, seed), linkage)
    finer, coarser = (prepared(k, silent).labels for k in (n_clusters, n_clusters - 1))
    assert len(np.unique(np.column_stack([finer, coarser]), axis=0)) == n_clusters


@every_linkage
def test_a_lattice_of_ties_is_split_into_exactly_k(linkage):
    points = np.stack(np.meshgrid(*3 * [np.arange(5.0)]), axis=-1).reshape(-1, 3)
    prepared = prepare(points, np.ones(len(points)), linkage)
    for n_clusters in (1, 2, 7, 100, 125):
        labels = prepared(n_clusters, silent).labels
        np.testing.assert_array_equal(np.unique(labels), range(n_clusters))
        assert labels.dtype == np.int64


@every_linkage
@pytest.mark.parametrize("n", [1, 2])
def test_one_and_two_points(linkage, n):
    prepared = prepare(np.eye(3)[:n], np.full(n, 1e9), linkage)
    np.testing.assert_array_equal(prepared(1, silent).labels, np.zeros(n))
    np.testing.assert_array_equal(prepared(n, silent).labels, range(n))


def test_the_larger_cluster_is_costlier_to_merge():
    # By their means alone, the first two would be the closest.
    points = np.array([[0.0, 0, 0], [1, 0, 0], [2.1, 0, 0]])
    labels = labels_of(points, np.array([1e9, 1e9, 1]), 2)
    np.testing.assert_array_equal(labels[1:], labels[2])


def test_equal_inputs_give_equal_labels(photo):
    colors, counts = np.unique(photo.reshape(-1, 3), axis=0, return_counts=True)
    points, weights = colors.astype(float), counts.astype(float)
    expected = labels_of(points, weights, 8)
    np.testing.assert_array_equal(labels_of(points, weights, 8), expected)


@every_linkage
def test_an_unknown_color_goes_where_the_nearest_known_one_is(linkage):
    points, weights = cloud(200)
    grouping = prepare(points, weights, linkage)(5, silent)
    np.testing.assert_array_equal(grouping.rule(points), grouping.labels)
    np.testing.assert_array_equal(grouping.rule(points + 1e-6), grouping.labels)
    np.testing.assert_array_equal(
        grouping.rule(np.full((1, 3), 50.0)), grouping.labels[[points.sum(axis=1).argmax()]]
    )
    assert grouping.rule(points).dtype == np.int64
    assert grouping.rule(np.empty((0, 3))).shape == (0,)


@pytest.fixture
def blobs():
    """Five groups of points, far apart, and which group each is in."""
    random = np.random.default_rng(0)
    group = random.integers(0, 5, 1000)
    middles = np.array([[0, 0, 0], [9, 0, 0], [0, 9, 0], [0, 0, 9], [9, 9, 9.0]])
    points = middles[group] + random.uniform(-1, 1, (1000, 3))
    return points, random.integers(1, 5, 1000).astype(float), group


@every_linkage
def test_beyond_the_limits_it_starts_from_groups(linkage, blobs, monkeypatch):
    monkeypatch.setattr(agglomerative, "WARD_LIMIT", 400)
    monkeypatch.setattr(agglomerative, "LINKAGE_LIMIT", 50)
    points, weights, group = blobs
    prepared = prepare(points, weights, linkage)
    assert_same_parts(prepared(5, silent).labels, group)
    for n_clusters in (1, 50, 51, 90):
        labels = prepared(n_clusters, silent).labels
        np.testing.assert_array_equal(np.unique(labels), range(n_clusters))


def test_binning_fills_cells_up_to_the_limit_and_keeps_neighbors_together(blobs):
    points, _, _ = blobs
    cell = agglomerative._bin(points, 300)
    n_cells = cell.max() + 1
    np.testing.assert_array_equal(np.unique(cell), range(n_cells))
    assert 100 < n_cells <= 300
    for i in range(n_cells):
        assert np.ptp(points[cell == i], axis=0).max() < 1


@every_linkage
def test_building_reports_rising_fractions_and_can_be_cancelled(linkage, monkeypatch):
    monkeypatch.setattr(agglomerative, "LINKAGE_LIMIT", 300)
    told = []
    prepare(*cloud(1000), linkage, lambda fraction, what: told.append(fraction))
    assert told == sorted(told)
    assert told[-1] == 1

    def cancel(fraction, what):
        if fraction > 0.5:
            raise Cancelled

    with pytest.raises(Cancelled):
        prepare(*cloud(1000), linkage, cancel)


def test_an_unknown_linkage_is_refused(refused):
    with refused("'centroid'", "'ward'", "'average'", "'complete'", "'single'"):
        Agglomerative("centroid")


def test_it_is_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Agglomerative().linkage = "single"


@every_linkage
@pytest.mark.parametrize("seed", range(3))
def test_a_threshold_finds_the_clusters_that_scikit_learn_finds_in_all_pixels(linkage, seed):
    points, weights = cloud(80, seed)
    of_pixel = np.repeat(np.arange(80), weights.astype(int))
    heights = prepare(points, weights, linkage).tree.heights
    # Halfway between heights, and at the extremes.
    for threshold in (1e-6, *(heights[[5, 40, 70]] + heights[[6, 41, 71]]) / 2, 1e6):
        oracle = AgglomerativeClustering(None, distance_threshold=threshold, linkage=linkage)
        oracle.fit(points[of_pixel])
        method = Agglomerative(linkage, distance_threshold=threshold)
        prepared = prepare_method(method, points, weights)
        labels = prepared(None, silent).labels
        assert labels.max() + 1 == oracle.n_clusters_
        assert_same_parts(labels[of_pixel], oracle.labels_)


@every_linkage
def test_clusters_just_at_the_threshold_stay_two(linkage):
    points = np.array([[0.0, 0, 0], [2, 0, 0]])
    for threshold, expected in ((2.0, [0, 1]), (2.0001, [0, 0])):
        method = Agglomerative(linkage, threshold)
        prepared = prepare_method(method, points, np.ones(2))
        assert prepared(None, silent).labels.tolist() == expected


def test_with_a_threshold_it_finds_the_number_of_clusters():
    assert Agglomerative(distance_threshold=3).finds_n_clusters
    assert not Agglomerative().finds_n_clusters


def test_more_clusters_than_labels_are_refused_with_the_number(refused):
    points = np.stack(np.meshgrid(*3 * [np.arange(41.0)]), axis=-1).reshape(-1, 3)
    method = Agglomerative(distance_threshold=0.5)
    prepared = prepare_method(method, points, np.ones(len(points)))
    with refused("distance_threshold=0.5 leaves 68,921 clusters", "raise distance_threshold"):
        prepared(None, silent)


@every_linkage
def test_the_number_of_groups_is_written_out(linkage):
    limit = agglomerative.WARD_LIMIT if linkage == "ward" else agglomerative.LINKAGE_LIMIT
    assert Agglomerative(linkage).max_colors == limit
    assert Agglomerative(linkage, max_colors=np.int64(70)).max_colors == 70


@every_linkage
def test_groups_are_merged_but_never_split(linkage, blobs):
    points, weights, group = blobs
    for threshold, n_clusters in ((1e-9, 70), (1e6, 1)):
        method = Agglomerative(linkage, threshold, max_colors=70)
        prepared = prepare_method(method, points, weights)
        labels = prepared(None, silent).labels
        if n_clusters == 1 or linkage != "ward":
            assert labels.max() + 1 == n_clusters
        else:
            assert 30 < labels.max() + 1 <= 70
    prepared = prepare_method(Agglomerative(linkage, max_colors=70), points, weights)
    assert_same_parts(prepared(5, silent).labels, group)


def test_more_clusters_than_groups_are_refused_with_their_number(blobs, refused):
    points, weights, _ = blobs
    prepared = prepare_method(Agglomerative(max_colors=1), points, weights)
    with refused("n_clusters=2 is more than the 1 groups", "max_colors=1"):
        prepared(2, silent)


@pytest.mark.parametrize("value", [0, -1.5, float("nan"), float("inf"), "1", True])
def test_a_bad_threshold_is_refused(refused, value):
    with refused("distance_threshold must be None or a number greater than 0", f"got {value!r}."):
        Agglomerative(distance_threshold=value)


@pytest.mark.parametrize("value", [0, -1, 2.5, "1", True])
def test_a_bad_number_of_groups_is_refused(refused, value):
    with refused("max_colors must be None or an integer of at least 1", f"got {value!r}."):
        Agglomerative(max_colors=value)


@every_linkage
def test_the_rule_survives_a_pickle(linkage):
    points, weights = cloud(50)
    rule = prepare(points, weights, linkage)(5, silent).rule
    others = points + 0.1
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(rule))(others), rule(others))
