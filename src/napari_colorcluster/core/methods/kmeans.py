"""k-means: many starts on coarse cells of colors, the best one polished on all colors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np

from napari_colorcluster.core.methods.protocol import Grouping, Prepared
from napari_colorcluster.core.progress import Progress, part, silent
from napari_colorcluster.core.threads import map_in_threads

_GRIDS = (8, 11, 16, 23, 32, 45, 64, 90, 128)
"""Cells along the longest axis: twice as many in all from one to the next, more or less."""

_MANY_POINTS = 30_000
"""From here on, cells are gathered from those of a fine grid, and settled on these first."""

_FINE_GRID = 64

_COARSE = (60, 1500, 20_000)
_FINE = (400, 1500, 40_000)
"""Cells to a cluster, at least in all and at most: those on which the starts compete, few enough to
be tried often, and those on which the best are judged. With fewer cells to a cluster, what is cut
by its border decides."""

_N_STARTS = 6
_N_FINALISTS = 3
"""With the swaps, in 47 of 48 cases (twelve photos, k = 3, 8, 16, 32, in sRGB) within 0.2 % of the
best of twenty starts of scikit-learn's KMeans, and within 0.4 % in all."""

_MOST_DISTANCES = 500_000_000
"""Computed at most while searching; only beyond some 100 clusters do swaps become fewer."""


Cells = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class KMeans:
    """Clusters around means: the k-means of scikit-learn, on colors weighted by their counts.

    Minimizes the within-cluster sum of squared distances over all pixels (SSE, scikit-learn's
    ``inertia_``) in the working space. A weighted color contributes just what its pixels would, so
    the objective is that of all pixels.

    Lloyd's algorithm finds a local minimum of it. To find a good one, several k-means++ starts
    compete on cells of close colors, each improved by swaps of centers; the best compete on finer
    cells, and the winner is settled on all colors, until no color changes its cluster (of huge
    images, until less than a pixel in ten million does).

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
    def _axes(self) -> np.ndarray:
        """The points, shape (3, n_points)."""
        return np.ascontiguousarray(self.points.T)

    @cached_property
    def _grids(self) -> dict[int, Cells]:
        """The cells that have been gathered, by how many there are along the longest axis."""
        from napari_colorcluster.core.methods._cells import gather

        if len(self.points) < _MANY_POINTS:
            return {}
        return {_FINE_GRID: gather(self.points, self.weights, _FINE_GRID)}

    def _grid(self, n_along: int) -> Cells:
        from napari_colorcluster.core.methods._cells import gather

        if n_along not in self._grids:
            points, weights = self.points, self.weights
            if n_along < _FINE_GRID in self._grids:
                # Cells of a fine grid are few beside the points, and part a coarser one as well.
                axes, weights = self._grids[_FINE_GRID]
                points = np.ascontiguousarray(axes.T)
            self._grids[n_along] = gather(points, weights, n_along)
        return self._grids[n_along]

    def _cells(self, n_clusters: int, limits: tuple[int, int, int]) -> Cells:
        """Means (3, n_cells) and weights of the cells of the coarsest grid that is fine enough."""
        a_cluster, least, most = limits
        wanted = max(least, min(a_cluster * n_clusters, most), 8 * n_clusters)
        if wanted < len(self.points):
            for n_along in _GRIDS:
                if len(self._grid(n_along)[1]) >= wanted:
                    return self._grid(n_along)
        return self._axes, self.weights

    def _levels(self, n_clusters: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Points (n, 3) and weights to settle on, one after another."""
        if _FINE_GRID in self._grids:
            axes, weights = self._grids[_FINE_GRID]
            if 8 * n_clusters <= len(weights) < len(self.points) / 2:
                yield np.ascontiguousarray(axes.T), weights
        yield self.points, self.weights

    def __call__(self, n_clusters: int, progress: Progress) -> Grouping:
        from napari_colorcluster.core.methods._lloyd import settle

        if n_clusters == len(self.points):
            return Grouping(np.arange(n_clusters), NearestCenter(self.points))
        centers = self._search(n_clusters, part(progress, 0.0, 0.7))
        for points, weights in self._levels(n_clusters):
            labels, centers = settle(points, weights, centers, part(progress, 0.7, 1.0))
        while (lost := np.bincount(labels, minlength=n_clusters) == 0).any():
            # The color that costs most makes a better center than one that has lost all of its own.
            away = self.weights * ((self.points - centers[labels]) ** 2).sum(axis=1)
            centers[np.argmax(lost)] = self.points[np.argmax(away)]
            labels, centers = settle(self.points, self.weights, centers, silent)
        progress(1.0, "Clustering colors")
        return Grouping(labels, NearestCenter(centers))

    def _search(self, n_clusters: int, progress: Progress) -> np.ndarray:
        """Return good centers to begin with."""
        from napari_colorcluster.core.methods._swaps import improve, search

        coarse, fine = (self._cells(n_clusters, limits) for limits in (_COARSE, _FINE))
        # Most swaps are seen through in a few passes; about every tenth touches all centers.
        a_swap = len(coarse[1]) * (8 + n_clusters / 5)
        n_swaps = min(10 + 4 * n_clusters, int(_MOST_DISTANCES / (_N_STARTS * a_swap)) + 1)

        def start(number: int) -> tuple[float, np.ndarray]:
            return search(*coarse, n_clusters, n_swaps, [self.random_state, number])

        def judge(centers: np.ndarray) -> tuple[float, np.ndarray]:
            return improve(*fine, centers, n_swaps // 2, [self.random_state])

        def best(tried: list[tuple[float, np.ndarray]], n_best: int) -> list[np.ndarray]:
            return [centers for _, centers in sorted(tried, key=lambda each: each[0])[:n_best]]

        starts = map_in_threads(start, range(_N_STARTS), part(progress, 0.0, 0.5), "Trying starts")
        judged = map_in_threads(
            judge, best(starts, _N_FINALISTS), part(progress, 0.5, 1.0), "Trying starts"
        )
        return best(judged, 1)[0]
