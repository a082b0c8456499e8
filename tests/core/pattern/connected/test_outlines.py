"""Outlines, held against scikit-image: which pixels lie inside, and how many outlines there are."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from skimage.measure import euler_number, label, points_in_poly

from napari_colorcluster.core.pattern.connected.outlines import count_corners, find_outlines

PLANES = arrays.arrays(
    np.uint8,
    arrays.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=9),
    elements=st.integers(0, 2),
)


def outlines_of(labels):
    """Each outline's label and corners."""
    found = find_outlines(labels)
    assert found.starts[-1] == len(found.corners) == count_corners(labels)
    assert found.labels.tolist() == sorted(found.labels.tolist())
    parts = [found.corners[first:end] for first, end in pairwise(found.starts)]
    return list(zip(found.labels.tolist(), parts, strict=True))


def assert_exact(labels):
    centers = np.argwhere(np.ones_like(labels)) + 0.5
    inside = dict.fromkeys(np.unique(labels[labels > 0]).tolist(), False)
    areas, n_outlines = dict.fromkeys(inside, 0), dict.fromkeys(inside, 0)
    for value, corners in outlines_of(labels):
        inside[value] = inside[value] ^ points_in_poly(centers, corners)
        rows, columns = corners.astype(int).T
        after_rows, after_columns = np.roll(rows, -1), np.roll(columns, -1)
        areas[value] += (columns * after_rows - after_columns * rows).sum() // 2
        n_outlines[value] += 1
    for value in inside:
        mask = labels == value
        np.testing.assert_array_equal(inside[value].reshape(labels.shape), mask)
        # Holes are gone around the other way.
        assert areas[value] == mask.sum()
        n_patches = label(mask, connectivity=1).max()
        n_holes = n_patches - euler_number(mask, connectivity=1)
        assert n_outlines[value] == n_patches + n_holes


@given(PLANES)
def test_inside_are_the_pixels_of_the_label(labels):
    assert_exact(labels)


def test_of_a_photo_in_steps(thumbnail):
    assert_exact(thumbnail[..., 1] // 64)


@given(PLANES)
def test_edges_turn_at_each_corner_and_begin_to_the_right(labels):
    for _, corners in outlines_of(labels):
        steps = np.roll(corners, -1, axis=0) - corners
        assert steps[0, 1] > 0
        assert (steps[::2, 0] == 0).all()
        assert (steps[1::2, 1] == 0).all()
        assert (np.abs(steps).sum(axis=1) > 0).all()


def test_where_pixels_touch_at_a_corner_alone_they_have_outlines_of_their_own():
    labels = np.array([[3, 0], [0, 3]], np.uint16)
    assert [corners.tolist() for _, corners in outlines_of(labels)] == [
        [[0, 0], [0, 1], [1, 1], [1, 0]],
        [[1, 1], [1, 2], [2, 2], [2, 1]],
    ]
    open_at_a_corner = np.array([[1, 1, 1], [1, 0, 1], [1, 1, 0]], np.uint8)
    assert len(outlines_of(open_at_a_corner)) == 1


@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (3, 3)])
def test_nothing_has_no_outline(shape):
    assert len(find_outlines(np.zeros(shape, np.uint8)).labels) == 0
