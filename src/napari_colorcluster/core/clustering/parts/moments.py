"""Counts, sums and spreads of groups of colors, which can be merged without the colors."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from napari_colorcluster.core.support.frozen import frozen
from napari_colorcluster.core.support.threads import even_parts, map_in_threads

_MIN_CHUNK = 1 << 17
"""The smallest number of points that is worth a thread of its own."""

_MAX_CHUNKS = 8

_MAX_RATIO = 10_000
"""The ratio of the largest count to the smallest up to which one pass over the points gives ten
correct digits of the spread."""


@dataclass(frozen=True, eq=False)
class Moments:
    """The moments of groups of pixels in the working space, up to the second.

    Attributes
    ----------
    pixels : ndarray, shape (n_groups,), int64
        Number of pixels in each group; 0 where it is empty.
    sums : ndarray, shape (n_groups, 3), float64
        Sum of their points.
    spread : ndarray, shape (n_groups,), float64
        Sum of their squared distances to the mean of the group.
    """

    pixels: np.ndarray
    sums: np.ndarray
    spread: np.ndarray

    def __post_init__(self) -> None:
        for array in (self.pixels, self.sums, self.spread):
            frozen(array)

    @classmethod
    def ranked(
        cls, points: np.ndarray, counts: np.ndarray, groups: np.ndarray
    ) -> tuple[Moments, np.ndarray]:
        """Compute the moments of groups of points, and rank the groups by their pixels.

        Parameters
        ----------
        points : ndarray, shape (n, 3), float64
            Distinct points.
        counts : ndarray, shape (n,), int64
            Number of pixels at each.
        groups : ndarray, shape (n,), int64
            The group of each, 0..n_groups - 1, each used.

        Returns
        -------
        moments : Moments
            Largest group first; of equal ones, the one whose first point comes first.
        rank : ndarray, shape (n_groups,), int64
            The row of each group in `moments`.
        """
        # Neighbors in the list are close and mostly in one group, so there are few runs of a group.
        begins = groups[1:] != groups[:-1]
        starts = np.flatnonzero(np.concatenate([[True], begins, [True]]))
        groups = groups[starts[:-1]]
        moments = cls._of_runs(points, counts, starts).merged(groups)
        first = np.empty_like(moments.pixels)
        # Backwards, so that the first run of each group is written last.
        first[groups[::-1]] = starts[-2::-1]
        order = np.lexsort([first, -moments.pixels])
        rank = np.empty_like(order)
        rank[order] = np.arange(len(order))
        return moments.take(order), rank

    @classmethod
    def _of_runs(cls, points: np.ndarray, counts: np.ndarray, starts: np.ndarray) -> Moments:
        """Compute the moments of runs of points; `starts` as for `add_up_runs`."""
        from napari_colorcluster.core.methods.solvers.centers.runs import add_up_runs, measure_runs

        n, weights = len(starts) - 1, counts.astype(np.float64)
        sums, (totals, spread, radii) = np.empty((n, 3)), np.empty((3, n))
        needs_second_pass = counts.max() / _MAX_RATIO > counts.min()

        def compute(chunk: tuple[int, int]) -> None:
            first, end = chunk
            runs = slice(first, end)
            inputs = points, weights, starts[first : end + 1]
            add_up_runs(*inputs, sums[runs], totals[runs], spread[runs])
            if needs_second_pass:
                means = sums[runs] / totals[runs, np.newaxis]
                measure_runs(*inputs, means, spread[runs], radii[runs])

        n_chunks = min(max(len(points) // _MIN_CHUNK, 1), _MAX_CHUNKS)
        map_in_threads(compute, even_parts(starts, n_chunks))
        return cls(np.add.reduceat(counts, starts[:-1]), sums, spread)

    @property
    def centers(self) -> np.ndarray:
        """Mean of each group, shape (n_groups, 3), float64; 0 where it is empty."""
        return self.sums / np.maximum(self.pixels, 1)[:, np.newaxis]

    def merged(self, groups: np.ndarray) -> Moments:
        """Merge groups into larger ones.

        Parameters
        ----------
        groups : ndarray, shape (n_groups,), int64
            The new group of each, 0..n - 1, each used; negative for those to drop.
        """
        kept = self.take(np.flatnonzero(groups >= 0))
        groups = groups[groups >= 0]
        # Counts are added as integers: floats would round sums beyond 2**53.
        pixels = np.zeros(groups.max() + 1, np.int64)
        np.add.at(pixels, groups, kept.pixels)
        sums = np.stack([np.bincount(groups, axis) for axis in kept.sums.T], axis=1)
        # The spread within the groups that are merged, and the spread between them.
        merged = Moments(pixels, sums, np.bincount(groups, kept.spread))
        between = kept.centers - merged.centers[groups]
        spread = kept.spread + kept.pixels * (between**2).sum(axis=1)
        return replace(merged, spread=np.bincount(groups, spread))

    def spread_over(self, rows: np.ndarray, n_groups: int) -> Moments:
        """Give the groups these rows (n,) among `n_groups`, of which the others are empty."""
        pixels = np.zeros(n_groups, np.int64)
        sums, spread = np.zeros((n_groups, 3)), np.zeros(n_groups)
        pixels[rows], sums[rows], spread[rows] = self.pixels, self.sums, self.spread
        return Moments(pixels, sums, spread)

    def take(self, rows: np.ndarray) -> Moments:
        """Select groups by their rows, in the order given."""
        return Moments(self.pixels[rows], self.sums[rows], self.spread[rows])

    def append(self, other: Moments) -> Moments:
        """The groups of both, those of `other` last."""
        both = ((getattr(self, f.name), getattr(other, f.name)) for f in fields(self))
        return Moments(*map(np.concatenate, both))
