"""Cells of close points."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from napari_colorcluster.core.methods._cells import gather


def cell_of(cells):
    """The cell of each point."""
    of = np.empty(len(cells.members), int)
    of[cells.members] = np.repeat(np.arange(len(cells.weights)), np.diff(cells.starts))
    return of


POINTS = arrays(
    float, st.tuples(st.integers(1, 60), st.just(3)), elements=st.floats(-100, 100, width=32)
)


@given(POINTS, st.sampled_from([1, 4, 8, 45]))
def test_cells_have_the_weight_and_the_mean_of_their_points(points, n_along):
    weights = np.arange(1.0, len(points) + 1)
    cells = gather(points, weights, n_along)
    of = cell_of(cells)
    assert sorted(cells.members) == list(range(len(points)))
    assert (np.diff(cells.starts) > 0).all()
    np.testing.assert_array_equal(np.bincount(of, weights), cells.weights)
    for mean, axis in zip(cells.axes, points.T, strict=True):
        sums = np.bincount(of, weights * axis)
        np.testing.assert_allclose(mean * cells.weights, sums, rtol=1e-9, atol=1e-6)
    away = np.linalg.norm(points - cells.axes.T[of], axis=1)
    furthest = [away[of == cell].max() for cell in range(len(cells.weights))]
    np.testing.assert_allclose(cells.radii, furthest, atol=1e-9)


def test_points_of_a_cell_are_close(photo):
    points = np.unique(photo.reshape(-1, 3), axis=0).astype(float)
    cells = gather(points, np.ones(len(points)), 16)
    side = np.ptp(points, axis=0).max() / 16
    expected = np.floor((points - points.min(axis=0)) / side).astype(int)
    kinds, of = np.unique(expected, axis=0, return_inverse=True)
    # The same cells, whatever their numbers.
    assert len(kinds) == len(cells.weights)
    assert len(np.unique(np.column_stack([of, cell_of(cells)]), axis=0)) == len(kinds)


def test_a_finer_grid_has_more_cells(photo):
    points = np.unique(photo.reshape(-1, 3), axis=0).astype(float)
    n_cells = [len(gather(points, np.ones(len(points)), n).weights) for n in (4, 8, 16, 32)]
    assert n_cells == sorted(set(n_cells))


def test_equal_points_are_one_cell():
    cells = gather(np.full((5, 3), 7.0), np.ones(5), 8)
    np.testing.assert_array_equal(cells.axes, [[7.0], [7.0], [7.0]])
    assert cells.weights == pytest.approx([5.0])
    assert cells.starts.tolist() == [0, 5]
    assert cells.members.tolist() == [0, 1, 2, 3, 4]
    assert cells.radii.tolist() == [0]
