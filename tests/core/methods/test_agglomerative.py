"""Agglomerative clustering, held against scikit-learn's on the points repeated."""

import dataclasses

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
from napari_colorcluster.core.progress import Cancelled, silent

LINKAGES = ["ward", "average", "complete", "single"]
every_linkage = pytest.mark.parametrize("linkage", LINKAGES)


def prepare(points, weights, linkage="ward", progress=silent):
    return Agglomerative(linkage).prepare(points, weights, random_state=0, progress=progress)


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
def test_a_lattice_of_ties_is_parted_into_exactly_k(linkage):
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


def test_the_heavier_cluster_is_costlier_to_merge():
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


def test_gathering_fills_cells_up_to_the_limit_and_keeps_neighbors_together(blobs):
    points, _, _ = blobs
    cell = agglomerative._gather(points, 300)
    n_cells = cell.max() + 1
    np.testing.assert_array_equal(np.unique(cell), range(n_cells))
    assert 100 < n_cells <= 300
    for i in range(n_cells):
        assert np.ptp(points[cell == i], axis=0).max() < 1


@every_linkage
def test_growing_reports_rising_fractions_and_can_be_cancelled(linkage, monkeypatch):
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
