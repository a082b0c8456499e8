"""The partition of an image's colors: the part of every color, and the moments of each part.

A part is the finest piece that edits work with: clusters are unions of parts. So merging clusters
or setting them as background changes only which label a part has. Other partitions are made where
clusters are split, fitted again, leave out what is too far from their color, or give the colors of
a range to one of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from napari_colorcluster.core.clustering.parts.moments import Moments
from napari_colorcluster.core.clustering.parts.part_rule import PartRule, Reach, Split, Step
from napari_colorcluster.core.clustering.parts.reassignment import Reassignment
from napari_colorcluster.core.color.ranges.color_range import ColorRange
from napari_colorcluster.core.color.working_space import WorkingSpace
from napari_colorcluster.core.methods import METHODS
from napari_colorcluster.core.methods.kmeans import lloyd_from
from napari_colorcluster.core.methods.protocol import Grouping, Method
from napari_colorcluster.core.methods.solvers.points import WeightedPoints
from napari_colorcluster.core.pixels.histogram import ColorHistogram
from napari_colorcluster.core.pixels.lookup import LookUp, label_dtype
from napari_colorcluster.core.support.frozen import frozen
from napari_colorcluster.core.support.progress import silent


@dataclass(frozen=True, eq=False)
class Partition:
    """The colors of a histogram in parts 1..n_parts.

    Attributes
    ----------
    histogram : ColorHistogram
        The colors.
    look_up : LookUp
        The part of each of them; and, by a `PartRule`, of any other color.
    moments : Moments
        The moments of each part; row ``i`` is part ``i + 1``.
    beyond : int, default 0
        The part of the colors that are too far from that of their cluster, which may be empty; 0
        where there is none.
    """

    histogram: ColorHistogram
    look_up: LookUp
    moments: Moments
    beyond: int = 0

    @classmethod
    def from_grouping(
        cls, histogram: ColorHistogram, space: WorkingSpace, points: np.ndarray, grouping: Grouping
    ) -> Partition:
        """Make a partition of a method's clusters, numbered from the largest to the smallest.

        Parameters
        ----------
        histogram : ColorHistogram
            The colors.
        space : WorkingSpace
            The space that they were clustered in.
        points : ndarray, shape (n_colors, 3), float64
            The colors in that space.
        grouping : Grouping
            The result of the method.
        """
        moments, rank = Moments.ranked(points, histogram.counts, grouping.labels)
        parts = (rank + 1).astype(label_dtype(len(rank)))[grouping.labels]
        return cls._build(histogram, parts, moments, PartRule(space, grouping.rule, rank + 1))

    @classmethod
    def _build(
        cls,
        histogram: ColorHistogram,
        parts: np.ndarray,
        moments: Moments,
        rule: PartRule,
        beyond: int = 0,
    ) -> Partition:
        look_up = LookUp(histogram.codes, frozen(parts), len(moments.pixels), rule)
        return cls(histogram, look_up, moments, beyond)

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
        """The space that the colors were clustered in."""
        return self.look_up.rule.space

    def split(
        self, group_of: np.ndarray, group: int, n_pieces: int, method: Any, random_state: int
    ) -> Partition:
        """Merge parts into groups, and split one of the groups into pieces.

        Parameters
        ----------
        group_of : ndarray, shape (n_parts + 1,), int64
            The group of each part, 1..n_groups, each used; 0 for part 0.
        group : int
            The group to split.
        n_pieces : int
            The number of pieces.
        method : Method
            Clusters the colors of the group in the working space of the partition. If it finds
            fewer pieces, k-means is used instead.
        random_state : int
            The seed.

        Returns
        -------
        Partition
            The largest piece is part `group`, the other groups keep their numbers, and the other
            pieces follow, from the largest to the smallest.
        """
        colors = self._colors_of(group_of, group)
        grouping = _cluster(method, colors, n_pieces, random_state)
        if grouping.labels.max() + 1 < n_pieces:
            grouping = _cluster(METHODS["kmeans"](), colors, n_pieces, random_state)
        counts = self.histogram.counts[group_of[self.parts] == group]
        pieces, rank = Moments.ranked(colors.points, counts, grouping.labels)
        return self._divided(group_of, group, grouping, pieces, rank)

    def refit(self, group_of: np.ndarray, group: int, centers: np.ndarray) -> Partition:
        """Merge parts into groups, and one of them by k-means from given centers into pieces.

        Parameters
        ----------
        group_of, group
            As for `split`.
        centers : ndarray, shape (n_pieces, 3), float64
            Where Lloyd's algorithm begins, in the working space.

        Returns
        -------
        Partition
            The piece of the first center is part `group`, the other groups keep their numbers, and
            the other pieces follow in the order of their centers.
        """
        colors = self._colors_of(group_of, group)
        grouping = lloyd_from(colors, centers)
        counts = self.histogram.counts[group_of[self.parts] == group]
        ranked, rank = Moments.ranked(colors.points, counts, grouping.labels)
        return self._divided(group_of, group, grouping, ranked.take(rank), np.arange(len(rank)))

    def within(self, colors: dict[int, np.ndarray], max_distance: float) -> Partition:
        """Move the colors that are too far from that of their part to a part of their own.

        Parameters
        ----------
        colors : dict of int to ndarray, shape (3,), uint8
            The sRGB color of each part that is limited.
        max_distance : float
            The largest ΔE2000 to it.

        Returns
        -------
        Partition
            The other parts keep their numbers, though they may be empty now; that of the colors
            which are too far follows, unless there is one already.
        """
        beyond = self.beyond or self.n_parts + 1
        reach = Reach.of(colors, max_distance, beyond, self.space.calibration, self.n_parts)
        points = self.space.points(self.histogram.colors)
        parts = reach(self.histogram.colors, points, self.parts.astype(np.int64))
        return self._recounted(parts, max(self.n_parts, beyond), points, reach, beyond)

    def reassign(
        self, group_of: np.ndarray, target: int, gives: np.ndarray, color_range: ColorRange
    ) -> tuple[Partition, np.ndarray]:
        """Merge parts into groups, and move the colors of a range to one of the groups.

        Parameters
        ----------
        group_of : ndarray, shape (n_parts + 1,), int64
            The group of each part, 1..n_groups, each used; 0 for part 0.
        target : int
            The group that gets the colors; ``n_groups + 1`` for a new one.
        gives : ndarray, shape (n_groups + 1,), bool
            Whether each group gives its colors in the range.
        color_range : ColorRange
            The colors, in the partition's calibration.

        Returns
        -------
        partition : Partition
            The groups keep their order; one that has no color left is merged into the target, but
            for that of the colors which are too far.
        part_of : ndarray, shape (n_groups + 1,), int64
            The part of each group, of a new one last.

        Raises
        ------
        ValueError
            If the target is new and would get no color.
        """
        colors, beyond = self.histogram.colors, int(group_of[self.beyond])
        step = Reassignment(group_of, gives, target, color_range, self.space.calibration, group_of)
        after = step.regrouped(group_of[self.parts], colors)
        is_left = np.zeros(max(int(group_of.max()), target) + 1, bool)
        is_left[after] = True
        if not is_left[target]:
            raise ValueError("None of the colors is in the range.")
        is_left[beyond] = beyond > 0
        left = np.flatnonzero(is_left)
        part_of = np.zeros(len(is_left), np.int64)
        part_of[left] = np.arange(1, len(left) + 1)
        part_of[1:][~is_left[1:]] = part_of[target]
        step = replace(step, part_of=part_of)
        points = self.space.points(colors)
        beyond = int(part_of[beyond])
        return self._recounted(part_of[after], len(left), points, step, beyond), part_of

    def _recounted(
        self, parts: np.ndarray, n_parts: int, points: np.ndarray, step: Step, beyond: int
    ) -> Partition:
        """The partition after a step that has moved colors, at these points, between parts."""
        used, groups = np.unique(parts, return_inverse=True)
        ranked, rank = Moments.ranked(points, self.histogram.counts, groups)
        moments = ranked.take(rank).spread_over(used - 1, n_parts)
        rule = self.look_up.rule.then(step)
        return self._build(
            self.histogram, parts.astype(label_dtype(n_parts)), moments, rule, beyond
        )

    def _colors_of(self, group_of: np.ndarray, group: int) -> WeightedPoints:
        """The colors of a group of parts, to be clustered on their own."""
        inside = np.flatnonzero(group_of[self.parts] == group)
        points = self.space.points(self.histogram.colors[inside])
        weights = self.histogram.counts[inside].astype(np.float64)
        return WeightedPoints(points, weights, self.histogram.codes[inside])

    def _divided(
        self,
        group_of: np.ndarray,
        group: int,
        grouping: Grouping,
        pieces: Moments,
        rank: np.ndarray,
    ) -> Partition:
        """Divide a group; the clusters of the grouping have these ranks among the pieces."""
        n_groups, n_pieces = int(group_of.max()), len(rank)
        parts = group_of.astype(label_dtype(n_groups + n_pieces - 1))[self.parts]
        part_of = np.where(rank == 0, group, n_groups + rank)
        parts[parts == group] = part_of[grouping.labels]
        # The rows of the groups, in which the first piece replaces the group that is divided; then
        # those of the other pieces.
        rows = np.arange(n_groups + n_pieces - 1)
        rows[group - 1] = n_groups
        rows[n_groups:] += 1
        moments = self.moments.merged(group_of[1:] - 1).append(pieces).take(rows)
        rule = self.look_up.rule.then(Split(group_of, group, grouping.rule, part_of))
        return self._build(self.histogram, parts, moments, rule, int(group_of[self.beyond]))


def _cluster(
    method: Method, colors: WeightedPoints, n_clusters: int, random_state: int
) -> Grouping:
    prepared = method.prepare(colors, random_state=random_state, progress=silent)
    return prepared(n_clusters, silent)
