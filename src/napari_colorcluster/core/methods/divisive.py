"""Top-down clustering: one cluster is split in two, again and again. Shared by two methods."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Any

import numpy as np

from napari_colorcluster.core.methods.protocol import Grouping, Rule
from napari_colorcluster.core.methods.solvers.points import WeightedPoints
from napari_colorcluster.core.support.progress import Progress, part


@dataclass(frozen=True, eq=False)
class SplitRule(ABC):
    """A rule: each point follows the splits, in the order in which they were made.

    Parameters
    ----------
    clusters : ndarray, shape (n_clusters - 1,), int64
        The cluster that each split divides. It keeps the first half; the second half becomes the
        next new cluster.
    """

    clusters: np.ndarray

    @abstractmethod
    def is_in_second(self, split: int, points: np.ndarray) -> np.ndarray:
        """Tell which points (n, 3) of its cluster a split puts into the second half: (n,), bool."""

    def __call__(self, points: np.ndarray) -> np.ndarray:
        """Return the cluster of each point: points (n, 3) to (n,), int64."""
        members = [np.arange(len(points))]
        for split, cluster in enumerate(self.clusters):
            indices = members[cluster]
            second = self.is_in_second(split, points[indices])
            members[cluster] = indices[~second]
            members.append(indices[second])
        labels = np.empty(len(points), np.int64)
        for label, indices in enumerate(members):
            labels[indices] = label
        return labels


class DivisiveClustering(ABC):
    """A `Prepared`: the splits so far, continued where more clusters are asked for.

    Parameters
    ----------
    colors : WeightedPoints
        What to cluster.
    """

    def __init__(self, colors: WeightedPoints) -> None:
        self._colors = colors
        self._splits: list[tuple[int, Any]] = []
        # The highest score first; among equal scores, the first cluster.
        self._queue: list[tuple[float, int, np.ndarray]] = []
        self._push(0, np.arange(len(colors)))

    @abstractmethod
    def _score(self, colors: WeightedPoints) -> float:
        """Score a cluster of at least two points: the highest is split next."""

    @abstractmethod
    def _split(self, colors: WeightedPoints, progress: Progress) -> tuple[Any, np.ndarray]:
        """Split a cluster: return what the rule needs, and which points are in the second half."""

    @abstractmethod
    def _make_rule(self, clusters: np.ndarray, splits: list[Any]) -> Rule:
        """Make a rule of the clusters that were split, and of what `_split` returned for each."""

    def __call__(self, n_clusters: int, progress: Progress) -> Grouping:
        """Split until there are `n_clusters` clusters. See `Prepared`."""
        wanted = n_clusters - 1
        while (done := len(self._splits)) < wanted:
            self._split_next(part(progress, done / wanted, (done + 1) / wanted))
        clusters = np.array([cluster for cluster, _ in self._splits[:wanted]], np.int64)
        rule = self._make_rule(clusters, [split for _, split in self._splits[:wanted]])
        labels = rule(self._colors.points)
        progress(1.0, "Clustering colors")
        return Grouping(labels, rule)

    def _push(self, cluster: int, members: np.ndarray) -> None:
        """Queue a cluster, if it has two points to separate."""
        if len(members) > 1:
            score = self._score(self._colors.take(members))
            heappush(self._queue, (-score, cluster, members))

    def _split_next(self, progress: Progress) -> None:
        """Split the first cluster of the queue, which stays there if this is cancelled."""
        _, cluster, members = self._queue[0]
        split, second = self._split(self._colors.take(members), progress)
        heappop(self._queue)
        self._splits.append((cluster, split))
        self._push(cluster, members[~second])
        self._push(len(self._splits), members[second])
