"""k-means: a search for good centers on cells of colors, then Lloyd's algorithm on all colors."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from napari_colorcluster.core.methods.protocol import Grouping, Prepared, WeightedPoints
from napari_colorcluster.core.pixels.codes import N_BITS
from napari_colorcluster.core.support.progress import Progress, part, silent

if TYPE_CHECKING:
    from napari_colorcluster.core.methods.solvers.cells import Cells

_COARSEST_BITS = 15
_FINE_BITS = 7
"""Bits in which the codes of a cell may differ. The search begins with cells of 32 values a channel
(15 bits); larger cells are made of those of 4 or 8 values (7 bits)."""

_MAX_SPREAD_WITHIN = 0.05
"""Share of the total sum of squares that may be lost within the cells of a search, divided by the
number of clusters: the more of these, the less is left to tell good centers from poor ones."""

_LLOYD_BITS = 9
_POINTS_PER_CELL = 24
"""Cells of the final Lloyd's algorithm: 8 values a channel, or more where they would hold fewer
points than this on average."""

_MANY_POINTS = 30_000
"""From this many colors on, Lloyd's algorithm stops by a tolerance."""

_COARSE = (100, 2000, 20_000)
_FINE = (400, 6000, 40_000)
"""Number of cells: per cluster, at least, and at most. The population evolves on coarse cells, few
enough for many trials; the finalists are compared on fine ones. With fewer cells per cluster, how
the cell borders happen to lie decides."""

_POPULATION = 24
_N_FINALISTS = 2
"""In 432 cases (nine photos, k = 3, 4, 5, 6, 8, 12, 16, 32, six seeds, in sRGB), all but thirteen
are within 0.2 % of the best of a dozen starts of scikit-learn's KMeans, and all within 1.1 %; with
the default seed, all 72 within 0.2 %."""

_SMALL_POPULATION = 12
"""Few clusters have few arrangements: below five, this many starts or k squared are enough. With
nine, three clusters came out 3 % worse for one seed in five on a photo in standardized Lab."""

_MIN_POPULATION = 5

_MAX_DISTANCES = 500_000_000
"""Distances computed by a search at most; shrinks the population only beyond some 100 clusters."""

_TOLERANCE = 3e-7
"""Lloyd's algorithm on many points ends once an iteration lowers the cost by less than this share,
times k ** 1.5: with few clusters the gains fall off slowly and add up. Where scikit-learn stops by
default, an iteration still gains several times as much."""


