"""A grid over points: every point in its cell, and every neighbor a step away."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from napari_colorcluster.core.methods.solvers.grid import Grid, min_side

points = arrays(
    float, st.tuples(st.integers(1, 30), st.just(3)), elements=st.floats(-100, 100, width=16)
)


@given(points=points, side=st.sampled_from([1e-3, 0.7, 10.0, 1e3]))
def test_each_point_is_in_one_cell_with_those_that_are_near(points, side):
    grid = Grid.over(points, side)
    np.testing.assert_array_equal(np.sort(grid.order), range(len(points)))
    assert (np.diff(grid.cells) > 0).all()
    assert grid.starts[0] == 0
    assert grid.starts[-1] == len(points)
    boxes = grid.boxes(points[grid.order])
    for i in range(len(grid.cells)):
        inside = points[grid.order[grid.starts[i] : grid.starts[i + 1]]]
        np.testing.assert_array_equal(boxes[i], [inside.min(axis=0), inside.max(axis=0)])
        assert np.ptp(inside, axis=0).max() <= grid.side * (1 + 1e-9)


@given(points=points, side=st.sampled_from([0.7, 10.0, 1e3]))
def test_points_less_than_a_side_apart_are_at_most_one_step_apart(points, side):
    grid = Grid.over(points, side)
    cell = np.empty(len(points), np.int64)
    cell[grid.order] = np.repeat(grid.cells, np.diff(grid.starts))
    near = np.abs(points[:, np.newaxis] - points).max(axis=2) < side
    away = np.stack(np.meshgrid(*3 * [np.arange(-1, 2)]), axis=-1).reshape(-1, 3)
    steps = (cell - cell[:, np.newaxis])[near]
    assert set(steps.tolist()) <= set((away @ grid.strides).tolist())


def test_cells_are_never_too_small_to_be_numbered():
    points = np.array([[0.0, 0, 0], [5, 0, 0]])
    assert Grid.over(points, 1e-300).side == min_side(points) > 1e-6
    assert Grid.over(points[:1], 1e-300).cells.size == 1
