"""The loop of mean shift, compiled: seeds climb to where weighted points are densest."""

import numpy as np

from napari_colorcluster.core.methods.solvers.grid import MARGIN
from napari_colorcluster.core.support.compiled import entry, inner

_SHORT_STEP = 1e-3
"""In radii: the step that is the last (scikit-learn's)."""


@entry
def climb(seeds, points, weights, grid, radius, most_steps, reached):
    """Move each seed to the weighted mean of the points within a radius, until it stays.

    Parameters
    ----------
    seeds : ndarray, shape (n_seeds, 3), float64
        With at least one point within the radius of each. Changed in place: where they stay.
    points, weights : ndarray, shapes (n_points, 3) and (n_points,), float64
        In the order of the grid.
    grid : tuple
        The fields of a `Grid` over these points, its side no less than the radius.
    radius : float
        Points just so far away are within it.
    most_steps : int
        After so many a seed stays wherever it is.
    reached : ndarray, shape (n_seeds,), float64
        Written in place: the weight that was within the radius at the last step.
    """
    side, lowest, strides, _, cells, starts = grid
    mean = np.empty(3)
    for i in range(len(seeds)):
        seed = seeds[i]
        for _ in range(most_steps):
            total = 0.0
            home = 0
            for axis in range(3):
                mean[axis] = 0.0
                home += int((seed[axis] - lowest[axis]) / side + MARGIN) * strides[axis]
            for row in range(9):
                # Three cells along the last axis have consecutive numbers.
                first = home + (row // 3 - 1) * strides[0] + (row % 3 - 1) * strides[1]
                start = starts[_place(cells, first - 1)]
                stop = starts[_place(cells, first + 2)]
                for j in range(start, stop):
                    away = 0.0
                    for axis in range(3):
                        away += (points[j, axis] - seed[axis]) ** 2
                    if away <= radius * radius:
                        total += weights[j]
                        for axis in range(3):
                            mean[axis] += weights[j] * points[j, axis]
            # A mean is that near to one of its points, but for rounding.
            if total == 0:
                break
            reached[i] = total
            step = 0.0
            for axis in range(3):
                mean[axis] /= total
                step += (mean[axis] - seed[axis]) ** 2
                seed[axis] = mean[axis]
            if step <= (_SHORT_STEP * radius) ** 2:
                break


@inner
def _place(cells, number):
    """Find the first cell whose number is at least `number`; numpy's own is slow to compile."""
    low, high = 0, len(cells)
    while low < high:
        middle = (low + high) // 2
        if cells[middle] < number:
            low = middle + 1
        else:
            high = middle
    return low
