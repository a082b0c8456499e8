"""Cells of close points."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from napari_colorcluster.core.methods._cells import gather

POINTS = arrays(
    float, st.tuples(st.integers(1, 60), st.just(3)), elements=st.floats(-100, 100, width=32)
)


@given(POINTS, st.sampled_from([1, 4, 8, 45]))
def test_cells_have_the_weight_and_the_mean_of_all_points(points, n_along):
    weights = np.arange(1.0, len(points) + 1)
    axes, heavy = gather(points, weights, n_along)
    assert axes.shape == (3, len(heavy))
    assert heavy.sum() == weights.sum()
    np.testing.assert_allclose(axes @ heavy, points.T @ weights, rtol=1e-9, atol=1e-6)


def test_points_of_a_cell_are_close(photo):
    points = np.unique(photo.reshape(-1, 3), axis=0).astype(float)
    _, heavy = gather(points, np.ones(len(points)), 16)
    side = np.ptp(points, axis=0).max() / 16
    cell = np.floor((points - points.min(axis=0)) / side).astype(int)
    kinds, counts = np.unique(cell, axis=0, return_counts=True)
    np.testing.assert_array_equal(np.sort(heavy), np.sort(counts))
    assert len(heavy) == len(kinds)


def test_a_finer_grid_has_more_cells(photo):
    points = np.unique(photo.reshape(-1, 3), axis=0).astype(float)
    n_cells = [len(gather(points, np.ones(len(points)), n)[1]) for n in (4, 8, 16, 32)]
    assert n_cells == sorted(set(n_cells))


def test_equal_points_are_one_cell():
    axes, heavy = gather(np.full((5, 3), 7.0), np.ones(5), 8)
    np.testing.assert_array_equal(axes, [[7.0], [7.0], [7.0]])
    assert heavy == pytest.approx([5.0])
