"""The partition of an image's colors: the part of every color, and the moments of each part.

A part is the finest piece that edits work with: clusters are unions of parts. So merging clusters
or setting them as background changes only which label a part has; another partition is made where
a cluster is split, or the colors of a range go from one to another.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from napari_colorcluster.core.clustering.moments import Moments
from napari_colorcluster.core.clustering.reassignment import Reassignment
from napari_colorcluster.core.color.ranges.color_range import ColorRange
from napari_colorcluster.core.color.working_space import WorkingSpace
from napari_colorcluster.core.methods import METHODS
from napari_colorcluster.core.methods.protocol import Grouping, Method, Rule
from napari_colorcluster.core.methods.solvers.points import WeightedPoints
from napari_colorcluster.core.pixels.histogram import ColorHistogram
from napari_colorcluster.core.pixels.lookup import LookUp, label_dtype
from napari_colorcluster.core.support.frozen import frozen
from napari_colorcluster.core.support.progress import silent


@dataclass(frozen=True, eq=False)
class Split:
    """One split of a partition, as a rule for any point.

    Before the split, parts are merged into groups, one for each cluster; then one group is split.

    Attributes
    ----------
    group_of : ndarray, shape (n_parts_before + 1,), int64
        The group of each part before the split; 0 for part 0.
    group : int
        The group that is split.
    rule : callable
        Assigns points (n, 3) of that group to pieces (n,).
    part_of : ndarray, shape (n_pieces,), int64
        The number of each piece as a part of the new partition.
    """

    group_of: np.ndarray
    group: int
    rule: Rule
    part_of: np.ndarray

    def __call__(self, parts: np.ndarray, points: np.ndarray, colors: np.ndarray) -> np.ndarray:
        """Turn the parts (n,) of points (n, 3) before the split into those after it."""
        parts = self.group_of[parts]
        inside = parts == self.group
        if inside.any():
            parts[inside] = self.part_of[self.rule(points[inside])]
        return parts


@dataclass(frozen=True, eq=False)
class PartRule:
    """Assigns any color to a part: by the method's own rule, then by each edit in turn.

    Parameters
    ----------
    space : WorkingSpace
        The space that the method worked in.
    rule : callable
        Assigns points (n, 3) to the method's clusters (n,).
    part_of : ndarray, shape (n_clusters,), int64
        The part of each of these clusters.
    steps : tuple of Split or Reassignment
        What has made other parts since then, in order.
    """

    space: WorkingSpace
    rule: Rule
    part_of: np.ndarray
    steps: tuple[Split | Reassignment, ...] = ()

    def __call__(self, colors: np.ndarray) -> np.ndarray:
        """Return the parts (n,), int64, of sRGB colors (n, 3), uint8."""
        points = self.space.points(colors)
        parts = self.part_of[self.rule(points)]
        for step in self.steps:
            parts = step(parts, points, colors)
        return parts


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
    """

    histogram: ColorHistogram
    look_up: LookUp
    moments: Moments

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
        n_groups = int(group_of.max())
        parts = group_of.astype(label_dtype(n_groups + n_pieces - 1))[self.parts]
        inside = np.flatnonzero(parts == group)
        points = self.space.points(self.histogram.colors[inside])
        counts = self.histogram.counts[inside]
        colors = WeightedPoints(points, counts.astype(np.float64), self.histogram.codes[inside])
        grouping = _cluster(method, colors, n_pieces, random_state)
        if grouping.labels.max() + 1 < n_pieces:
            grouping = _cluster(METHODS["kmeans"](), colors, n_pieces, random_state)
        pieces, rank = Moments.ranked(points, counts, grouping.labels)
        part_of = np.where(rank == 0, group, n_groups + rank)
        parts[inside] = part_of[grouping.labels]
        # The rows of the groups, in which the largest piece replaces the group that is split; then
        # those of the other pieces.
        rows = np.arange(n_groups + n_pieces - 1)
        rows[group - 1] = n_groups
        rows[n_groups:] += 1
        moments = self.moments.merged(group_of[1:] - 1).append(pieces).take(rows)
        return self._refined(parts, moments, Split(group_of, group, grouping.rule, part_of))

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
            The groups keep their order; one that has no color left is merged into the target.
        part_of : ndarray, shape (n_groups + 1,), int64
            The part of each group, of a new one last.

        Raises
        ------
        ValueError
            If the target is new and would get no color.
        """
        groups = group_of[self.parts]
        step = Reassignment(group_of, gives, target, color_range, self.space.calibration, group_of)
        after = step.regrouped(groups, self.histogram.colors)
        n_groups = max(int(group_of.max()), target)
        is_left = np.zeros(n_groups + 1, bool)
        is_left[after] = True
        if not is_left[target]:
            raise ValueError("None of the colors is in the range.")
        left = np.flatnonzero(is_left)
        part_of = np.zeros(n_groups + 1, np.int64)
        part_of[left] = np.arange(1, len(left) + 1)
        part_of[1:][~is_left[1:]] = part_of[target]
        moments = self.moments.merged(group_of[1:] - 1)
        rows = left - 1
        changed = np.unique(np.stack([groups, after])[:, groups != after])
        changed = changed[is_left[changed]]
        if len(changed):
            # Of these the moments are added up anew; the others keep theirs.
            inside = np.flatnonzero(np.isin(after, changed))
            points = self.space.points(self.histogram.colors[inside])
            members = np.searchsorted(changed, after[inside])
            anew, rank = Moments.ranked(points, self.histogram.counts[inside], members)
            rows[np.searchsorted(left, changed)] = len(moments.pixels) + rank
            moments = moments.append(anew)
        moments = moments.take(rows)
        parts = part_of.astype(label_dtype(len(left)))[after]
        return self._refined(parts, moments, replace(step, part_of=part_of)), part_of

    def _refined(
        self, parts: np.ndarray, moments: Moments, step: Split | Reassignment
    ) -> Partition:
        rule = self.look_up.rule
        rule = replace(rule, steps=(*rule.steps, step))
        return self._build(self.histogram, parts, moments, rule)


def _cluster(
    method: Method, colors: WeightedPoints, n_clusters: int, random_state: int
) -> Grouping:
    prepared = method.prepare(colors, random_state=random_state, progress=silent)
    return prepared(n_clusters, silent)
