"""k-means: many starts on coarse cells of colors, the best one polished on all colors."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from napari_colorcluster.core.methods.protocol import Grouping, Prepared
from napari_colorcluster.core.progress import Progress, part, silent

if TYPE_CHECKING:
    from napari_colorcluster.core.methods._cells import Cells

_GRIDS = (8, 11, 16, 23, 32, 45, 64, 90, 128)
"""Cells along the longest axis: twice as many in all from one to the next, more or less."""

_FINE_GRID = 64
"""The first to be gathered. Its cells are few beside the points of a photo: coarser ones are made
of them, and points begin with the clusters of theirs."""

_COARSE_GRID = 16

_MANY_POINTS = 30_000
"""From here on, colors are not settled to the last one."""

_COARSE = (60, 1500, 20_000)
_FINE = (400, 6000, 40_000)
"""Cells to a cluster, at least in all and at most: those on which the starts compete, few enough to
be tried often, and those on which the best are judged. With fewer cells to a cluster, what is cut
by its border decides."""

_N_STARTS = 24
_N_FINALISTS = 2
"""In 40 cases (ten photos, k = 3, 8, 16, 32, in sRGB), within 0.17 % of the best of twenty starts
of scikit-learn's KMeans; in 119 of 120 with other seeds too, and within 0.3 % in all."""

_FEWEST_STARTS = 5

_MOST_DISTANCES = 500_000_000
"""Computed at most while searching; only beyond some 100 clusters do starts become fewer."""

_TOLERANCE = 5e-7
"""Many points are settled until a round saves no more, for each cluster, than this share of the
cost. Where scikit-learn stops by default, a round still saves several times as much."""


Points = tuple[np.ndarray, np.ndarray]
"""Some points, shape (3, n), and their weights."""


@dataclass(frozen=True)
class KMeans:
    """Clusters around means: the k-means of scikit-learn, on colors weighted by their counts.

    Minimizes the within-cluster sum of squared distances over all pixels (SSE, scikit-learn's
    ``inertia_``) in the working space. A weighted color contributes just what its pixels would, so
    the objective is that of all pixels.

    Lloyd's algorithm finds a local minimum of it. To find a good one, many k-means++ starts compete
    on cells of close colors, and the best are crossed with each other. The best of all are judged
    on finer cells, and the winner is settled on all colors: until no color changes its cluster, or,
    where there are more than 30,000, until a round lowers the SSE by less than
    2,000,000th for each cluster.

    Cost: a few passes over the distinct colors for each cluster, whatever the number of pixels.
    Other colors belong to the cluster whose center is nearest.

    References
    ----------
    S. Lloyd, "Least squares quantization in PCM", IEEE Trans. Inf. Theory 28 (1982).
    D. Arthur and S. Vassilvitskii, "k-means++: the advantages of careful seeding", SODA 2007.
    G. Hamerly, "Making k-means even faster", SDM 2010.
    P. Fränti, "Genetic algorithm with deterministic crossover for vector quantization", Pattern
    Recognition Letters 21 (2000).
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
    def _grids(self) -> dict[int, Cells]:
        """The cells that have been gathered, by how many there are along the longest axis."""
        return {}

    def _grid(self, n_along: int) -> Cells:
        from napari_colorcluster.core.methods._cells import gather

        if n_along not in self._grids:
            points, weights = self.points, self.weights
            if n_along < _FINE_GRID:
                fine = self._grid(_FINE_GRID)
                points, weights = np.ascontiguousarray(fine.axes.T), fine.weights
            self._grids[n_along] = gather(points, weights, n_along)
        return self._grids[n_along]

    @cached_property
    def _wide(self) -> Cells:
        """Cells for as few points that hardly any would share one of a fine grid."""
        from napari_colorcluster.core.methods._cells import gather

        return gather(self.points, self.weights, _COARSE_GRID)

    def _cells(self, n_clusters: int, limits: tuple[int, int, int]) -> Points:
        """The cells of the coarsest grid that is fine enough, or all points."""
        a_cluster, least, most = limits
        wanted = max(least, min(a_cluster * n_clusters, most), 8 * n_clusters)
        if wanted >= len(self.points):
            return np.ascontiguousarray(self.points.T), self.weights
        place = _GRIDS.index(_FINE_GRID)
        while place and len(self._grid(_GRIDS[place - 1]).weights) >= wanted:
            place -= 1
        for n_along in _GRIDS[place:]:
            cells = self._grid(n_along)
            if len(cells.weights) >= wanted:
                return cells.axes, cells.weights
        return np.ascontiguousarray(self.points.T), self.weights

    def __call__(self, n_clusters: int, progress: Progress) -> Grouping:
        from napari_colorcluster.core.methods._lloyd import settle

        if n_clusters == len(self.points):
            return Grouping(np.arange(n_clusters), NearestCenter(self.points))
        cost, centers = self._search(n_clusters, part(progress, 0.0, 0.7))
        many = len(self.points) >= _MANY_POINTS
        tolerance = _TOLERANCE * n_clusters * cost if many else 0.0
        colors, told = (self.points, self.weights), part(progress, 0.7, 1.0)
        cells = self._grid(_FINE_GRID) if many else self._wide
        labels, centers = settle(*colors, centers, cells, told, tolerance=tolerance)
        while (lost := np.bincount(labels, minlength=n_clusters) == 0).any():
            # The color that costs most makes a better center than one that has lost all of its own.
            away = self.weights * ((self.points - centers[labels]) ** 2).sum(axis=1)
            centers[np.argmax(lost)] = self.points[np.argmax(away)]
            labels, centers = settle(*colors, centers, cells, silent)
        progress(1.0, "Clustering colors")
        return Grouping(labels, NearestCenter(centers))

    def _search(self, n_clusters: int, progress: Progress) -> tuple[float, np.ndarray]:
        """Return good centers to begin with, and about what they cost."""
        from napari_colorcluster.core.methods._breeding import breed, judge

        coarse = self._cells(n_clusters, _COARSE)
        # Some 20 distances of each cell to each center go into a start and what comes of it.
        n_starts = int(_MOST_DISTANCES / (20 * len(coarse[1]) * n_clusters))
        n_starts = max(_FEWEST_STARTS, min(n_starts, _N_STARTS))
        bred = breed(*coarse, n_clusters, n_starts, self.random_state, progress)
        finalists = [centers for _, centers in bred[:_N_FINALISTS]]
        return judge(*self._cells(n_clusters, _FINE), finalists)[0]
