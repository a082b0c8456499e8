"""The top of a tree of merges, as a dendrogram shows it: few leaves, their colors, the heights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from napari_colorcluster.core.clustering.parts.moments import Moments
from napari_colorcluster.core.color.working_space import WorkingSpace
from napari_colorcluster.core.methods.solvers.tree import MergeTree

MOST_LEAVES = 30
"""Leaves of a dendrogram, at most: more cannot be told apart, nor be aimed at."""


@dataclass(frozen=True, eq=False)
class Dendrogram:
    """The last merges of a hierarchical clustering.

    Attributes
    ----------
    tree : MergeTree
        The merges of the leaves.
    moments : Moments
        The moments of each leaf.
    space : WorkingSpace
        The space that the colors were merged in.
    """

    tree: MergeTree
    moments: Moments
    space: WorkingSpace

    @property
    def n_leaves(self) -> int:
        """Number of leaves."""
        return len(self.tree.merges) + 1

    @property
    def linkage(self) -> np.ndarray:
        """The linkage matrix, shape (n_leaves - 1, 4), as `scipy.cluster.hierarchy` takes it."""
        n_inside = np.ones(2 * self.n_leaves - 1)
        for merge, pair in enumerate(self.tree.merges):
            n_inside[self.n_leaves + merge] = n_inside[pair].sum()
        return np.column_stack([self.tree.merges, self.tree.heights, n_inside[self.n_leaves :]])

    def clusters(self, n_clusters: int) -> np.ndarray:
        """The cluster of each leaf (n_leaves,), where the tree is cut into so many."""
        return self.tree.cut(n_clusters)

    def colors(self, n_clusters: int) -> np.ndarray:
        """The sRGB color of each of these clusters' means, shape (n_clusters, 3), uint8."""
        return self.space.colors(self.moments.merged(self.clusters(n_clusters)).centers)

    def n_clusters_at(self, height: float) -> int:
        """How many clusters there are where the tree is cut at a height."""
        return 1 + int(np.count_nonzero(self.tree.heights > height))

    def heights_of(self, n_clusters: int) -> tuple[float, float]:
        """The heights from which on, and below which, a cut gives so many clusters.

        From 0 for all leaves, up to infinity for one cluster.
        """
        edges = np.concatenate([[0.0], self.tree.heights, [np.inf]])
        at = self.n_leaves - n_clusters
        return float(edges[at]), float(edges[at + 1])
