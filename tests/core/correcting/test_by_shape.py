"""Clusters that grow, shrink, are filled and smoothed: against scikit-image and SciPy."""

import dask.array as da
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy import ndimage
from skimage import measure, morphology

from napari_colorcluster.core.correcting.by_shape import (
    MOST_SMOOTHED,
    fill_holes,
    grow_clusters,
    shrink_clusters,
    smooth_clusters,
)

planes = arrays.arrays(
    np.uint8,
    arrays.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=12),
    elements=st.integers(0, 4),
)
full_planes = arrays.arrays(np.uint8, (11, 14), elements=st.integers(1, 4))
some_clusters = st.lists(st.integers(1, 4), min_size=1, max_size=3, unique=True)
distances = st.sampled_from([0.5, 1, 1.5, 2, 3, 5, 20])
spacings = st.sampled_from([1.0, 2.0, (1, 1), (2, 1), (0.3, 0.7)])
FOUR = [
    grow_clusters,
    shrink_clusters,
    smooth_clusters,
    lambda labels, clusters, *_: fill_holes(labels, clusters),
]
WHICH = ("grow", "shrink", "smooth", "fill_holes")


def nearest_of(labels, sources, distance, spacing):
    """The smallest of the nearest labels within a distance, by SciPy: of each label by itself."""
    best = np.full(labels.shape, np.inf)
    owner = np.zeros_like(labels)
    for label in sorted(sources):
        if not (labels == label).any():
            continue
        sampling = np.broadcast_to(spacing, 2)
        away = ndimage.distance_transform_edt(labels != label, sampling=sampling)
        # Equal up to rounding: the smaller label came first.
        nearer = away < best - 1e-9
        best[nearer], owner[nearer] = away[nearer], label
    owner[best > distance * (1 + 1e-9)] = 0
    return owner


@given(planes, some_clusters, distances, spacings)
def test_pixels_of_others_go_to_the_nearest_that_grows(labels, clusters, distance, spacing):
    owner = nearest_of(labels, clusters, distance, spacing)
    taken = (owner > 0) & (labels > 0) & ~np.isin(labels, clusters)
    expected = np.where(taken, owner, labels)
    np.testing.assert_array_equal(grow_clusters(labels, clusters, distance, spacing), expected)


@given(planes, some_clusters, distances, spacings)
def test_shrinking_is_growing_of_all_others_into_these(labels, clusters, distance, spacing):
    others = set(np.unique(labels).tolist()) - {0, *clusters}
    owner = nearest_of(labels, others, distance, spacing)
    expected = np.where((owner > 0) & np.isin(labels, clusters), owner, labels)
    np.testing.assert_array_equal(shrink_clusters(labels, clusters, distance, spacing), expected)


@given(full_planes, st.integers(1, 4), st.integers(1, 4))
def test_one_cluster_grows_and_shrinks_by_a_disc(labels, cluster, radius):
    disc, mask = morphology.disk(radius), labels == cluster
    grown = grow_clusters(labels, [cluster], radius) == cluster
    np.testing.assert_array_equal(grown, morphology.dilation(mask, disc))
    shrunk = shrink_clusters(labels, [cluster], radius) == cluster
    np.testing.assert_array_equal(shrunk, morphology.erosion(mask, disc))


def test_equally_near_pixels_go_to_the_smaller_label():
    labels = np.array([[3, 1, 2]], np.uint8)
    assert grow_clusters(labels, [2, 3], 1).tolist() == [[3, 2, 2]]
    diagonal = np.array([[1, 5, 1], [1, 1, 4], [1, 1, 1]], np.uint16)
    grown = grow_clusters(diagonal, [4, 5], 2)
    assert grown.tolist() == [[5, 5, 4], [5, 4, 4], [1, 4, 4]]


@given(planes, some_clusters)
def test_all_holes_are_filled_that_reach_neither_edge_nor_zero(labels, clusters):
    expected, smallest = labels.copy(), np.full(labels.shape, np.inf)
    for cluster in sorted(clusters):
        regions = measure.label(labels != cluster, connectivity=1)
        for region in measure.regionprops(regions):
            inside = regions == region.label
            ends = np.pad(
                np.zeros(np.subtract(labels.shape, 2).clip(0), bool),
                1,
                mode="constant",
                constant_values=True,
            )[: labels.shape[0], : labels.shape[1]]
            if (inside & (ends | (labels == 0))).any():
                continue
            taken = inside & ~np.isin(labels, clusters) & (region.area < smallest)
            expected[taken], smallest[taken] = cluster, region.area
    np.testing.assert_array_equal(fill_holes(labels, clusters), expected)


@given(full_planes, st.integers(1, 4), st.integers(1, 9))
def test_holes_of_one_cluster_are_those_of_scipy_and_scikit_image(labels, cluster, size):
    mask = labels == cluster
    whole = ndimage.binary_fill_holes(mask)
    np.testing.assert_array_equal(fill_holes(labels, [cluster]) == cluster, whole)
    small = morphology.remove_small_holes(mask, max_size=size, connectivity=1)
    filled = fill_holes(labels, [cluster], size) == cluster
    np.testing.assert_array_equal(filled, small & whole)


