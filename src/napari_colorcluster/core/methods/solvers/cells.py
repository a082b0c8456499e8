"""Cells of close points: few enough to search for centers on, where the points are too many."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from napari_colorcluster.core.methods.solvers.points import WeightedPoints
from napari_colorcluster.core.methods.solvers.runs import add_up_runs, measure_runs
from napari_colorcluster.core.pixels.codes import N_BITS

_COARSEST_BITS = 15
_FINE_BITS = 7
"""Bits in which the codes of a cell may differ. The search begins with cells of 32 values a channel
(15 bits); larger cells are made of those of 4 or 8 values (7 bits)."""

_MAX_SPREAD_WITHIN = 0.05
"""Share of the total sum of squares that may be lost within the cells of a search, divided by the
number of clusters: the more of these, the less is left to tell good centers from poor ones."""

_LLOYD_BITS = 9
_POINTS_PER_CELL = 24
"""Cells of the final Lloyd's algorithm: 8 values a channel, or more where they would hold fewer
points than this on average."""


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


@dataclass(frozen=True, eq=False)
class CellHierarchy:
    """The cells of colors in all sizes, made when first needed.

    Parameters
    ----------
    colors : WeightedPoints
        At least one.
    """

    colors: WeightedPoints

    @cached_property
    def for_lloyd(self) -> tuple[Cells, np.ndarray]:
        """The cells for Lloyd's algorithm on all colors, and their radii."""
        n_bits = _LLOYD_BITS
        limit = max(len(self.colors) // _POINTS_PER_CELL, 1)
        while n_bits < N_BITS and self._n_coarse_cells[n_bits] > limit:
            n_bits += 1
        cells = self._make(n_bits)
        return cells, cell_radii(self.colors.points, self.colors.weights, cells)

    def for_search(
        self, n_clusters: int, limits: tuple[int, int, int]
    ) -> tuple[np.ndarray, np.ndarray]:
        """Choose the largest cells that are enough and lose little within them; or all colors.

        A space that is stretched beside sRGB has long cells. There, smaller ones are chosen, as
        long as they are not too many.

        Parameters
        ----------
        n_clusters : int
            The number of centers to search for.
        limits : tuple of int
            The number of cells per cluster, at least, and at most.

        Returns
        -------
        axes : ndarray, shape (3, n_cells), float64
            The means of the cells.
        weights : ndarray, shape (n_cells,), float64
            Their weights.
        """
        per_cluster, least, most = limits
        wanted = max(least, min(per_cluster * n_clusters, most), 8 * n_clusters)
        chosen: Cells | WeightedPoints = self.colors
        for n_bits in range(_COARSEST_BITS, 0, -1):
            n_cells = (self._n_coarse_cells if n_bits >= _FINE_BITS else self._n_cells)[n_bits]
            if n_cells < wanted:
                continue
            if chosen is not self.colors and n_cells > max(most, wanted):
                break
            if n_bits not in self._by_bits:
                self._by_bits[n_bits] = self._make(n_bits)
            chosen = self._by_bits[n_bits]
            if chosen.spread.sum() * n_clusters <= _MAX_SPREAD_WITHIN * self._total_spread:
                break
        return np.ascontiguousarray(chosen.points.T), chosen.weights

    @cached_property
    def _fine_cells(self) -> Cells:
        """The cells that larger ones are made of: few beside the colors of a photo."""
        return make_cells(self.colors.points, self.colors.weights, self.colors.codes, _FINE_BITS)

    def _make(self, n_bits: int) -> Cells:
        if n_bits >= _FINE_BITS:
            return coarsen(self._fine_cells, n_bits)
        return make_cells(self.colors.points, self.colors.weights, self.colors.codes, n_bits)

    @cached_property
    def _by_bits(self) -> dict[int, Cells]:
        """The cells that have been searched, by the bits in which codes may differ."""
        return {}

    @cached_property
    def _n_coarse_cells(self) -> np.ndarray:
        """Number of cells by the bits in which codes may differ, for `_FINE_BITS` or more."""
        return count_cells(self._fine_cells.codes)

    @cached_property
    def _n_cells(self) -> np.ndarray:
        """The same for any number of bits; slower, since it visits the codes of all colors."""
        return count_cells(self.colors.codes)

    @cached_property
    def _total_spread(self) -> float:
        """The weighted sum of squared distances of all colors from their mean."""
        return float(self._make(N_BITS).spread[0])
