"""The colors in cells of several sizes: for a search for centers, and for Lloyd's algorithm."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from napari_colorcluster.core.methods.solvers.centers.cells import (
    Cells,
    cell_radii,
    coarsen,
    count_cells,
    make_cells,
)
from napari_colorcluster.core.methods.solvers.centers.splitting import SplittableCells
from napari_colorcluster.core.methods.solvers.points import WeightedPoints
from napari_colorcluster.core.pixels.codes import N_BITS

_FINE_BITS = 7
"""Bits in which the codes of a small cell may differ: 4 or 8 values a channel."""

_MERGED_BITS = 2
"""Those of colors that are merged where there are many: up to four, that differ by 1 a channel."""

_LLOYD_BITS = 9
_POINTS_PER_CELL = 24
"""Cells of the final Lloyd's algorithm: 8 values a channel, or more where they would hold fewer
points than this on average."""


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
        n_bits, n_cells = _LLOYD_BITS, count_cells(self._fine_cells.codes)
        limit = max(len(self.colors) // _POINTS_PER_CELL, 1)
        while n_bits < N_BITS and n_cells[n_bits] > limit:
            n_bits += 1
        cells = coarsen(self._fine_cells, n_bits)
        return cells, cell_radii(self.colors.points, self.colors.weights, cells)

    def for_search(self, n_cells: int) -> tuple[np.ndarray, np.ndarray]:
        """Return about `n_cells` cells that are small where the weight is.

        Returns
        -------
        axes : ndarray, shape (3, n_cells), float64
            The means of the cells.
        weights : ndarray, shape (n_cells,), float64
            Their weights.
        """
        return self._splittable.split(n_cells)

    @cached_property
    def merged(self) -> CellHierarchy:
        """The same with the closest colors merged, for a first run of Lloyd's algorithm."""
        colors = self.colors
        cells = make_cells(colors.points, colors.weights, colors.codes, _MERGED_BITS)
        return CellHierarchy(WeightedPoints(cells.points, cells.weights, cells.codes))

    @cached_property
    def _fine_cells(self) -> Cells:
        """The cells that all others are made of: few beside the colors of a photo."""
        return make_cells(self.colors.points, self.colors.weights, self.colors.codes, _FINE_BITS)

    @cached_property
    def _splittable(self) -> SplittableCells:
        """Running totals of the cells."""
        return SplittableCells.of(self.colors, self._fine_cells)
