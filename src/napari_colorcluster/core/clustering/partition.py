"""How an image's colors are parted: the part of every color, and what is known of each part."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from napari_colorcluster.core.color.working_space import WorkingSpace
from napari_colorcluster.core.methods import METHODS
from napari_colorcluster.core.methods.protocol import Grouping, Rule
from napari_colorcluster.core.pixels.histogram import ColorHistogram
from napari_colorcluster.core.pixels.lookup import LookUp, label_dtype
from napari_colorcluster.core.support.frozen import frozen
from napari_colorcluster.core.support.progress import silent
from napari_colorcluster.core.support.threads import even_parts, map_in_threads

_CHUNK = 1 << 17
"""Points, at least, that are worth a thread of their own."""

_N_CHUNKS = 8

_EVEN = 10_000
"""How many times as many pixels as another a color may have, for ten digits of the spread to be
right without a second look at the points."""


@dataclass(frozen=True, eq=False)
class Moments:
    """How many pixels some groups have, where, and how far about: what joins without the colors.

    Attributes
    ----------
    pixels : ndarray, shape (n_groups,), int64
        Number of pixels in each group, at least 1.
    sums : ndarray, shape (n_groups, 3), float64
        Sum of their points in the working space.
    spread : ndarray, shape (n_groups,), float64
        Sum of their squared distances to the group's mean.
    """

    pixels: np.ndarray
    sums: np.ndarray
    spread: np.ndarray

    def __post_init__(self) -> None:
        for array in (self.pixels, self.sums, self.spread):
            frozen(array)

    @classmethod
    def by_share(
        cls, points: np.ndarray, counts: np.ndarray, groups: np.ndarray
    ) -> tuple[Moments, np.ndarray]:
        """Add up points (n, 3) with their counts (n,) by their groups (n,), each used.

        The largest group comes first; also returned is the place of each group.
        """
        # Near colors follow each other, and most are of one group: of such runs there are few.
        begins = groups[1:] != groups[:-1]
        starts = np.flatnonzero(np.concatenate([[True], begins, [True]]))
        groups = groups[starts[:-1]]
        moments = cls._of_runs(points, counts, starts).joined(groups)
        first = np.empty_like(moments.pixels)
        # Backwards, so that what is left is where each begins for the first time.
        first[groups[::-1]] = starts[-2::-1]
        # Equal shares are ordered by the first of their colors, which no order of pixels changes.
        order = np.lexsort([first, -moments.pixels])
        rank = np.empty_like(order)
        rank[order] = np.arange(len(order))
        return moments.take(order), rank

    @classmethod
    def _of_runs(cls, points: np.ndarray, counts: np.ndarray, starts: np.ndarray) -> Moments:
        """Add up points that follow each other, from each of n + 1 starts to the next."""
        from napari_colorcluster.core.pixels.kernels import add_up_runs, measure_runs

        n, weights = len(starts) - 1, counts.astype(np.float64)
        sums, (totals, spread, radii) = np.empty((n, 3)), np.empty((3, n))
        is_uneven = counts.max() / _EVEN > counts.min()

        def add_up(bounds: tuple[int, int]) -> None:
            begin, end = bounds
            mine, some = (points, weights, starts[begin : end + 1]), slice(begin, end)
            add_up_runs(*mine, sums[some], totals[some], spread[some])
            if is_uneven:
                means = sums[some] / totals[some, np.newaxis]
                measure_runs(*mine, means, spread[some], radii[some])

        n_chunks = min(max(len(points) // _CHUNK, 1), _N_CHUNKS)
        map_in_threads(add_up, even_parts(starts, n_chunks))
        return cls(np.add.reduceat(counts, starts[:-1]), sums, spread)

    @property
    def centers(self) -> np.ndarray:
        """Mean of each group, shape (n_groups, 3), float64."""
        return self.sums / self.pixels[:, np.newaxis]

    def joined(self, groups: np.ndarray) -> Moments:
        """Join groups to larger ones.

        Parameters
        ----------
        groups : ndarray, shape (n_groups,), int64
            The new group of each, 0..n - 1, each used; below 0 for what is left out.
        """
        kept = self.take(np.flatnonzero(groups >= 0))
        groups = groups[groups >= 0]
        pixels = _added_up(groups, kept.pixels)
        sums = np.stack([np.bincount(groups, axis) for axis in kept.sums.T], axis=1)
        between = kept.centers - (sums / pixels[:, np.newaxis])[groups]
        spread = kept.spread + kept.pixels * (between**2).sum(axis=1)
        return Moments(pixels, sums, np.bincount(groups, spread))

    def take(self, groups: np.ndarray) -> Moments:
        """Some of the groups, in another order."""
        return Moments(self.pixels[groups], self.sums[groups], self.spread[groups])

    def __add__(self, other: Moments) -> Moments:
        both = ((getattr(self, f.name), getattr(other, f.name)) for f in fields(self))
        return Moments(*map(np.concatenate, both))


@dataclass(frozen=True, eq=False)
class Split:
    """One part of a partition parted again, as a rule for any point.

    Attributes
    ----------
    group_of : ndarray, shape (n_parts_before + 1,), int64
        The part that each part before belongs to now.
    group : int
        Which of these is split.
    rule : callable
        Points (n, 3) to the pieces (n,) of that part.
    part_of : ndarray, shape (n_pieces,), int64
        The part that each piece is.
    """

    group_of: np.ndarray
    group: int
    rule: Rule
    part_of: np.ndarray

    def __call__(self, points: np.ndarray, parts: np.ndarray) -> np.ndarray:
        """Turn the parts (n,) of points (n, 3) before the split into those after it."""
        parts = self.group_of[parts]
        inside = parts == self.group
        if inside.any():
            parts[inside] = self.part_of[self.rule(points[inside])]
        return parts


@dataclass(frozen=True, eq=False)
class PartRule:
    """The part of any color: by the method's own rule, then by the splits in their order.

    Parameters
    ----------
    space : WorkingSpace
        Where the method works.
    rule : callable
        Points (n, 3) to the method's clusters (n,).
    part_of : ndarray, shape (n_clusters,), int64
        The part that each of these is.
    splits : tuple of Split
        What was parted again.
    """

    space: WorkingSpace
    rule: Rule
    part_of: np.ndarray
    splits: tuple[Split, ...] = ()

    def __call__(self, colors: np.ndarray) -> np.ndarray:
        """Find the parts of colors (n, 3), uint8 sRGB: (n,), int64."""
        points = self.space.points(colors)
        parts = self.part_of[self.rule(points)]
        for split in self.splits:
            parts = split(points, parts)
        return parts


@dataclass(frozen=True, eq=False)
class Partition:
    """The colors of a histogram in parts 1..n_parts.

    Attributes
    ----------
    histogram : ColorHistogram
        The colors.
    look_up : LookUp
        The part of each of them, and by a `PartRule` of every other color.
    moments : Moments
        What is known of each part; row ``i`` is part ``i + 1``.
    """

    histogram: ColorHistogram
    look_up: LookUp
    moments: Moments

    @classmethod
    def from_grouping(
        cls, histogram: ColorHistogram, space: WorkingSpace, points: np.ndarray, grouping: Grouping
    ) -> Partition:
        """Number a method's clusters by their share, largest first.

        Parameters
        ----------
        histogram : ColorHistogram
            The colors.
        space : WorkingSpace
            Where they were clustered.
        points : ndarray, shape (n_colors, 3), float64
            The colors in that space.
        grouping : Grouping
            What the method found.
        """
        moments, rank = Moments.by_share(points, histogram.counts, grouping.labels)
        parts = (rank + 1).astype(label_dtype(len(rank)))[grouping.labels]
        return cls._of(histogram, parts, moments, PartRule(space, grouping.rule, rank + 1))

    @classmethod
    def _of(
        cls, histogram: ColorHistogram, parts: np.ndarray, moments: Moments, rule: PartRule
    ) -> Partition:
        look_up = LookUp(histogram.codes, frozen(parts), len(moments.pixels), rule)
        return cls(histogram, look_up, moments)

    @property
    def n_parts(self) -> int:
        """Number of parts."""
        return self.look_up.n_labels

    @property
    def parts(self) -> np.ndarray:
        """The part of each color of the histogram, shape (n_colors,), uint8 or uint16."""
        return self.look_up.labels

    @property
    def space(self) -> WorkingSpace:
        """Where the colors were clustered."""
        return self.look_up.rule.space

    def split(
        self, group_of: np.ndarray, group: int, n_pieces: int, method: Any, random_state: int
    ) -> Partition:
        """Join parts to groups, and part one of the groups again.

        Parameters
        ----------
        group_of : ndarray, shape (n_parts + 1,), int64
            The group of each part, 1..n_groups, each used; of 0 first, which is 0.
        group : int
            The one to split.
        n_pieces : int
            In how many pieces.
        method : Method
            How its colors are clustered, in the working space of the whole. k-means takes over
            where fewer pieces come out.
        random_state : int
            The seed.

        Returns
        -------
        Partition
            The largest piece is part `group`; the others come after the groups, in their order.
        """
        n_groups = int(group_of.max())
        parts = group_of.astype(label_dtype(n_groups + n_pieces - 1))[self.parts]
        inside = np.flatnonzero(parts == group)
        points = self.space.points(self.histogram.colors[inside])
        counts = self.histogram.counts[inside]
        colors = points, counts.astype(np.float64), self.histogram.codes[inside]
        grouping = _grouped(method, colors, n_pieces, random_state)
        if grouping.labels.max() + 1 < n_pieces:
            grouping = _grouped(METHODS["kmeans"](), colors, n_pieces, random_state)
        pieces, rank = Moments.by_share(points, counts, grouping.labels)
        part_of = np.where(rank == 0, group, n_groups + rank)
        parts[inside] = part_of[grouping.labels]
        order = np.arange(n_groups + n_pieces - 1)
        order[group - 1] = n_groups
        order[n_groups:] += 1
        moments = (self.moments.joined(group_of[1:] - 1) + pieces).take(order)
        rule = self.look_up.rule
        step = Split(group_of, group, grouping.rule, part_of)
        rule = replace(rule, splits=(*rule.splits, step))
        return self._of(self.histogram, parts, moments, rule)


def _grouped(
    method: Any, colors: tuple[np.ndarray, ...], n_clusters: int, random_state: int
) -> Grouping:
    prepared = method.prepare(*colors, random_state=random_state, progress=silent)
    return prepared(n_clusters, silent)


def _added_up(groups: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Sum of the counts of each group, in integers: no count is too large to be exact."""
    pixels = np.zeros(groups.max() + 1, np.int64)
    np.add.at(pixels, groups, counts)
    return pixels
