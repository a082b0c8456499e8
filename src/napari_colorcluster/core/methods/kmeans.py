"""k-means: a search for good centers on cells of colors, then Lloyd's algorithm on all colors."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar, Literal, NamedTuple

import numpy as np

from napari_colorcluster.core.methods.protocol import Grouping, Prepared, option
from napari_colorcluster.core.methods.solvers.centers.plan import Plan
from napari_colorcluster.core.methods.solvers.points import WeightedPoints
from napari_colorcluster.core.methods.solvers.sums import weighted_sums
from napari_colorcluster.core.pixels.codes import N_CODES
from napari_colorcluster.core.support.progress import Progress, part, silent

if TYPE_CHECKING:
    from napari_colorcluster.core.methods.solvers.centers.hierarchy import CellHierarchy

_TOLERANCE = 3e-7
_MAX_TOLERANCE = 5e-4
"""Lloyd's algorithm on many points ends once an iteration lowers the cost by less than this share,
times k ** 1.5, at most: with few clusters the gains fall off slowly and add up. Where scikit-learn
stops by default, an iteration still gains several times as much."""

_DISTINCT = 1e-4
"""Relative difference in cost from which on two solutions of a search are both worth comparing."""

_HEAVY = 1e-3
"""Share of the smallest cluster from which on a color is looked at alone: it draws the center
along."""

_SMALL_POPULATION = 12
"""Below five clusters, this many starts or k squared are enough. With nine, three clusters came out
3% worse for one seed in five on a photo in standardized CIELAB."""

_MANY_DISTANCES = 100_000_000
"""With more of them, of all colors from all centers, Lloyd's algorithm first ends on close colors
merged, at a third of the cost; making these would take longer than it saves with fewer."""

_MANY_CLUSTERS = 256
"""Beyond this many, Lloyd's algorithm always ends by the tolerance: the end would take minutes."""

_MAX_ROUNDS = 20
"""Of exchanges, and of Lloyd's algorithm after them."""


class _Effort(NamedTuple):
    """How thorough a search is."""

    plans: tuple[Plan, ...]
    """The search takes the first of these that it can afford."""
    cells: int
    """How many times as many cells as usual the population evolves on."""
    compared: int
    """Solutions that are compared on fine cells."""
    finished: int
    """The best of these that are taken to the end on all colors."""
    max_distances: int
    """Distances that a search may compute."""
    exact_up_to: int
    """Up to this many colors, Lloyd's algorithm runs until nothing changes. With more, a tolerance
    ends it."""
    exchanges_up_to: int
    """Up to this many colors, and a hundred times as many distances from all centers, all that are
    compared are finished, and single colors are exchanged: where colors are few, the ends differ
    most, and all that costs little."""


_AT_LEAST = (Plan(5, 2, 1), Plan(1, 1, 0))

_EFFORTS = {
    "fast": _Effort(
        plans=(Plan(12, 4, 3), *_AT_LEAST),
        cells=1,
        compared=2,
        finished=1,
        max_distances=100_000_000,
        exact_up_to=10_000,
        exchanges_up_to=0,
    ),
    "default": _Effort(
        plans=(Plan(32, 6, 6), Plan(4, 4, 3), *_AT_LEAST),
        cells=1,
        compared=6,
        finished=1,
        max_distances=400_000_000,
        exact_up_to=30_000,
        exchanges_up_to=10_000,
    ),
    "best": _Effort(
        plans=(Plan(200, 12, 20), Plan(32, 6, 6), Plan(12, 4, 3), *_AT_LEAST),
        cells=4,
        compared=16,
        finished=4,
        max_distances=10_000_000_000,
        exact_up_to=N_CODES,
        exchanges_up_to=1_000_000,
    ),
}
"""On 19 photos and odd pictures with k = 8, in sRGB and CIELAB, the default seed ended at most
0.07% above the best of five with "default" and 0.04% with "best", 0.9% with "fast"; with k = 16,
0.8, 0.5 and 1.2%. "best" takes about five times as long as "default"."""


