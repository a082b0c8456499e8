"""The tree of merges that a linkage grows, and its cut into any number of clusters."""

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
        The distance at which they join, never falling.
    """

    merges: np.ndarray
    heights: np.ndarray

    @classmethod
    def from_unsorted(cls, merges: np.ndarray, heights: np.ndarray) -> "MergeTree":
        """Put merges into the order of their heights.

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
        # Stable, so that a merge stays behind those it needs where heights are equal.
        order = np.argsort(heights, kind="stable")
        number = np.arange(2 * n - 1)
        number[n + order] = np.arange(n, 2 * n - 1)
        return cls(np.sort(number[merges[order]], axis=1), heights[order])

    def cut(self, n_clusters: int) -> np.ndarray:
        """Undo the last merges, until `n_clusters` clusters are left.

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
            raise ValueError(f"Cannot part {n} points into {n_clusters} clusters.")
        n_nodes = 2 * n - n_clusters
        above = np.arange(n_nodes)
        above[self.merges[: n - n_clusters]] = np.arange(n, n_nodes)[:, None]
        # Each round doubles the steps that every cluster has climbed towards its root.
        while np.any((higher := above[above]) != above):
            above = higher
        return np.unique(above[:n], return_inverse=True)[1]
