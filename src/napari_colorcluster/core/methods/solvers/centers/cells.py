"""Cells of close points: cubes of colors, each summarized by its mean."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from napari_colorcluster.core.methods.solvers.centers.runs import add_up_runs, measure_runs
from napari_colorcluster.core.pixels.codes import N_BITS


class Cells(NamedTuple):
    """Runs of close points, each summarized by its mean."""

    points: np.ndarray  # (n_cells, 3), float64, the mean of the points in each
    weights: np.ndarray  # (n_cells,), float64, their total weight
    spread: np.ndarray  # (n_cells,), float64, their weighted sum of squares about the mean
    codes: np.ndarray  # (n_cells,), int32, the code of the first point
    starts: np.ndarray  # (n_cells + 1,), int64, the index of the first point of each, and the end


def count_cells(codes: np.ndarray) -> np.ndarray:
    """Count the cells that `make_cells` makes for ``n_bits`` = 0..N_BITS: (N_BITS + 1,), int64."""
    # Two consecutive codes share a cell from the highest bit on in which they differ.
    highest = np.frexp((codes[1:] ^ codes[:-1]).astype(np.float64))[1]
    n_shared = np.cumsum(np.bincount(highest, minlength=N_BITS + 1))
    return len(codes) - n_shared


def make_cells(points: np.ndarray, weights: np.ndarray, codes: np.ndarray, n_bits: int) -> Cells:
    """Make cells of points whose codes differ in no more than the last bits.

    Parameters
    ----------
    points, weights, codes : ndarray
        The fields of a `WeightedPoints`; at least one point.
    n_bits : int
        How many of the last bits may differ: each bit doubles the size of a cell.

    Returns
    -------
    Cells
        The occupied ones, in the order of their points.
    """
    begins = (codes[1:] ^ codes[:-1]) >> n_bits != 0
    starts = np.flatnonzero(np.concatenate([[True], begins, [True]]))
    n = len(starts) - 1
    sums, (totals, spread) = np.empty((n, 3)), np.empty((2, n))
    add_up_runs(points, weights, starts, sums, totals, spread)
    return Cells(sums / totals[:, np.newaxis], totals, spread, codes[starts[:-1]], starts)


def coarsen(cells: Cells, n_bits: int) -> Cells:
    """Merge cells into larger ones, as `make_cells` would make them of the points."""
    coarse = make_cells(cells.points, cells.weights, cells.codes, n_bits)
    # The sum of squares within the merged cells, and between them.
    spread = coarse.spread + np.add.reduceat(cells.spread, coarse.starts[:-1])
    return coarse._replace(spread=spread, starts=cells.starts[coarse.starts])


def cell_radii(points: np.ndarray, weights: np.ndarray, cells: Cells) -> np.ndarray:
    """Return the largest distance of each cell's points from its mean: (n_cells,), float64."""
    spread, radii = np.empty((2, len(cells.weights)))
    measure_runs(points, weights, cells.starts, cells.points, spread, radii)
    return radii
