"""Cells of close points: few enough to be tried often, where the points themselves are too many."""

from __future__ import annotations

import numpy as np

from napari_colorcluster.core.compiled import entry


def gather(points: np.ndarray, weights: np.ndarray, n_along: int) -> tuple[np.ndarray, np.ndarray]:
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
    box = np.array([[np.inf] * 3, [-np.inf] * 3])
    _surround(points, box)
    lowest, extent = box[0], box[1] - box[0]
    scale = n_along / extent.max() if extent.max() > 0 else 0.0
    shape = (extent * scale).astype(np.int64) + 1
    sums = np.zeros((shape.prod(), 4))
    _add_up(points, weights, lowest, scale, shape, sums)
    sums = sums[sums[:, 3] > 0].T
    return sums[:3] / sums[3], np.ascontiguousarray(sums[3])


@entry
def _surround(points, box):
    """Widen a box, its lowest and its highest corner, to hold all points."""
    for i in range(len(points)):
        for axis in range(3):
            box[0, axis] = min(box[0, axis], points[i, axis])
            box[1, axis] = max(box[1, axis], points[i, axis])


@entry
def _add_up(points, weights, lowest, scale, shape, sums):
    """Add up the weighted points of each cell, and their weights."""
    for i in range(len(points)):
        cell = int((points[i, 0] - lowest[0]) * scale)
        cell = cell * shape[1] + int((points[i, 1] - lowest[1]) * scale)
        cell = cell * shape[2] + int((points[i, 2] - lowest[2]) * scale)
        for axis in range(3):
            sums[cell, axis] += weights[i] * points[i, axis]
        sums[cell, 3] += weights[i]
