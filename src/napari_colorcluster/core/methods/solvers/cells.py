"""Cells of close points: few enough to be tried often, where the points themselves are too many."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from napari_colorcluster.core.methods.solvers.runs import add_up_runs, measure_runs
from napari_colorcluster.core.pixels.codes import N_BITS


class Cells(NamedTuple):
    """Points that follow each other and are close, taken as one."""

    points: np.ndarray  # (n_cells, 3), float64, the mean of the points in each
    weights: np.ndarray  # (n_cells,), float64, the sum of theirs
    spread: np.ndarray  # (n_cells,), float64, the weighted sum of their squared distances from it
    codes: np.ndarray  # (n_cells,), int32, the code of the first of them
    starts: np.ndarray  # (n_cells + 1,), int64, where each begins among the points


def count_cells(codes: np.ndarray) -> np.ndarray:
    """How many cells `gather` makes of codes that differ in no, one, ... or all of the last bits.

    Shape (N_BITS + 1,), int64.
    """
    # Two codes that follow each other are in one cell from the highest bit on that they differ in.
    highest = np.frexp((codes[1:] ^ codes[:-1]).astype(np.float64))[1]
    together = np.cumsum(np.bincount(highest, minlength=N_BITS + 1))
    return len(codes) - together


def gather(points: np.ndarray, weights: np.ndarray, codes: np.ndarray, n_bits: int) -> Cells:
    """Gather points whose codes have the same leading bits.

    Parameters
    ----------
    points : ndarray, shape (n_points, 3), float64
        The points, one at least.
    weights : ndarray, shape (n_points,), float64
        Theirs.
    codes : ndarray, shape (n_points,), int32
        Their numbers along a curve that fills the space, ascending; see `Method.prepare`.
    n_bits : int
        How many of the last bits may differ: with each bit more, cells are twice as large.

    Returns
    -------
    Cells
        Those that are occupied, in the order of their points.
    """
    begins = (codes[1:] ^ codes[:-1]) >> n_bits != 0
    starts = np.flatnonzero(np.concatenate([[True], begins, [True]]))
    n = len(starts) - 1
    sums, (totals, spread) = np.empty((n, 3)), np.empty((2, n))
    add_up_runs(points, weights, starts, sums, totals, spread)
    return Cells(sums / totals[:, np.newaxis], totals, spread, codes[starts[:-1]], starts)


def join(cells: Cells, n_bits: int) -> Cells:
    """Gather cells to larger ones of the same points."""
    joined = gather(cells.points, cells.weights, cells.codes, n_bits)
    # What is spread about the means of the cells, and these about the mean of all.
    spread = joined.spread + np.add.reduceat(cells.spread, joined.starts[:-1])
    return joined._replace(spread=spread, starts=cells.starts[joined.starts])


def find_radii(points: np.ndarray, weights: np.ndarray, cells: Cells) -> np.ndarray:
    """Find how far the points of each cell are from its mean at most, shape (n_cells,)."""
    spread, radii = np.empty((2, len(cells.weights)))
    measure_runs(points, weights, cells.starts, cells.points, spread, radii)
    return radii
