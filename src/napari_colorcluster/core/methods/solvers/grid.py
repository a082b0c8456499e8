"""A grid of cubic cells over points: what is near a point lies in a few cells around its own."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

MARGIN = 2
"""Empty cells around all others: stepping from cell to cell never wraps to the far side."""

_MOST_CELLS_ALONG = 1 << 20
"""Along an axis: 64 bits number the cells of three."""


class Grid(NamedTuple):
    """Points in the order of their cells, and where those of each occupied cell begin.

    The cell that lies ``(i, j, k)`` cells further has the number of this one plus
    ``(i, j, k) @ strides``.
    """

    side: float  # of a cell
    lowest: np.ndarray  # (3,), the corner of the first cell behind the margin
    strides: np.ndarray  # (3,), what one cell further along each axis adds to the number
    order: np.ndarray  # (n_points,), which point is at each place
    cells: np.ndarray  # (n_cells,), the numbers of the occupied cells, ascending
    starts: np.ndarray  # (n_cells + 1,), the place of the first point of each, and the end

    @classmethod
    def over(cls, points: np.ndarray, side: float) -> Grid:
        """Lay a grid over points.

        Parameters
        ----------
        points : ndarray, shape (n_points, 3), float64
            At least one.
        side : float
            Of a cell; `least_side` where it is less than that.

        Returns
        -------
        Grid
        """
        side = max(side, least_side(points))
        lowest = points.min(axis=0)
        position = ((points - lowest) / side + MARGIN).astype(np.int64)
        n_along = position.max(axis=0) + 1 + MARGIN
        strides = np.array([n_along[1] * n_along[2], n_along[2], 1])
        number = position @ strides
        order = np.argsort(number, kind="stable")
        cells, starts = np.unique(number[order], return_index=True)
        return cls(side, lowest, strides, order, cells, np.append(starts, len(points)))

    def boxes(self, placed: np.ndarray) -> np.ndarray:
        """Fit a box to the points of each cell, given in the grid's order.

        Returns
        -------
        ndarray, shape (n_cells, 2, 3), float64
            Lower and upper corners.
        """
        firsts = self.starts[:-1]
        corners = np.minimum.reduceat(placed, firsts), np.maximum.reduceat(placed, firsts)
        return np.stack(corners, axis=1)


def least_side(points: np.ndarray) -> float:
    """The side below which there would be more cells than can be numbered: about 1e-6 extents."""
    return max(float(np.ptp(points, axis=0).max()) / _MOST_CELLS_ALONG, np.finfo(float).tiny)
