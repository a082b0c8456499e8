"""The tree of merges of a hierarchical clustering, and its cut into any number of clusters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class MergeTree:
    """Merges of n points, two clusters at a time, from the closest pair to the last.

    The points are the clusters 0..n - 1, and merge ``i`` makes the cluster ``n + i``: the first
    three columns of a linkage matrix of `scipy.cluster.hierarchy`.

    Attributes
    ----------
    merges : ndarray, shape (n - 1, 2), int64
        The two clusters that each merge joins, the older one first.
    heights : ndarray, shape (n - 1,), float64
        The distance at which they merge, never descending.
    """

    merges: np.ndarray
    heights: np.ndarray

    @classmethod
    def from_unsorted(cls, merges: np.ndarray, heights: np.ndarray) -> MergeTree:
        """Sort merges by their heights, as chains of nearest neighbors need.

        Parameters
        ----------
        merges : ndarray, shape (n - 1, 2), int64
            As in the tree, but in any order in which no cluster is used before it is made.
        heights : ndarray, shape (n - 1,), float64
            No lower than those of the merges that made the two clusters.

        Returns
        -------
        MergeTree
            The same merges, renumbered.
        """
        n = len(merges) + 1
        # Stable, so that at equal heights a merge stays behind those that it needs.
        order = np.argsort(heights, kind="stable")
        number = np.arange(2 * n - 1)
        number[n + order] = np.arange(n, 2 * n - 1)
        return cls(np.sort(number[merges[order]], axis=1), heights[order])

    def cut(self, n_clusters: int) -> np.ndarray:
        """Undo the last merges, until there are `n_clusters` clusters.

        Parameters
        ----------
        n_clusters : int
            From 1 to the number of points.

        Returns
        -------
        ndarray, shape (n,), int64
            The cluster of each point, 0..n_clusters - 1, in the order in which they were made.
        """
        n = len(self.merges) + 1
        if not 1 <= n_clusters <= n:
            raise ValueError(f"Cannot split {n} points into {n_clusters} clusters.")
        n_nodes = 2 * n - n_clusters
        parents = np.arange(n_nodes)
        parents[self.merges[: n - n_clusters]] = np.arange(n, n_nodes)[:, np.newaxis]
        return np.unique(find_roots(parents)[:n], return_inverse=True)[1]

    def top(self, n_leaves: int) -> MergeTree:
        """Keep the last merges: those of the clusters that `cut` gives, which become the points.

        Parameters
        ----------
        n_leaves : int
            From 1 to the number of points.
        """
        n, first = len(self.merges) + 1, len(self.merges) + 1 - n_leaves
        is_merged = np.zeros(n + first, bool)
        is_merged[self.merges[:first]] = True
        kept = np.concatenate([np.flatnonzero(~is_merged), np.arange(n + first, 2 * n - 1)])
        return MergeTree(np.searchsorted(kept, self.merges[first:]), self.heights[first:])


def find_roots(parents: np.ndarray) -> np.ndarray:
    """Find the root of each node of a forest, in which a root is its own parent: (n,), int64."""
    # Each iteration doubles the length of the paths that are already skipped.
    while np.any((ancestors := parents[parents]) != parents):
        parents = ancestors
    return parents
