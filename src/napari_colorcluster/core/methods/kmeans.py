"""k-means: a search for good centers on cells of colors, then Lloyd's algorithm on all colors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, NamedTuple

import numpy as np

from napari_colorcluster.core.methods.protocol import Grouping, Prepared, option
from napari_colorcluster.core.methods.solvers.centers.plan import Plan
from napari_colorcluster.core.methods.solvers.points import WeightedPoints
from napari_colorcluster.core.methods.solvers.sums import weighted_sums
from napari_colorcluster.core.pixels.codes import N_BITS
from napari_colorcluster.core.support.progress import Progress, part, silent

if TYPE_CHECKING:
    from napari_colorcluster.core.methods.solvers.centers.hierarchy import CellHierarchy

_TOLERANCE = 3e-7
_MAX_TOLERANCE = 2e-4
"""Lloyd's algorithm on many points ends once an iteration lowers the cost by less than this share,
times k ** 1.5, at most: with few clusters the gains fall off slowly and add up. Where scikit-learn
stops by default, an iteration still gains several times as much."""

_DISTINCT = 1e-4
"""Relative difference in cost from which on two solutions of a search are both worth comparing."""

_HEAVY = 1e-3
"""Share of the smallest cluster from which on a color is looked at alone: it draws the center
along."""


_MANY_CLUSTERS = 256
"""Beyond this many, Lloyd's algorithm always ends by the tolerance: the end would take minutes."""

_MAX_ROUNDS = 20
"""Of exchanges, and of Lloyd's algorithm after them."""


class _Effort(NamedTuple):
    """How thorough a search is."""

    plans: tuple[Plan, ...]
    """The search takes the first of these that it can afford."""
    finalists: int
    """Solutions that are compared on fine cells."""
    max_distances: int
    """Distances that a search may compute."""
    exact_up_to: int
    """Up to this many colors, Lloyd's algorithm runs until nothing changes, and is followed by
    exchanges of single colors. With more, a tolerance ends it."""


_PLANS = (Plan(200, 12, 20), Plan(32, 6, 6), Plan(12, 4, 3), Plan(5, 2, 1), Plan(1, 1, 0))

_EFFORTS = {
    "fast": _Effort(_PLANS[2:], 2, 100_000_000, 10_000),
    "default": _Effort(_PLANS[1:], 6, 400_000_000, 30_000),
    "best": _Effort(_PLANS, 16, 10_000_000_000, 1 << N_BITS),
}


@dataclass(frozen=True)
class KMeans:
    """k-means on colors weighted by their counts, as scikit-learn's KMeans on all pixels.

    Minimizes the within-cluster sum of squared distances over all pixels (SSE, scikit-learn's
    ``inertia_``) in the working space. A color of weight w contributes what w pixels would, so the
    objective is exactly that of all pixels.

    Lloyd's algorithm finds a local minimum. To find a good one, a population of k-means++ solutions
    evolves on coarse cells of close colors, by Fränti's genetic algorithm; the cells are small
    where much of the spread is. The best solutions are compared on finer cells, and Lloyd's
    algorithm takes the winner to convergence on all colors: up to 30,000 of them, until neither
    Lloyd's algorithm nor Hartigan's exchange of single colors changes any cluster; with more, until
    an iteration lowers the SSE by less than some millionths.

    Other colors belong to the cluster with the nearest center.

    Parameters
    ----------
    effort : {"default", "fast", "best"}, default "default"
        How much is tried: more solutions, more generations, more finalists, and with "best" the
        exact end for any number of colors and up to 256 clusters.

    Raises
    ------
    ValueError
        Where `effort` is none of these.

    Notes
    -----
    The cost is a few passes over the distinct colors for each cluster, however many pixels there
    are.

    References
    ----------
    S. Lloyd, "Least squares quantization in PCM", IEEE Trans. Inf. Theory 28 (1982).
    D. Arthur and S. Vassilvitskii, "k-means++: the advantages of careful seeding", SODA 2007.
    G. Hamerly, "Making k-means even faster", SDM 2010.
    J. A. Hartigan and M. A. Wong, "Algorithm AS 136: a k-means clustering algorithm", Applied
    Statistics 28 (1979).
    P. Fränti, "Genetic algorithm with deterministic crossover for vector quantization", Pattern
    Recognition Letters 21 (2000).
    """

    name: ClassVar[str] = "kmeans"
    title: ClassVar[str] = "k-means"
    finds_n_clusters: ClassVar[bool] = False

    effort: Literal["fast", "default", "best"] = option(
        "default",
        "Effort",
        "How long to search for better clusters: fast takes less time than default, best several "
        "times as long.",
        choices={"fast": "Fast", "default": "Default", "best": "Best"},
    )

    def __post_init__(self) -> None:
        if self.effort not in _EFFORTS:
            listed = ", ".join(map(repr, _EFFORTS))
            raise ValueError(f"effort must be one of {listed}, got {self.effort!r}.")

    def prepare(self, colors: WeightedPoints, *, random_state: int, progress: Progress) -> Prepared:
        """Keep the colors; cells are made when first needed. See `Method.prepare`."""
        from napari_colorcluster.core.methods.solvers.centers.hierarchy import CellHierarchy

        progress(1.0, "Clustering colors")
        return _Prepared(colors, CellHierarchy(colors), random_state, _EFFORTS[self.effort])


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
    from napari_colorcluster.core.methods.solvers.centers.hierarchy import CellHierarchy

    nearest = NearestCenter(centers)(colors.points)
    cost = float(colors.weights @ ((colors.points - centers[nearest]) ** 2).sum(axis=1))
    up_to = _EFFORTS["default"].exact_up_to
    return _run_to_the_end(colors, CellHierarchy(colors), centers, cost, progress, up_to)


