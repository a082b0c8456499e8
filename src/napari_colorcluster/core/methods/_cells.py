"""Cells of close points: few enough to be tried often, where the points themselves are too many."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(nogil=True, cache=True)
def gather(points, weights, n_along):
    """Gather points into the cells of a grid.

    Parameters
    ----------
    points : ndarray, shape (n, 3), float64
        The points.
    weights : ndarray, shape (n,), float64
        Theirs.
    n_along : int
        Cells along the longest axis.

    Returns
    -------
    axes : ndarray, shape (3, n_cells), float64
        The mean of the points in each occupied cell.
    weights : ndarray, shape (n_cells,), float64
        Their weight.
    """
    lowest, highest = np.full(3, np.inf), np.full(3, -np.inf)
    for i in range(points.shape[0]):
        for axis in range(3):
            lowest[axis] = min(lowest[axis], points[i, axis])
            highest[axis] = max(highest[axis], points[i, axis])
    longest = max(highest[0] - lowest[0], highest[1] - lowest[1], highest[2] - lowest[2])
    scale = n_along / longest if longest > 0 else 0.0
    n_second = int((highest[1] - lowest[1]) * scale) + 1
    n_third = int((highest[2] - lowest[2]) * scale) + 1
    n_first = int((highest[0] - lowest[0]) * scale) + 1
    sums = np.zeros((n_first * n_second * n_third, 4))
    for i in range(points.shape[0]):
        cell = int((points[i, 0] - lowest[0]) * scale)
        cell = cell * n_second + int((points[i, 1] - lowest[1]) * scale)
        cell = cell * n_third + int((points[i, 2] - lowest[2]) * scale)
        for axis in range(3):
            sums[cell, axis] += weights[i] * points[i, axis]
        sums[cell, 3] += weights[i]
    n_cells = 0
    for cell in range(sums.shape[0]):
        n_cells += sums[cell, 3] > 0
    axes, heavy = np.empty((3, n_cells)), np.empty(n_cells)
    found = 0
    for cell in range(sums.shape[0]):
        if sums[cell, 3] > 0:
            for axis in range(3):
                axes[axis, found] = sums[cell, axis] / sums[cell, 3]
            heavy[found] = sums[cell, 3]
            found += 1
    return axes, heavy
