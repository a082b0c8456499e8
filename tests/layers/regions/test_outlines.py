"""Outlines on a grid, beside scikit-image's."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skimage.draw import line, polygon2mask

from napari_colorcluster.layers.regions.outlines import draw_path, fill_polygon

SHAPE = (14, 17)
whole = st.lists(
    st.tuples(st.integers(-6, 22), st.integers(-6, 22)), min_size=3, max_size=9, unique=True
)
anywhere = st.lists(st.tuples(*[st.floats(-6, 22, width=32)] * 2), min_size=3, max_size=9)


def filled(vertices, shape=SHAPE):
    mask = np.zeros(shape, bool)
    fill_polygon(mask, np.array(vertices, float))
    return mask


def on_edges(vertices):
    """The pixels that lie on an edge, in integers: scikit-image misses some where edges cross."""
    points = np.moveaxis(np.indices(SHAPE), 0, -1)
    found = np.zeros(SHAPE, bool)
    for one, other in zip(vertices, np.roll(vertices, -1, axis=0), strict=True):
        to_one, to_other = one - points, other - points
        cross = to_one[..., 0] * to_other[..., 1] - to_one[..., 1] * to_other[..., 0]
        found |= (cross == 0) & ((to_one * to_other).sum(axis=-1) <= 0)
    return found


@given(whole)
def test_corners_at_pixels(vertices):
    expected = polygon2mask(SHAPE, vertices) | on_edges(np.array(vertices))
    np.testing.assert_array_equal(filled(vertices), expected)


@given(anywhere)
def test_corners_anywhere(vertices):
    # Beyond the digits that count, an edge through a pixel's center is on either side.
    vertices = np.round(np.array(vertices, float), 3) + np.array([0.00031, 0.00047])
    np.testing.assert_array_equal(filled(vertices), polygon2mask(SHAPE, vertices))


def test_a_polygon_is_added_to_what_is_there():
    mask = np.zeros(SHAPE, bool)
    mask[0, 0] = True
    fill_polygon(mask, np.array([[3, 3], [3, 6], [6, 6], [6, 3]]))
    assert mask[0, 0]
    assert mask.sum() == 17


def test_a_polygon_elsewhere_fills_nothing():
    assert not filled([[50, 50], [50, 60], [60, 55]]).any()
    assert not filled([[3.2, 1], [3.4, 1], [3.3, 9]]).any()


def test_a_polygon_around_everything_fills_it():
    assert filled([[-9, -9], [-9, 40], [40, 40], [40, -9]]).all()


@pytest.mark.parametrize("ends", [((1, 1), (9, 14)), ((3, 2), (3, 2)), ((-5, 3), (20, 9))])
def test_a_path_is_a_line_from_vertex_to_vertex(ends):
    mask, expected = np.zeros(SHAPE, bool), np.zeros((40, 40), bool)
    draw_path(mask, np.array(ends, float))
    rows, columns = line(*ends[0], *ends[1])
    expected[rows + 10, columns + 10] = True
    np.testing.assert_array_equal(mask, expected[10:24, 10:27])
