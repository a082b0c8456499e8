"""A grid of cubic cells over points: the neighbors of a point lie in a few cells around its own."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

MARGIN = 2
"""Empty cells around all others, so that stepping to a neighbor never wraps to the far side."""

_MAX_CELLS_PER_AXIS = 1 << 20
"""So that 64 bits number the cells of three axes."""


class Grid(NamedTuple):
    """Points sorted by their cells, and where those of each occupied cell begin.

    The cell that is ``(i, j, k)`` cells away has the number of this one plus
    ``(i, j, k) @ strides``.
    """

    side: float  # of a cell
    lowest: np.ndarray  # (3,), the corner of the first cell inside the margin
    strides: np.ndarray  # (3,), the difference in number between neighbors along each axis
    order: np.ndarray  # (n_points,), the indices that sort the points by cell
    cells: np.ndarray  # (n_cells,), the numbers of the occupied cells, ascending
    starts: np.ndarray  # (n_cells + 1,), where each begins among the sorted points, and the end

    @classmethod
    def over(cls, points: np.ndarray, side: float) -> Grid:
        """Make a grid over points.

        Parameters
        ----------
        points : ndarray, shape (n_points, 3), float64
            At least one.
        side : float
            Of a cell; `min_side` where it is less than that.

        Returns
        -------
        Grid
        """
        side = max(side, min_side(points))
        lowest = points.min(axis=0)
        position = ((points - lowest) / side + MARGIN).astype(np.int64)
        shape = position.max(axis=0) + 1 + MARGIN
        strides = np.array([shape[1] * shape[2], shape[2], 1])
        number = position @ strides
        order = np.argsort(number, kind="stable")
        cells, starts = np.unique(number[order], return_index=True)
        return cls(side, lowest, strides, order, cells, np.append(starts, len(points)))

    def boxes(self, sorted_points: np.ndarray) -> np.ndarray:
        """Find the bounding box of the points in each cell.

        Returns
        -------
        ndarray, shape (n_cells, 2, 3), float64
            Lower and upper corners.
        """
        starts = self.starts[:-1]
        corners = (
            np.minimum.reduceat(sorted_points, starts),
            np.maximum.reduceat(sorted_points, starts),
        )
        return np.stack(corners, axis=1)


def min_side(points: np.ndarray) -> float:
    """Return the smallest side whose cells can be numbered: about a millionth of the extent."""
    return max(float(np.ptp(points, axis=0).max()) / _MAX_CELLS_PER_AXIS, np.finfo(float).tiny)