def _run_to_the_end(
    colors: WeightedPoints,
    cells: CellHierarchy,
    centers: np.ndarray,
    cost: float,
    progress: Progress,
    exact_up_to: int,
) -> Grouping:
    """Run Lloyd's algorithm from centers of about this cost, until no cluster is empty."""
    from napari_colorcluster.core.methods.solvers.centers.lloyd import run_lloyd

    points, weights = colors.points, colors.weights
    share = min(_TOLERANCE * len(centers) ** 1.5, _MAX_TOLERANCE)
    is_exact = len(points) <= exact_up_to and len(centers) <= _MANY_CLUSTERS
    tolerance = 0.0 if is_exact else share * cost
    labels, centers, sizes = run_lloyd(
        points, weights, centers, *cells.for_lloyd, progress, tolerance=tolerance
    )
    while not sizes.all():
        # Replace a center that has lost all its points by the point that costs most.
        costs = weights * ((points - centers[labels]) ** 2).sum(axis=1)
        centers[np.argmin(sizes)] = points[np.argmax(costs)]
        labels, centers, sizes = run_lloyd(points, weights, centers, *cells.for_lloyd, silent)
    for _ in range(_MAX_ROUNDS if is_exact else 0):
        moved = _exchange_heavy(colors, labels, len(centers))
        if moved is None:
            break
        labels, centers, _ = run_lloyd(points, weights, moved, *cells.for_lloyd, silent)
    progress(1.0, "Clustering colors")
    return Grouping(labels, NearestCenter(centers))


def _exchange_heavy(
    colors: WeightedPoints, labels: np.ndarray, n_clusters: int
) -> np.ndarray | None:
    """Exchange colors that are a large part of a cluster; return the new centers, if any moved."""
    from napari_colorcluster.core.methods.solvers.centers.exchange import exchange

    sums = weighted_sums(colors.points, colors.weights, labels, n_clusters)
    heavy = np.flatnonzero(colors.weights > _HEAVY * sums[:, 3].min())
    moved = exchange(colors.points, colors.weights, labels, sums, heavy, _MAX_ROUNDS)
    return sums[:, :3] / sums[:, 3:] if moved else None


@dataclass(frozen=True, eq=False)
class _Prepared:
    """A `Prepared`: the colors, and cells of them."""

    colors: WeightedPoints
    cells: CellHierarchy
    random_state: int
    effort: _Effort

    def __call__(self, n_clusters: int, progress: Progress) -> Grouping:
        points = self.colors.points
        if n_clusters == len(points):
            return Grouping(np.arange(n_clusters), NearestCenter(points))
        cost, centers = self._search(n_clusters, part(progress, 0.0, 0.7))
        ending = part(progress, 0.7, 1.0)
        return _run_to_the_end(
            self.colors, self.cells, centers, cost, ending, self.effort.exact_up_to
        )

    def _search(self, n_clusters: int, progress: Progress) -> tuple[float, np.ndarray]:
        """Return the approximate cost of good initial centers, and these centers (k, 3)."""
        from napari_colorcluster.core.methods.solvers.centers.genetic import evolve, refine

        n_coarse, n_fine = _n_cells(n_clusters)
        axes, weights = self.cells.for_search(n_coarse)
        most = self.effort.max_distances // (len(weights) * n_clusters)
        affordable = (plan for plan in self.effort.plans if plan.n_passes <= most)
        plan = next(affordable, self.effort.plans[-1])
        solutions = evolve(axes, weights, n_clusters, plan, self.random_state, progress)
        axes, weights = self.cells.for_search(n_fine)
        most = self.effort.max_distances // (64 * len(weights) * n_clusters)
        finalists = _distinct(solutions, max(1, min(self.effort.finalists, most)))
        return refine(axes, weights, finalists)[0]


def _n_cells(n_clusters: int) -> tuple[int, int]:
    """Return how many cells the population evolves on, and the finalists are compared on.

    Few are enough for many trials. With fewer per cluster, how the cell borders happen to lie
    decides.
    """
    coarse = max(1000, min(125 * n_clusters, 2000), min(20 * n_clusters, 8000), 8 * n_clusters)
    return coarse, max(8000, 4 * coarse)


def _distinct(solutions: list[tuple[float, np.ndarray]], most: int) -> list[np.ndarray]:
    """Take the best solutions, sorted by cost, that differ in it."""
    chosen, last = [], -np.inf
    for cost, centers in solutions:
        if cost > last * (1 + _DISTINCT) or not chosen:
            chosen.append(centers)
            last = cost
    return chosen[:most]
