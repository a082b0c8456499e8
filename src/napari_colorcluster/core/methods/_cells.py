"""Cells of close points: few enough to be tried often, where the points themselves are too many."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from napari_colorcluster.core.compiled import entry


class Cells(NamedTuple):
    """Points that share a cell of a grid, taken as one."""

    axes: np.ndarray  # (3, n_cells), float64, the mean of the points in each
    weights: np.ndarray  # (n_cells,), float64, the sum of theirs
    radii: np.ndarray  # (n_cells,), float64, the distance of the furthest of them from the mean
    starts: np.ndarray  # (n_cells + 1,), int64, where each begins in `members`
    members: np.ndarray  # (n_points,), int32, the points, cell by cell


def gather(points: np.ndarray, weights: np.ndarray, n_along: int) -> Cells:
    """Gather points into the cells of a grid.

    Parameters
    ----------
    points : ndarray, shape (n_points, 3), float64
        The points.
    weights : ndarray, shape (n_points,), float64
        Theirs.
    n_along : int
        Cells along the longest axis.

    Returns
    -------
    Cells
        Those that are occupied, in the order of their first points.
    """
    n_points = len(points)
    box = np.array([[np.inf] * 3, [-np.inf] * 3])
    _surround(points, box)
    lowest, extent = box[0], box[1] - box[0]
    scale = n_along / extent.max() if extent.max() > 0 else 0.0
    shape = (extent * scale).astype(np.int64) + 1
    cell_at = np.full(shape.prod(), -1, np.int32)
    of, members = np.empty((2, n_points), np.int32)
    n_cells = _number(points, lowest, scale, shape, cell_at, of)
    sums, starts, radii = np.zeros((n_cells, 4)), np.zeros(n_cells + 1, np.int64), np.zeros(n_cells)
    _add_up(points, weights, of, sums, starts, members)
    axes = sums[:, :3].T / sums[:, 3]
    _measure(points, axes, of, radii)
    return Cells(axes, sums[:, 3].copy(), radii, starts, members)


# Loops that do one thing each, with all that stays the same in variables: several times as fast as
# one loop whose every write might, for all the compiler knows, change what it reads next.


@entry
def _surround(points, box):
    """Widen a box, its lowest and its highest corner, to hold all points."""
    x, y, z, right, top, far = box[0, 0], box[0, 1], box[0, 2], box[1, 0], box[1, 1], box[1, 2]
    for i in range(len(points)):
        x, right = min(x, points[i, 0]), max(right, points[i, 0])
        y, top = min(y, points[i, 1]), max(top, points[i, 1])
        z, far = min(z, points[i, 2]), max(far, points[i, 2])
    box[0, 0], box[0, 1], box[0, 2], box[1, 0], box[1, 1], box[1, 2] = x, y, z, right, top, far


@entry
def _number(points, lowest, scale, shape, cell_at, of):
    """Number the cells as they come, so that no time goes into empty ones; return how many."""
    x, y, z, height, depth = lowest[0], lowest[1], lowest[2], shape[1], shape[2]
    for i in range(len(points)):
        place = int((points[i, 0] - x) * scale) * height + int((points[i, 1] - y) * scale)
        of[i] = place * depth + int((points[i, 2] - z) * scale)
    n_cells = 0
    for i in range(len(points)):
        place = of[i]
        if cell_at[place] < 0:
            cell_at[place] = n_cells
            n_cells += 1
        of[i] = cell_at[place]
    return n_cells


@entry
def _add_up(points, weights, of, sums, starts, members):
    """Add up the weighted points of each cell, and their weights, and list them cell by cell."""
    for i in range(len(points)):
        cell, weight = of[i], weights[i]
        starts[cell + 1] += 1
        for axis in range(3):
            sums[cell, axis] += weight * points[i, axis]
        sums[cell, 3] += weight
    for cell in range(len(sums)):
        starts[cell + 1] += starts[cell]
    for i in range(len(points) - 1, -1, -1):
        # From the end of each cell, which so becomes its start.
        starts[of[i] + 1] -= 1
        members[starts[of[i] + 1]] = i
    for cell in range(len(sums)):
        starts[cell] = starts[cell + 1]
    starts[len(sums)] = len(points)


@entry
def _measure(points, axes, of, radii):
    """Find how far the points of each cell are from its mean at most."""
    for i in range(len(points)):
        cell = of[i]
        dx, dy = points[i, 0] - axes[0, cell], points[i, 1] - axes[1, cell]
        dz = points[i, 2] - axes[2, cell]
        radii[cell] = max(radii[cell], dx * dx + dy * dy + dz * dz)
    for cell in range(len(radii)):
        radii[cell] = np.sqrt(radii[cell])
