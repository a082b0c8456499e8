"""k-means: a search for good centers on cells of colors, then Lloyd's algorithm on all colors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from napari_colorcluster.core.methods.protocol import Grouping, Prepared
from napari_colorcluster.core.methods.solvers.points import WeightedPoints
from napari_colorcluster.core.support.progress import Progress, part, silent

if TYPE_CHECKING:
    from napari_colorcluster.core.methods.solvers.cells import CellHierarchy

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
        from napari_colorcluster.core.methods.solvers.cells import CellHierarchy

        progress(1.0, "Clustering colors")
        return _Prepared(colors, CellHierarchy(colors), random_state)


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


def lloyd_from(
    colors: WeightedPoints, centers: np.ndarray, progress: Progress = silent
) -> Grouping:
    """Run k-means from given centers: Lloyd's algorithm alone, without a search for better ones.

    Parameters
    ----------
    colors : WeightedPoints
        What to cluster; at least as many points as centers.
    centers : ndarray, shape (n_clusters, 3), float64
        Where it begins.
    progress : callable, optional
        Told the fraction done; may raise `Cancelled`.

    Returns
    -------
    Grouping
        Its clusters are in the order of the centers that they began at.
    """
    from napari_colorcluster.core.methods.solvers.cells import CellHierarchy

    nearest = NearestCenter(centers)(colors.points)
    cost = float(colors.weights @ ((colors.points - centers[nearest]) ** 2).sum(axis=1))
    return _run_to_the_end(colors, CellHierarchy(colors), centers, cost, progress)


def _run_to_the_end(
    colors: WeightedPoints,
    cells: CellHierarchy,
    centers: np.ndarray,
    cost: float,
    progress: Progress,
) -> Grouping:
    """Run Lloyd's algorithm from centers of about this cost, until no cluster is empty."""
    from napari_colorcluster.core.methods.solvers.lloyd import run_lloyd

    points, weights = colors.points, colors.weights
    tolerance = _TOLERANCE * len(centers) ** 1.5 * cost if len(points) >= _MANY_POINTS else 0.0
    labels, centers, sizes = run_lloyd(
        points, weights, centers, *cells.for_lloyd, progress, tolerance=tolerance
    )
    while not sizes.all():
        # Replace a center that has lost all its points by the point that costs most.
        costs = weights * ((points - centers[labels]) ** 2).sum(axis=1)
        centers[np.argmin(sizes)] = points[np.argmax(costs)]
        labels, centers, sizes = run_lloyd(points, weights, centers, *cells.for_lloyd, silent)
    progress(1.0, "Clustering colors")
    return Grouping(labels, NearestCenter(centers))


@dataclass(frozen=True, eq=False)
class _Prepared:
    """A `Prepared`: the colors, and cells of them."""

    colors: WeightedPoints
    cells: CellHierarchy
    random_state: int

    def __call__(self, n_clusters: int, progress: Progress) -> Grouping:
        points = self.colors.points
        if n_clusters == len(points):
            return Grouping(np.arange(n_clusters), NearestCenter(points))
        cost, centers = self._search(n_clusters, part(progress, 0.0, 0.7))
        return _run_to_the_end(self.colors, self.cells, centers, cost, part(progress, 0.7, 1.0))

    def _search(self, n_clusters: int, progress: Progress) -> tuple[float, np.ndarray]:
        """Return the approximate cost of good initial centers, and these centers (k, 3)."""
        from napari_colorcluster.core.methods.solvers.genetic import evolve, refine

        axes, weights = self.cells.for_search(n_clusters, _COARSE)
        # An initial solution and its offspring compute about 20 distances per cell and center.
        affordable = int(_MAX_DISTANCES / (20 * len(weights) * n_clusters))
        useful = min(max(n_clusters**2, _SMALL_POPULATION), _POPULATION)
        size = max(_MIN_POPULATION, min(affordable, useful))
        solutions = evolve(axes, weights, n_clusters, size, self.random_state, progress)
        finalists = [centers for _, centers in solutions[:_N_FINALISTS]]
        return refine(*self.cells.for_search(n_clusters, _FINE), finalists)[0]
