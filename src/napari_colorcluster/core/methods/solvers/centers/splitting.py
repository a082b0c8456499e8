"""Cells that follow the colors: always the one with the largest spread is split in two."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from napari_colorcluster.core.methods.solvers.centers.cells import Cells
from napari_colorcluster.core.methods.solvers.points import WeightedPoints
from napari_colorcluster.core.support.compiled import ZERO, entry, inner

_MOST_SPREAD = 1 / 40_000
"""Share of the total sum of squares beyond which a cell of several colors is taken apart."""

_FEW_POINTS = 40_000
"""Up to this many colors, each is a cell of its own at first."""

_LEAST_SPREAD = 1e-12
"""Share of the total sum of squares at which splitting ends, since rounding is as large."""


class SplittableCells(NamedTuple):
    """Small cells along a space-filling curve, with running totals of what they contain.

    Cells of even size serve badly where nearly all pixels are of nearly one color: a dark picture
    would be a single cell. Split by their spread, cells are small where the weight is.
    """

    codes: np.ndarray  # (n,), int32, ascending positions along the curve
    totals: np.ndarray  # (n + 1, 5), float64, of weights, weighted points and weighted squares
    mean: np.ndarray  # (3,), float64, that the points are relative to

    @classmethod
    def of(cls, colors: WeightedPoints, cells: Cells) -> SplittableCells:
        """Make them of cells of colors, and of the colors in those cells that spread too far."""
        mean, square = _measure(cells.points, cells.weights)
        points, weights, spread, codes = cells.points, cells.weights, cells.spread, cells.codes
        apart = spread > _MOST_SPREAD * (square + spread.sum())
        if len(colors) <= _FEW_POINTS:
            points, weights, codes = colors.points, colors.weights, colors.codes
            spread = np.zeros(len(colors))
        elif apart.any():
            singles = colors.take(np.flatnonzero(np.repeat(apart, np.diff(cells.starts))))
            codes = np.concatenate([codes[~apart], singles.codes])
            order = codes.argsort(kind="stable")
            codes = codes[order]
            points = np.concatenate([points[~apart], singles.points])[order]
            weights = np.concatenate([weights[~apart], singles.weights])[order]
            spread = np.concatenate([spread[~apart], np.zeros(len(singles))])[order]
        totals = np.zeros((len(codes) + 1, 5))
        _add_up(points, weights, spread, mean, totals)
        return cls(codes, totals, mean)

    def split(self, n_cells: int) -> tuple[np.ndarray, np.ndarray]:
        """Split the cell that holds all, and again those with the largest spread.

        Parameters
        ----------
        n_cells : int
            The number of cells, or less where there are not as many small ones.

        Returns
        -------
        axes : ndarray, shape (3, n_cells), float64
            The mean of each cell, in the order of the curve.
        weights : ndarray, shape (n_cells,), float64
            Their weights.
        """
        bounds = np.empty((2, min(n_cells, len(self.codes))), np.int64)
        n_made = _split(self.totals, self.codes, bounds, np.empty(bounds.shape[1]), _LEAST_SPREAD)
        # Runs do not overlap: sorted alone, beginnings and ends still belong together.
        begins, ends = np.sort(bounds[:, :n_made], axis=1)
        sums = self.totals[ends] - self.totals[begins]
        axes = np.ascontiguousarray(sums[:, 1:4].T) / sums[:, 0] + self.mean[:, np.newaxis]
        return axes, sums[:, 0].copy()


@entry
def _measure(points, weights):
    """Return the mean of weighted points, and their weighted sum of squared distances from it."""
    mean, total, square = np.zeros(3), 0.0, 0.0
    for i in range(len(weights)):
        total += weights[i]
        for axis in range(3):
            # Step by step, so that nothing is lost where the points are far from 0.
            step = points[i, axis] - mean[axis]
            mean[axis] += step * weights[i] / total
            square += weights[i] * step * (points[i, axis] - mean[axis])
    return mean, square


@entry
def _add_up(points, weights, spread, mean, totals):
    """Fill in running totals (n + 1, 5), from 0; points relative to the mean."""
    for i in range(len(weights)):
        square = 0.0
        totals[i + 1, 0] = totals[i, 0] + weights[i]
        for axis in range(3):
            step = points[i, axis] - mean[axis]
            totals[i + 1, 1 + axis] = totals[i, 1 + axis] + weights[i] * step
            square += step * step
        totals[i + 1, 4] = totals[i, 4] + weights[i] * square + spread[i]


@inner
def _spread(totals, begin, end):
    """Return the weighted sum of squared distances of a run from its mean."""
    weight, square = totals[end, 0] - totals[begin, 0], 0.0
    for axis in range(1, 4):
        moment = totals[end, axis] - totals[begin, axis]
        square += moment * moment
    return totals[end, 4] - totals[begin, 4] - square / weight


@entry
def _split(totals, codes, bounds, spreads, least):
    """Fill in where runs begin and end, as many as there is room for; return their number.

    All runs beyond a limit are split, then the limit is halved: nearly as good as always to split
    the largest, without a queue.
    """
    n, limit = ZERO + 1, _spread(totals, 0, len(codes))
    bounds[0, 0], bounds[1, 0], spreads[0] = 0, len(codes), limit
    least *= limit
    while n < len(spreads) and limit > least:
        limit *= 0.5
        i = ZERO
        while i < n and n < len(spreads):
            begin, end = bounds[0, i], bounds[1, i]
            if end - begin < 2 or spreads[i] <= limit:
                i += 1
                continue
            # The second half begins at the highest bit in which the first and the last differ.
            differing, bit = codes[begin] ^ codes[end - 1], ZERO + 1
            while 2 * bit <= differing:
                bit *= 2
            first = codes[end - 1] & -bit
            low, high = begin, end
            while low < high:
                middle = (low + high) // 2
                if codes[middle] < first:
                    low = middle + 1
                else:
                    high = middle
            bounds[1, i], spreads[i] = low, _spread(totals, begin, low)
            bounds[0, n], bounds[1, n], spreads[n] = low, end, _spread(totals, low, end)
            n += 1
    return n
