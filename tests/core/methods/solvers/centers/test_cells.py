"""Cells of close points."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from napari_colorcluster.core.methods.solvers.centers.cells import (
    cell_radii,
    coarsen,
    count_cells,
    make_cells,
)
from napari_colorcluster.core.pixels.codes import N_BITS, decode
from napari_colorcluster.core.pixels.passes import count_colors

CODES = st.lists(st.integers(0, (1 << N_BITS) - 1), min_size=1, max_size=60, unique=True).map(
    lambda codes: np.array(sorted(codes), np.int32)
)


def cell_of(cells):
    """The cell of each point."""
    return np.repeat(np.arange(len(cells.weights)), np.diff(cells.starts))


def points_of(codes):
    return decode(codes).astype(float)


@given(CODES, st.sampled_from([0, 1, 7, 12, 20, N_BITS]))
def test_cells_have_the_weight_the_mean_and_the_radius_of_their_points(codes, n_bits):
    points, weights = points_of(codes), np.arange(1.0, len(codes) + 1)
    cells = make_cells(points, weights, codes, n_bits)
    kinds, of = np.unique(codes >> n_bits, return_inverse=True)
    assert count_cells(codes)[n_bits] == len(kinds) == len(cells.weights)
    np.testing.assert_array_equal(cell_of(cells), of)
    np.testing.assert_array_equal(cells.codes, codes[np.unique(of, return_index=True)[1]])
    np.testing.assert_array_equal(np.bincount(of, weights), cells.weights)
    for mean, axis in zip(cells.points.T, points.T, strict=True):
        sums = np.bincount(of, weights * axis)
        np.testing.assert_allclose(mean * cells.weights, sums, rtol=1e-9, atol=1e-6)
    away = np.linalg.norm(points - cells.points[of], axis=1)
    np.testing.assert_allclose(cells.spread, np.bincount(of, weights * away**2), atol=1e-6)
    furthest = [away[of == cell].max() for cell in range(len(cells.weights))]
    np.testing.assert_allclose(cell_radii(points, weights, cells), furthest, atol=1e-9)


@given(CODES, st.integers(0, 12), st.integers(0, 12))
def test_cells_of_cells_are_those_of_their_points(codes, n_bits, more):
    points, weights = points_of(codes), np.arange(1.0, len(codes) + 1)
    joined = coarsen(make_cells(points, weights, codes, n_bits), n_bits + more)
    at_once = make_cells(points, weights, codes, n_bits + more)
    for name in ("weights", "codes", "starts"):
        np.testing.assert_array_equal(getattr(joined, name), getattr(at_once, name))
    np.testing.assert_allclose(joined.points, at_once.points, rtol=1e-12)
    np.testing.assert_allclose(joined.spread, at_once.spread, rtol=1e-9, atol=1e-6)


@pytest.mark.parametrize("n_bits", [3, 6, 9, 12])
def test_a_cell_is_a_cube_of_colors(photo, n_bits):
    histogram = count_colors(photo)
    cells = make_cells(
        histogram.colors.astype(float),
        np.ones(histogram.n_colors),
        histogram.codes,
        n_bits,
    )
    # The same cells, whatever their numbers.
    kinds = np.unique(histogram.colors >> n_bits // 3, axis=0)
    assert len(kinds) == len(cells.weights)
    lowest = np.minimum.reduceat(histogram.colors, cells.starts[:-1])
    highest = np.maximum.reduceat(histogram.colors, cells.starts[:-1])
    np.testing.assert_array_equal(lowest >> n_bits // 3, highest >> n_bits // 3)