@dataclass(frozen=True)
class KMeans:
    """k-means on colors weighted by their counts, as scikit-learn's KMeans on all pixels.

    Minimizes the within-cluster sum of squared distances over all pixels (SSE, scikit-learn's
    ``inertia_``) in the working space. A color of weight w contributes what w pixels would, so the
    objective is exactly that of all pixels.

    Lloyd's algorithm finds a local minimum. To find a good one, a population of k-means++ solutions
    evolves on coarse cells of close colors, by Fränti's genetic algorithm; the cells are small
    where much of the spread is. The best solutions are compared on finer cells, and Lloyd's
    algorithm takes the winner to convergence on all colors: up to 30,000 of them, until no color
    changes its cluster; with more, until an iteration lowers the SSE by less than some millionths,
    or a few ten thousandths for many clusters. Up to 10,000 colors, all of the best are taken to
    the end, and Hartigan's exchange of single colors follows.

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
    cost = _cost(colors, centers, nearest)
    ending = _Ending(colors, CellHierarchy(colors), _EFFORTS["default"])
    labels, centers = ending.run(centers, cost, progress)
    progress(1.0, "Clustering colors")
    return Grouping(labels, NearestCenter(centers))


def _cost(colors: WeightedPoints, centers: np.ndarray, labels: np.ndarray) -> float:
    """Return the weighted sum of squared distances of the colors from their centers."""
    return float(colors.weights @ ((colors.points - centers[labels]) ** 2).sum(axis=1))


class _Ending(NamedTuple):
    """What takes centers to convergence on all colors."""

    colors: WeightedPoints
    cells: CellHierarchy
    effort: _Effort

    def exchanges(self, n_clusters: int) -> bool:
        """Whether single colors are exchanged."""
        n_colors, most = len(self.colors), self.effort.exchanges_up_to
        return n_colors <= most and n_colors * n_clusters <= 100 * most

    def run(
        self, centers: np.ndarray, cost: float, progress: Progress
    ) -> tuple[np.ndarray, np.ndarray]:
        """Run Lloyd's algorithm, and exchange colors, from centers (k, 3) of about this cost.

        Returns
        -------
        labels : ndarray, shape (n_colors,), int64
            The nearest center of each color; none is without colors.
        centers : ndarray, shape (k, 3), float64
            Where they end.
        """
        n_clusters = len(centers)
        is_exact = len(self.colors) <= self.effort.exact_up_to and n_clusters <= _MANY_CLUSTERS
        share = 0.0 if is_exact else min(_TOLERANCE * n_clusters**1.5, _MAX_TOLERANCE)
        if not is_exact and len(self.colors) * n_clusters > _MANY_DISTANCES:
            _, centers = _converge(self.cells.merged, centers, share * cost, silent)
        labels, centers = _converge(self.cells, centers, share * cost, progress)
        for _ in range(_MAX_ROUNDS if self.exchanges(n_clusters) else 0):
            moved = _exchange_heavy(self.colors, labels, n_clusters)
            if moved is None:
                break
            labels, centers = _converge(self.cells, moved, 0.0, lambda _, what: progress(1.0, what))
        return labels, centers


def _converge(
    cells: CellHierarchy, centers: np.ndarray, tolerance: float, progress: Progress
) -> tuple[np.ndarray, np.ndarray]:
    """Run Lloyd's algorithm on the colors of the cells until no cluster is empty."""
    from napari_colorcluster.core.methods.solvers.centers.lloyd import run_lloyd

    points, weights = cells.colors.points, cells.colors.weights
    labels, centers, sizes = run_lloyd(
        points, weights, centers, *cells.for_lloyd, progress, tolerance=tolerance
    )
    while not sizes.all():
        # Replace a center that has lost all its points by the point that costs most.
        costs = weights * ((points - centers[labels]) ** 2).sum(axis=1)
        centers[np.argmin(sizes)] = points[np.argmax(costs)]
        labels, centers, sizes = run_lloyd(points, weights, centers, *cells.for_lloyd, silent)
    return labels, centers


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
        ending = _Ending(self.colors, self.cells, self.effort)
        found = self._search(n_clusters, part(progress, 0.0, 0.6))
        finalists = found if ending.exchanges(n_clusters) else found[: self.effort.finished]
        cuts = np.linspace(0.6, 1.0, len(finalists) + 1).tolist()
        ends = [
            ending.run(centers, cost, part(progress, *share))
            for (cost, centers), share in zip(finalists, pairwise(cuts), strict=True)
        ]
        labels, centers = ends[0] if len(ends) == 1 else min(ends, key=self._cost_of)
        progress(1.0, "Clustering colors")
        return Grouping(labels, NearestCenter(centers))

    def _cost_of(self, end: tuple[np.ndarray, np.ndarray]) -> float:
        labels, centers = end
        return _cost(self.colors, centers, labels)

    def _search(self, n_clusters: int, progress: Progress) -> list[tuple[float, np.ndarray]]:
        """Return good initial centers (k, 3), each with its approximate cost, the best first."""
        from napari_colorcluster.core.methods.solvers.centers.genetic import evolve, refine

        effort, (n_coarse, n_fine) = self.effort, _n_cells(n_clusters)
        axes, weights = self.cells.for_search(effort.cells * n_coarse)
        most = effort.max_distances // (len(weights) * n_clusters)
        affordable = (plan for plan in effort.plans if plan.n_passes <= most)
        plan = next(affordable, effort.plans[-1])
        # Few clusters have few arrangements.
        population = min(plan.population, max(n_clusters**2, _SMALL_POPULATION))
        plan = plan._replace(population=population)
        solutions = evolve(axes, weights, n_clusters, plan, self.random_state, progress)
        axes, weights = self.cells.for_search(effort.cells * n_fine)
        most = effort.max_distances // (64 * len(weights) * n_clusters)
        distinct = _distinct(solutions, max(1, min(effort.compared, most)))
        return refine(axes, weights, distinct)


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
