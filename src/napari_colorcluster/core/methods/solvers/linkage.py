"""Trees of weighted points by average, complete and single linkage, from all pairwise distances.

scipy's and scikit-learn's trees take no weights, which average linkage needs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from napari_colorcluster.core.methods.solvers.tree import MergeTree
from napari_colorcluster.core.support.progress import Progress, silent

LINKAGES: Mapping[str, Callable[[np.ndarray, np.ndarray, float], np.ndarray]] = MappingProxyType(
    {
        "average": lambda a, b, share: (1 - share) * a + share * b,
        "complete": lambda a, b, share: np.maximum(a, b),
        "single": lambda a, b, share: np.minimum(a, b),
    }
)
"""The distances of a union of two clusters from all others, by the distances of the two and the
share of the second in their weight (Lance and Williams 1967)."""


def linkage_tree(
    points: np.ndarray, weights: np.ndarray, linkage: str, progress: Progress = silent
) -> MergeTree:
    """Merge the two closest clusters, until one is left.

    Follows nearest-neighbor chains to two clusters that are each other's nearest (Murtagh 1983). Of
    neighbors at equal distances, the one with the first point counts as the nearest.

    Parameters
    ----------
    points : ndarray, shape (n, 3), float64
        Distinct points. Their pairwise distances take 8 n² bytes.
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
    # A cluster has the row and column of its first point; those of no cluster are infinite.
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
        # The rest of a chain stays valid: no merge brings other clusters closer.
        if not chain:
            chain.append(int(np.argmax(cluster >= 0)))
        while True:
            row = distances[chain[-1]]
            nearest = int(row.argmin())
            if len(chain) > 1 and row[chain[-2]] == row[nearest]:
                nearest = chain[-2]
            # By rounding, it may be further back than the last but one, and is as good as that.
            if nearest in chain:
                break
            chain.append(nearest)
        a, b = sorted((nearest, chain[-1]))
        del chain[chain.index(nearest) :]

        merged = n + done
        pair = merges[done] = cluster[[a, b]]
        # Not below the heights of the two, by rounding.
        height[merged] = max(distances[a, b], *height[pair])
        share = weights[b] / (weights[a] + weights[b])
        union = distance_to_union(distances[a], distances[b], share)
        union[[a, b]] = np.inf
        distances[a] = distances[:, a] = union
        distances[:, b] = np.inf
        weights[a] += weights[b]
        cluster[a], cluster[b] = merged, -1
    progress(1.0, "Merging the closest colors")
    return MergeTree.from_unsorted(merges, height[n:])