@given(planes, st.integers(1, 4), st.sampled_from([1, 1.5, 2, 3]), spacings)
def test_a_smoothed_pixel_is_of_the_majority_around_it(labels, cluster, distance, spacing):
    smoothed = smooth_clusters(labels, [cluster], distance, spacing)
    row_step, column_step = np.broadcast_to(spacing, 2)
    rows, columns = np.indices(labels.shape)
    for row, column in np.ndindex(labels.shape):
        away = ((rows - row) * row_step) ** 2 + ((columns - column) * column_step) ** 2
        around = labels[(away <= distance**2 * (1 + 1e-9)) & (labels > 0)]
        winner = np.bincount(around, minlength=5).argmax() if labels[row, column] else 0
        changes = cluster in (winner, labels[row, column])
        assert smoothed[row, column] == (winner if changes else labels[row, column])


def test_a_straight_border_stays_where_it_is_and_a_speck_on_it_goes():
    labels = np.repeat([[1] * 9 + [2] * 11], 20, axis=0)
    speckled = labels.copy()
    speckled[5, 4] = speckled[12:14, 11:13] = 3
    np.testing.assert_array_equal(smooth_clusters(labels, [1], 3), labels)
    np.testing.assert_array_equal(smooth_clusters(speckled, [3], 3), labels)


@pytest.mark.parametrize("function", FOUR, ids=WHICH)
@given(planes, some_clusters)
def test_zero_and_what_is_between_others_never_changes(function, labels, clusters):
    before = labels.copy()
    after = function(labels, clusters, 2)
    np.testing.assert_array_equal(labels, before)
    assert after.dtype == labels.dtype
    np.testing.assert_array_equal(after == 0, labels == 0)
    changed = after != labels
    assert (np.isin(labels, clusters) | np.isin(after, clusters))[changed].all()


@pytest.mark.parametrize("function", FOUR, ids=WHICH)
def test_a_stack_is_corrected_plane_by_plane_lazily_on_dask(function):
    rng = np.random.default_rng(4)
    stack = ndimage.median_filter(rng.integers(1, 4, (2, 3, 20, 30)), (1, 1, 3, 3))
    stack = stack.astype(np.uint16)
    after = function(stack, [2, 3], 2)
    assert (after != stack).any()
    for plane in np.ndindex(2, 3):
        np.testing.assert_array_equal(after[plane], function(stack[plane], [2, 3], 2))
    lazy = function(da.from_array(stack, chunks=(1, 2, 7, 9)), [2, 3], 2)
    assert isinstance(lazy, da.Array)
    assert lazy.dtype == stack.dtype
    np.testing.assert_array_equal(lazy.compute(), after)


@pytest.mark.parametrize("function", FOUR[:3], ids=WHICH[:3])
def test_what_cannot_be_meant_is_refused(function, refused):
    labels = np.ones((4, 4), np.uint8)
    with refused("distance must be a number above 0, got 0"):
        function(labels, [1], 0)
    with refused("distance must be a number above 0, got nan"):
        function(labels, [1], float("nan"))
    with refused("spacing must be a number above 0", "-1"):
        function(labels, [1], 1, -1)
    for clusters in ([], [0], [1.5], 70_000):
        with refused("The clusters must be one or more labels in 1..65535", repr(clusters)):
            function(labels, clusters, 1)
    with refused("Labels must be integers"):
        function(labels.astype(float), [1], 1)


def test_a_disc_larger_than_the_plane_gives_it_to_the_majority():
    labels = np.array([[1, 2, 2], [0, 1, 1]], np.uint8)
    assert smooth_clusters(labels, [1], 1e9).tolist() == [[1, 1, 1], [0, 1, 1]]


def test_more_clusters_than_can_be_smoothed_are_refused(refused):
    labels = np.arange(1, MOST_SMOOTHED + 2, dtype=np.uint16).reshape(1, -1)
    with refused("At most 1,000 clusters can be smoothed together, got 1,001"):
        smooth_clusters(labels, [1], 1)
    assert smooth_clusters(labels[:, 1:], [2], 1).shape == (1, MOST_SMOOTHED)


def test_a_largest_hole_must_have_a_size(refused):
    with refused("max_pixels must be an integer of at least 1, got 0"):
        fill_holes(np.ones((4, 4), np.uint8), [1], 0)


@pytest.mark.parametrize("shape", [(0, 0), (0, 5), (3, 0, 4), (0, 4, 4)])
@pytest.mark.parametrize("function", FOUR, ids=WHICH)
def test_empty_labels_stay_empty(function, shape):
    assert function(np.zeros(shape, np.uint8), [1], 2).shape == shape
