"""Levels of a label image: how many, how large, and that strips of it are all of its rows."""

import dask.array as da
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from napari_colorcluster.core.files.pyramids.levels import (
    axes_of,
    kept_levels,
    n_levels_of,
    reduced,
    strips_of,
)

HEIGHTS = st.lists(st.integers(1, 9), min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("shape", "n_levels"),
    [((1024, 1024), 0), ((1025, 3), 1), ((3, 30_000), 5), ((5000, 7, 1024, 8), 0)],
)
def test_levels_are_made_down_to_the_smallest(shape, n_levels):
    assert n_levels_of(shape, 1024) == n_levels


@pytest.mark.parametrize(
    ("n_axes", "lengths", "axes"),
    [
        (2, {}, "yx"),
        (3, {}, "tyx"),
        (3, {"x": (1.0, "mm"), "y": (1.0, "mm")}, "tyx"),
        (3, {"z": (1.0, "mm")}, "zyx"),
        (4, {}, "tzyx"),
    ],
)
def test_axes_are_named_by_what_is_known_of_them(n_axes, lengths, axes):
    assert axes_of(n_axes, lengths) == axes


@given(heights=HEIGHTS, height=st.integers(1, 12), lazy=st.booleans())
def test_strips_have_all_rows_in_order(heights, height, lazy):
    plane = np.arange(3 * sum(heights), dtype=np.uint16).reshape(-1, 3)
    source = da.from_array(plane, chunks=(tuple(heights), 2)) if lazy else plane
    strips = list(strips_of(source, height))
    assert [top for top, _ in strips] == list(range(0, len(plane), height))
    assert {len(rows) for _, rows in strips[:-1]} <= {height}
    np.testing.assert_array_equal(np.concatenate([rows for _, rows in strips]), plane)


@given(shape=st.tuples(*(st.integers(1, 40),) * 2), level=st.integers(1, 4))
def test_kept_levels_are_every_second_row_and_column(tmp_path_factory, shape, level):
    image = np.random.default_rng(0).integers(0, 9, (2, *shape), np.uint8)
    with kept_levels(tmp_path_factory.getbasetemp(), image.shape, image.dtype) as levels:
        for at, plane in enumerate(image):
            for top, rows in strips_of(plane, 8):
                levels.keep((at,), top, rows)
        kept = [
            np.concatenate([rows for _, rows in levels.strips((at,), level, 8)]) for at in (0, 1)
        ]
    assert np.shape(kept) == reduced(image.shape, level)
    np.testing.assert_array_equal(kept, image[:, :: 2**level, :: 2**level])
