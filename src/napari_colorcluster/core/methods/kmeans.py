"""k-means: many starts on coarse cells of colors, the best one polished on all colors."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np

from napari_colorcluster.core.methods.protocol import Grouping, Prepared
from napari_colorcluster.core.progress import Progress

_N_CELLS_ALONG = 32
"""Cells along the longest axis of the coarse grid: a photo fills some thousands of them."""

_N_STARTS = 20
"""Starts on the coarse cells; ten on all pixels find no better clustering of the photos tried."""


@dataclass(frozen=True)
class KMeans:
    """Clusters around means: the k-means of scikit-learn, on colors weighted by their counts.

    Minimizes the within-cluster sum of squared distances over all pixels (SSE, scikit-learn's
    ``inertia_``) in the working space. A weighted color contributes just what its pixels would, so
    the objective is that of all pixels. Lloyd's algorithm finds a local minimum of it; to find a
    good one, `n_starts` k-means++ starts run on coarse cells of neighboring colors, and the best is
    polished on all colors until no color changes its cluster.

    Cost: a few passes over the distinct colors for each cluster, whatever the number of pixels.
    Other colors belong to the cluster whose center is nearest.

    References
    ----------
    S. Lloyd, "Least squares quantization in PCM", IEEE Trans. Inf. Theory 28 (1982).
    D. Arthur and S. Vassilvitskii, "k-means++: the advantages of careful seeding", SODA 2007.
    """

    name: ClassVar[str] = "kmeans"
    title: ClassVar[str] = "k-means"
    finds_n_clusters: ClassVar[bool] = False

    def prepare(
        self, points: np.ndarray, weights: np.ndarray, *, random_state: int, progress: Progress
    ) -> Prepared:
        """Gather neighboring colors into cells; see `Method.prepare`."""
        cells = _gather(points, weights)
        progress(1.0, "Gathering colors")
        return partial(_cluster, points, weights, *cells, random_state)


@dataclass(frozen=True, eq=False)
class NearestCenter:
    """The rule of k-means: a point belongs to the nearest center; on a tie, to the first.

    Parameters
    ----------
    centers : ndarray, shape (n_clusters, 3), float64
        One a cluster.
    """

    centers: np.ndarray

    def __call__(self, points: np.ndarray) -> np.ndarray:
        """Return the cluster of each point: points (n, 3) to (n,), int64."""
        from scipy.spatial.distance import cdist

        nearest = [
            np.argmin(cdist(points[start : start + 65_536], self.centers, "sqeuclidean"), axis=1)
            for start in range(0, len(points), 65_536)
        ]
        return np.concatenate(nearest) if nearest else np.empty(0, np.int64)


def _gather(points: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and weight of the points in each occupied cell of a coarse grid."""
    lowest = points.min(axis=0)
    size = max(float((points - lowest).max()) / _N_CELLS_ALONG, np.finfo(float).tiny)
    cells = ((points - lowest) / size).astype(np.int64)
    number = np.ravel_multi_index(tuple(cells.T), (_N_CELLS_ALONG + 1,) * 3)
    _, where = np.unique(number, return_inverse=True)
    return means(points, weights, where), np.bincount(where, weights)


def means(points: np.ndarray, weights: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Weighted mean of the points of each label 0..n - 1, shape (n, 3)."""
    total = np.bincount(labels, weights)
    return np.stack([np.bincount(labels, weights * axis) / total for axis in points.T], axis=1)


def _cluster(
    points: np.ndarray,
    weights: np.ndarray,
    cells: np.ndarray,
    cell_weights: np.ndarray,
    random_state: int,
    n_clusters: int,
    progress: Progress,
) -> Grouping:
    import sklearn.cluster
    from threadpoolctl import threadpool_limits

    if n_clusters == len(points):
        return Grouping(np.arange(n_clusters), NearestCenter(points))
    if n_clusters > len(cells) // 4:
        cells, cell_weights = points, weights
    # Threads add up in the order in which they finish: only one gives the same bits every time.
    with threadpool_limits(1):
        best = None
        for start in range(_N_STARTS):
            tried = sklearn.cluster.KMeans(
                n_clusters, n_init=1, random_state=(random_state + start) % 2**32
            ).fit(cells, sample_weight=cell_weights)
            if best is None or tried.inertia_ < best.inertia_:
                best = tried
            progress(0.6 * (start + 1) / _N_STARTS, "Trying starts")
        polished = sklearn.cluster.KMeans(
            n_clusters, init=best.cluster_centers_, n_init=1, tol=0, max_iter=1000
        ).fit(points, sample_weight=weights)
    progress(1.0, "Clustering colors")
    labels = polished.labels_.astype(np.int64)
    return Grouping(labels, NearestCenter(means(points, weights, labels)))
