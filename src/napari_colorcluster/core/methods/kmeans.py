"""k-means: many starts on coarse cells of colors, the best one polished on all colors."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np

from napari_colorcluster.core.methods.protocol import Grouping, Prepared
from napari_colorcluster.core.progress import Progress, part, silent
from napari_colorcluster.core.threads import map_in_threads

_N_CELLS = 4500
"""Cells of close colors at most, on which the starts compete: few enough to be tried often."""

_GRIDS = (8, 16, 24, 32, 48, 64, 96, 128)
"""Cells along the longest axis."""

_N_STARTS = 5
"""Together with the swaps, in 39 of 40 cases (ten photos, k = 3, 8, 16, 32, in sRGB) within 0.2 %
of the best of twenty starts of scikit-learn's KMeans, and within 0.3 % in all."""

_N_FINALISTS = 3
"""Starts that are settled on finer cells, where another may come out best."""

_MOST_DISTANCES = 500_000_000
"""Computed at most while searching; only beyond some 60 clusters do swaps become fewer."""


@dataclass(frozen=True)
class KMeans:
    """Clusters around means: the k-means of scikit-learn, on colors weighted by their counts.

    Minimizes the within-cluster sum of squared distances over all pixels (SSE, scikit-learn's
    ``inertia_``) in the working space. A weighted color contributes just what its pixels would, so
    the objective is that of all pixels.

    Lloyd's algorithm finds a local minimum of it. To find a good one, several k-means++ starts
    compete on cells of close colors, each improved by swaps of centers; the best is settled on
    finer cells and then on all colors, until no color changes its cluster (of huge images, until
    less than a pixel in ten million does).

    Cost: a few passes over the distinct colors for each cluster, whatever the number of pixels.
    Other colors belong to the cluster whose center is nearest.

    References
    ----------
    S. Lloyd, "Least squares quantization in PCM", IEEE Trans. Inf. Theory 28 (1982).
    D. Arthur and S. Vassilvitskii, "k-means++: the advantages of careful seeding", SODA 2007.
    G. Hamerly, "Making k-means even faster", SDM 2010.
    P. Fränti, "Efficiency of random swap clustering", J. Big Data 5 (2018).
    """

    name: ClassVar[str] = "kmeans"
    title: ClassVar[str] = "k-means"
    finds_n_clusters: ClassVar[bool] = False

    def prepare(
        self, points: np.ndarray, weights: np.ndarray, *, random_state: int, progress: Progress
    ) -> Prepared:
        """Keep the points: cells are gathered when first needed. See `Method.prepare`."""
        progress(1.0, "Clustering colors")
        return _Prepared(points, weights, random_state)


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


def means(points: np.ndarray, weights: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Weighted mean of the points of each label 0..n - 1, shape (n, 3)."""
    total = np.bincount(labels, weights)
    return np.stack([np.bincount(labels, weights * axis) / total for axis in points.T], axis=1)


@dataclass(frozen=True, eq=False)
class _Prepared:
    """Points with their cells, gathered when first asked for."""

    points: np.ndarray
    weights: np.ndarray
    random_state: int

    @cached_property
    def cells(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """Means (3, n_cells) and weights of the cells of two grids: to search on, to settle on."""
        from napari_colorcluster.core.methods._swaps import gather

        levels: list[tuple[np.ndarray, np.ndarray]] = []
        for n_along in _GRIDS:
            levels.append(gather(self.points, self.weights, n_along))
            if len(levels[-1][1]) > _N_CELLS:
                break
        return levels[-2:]

    def __call__(self, n_clusters: int, progress: Progress) -> Grouping:
        from napari_colorcluster.core.methods._lloyd import settle

        if n_clusters == len(self.points):
            return Grouping(np.arange(n_clusters), NearestCenter(self.points))
        # Where there are few cells to a cluster, they are no image of the colors any more.
        levels = [cells for cells in self.cells if len(cells[1]) >= 8 * n_clusters]
        levels = levels or [(np.ascontiguousarray(self.points.T), self.weights)]
        found = self._search(*levels[0], n_clusters, part(progress, 0.0, 0.7))
        finer, weights = np.ascontiguousarray(levels[-1][0].T), levels[-1][1]
        costs = []
        for i, centers in enumerate(found):
            labels, found[i] = settle(finer, weights, centers, silent)
            costs.append((weights * ((finer - found[i][labels]) ** 2).sum(axis=1)).sum())
        centers = found[int(np.argmin(costs))]
        labels, centers = settle(self.points, self.weights, centers, part(progress, 0.7, 1.0))
        while (lost := np.bincount(labels, minlength=n_clusters) == 0).any():
            # The color that costs most makes a better center than one that has lost all of its own.
            away = self.weights * ((self.points - centers[labels]) ** 2).sum(axis=1)
            centers[np.argmax(lost)] = self.points[np.argmax(away)]
            labels, centers = settle(self.points, self.weights, centers, silent)
        progress(1.0, "Clustering colors")
        return Grouping(labels, NearestCenter(centers))

    def _search(
        self, axes: np.ndarray, weights: np.ndarray, n_clusters: int, progress: Progress
    ) -> list[np.ndarray]:
        """Return the centers of the best starts."""
        from napari_colorcluster.core.methods._swaps import search

        a_swap = 3 * len(weights) * n_clusters
        n_swaps = min(60 + 2 * n_clusters, _MOST_DISTANCES // (_N_STARTS * a_swap) + 1)

        def start(number: int) -> tuple[float, np.ndarray]:
            return search(axes, weights, n_clusters, n_swaps, [self.random_state, number])

        tried = map_in_threads(start, range(_N_STARTS), progress, "Trying starts")
        return [centers for _, centers in sorted(tried, key=lambda each: each[0])[:_N_FINALISTS]]
