"""The compiled loop of mean shift: seeds move to where weighted points are densest."""

import numpy as np

from napari_colorcluster.core.methods.solvers.grid import MARGIN
from napari_colorcluster.core.support.compiled import entry, inner

_MIN_STEP = 1e-3
"""In bandwidths: a seed has converged after a step this short, as in scikit-learn."""


@entry
def shift_seeds(seeds, points, weights, grid, bandwidth, max_iter, density):
    """Move each seed to the weighted mean of the points within a bandwidth, until it converges.

    Parameters
    ----------
    seeds : ndarray, shape (n_seeds, 3), float64
        Each with at least one point within the bandwidth. Changed in place.
    points, weights : ndarray, shapes (n_points, 3) and (n_points,), float64
        Sorted by the cells of the grid.
    grid : tuple
        The fields of a `Grid` over these points, whose side is no less than the bandwidth.
    bandwidth : float
        The radius of the flat kernel; points at exactly that distance are inside.
    max_iter : int
        Steps of a seed at most.
    density : ndarray, shape (n_seeds,), float64
        Filled with the weight within the bandwidth at the last step.
    """
    side, lowest, strides, _, cells, starts = grid
    mean = np.empty(3)
    for i in range(len(seeds)):
        seed = seeds[i]
        for _ in range(max_iter):
            total = 0.0
            home = 0
            for axis in range(3):
                mean[axis] = 0.0
                home += int((seed[axis] - lowest[axis]) / side + MARGIN) * strides[axis]
            for row in range(9):
                # Three cells along the last axis have consecutive numbers.
                first = home + (row // 3 - 1) * strides[0] + (row % 3 - 1) * strides[1]
                start = starts[_search_sorted(cells, first - 1)]
                stop = starts[_search_sorted(cells, first + 2)]
                for j in range(start, stop):
                    distance = 0.0
                    for axis in range(3):
                        distance += (points[j, axis] - seed[axis]) ** 2
                    if distance <= bandwidth * bandwidth:
                        total += weights[j]
                        for axis in range(3):
                            mean[axis] += weights[j] * points[j, axis]
            # Only by rounding: the mean of points is within a bandwidth of one of them.
            if total == 0:
                break
            density[i] = total
            step = 0.0
            for axis in range(3):
                mean[axis] /= total
                step += (mean[axis] - seed[axis]) ** 2
                seed[axis] = mean[axis]
            if step <= (_MIN_STEP * bandwidth) ** 2:
                break


@inner
def _search_sorted(cells, number):
    """Find the first cell whose number is at least `number`; np.searchsorted compiles slowly."""
    low, high = 0, len(cells)
    while low < high:
        middle = (low + high) // 2
        if cells[middle] < number:
            low = middle + 1
        else:
            high = middle
    return low
