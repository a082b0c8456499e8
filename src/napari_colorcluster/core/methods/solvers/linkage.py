"""Trees of weighted points by average, complete and single linkage, from all their distances."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from napari_colorcluster.core.methods.solvers.tree import MergeTree
from napari_colorcluster.core.support.progress import Progress, silent

LINKAGES: Mapping[str, Callable[[np.ndarray, np.ndarray, float], np.ndarray]] = MappingProxyType(
    {
        "average": lambda one, other, share: (1 - share) * one + share * other,
        "complete": lambda one, other, share: np.maximum(one, other),
        "single": lambda one, other, share: np.minimum(one, other),
    }
)
"""How far a union is from all others, by the distances of its two parts and the share that the
second has in its weight (Lance and Williams 1967)."""


def linkage_tree(
    points: np.ndarray, weights: np.ndarray, linkage: str, progress: Progress = silent
) -> MergeTree:
    """Merge the two closest clusters, until one is left.

    Follows chains of nearest neighbors to two that are each other's nearest (Murtagh 1983). Of
    neighbors at equal distances, the one with the first point counts as the nearest.

    Parameters
    ----------
    points : ndarray, shape (n, 3), float64
        Distinct points. All distances between them are held, in 8 n² bytes.
    weights : ndarray, shape (n,), float64
        How often each occurs, > 0.
    linkage : str
        A key of `LINKAGES`.
    progress : callable
        Told the fraction of the merges that are done; may raise `Cancelled`.

    Returns
    -------
    MergeTree
        Its heights are the distances between the clusters.
    """
    from scipy.spatial.distance import cdist

    n = len(points)
    distance_to_union = LINKAGES[linkage]
    # A cluster keeps the row and column of its first point; infinite where there is none.
    distances = cdist(points, points)
    np.fill_diagonal(distances, np.inf)
    weights = weights.copy()
    cluster = np.arange(n)
    height = np.zeros(2 * n - 1)
    merges = np.empty((n - 1, 2), np.int64)
    chain: list[int] = []
    for done in range(n - 1):
        if done % 100 == 0:
            progress(done / (n - 1), "Merging the closest colors")
        # What is left of a chain stays one: no merge brings other clusters closer.
        if not chain:
            chain.append(int(np.argmax(cluster >= 0)))
        while True:
            row = distances[chain[-1]]
            nearest = int(row.argmin())
            if len(chain) > 1 and row[chain[-2]] == row[nearest]:
                nearest = chain[-2]
            # Further back than the last but one only by rounding, and then as good as that.
            if nearest in chain:
                break
            chain.append(nearest)
        one, other = sorted((nearest, chain[-1]))
        del chain[chain.index(nearest) :]

        made = n + done
        parts = merges[done] = cluster[[one, other]]
        # Not below those of its parts, by rounding.
        height[made] = max(distances[one, other], *height[parts])
        share = weights[other] / (weights[one] + weights[other])
        union = distance_to_union(distances[one], distances[other], share)
        union[[one, other]] = np.inf
        distances[one] = distances[:, one] = union
        distances[:, other] = np.inf
        weights[one] += weights[other]
        cluster[one], cluster[other] = made, -1
    progress(1.0, "Merging the closest colors")
    return MergeTree.from_unsorted(merges, height[n:])