@dataclass(frozen=True)
class KMeans:
    """k-means on colors weighted by their counts, as scikit-learn's KMeans on all pixels.

    Minimizes the within-cluster sum of squared distances over all pixels (SSE, scikit-learn's
    ``inertia_``) in the working space. A color of weight w contributes what w pixels would, so the
    objective is exactly that of all pixels.

    Lloyd's algorithm finds a local minimum. To find a good one, a population of k-means++ solutions
    evolves on coarse cells of close colors, by Fränti's genetic algorithm. The best are compared
    on finer cells, and Lloyd's algorithm takes the winner to convergence on all colors: until no
    color changes its cluster or, from 30,000 colors on, until an iteration lowers the SSE by less
    than some millionths.

    Other colors belong to the cluster with the nearest center.

    Notes
    -----
    The cost is a few passes over the distinct colors for each cluster, however many pixels there
    are.

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

    def prepare(self, colors: WeightedPoints, *, random_state: int, progress: Progress) -> Prepared:
        """Keep the colors; cells are made when first needed. See `Method.prepare`."""
        progress(1.0, "Clustering colors")
        return _Prepared(colors, random_state)


@dataclass(frozen=True, eq=False)
class NearestCenter:
    """The rule of k-means: a point belongs to the nearest center; on a tie, to the first.

    Parameters
    ----------
    centers : ndarray, shape (n_clusters, 3), float64
        One per cluster.
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
    """A `Prepared`: the colors, and their cells of several sizes, made when first needed."""

    colors: WeightedPoints
    random_state: int

    @cached_property
    def _fine_cells(self) -> Cells:
        """The cells that larger ones are made of: few beside the colors of a photo."""
        return self._make_fine_cells(_FINE_BITS)

    def _make_fine_cells(self, n_bits: int) -> Cells:
        from napari_colorcluster.core.methods.solvers.cells import make_cells

        return make_cells(self.colors.points, self.colors.weights, self.colors.codes, n_bits)

    def _make_cells(self, n_bits: int) -> Cells:
        from napari_colorcluster.core.methods.solvers.cells import coarsen

        if n_bits < _FINE_BITS:
            return self._make_fine_cells(n_bits)
        return coarsen(self._fine_cells, n_bits)

    @cached_property
    def _n_coarse_cells(self) -> np.ndarray:
        """Number of cells by the bits in which codes may differ, for `_FINE_BITS` or more."""
        from napari_colorcluster.core.methods.solvers.cells import count_cells

        return count_cells(self._fine_cells.codes)

    @cached_property
    def _n_cells(self) -> np.ndarray:
        """The same for any number of bits; slower, since it looks at the codes of all colors."""
        from napari_colorcluster.core.methods.solvers.cells import count_cells

        return count_cells(self.colors.codes)

    @cached_property
    def _lloyd_cells(self) -> tuple[Cells, np.ndarray]:
        """The cells that Lloyd's algorithm on all colors uses, and their radii."""
        from napari_colorcluster.core.methods.solvers.cells import cell_radii

        n_bits = _LLOYD_BITS
        limit = max(len(self.colors) // _POINTS_PER_CELL, 1)
        while n_bits < N_BITS and self._n_coarse_cells[n_bits] > limit:
            n_bits += 1
        cells = self._make_cells(n_bits)
        return cells, cell_radii(self.colors.points, self.colors.weights, cells)

    @cached_property
    def _cells_by_bits(self) -> dict[int, Cells]:
        """The cells that have been searched, by the bits in which codes may differ."""
        return {}

    @cached_property
    def _total_spread(self) -> float:
        """The weighted sum of squared distances of all colors from their mean."""
        return float(self._make_cells(N_BITS).spread[0])

    def _cells(
        self, n_clusters: int, limits: tuple[int, int, int]
    ) -> tuple[np.ndarray, np.ndarray]:
        """Choose the largest cells that are enough and lose little within them; or all colors.

        A space that is stretched beside sRGB has long cells. There, smaller ones are chosen, as
        long as they are not too many.

        Returns
        -------
        axes : ndarray, shape (3, n_cells), float64
            The means of the cells.
        weights : ndarray, shape (n_cells,), float64
            Their weights.
        """
        per_cluster, least, most = limits
        wanted = max(least, min(per_cluster * n_clusters, most), 8 * n_clusters)
        chosen: Cells | WeightedPoints = self.colors
        for n_bits in range(_COARSEST_BITS, 0, -1):
            n_cells = (self._n_coarse_cells if n_bits >= _FINE_BITS else self._n_cells)[n_bits]
            if n_cells < wanted:
                continue
            if chosen is not self.colors and n_cells > max(most, wanted):
                break
            if n_bits not in self._cells_by_bits:
                self._cells_by_bits[n_bits] = self._make_cells(n_bits)
            chosen = self._cells_by_bits[n_bits]
            if chosen.spread.sum() * n_clusters <= _MAX_SPREAD_WITHIN * self._total_spread:
                break
        return np.ascontiguousarray(chosen.points.T), chosen.weights

    def __call__(self, n_clusters: int, progress: Progress) -> Grouping:
        from napari_colorcluster.core.methods.solvers.lloyd import run_lloyd

        points, weights = self.colors.points, self.colors.weights
        if n_clusters == len(points):
            return Grouping(np.arange(n_clusters), NearestCenter(points))
        cost, centers = self._search(n_clusters, part(progress, 0.0, 0.7))
        tolerance = _TOLERANCE * n_clusters**1.5 * cost if len(points) >= _MANY_POINTS else 0.0
        labels, centers, sizes = run_lloyd(
            points,
            weights,
            centers,
            *self._lloyd_cells,
            part(progress, 0.7, 1.0),
            tolerance=tolerance,
        )
        while not sizes.all():
            # Replace a center that has lost all its points by the point that costs most.
            costs = weights * ((points - centers[labels]) ** 2).sum(axis=1)
            centers[np.argmin(sizes)] = points[np.argmax(costs)]
            labels, centers, sizes = run_lloyd(points, weights, centers, *self._lloyd_cells, silent)
        progress(1.0, "Clustering colors")
        return Grouping(labels, NearestCenter(centers))

    def _search(self, n_clusters: int, progress: Progress) -> tuple[float, np.ndarray]:
        """Return the approximate cost of good initial centers, and these centers (k, 3)."""
        from napari_colorcluster.core.methods.solvers.genetic import evolve, refine

        axes, weights = self._cells(n_clusters, _COARSE)
        # An initial solution and its offspring compute about 20 distances per cell and center.
        affordable = int(_MAX_DISTANCES / (20 * len(weights) * n_clusters))
        useful = min(max(n_clusters**2, _SMALL_POPULATION), _POPULATION)
        size = max(_MIN_POPULATION, min(affordable, useful))
        solutions = evolve(axes, weights, n_clusters, size, self.random_state, progress)
        finalists = [centers for _, centers in solutions[:_N_FINALISTS]]
        return refine(*self._cells(n_clusters, _FINE), finalists)[0]
