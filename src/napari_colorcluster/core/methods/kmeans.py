"""k-means: many starts on coarse cells of colors, the best one polished on all colors."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from napari_colorcluster.core.methods.protocol import Grouping, Prepared
from napari_colorcluster.core.pixels.codes import N_BITS
from napari_colorcluster.core.support.progress import Progress, part, silent

if TYPE_CHECKING:
    from napari_colorcluster.core.methods.solvers.cells import Cells

_MOST_BITS = 15
_FINE_BITS = 7
"""Bits that codes may differ in, in the largest cells that are tried and in the first that are
gathered: 32 values a channel, and 4 or 8."""

_MOST_WITHIN = 0.05
"""How much of all spread may be within the cells that are tried, times the number of clusters: the
more of these, the less is left of it to tell good centers from others."""

_SETTLING_BITS = 9
_POINTS_TO_A_CELL = 24
"""Of the cells that points are settled by: 8 values a channel, or more where cells would have fewer
points than this on average."""

_MANY_POINTS = 30_000
"""From here on, colors are not settled to the last one."""

_COARSE = (100, 2000, 20_000)
_FINE = (400, 6000, 40_000)
"""Cells to a cluster, at least in all and at most: those on which the starts compete, few enough to
be tried often, and those on which the best are judged. With fewer cells to a cluster, what is cut
by its border decides."""

_N_STARTS = 24
_N_FINALISTS = 2
"""In 432 cases (nine photos, k = 3, 4, 5, 6, 8, 12, 16, 32, six seeds, in sRGB), all but thirteen
are within 0.2 % of the best of a dozen starts of scikit-learn's KMeans, and all within 1.1 %; with
the default seed, all 72 within 0.2 %."""

_STARTS_OF_FEW = 12
"""Few clusters have few ways to lie: of less than five, so many starts or their square are enough.
With nine, three clusters came out 3 % worse for one seed in five on a photo in standardized Lab."""

_FEWEST_STARTS = 5

_MOST_DISTANCES = 500_000_000
"""Computed at most while searching; only beyond some 100 clusters do starts become fewer."""

_TOLERANCE = 3e-7
"""Many points are settled until a round saves no more than this share of the cost, times the number
of clusters to the power of 1.5: with few, what rounds save falls off slowly and adds up. Where
scikit-learn stops by default, a round still saves several times as much."""


Weighted = tuple[np.ndarray, np.ndarray]
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
    where there are more than 30,000, until a round lowers the SSE by less than some millionths.

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
        self,
        points: np.ndarray,
        weights: np.ndarray,
        codes: np.ndarray,
        *,
        random_state: int,
        progress: Progress,
    ) -> Prepared:
        """Keep the points: cells are gathered when first needed. See `Method.prepare`."""
        progress(1.0, "Clustering colors")
        return _Prepared(points, weights, codes, random_state)


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


@dataclass(frozen=True, eq=False)
class _Prepared:
    """Points with their cells, gathered when first asked for."""

    points: np.ndarray
    weights: np.ndarray
    codes: np.ndarray
    random_state: int

    @cached_property
    def _fine(self) -> Cells:
        """Cells that are few beside the points of a photo: larger ones are made of them."""
        from napari_colorcluster.core.methods.solvers.cells import gather

        return gather(self.points, self.weights, self.codes, _FINE_BITS)

    @cached_property
    def _n_large(self) -> np.ndarray:
        """How many cells there are, by the bits in which codes may differ: `_FINE_BITS` or more."""
        from napari_colorcluster.core.methods.solvers.cells import count_cells

        return count_cells(self._fine.codes)

    @cached_property
    def _n_small(self) -> np.ndarray:
        """The same for all numbers of bits; there are many more codes to look at."""
        from napari_colorcluster.core.methods.solvers.cells import count_cells

        return count_cells(self.codes)

    @cached_property
    def _settling(self) -> tuple[Cells, np.ndarray]:
        """The cells that all points are settled by, and their radii."""
        from napari_colorcluster.core.methods.solvers.cells import find_radii, join

        n_bits = _SETTLING_BITS
        most = max(len(self.points) // _POINTS_TO_A_CELL, 1)
        while n_bits < N_BITS and self._n_large[n_bits] > most:
            n_bits += 1
        cells = join(self._fine, n_bits)
        return cells, find_radii(self.points, self.weights, cells)

    @cached_property
    def _tried(self) -> dict[int, tuple[Weighted, float]]:
        """Cells that starts have been tried on, by the bits in which codes may differ.

        With them, how much of all spread is within them.
        """
        return {}

    @cached_property
    def _spread(self) -> float:
        """The weighted sum of the squared distances of all points from their mean."""
        from napari_colorcluster.core.methods.solvers.cells import join

        return float(join(self._fine, N_BITS).spread[0])

    def _cells(self, n_clusters: int, limits: tuple[int, int, int]) -> Weighted:
        """The largest cells of which there are enough, and in which little is lost; or all points.

        Where the space is stretched against sRGB, cells of whatever number may be long: then
        smaller ones are taken, as many as there may be.
        """
        a_cluster, least, most = limits
        wanted = max(least, min(a_cluster * n_clusters, most), 8 * n_clusters)
        found = None
        for n_bits in range(_MOST_BITS, 0, -1):
            n_cells = (self._n_large if n_bits >= _FINE_BITS else self._n_small)[n_bits]
            if n_cells < wanted:
                continue
            if found is not None and n_cells > max(most, wanted):
                break
            found, within = self._gather(n_bits)
            if within * n_clusters <= _MOST_WITHIN * self._spread:
                break
        return self._all if found is None else found

    def _gather(self, n_bits: int) -> tuple[Weighted, float]:
        from napari_colorcluster.core.methods.solvers.cells import gather, join

        if n_bits not in self._tried:
            if n_bits < _FINE_BITS:
                cells = gather(self.points, self.weights, self.codes, n_bits)
            else:
                cells = join(self._fine, n_bits)
            tried = np.ascontiguousarray(cells.points.T), cells.weights
            self._tried[n_bits] = tried, float(cells.spread.sum())
        return self._tried[n_bits]

    @cached_property
    def _all(self) -> Weighted:
        return np.ascontiguousarray(self.points.T), self.weights

    def __call__(self, n_clusters: int, progress: Progress) -> Grouping:
        from napari_colorcluster.core.methods.solvers.lloyd import settle

        if n_clusters == len(self.points):
            return Grouping(np.arange(n_clusters), NearestCenter(self.points))
        cost, centers = self._search(n_clusters, part(progress, 0.0, 0.7))
        many = len(self.points) >= _MANY_POINTS
        tolerance = _TOLERANCE * n_clusters**1.5 * cost if many else 0.0
        colors, told = (self.points, self.weights), part(progress, 0.7, 1.0)
        cells = self._settling
        labels, centers, sizes = settle(*colors, centers, *cells, told, tolerance=tolerance)
        while not sizes.all():
            # The color that costs most makes a better center than one that has lost all of its own.
            away = self.weights * ((self.points - centers[labels]) ** 2).sum(axis=1)
            centers[np.argmin(sizes)] = self.points[np.argmax(away)]
            labels, centers, sizes = settle(*colors, centers, *cells, silent)
        progress(1.0, "Clustering colors")
        return Grouping(labels, NearestCenter(centers))

    def _search(self, n_clusters: int, progress: Progress) -> tuple[float, np.ndarray]:
        """Return good centers to begin with, and about what they cost."""
        from napari_colorcluster.core.methods.solvers.evolution import breed, judge

        coarse = self._cells(n_clusters, _COARSE)
        # Some 20 distances of each cell to each center go into a start and what comes of it.
        n_starts = int(_MOST_DISTANCES / (20 * len(coarse[1]) * n_clusters))
        useful = min(max(n_clusters**2, _STARTS_OF_FEW), _N_STARTS)
        n_starts = max(_FEWEST_STARTS, min(n_starts, useful))
        bred = breed(*coarse, n_clusters, n_starts, self.random_state, progress)
        finalists = [centers for _, centers in bred[:_N_FINALISTS]]
        return judge(*self._cells(n_clusters, _FINE), finalists)[0]
