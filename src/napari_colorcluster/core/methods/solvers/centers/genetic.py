"""Good initial centers for k-means: a genetic algorithm on few points, in single precision."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations, pairwise
from typing import NamedTuple

import numpy as np

from napari_colorcluster.core.methods.solvers.centers import lloyd_float32
from napari_colorcluster.core.methods.solvers.centers.lloyd_float32 import CenteredPoints, iterate
from napari_colorcluster.core.methods.solvers.centers.plan import Plan
from napari_colorcluster.core.support.compiled import ZERO, entry, inner, minimum, total
from napari_colorcluster.core.support.progress import Progress
from napari_colorcluster.core.support.threads import even_cuts, map_in_threads, usable_threads

_INITIAL_ITERATIONS = 1
_OFFSPRING_ITERATIONS = 3
_REFINING_ITERATIONS = 8
"""Iterations of Lloyd's algorithm on new solutions."""

_SAME_COST = 1e-6
"""Relative difference in cost up to which two solutions are the same, but for rounding."""

_SERIAL_LIMIT = 1 << 21
"""Scores that one thread computes in less time than it takes to wake another and wait for it."""

_BLOCK = 256
"""Points in a block: drawing a point finds the block first, by the blocks' total costs."""


class _Workspace(NamedTuple):
    """Arrays to work in, allocated once per thread; for n points and k centers."""

    squares: np.ndarray  # (3, n), float32, squared distances to the nearest center, and candidates
    costs: np.ndarray  # (3, n_blocks), the total costs of the blocks for each of these
    merging: tuple[np.ndarray, ...]  # what `_merge` needs for 2 k clusters
    lloyd: tuple[np.ndarray, ...]  # the `lloyd_float32.Workspace` for 2 k centers

    @classmethod
    def empty(cls, n: int, k: int) -> _Workspace:
        """Allocate the workspace."""
        return cls(
            np.empty((3, n), np.float32),
            np.empty((3, -(-n // _BLOCK))),
            (
                np.empty((4, 2 * k)),
                np.empty(2 * k, np.int64),
                np.empty(2 * k + 1, np.int64),
                np.empty((2, 2 * k)),
            ),
            tuple(lloyd_float32.Workspace.empty(2 * k)),
        )


def evolve(
    axes: np.ndarray,
    weights: np.ndarray,
    n_clusters: int,
    plan: Plan,
    random_state: int,
    progress: Progress,
) -> list[tuple[float, np.ndarray]]:
    """Search for centers with a small weighted sum of squared distances.

    The initial population is made by k-means++. In each generation, every pair of the best
    solutions is crossed: the centers of both are united, and clusters are merged by Ward's
    criterion until `n_clusters` are left. A few iterations of Lloyd's algorithm improve each new
    solution.

    Parameters
    ----------
    axes : ndarray, shape (3, n_points), float64
        The points.
    weights : ndarray, shape (n_points,), float64
        Their weights.
    n_clusters : int
        Number of centers.
    plan : Plan
        How many solutions are tried.
    random_state : int
        The seed.
    progress : callable
        Told the fraction done; may raise `Cancelled`.

    Returns
    -------
    list of tuple
        Distinct solutions, the best first: the cost of each, the weighted sum of the squared
        distances to the nearest center, and its centers, shape (n_clusters, 3), float64.

    References
    ----------
    D. Arthur and S. Vassilvitskii, "k-means++: the advantages of careful seeding", SODA 2007.
    P. Fränti, "Genetic algorithm with deterministic crossover for vector quantization", Pattern
    Recognition Letters 21 (2000).
    """
    operators = _Operators(axes, weights, n_clusters, plan.population)
    uniforms = np.random.default_rng(random_state).random((plan.population, n_clusters, 2))
    population, costs = operators.initialize(uniforms)
    crossed: set[tuple[float, float]] = set()
    for generation in range(plan.generations):
        progress((1 + generation) / (1 + plan.generations), "Searching for the best palette")
        population, costs = _select_distinct(population, costs)
        parents = range(min(plan.parents, len(costs)))
        # A cost identifies a solution, since all of them are distinct.
        ids = costs.tolist()
        pairs = [(i, j) for i, j in combinations(parents, 2) if (ids[i], ids[j]) not in crossed]
        if not pairs:
            break
        crossed.update((ids[i], ids[j]) for i, j in pairs)
        offspring, offspring_costs = operators.cross(population, np.array(pairs))
        population = np.concatenate([population, offspring])
        costs = np.concatenate([costs, offspring_costs])
    progress(1.0, "Searching for the best palette")
    return operators.rank(population, costs)


def refine(
    axes: np.ndarray, weights: np.ndarray, solutions: list[np.ndarray]
) -> list[tuple[float, np.ndarray]]:
    """Evaluate solutions on other points, after some iterations of Lloyd's algorithm there.

    Parameters
    ----------
    axes, weights
        As for `evolve`.
    solutions : list of ndarray, shape (n_clusters, 3), float64
        The centers of each.

    Returns
    -------
    list of tuple
        As from `evolve`.
    """
    operators = _Operators(axes, weights, len(solutions[0]), len(solutions))
    return operators.rank(*operators.refine(np.array(solutions)))


class _Operators:
    """The operators of the genetic algorithm, on several threads.

    Centers are relative to the mean of the points and in single precision: that is enough to
    compare solutions, and doubles the width of vector instructions.
    """

    def __init__(
        self, axes: np.ndarray, weights: np.ndarray, n_clusters: int, n_solutions: int
    ) -> None:
        points, self._mean = CenteredPoints.of(axes, weights)
        self._points, self._n_clusters = tuple(points), n_clusters
        n_threads = usable_threads(n_solutions)
        self._workspaces = [_Workspace.empty(len(weights), n_clusters) for _ in range(n_threads)]

    def initialize(self, uniforms: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Make solutions by k-means++, by the random numbers (n, n_clusters, 2) for each."""

        def initialize(share: slice, centers: np.ndarray, workspace: _Workspace) -> None:
            _initialize(self._points, uniforms[share], centers, workspace.squares, workspace.costs)

        return self._make(initialize, len(uniforms), _INITIAL_ITERATIONS)

    def cross(self, population: np.ndarray, pairs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Make the offspring of pairs (n, 2) of solutions."""
        united = population[pairs].reshape(len(pairs), -1, 3)

        def cross(share: slice, centers: np.ndarray, workspace: _Workspace) -> None:
            sums = self._iterate(united[share], 0, np.empty(len(centers)), workspace)
            # With fewer occupied clusters than centers, the rest stay as they were.
            centers[:] = united[share, : self._n_clusters]
            _merge(sums, centers, workspace.merging)

        return self._make(cross, len(pairs), _OFFSPRING_ITERATIONS)

    def refine(self, solutions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Improve solutions (n, n_clusters, 3), which are not relative to the mean."""

        def copy(share: slice, centers: np.ndarray, workspace: _Workspace) -> None:
            centers[:] = solutions[share] - self._mean

        return self._make(copy, len(solutions), _REFINING_ITERATIONS)

    def rank(self, population: np.ndarray, costs: np.ndarray) -> list[tuple[float, np.ndarray]]:
        """List distinct solutions, the best first, with their costs and absolute centers."""
        population, costs = _select_distinct(population, costs)
        return list(zip(costs.tolist(), population + self._mean, strict=True))

    def _make(
        self, make: Callable[[slice, np.ndarray, _Workspace], None], n: int, max_iter: int
    ) -> tuple[np.ndarray, np.ndarray]:
        """Make n solutions and improve them, an equal share per thread; return them with costs.

        In one go, since waiting for another thread takes as long as an iteration.
        """
        n_scores = n * max_iter * len(self._points[1]) * self._n_clusters
        n_shares = len(self._workspaces) if n_scores >= _SERIAL_LIMIT else 1
        population, costs = np.empty((n, self._n_clusters, 3), np.float32), np.empty(n)
        shares = [slice(*bounds) for bounds in pairwise(even_cuts(n, n_shares))]

        def make_share(number: int) -> None:
            share, workspace = shares[number], self._workspaces[number]
            make(share, population[share], workspace)
            self._iterate(population[share], max_iter, costs[share], workspace)

        map_in_threads(make_share, range(n_shares))
        return population, costs

    def _iterate(
        self, centers: np.ndarray, max_iter: int, costs: np.ndarray, workspace: _Workspace
    ) -> np.ndarray:
        """Run Lloyd's algorithm; return the sums of the points of each center."""
        sums = np.empty((*centers.shape[:2], 4))
        iterate(self._points, centers, max_iter, costs, sums, workspace.lloyd)
        return sums


def _select_distinct(population: np.ndarray, costs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sort solutions by cost, and drop those that cost the same as another: duplicates."""
    order = costs.argsort(kind="stable")
    costs = costs[order]
    differs = np.ones(len(costs), np.bool_)
    differs[1:] = costs[1:] - costs[:-1] > _SAME_COST * costs[1:]
    return population[order[differs]], costs[differs]


@total
def _try_centers(xs, ys, zs, weights, x, y, z, u, v, w, nearest, first, second):
    """Fill in squared distances to the nearest center with (x, y, z) added, and with (u, v, w).

    Returns the cost of either. On slices, for vector instructions; both at once, so that points are
    loaded once.
    """
    cost, other_cost = np.float32(0), np.float32(0)
    for i in range(len(xs)):
        dx, dy, dz = xs[i] - x, ys[i] - y, zs[i] - z
        du, dv, dw = xs[i] - u, ys[i] - v, zs[i] - w
        one, two = dx * dx + dy * dy + dz * dz, du * du + dv * dv + dw * dw
        one = one if one < nearest[i] else nearest[i]
        two = two if two < nearest[i] else nearest[i]
        first[i], second[i] = one, two
        cost += weights[i] * one
        other_cost += weights[i] * two
    return cost, other_cost


@entry
def _initialize(points, uniforms, centers, squares, costs):
    """Make each solution by greedy k-means++: of two points drawn, the better one is a center.

    The probability of a point is proportional to its weighted squared distance from the nearest
    center so far.
    """
    axes, weights, nearest, one, two = points[0], points[1], ZERO, ZERO, ZERO
    n, n_blocks = len(weights), costs.shape[1]
    for solution in range(len(centers)):
        for block in range(n_blocks):
            costs[nearest, block] = 0
        for i in range(n):
            # The first center is drawn by weight alone.
            squares[nearest, i] = 1
            costs[nearest, i // _BLOCK] += weights[i]
        for j in range(centers.shape[1]):
            total_cost = 0.0
            for block in range(n_blocks):
                total_cost += costs[nearest, block]
            # The first point drawn is in `two` until the second is.
            for draw in range(2):
                target, block = total_cost * uniforms[solution, j, draw], ZERO
                while block < n_blocks - 1 and target >= costs[nearest, block]:
                    target -= costs[nearest, block]
                    block += 1
                one, two = two, block * _BLOCK
                while two < n - 1:
                    target -= weights[two] * squares[nearest, two]
                    if target < 0:
                        break
                    two += 1
            for i in range(n if j == 0 else 0):
                squares[nearest, i] = np.inf
            x, y, z = axes[0, one], axes[1, one], axes[2, one]
            u, v, w = axes[0, two], axes[1, two], axes[2, two]
            first, second, gain = (nearest + 1) % 3, (nearest + 2) % 3, 0.0
            for block in range(n_blocks):
                part = slice(block * _BLOCK, (block + 1) * _BLOCK)  # slices end with the points
                xs, ys, zs = axes[0, part], axes[1, part], axes[2, part]
                rows = squares[nearest, part], squares[first, part], squares[second, part]
                cost, other_cost = _try_centers(xs, ys, zs, weights[part], x, y, z, u, v, w, *rows)
                costs[first, block], costs[second, block] = cost, other_cost
                gain += cost - other_cost
            nearest = second if gain > 0 else first
            for axis in range(3):
                centers[solution, j, axis] = axes[axis, two if gain > 0 else one]


@total
def _ward_costs(xs, ys, zs, weights, x, y, z, weight, costs):
    """Fill in what the cost increases by where each cluster is merged with (x, y, z)."""
    for j in range(len(xs)):
        dx, dy, dz = xs[j] - x, ys[j] - y, zs[j] - z
        square = dx * dx + dy * dy + dz * dz
        costs[j] = square * weight * weights[j] / (weight + weights[j])


@minimum
def _least(values):
    """Return the least of some values, none of which is NaN."""
    least = np.inf
    for i in range(len(values)):
        least = values[i] if values[i] < least else least
    return least


@inner
def _first(values, value):
    """Return where a value is found first; it is one of them."""
    i = ZERO
    while values[i] != value and i < len(values) - 1:
        i += 1
    return i


@entry
def _merge(sums, centers, workspace):
    """Merge the clusters of each two united solutions by Ward's criterion, down to one's number.

    The partner of a cluster is the one whose merge with it adds least to the cost (Ward).

    Parameters
    ----------
    sums : ndarray, shape (n_solutions, 2 k, 4), float64
        The sums of the weighted points of each center, and of their weights.
    centers : ndarray, shape (n_solutions, k, 3), float32
        Filled with the means of the clusters that are left.
    workspace : tuple
        Arrays to work in: for the means and the weights of all clusters, for their partners, for
        those that need one, and for what merges add to the cost: the cheapest of each cluster, and
        all of one.
    """
    merged, partners, alone, increases = workspace
    for solution in range(len(sums)):
        n = ZERO
        for j in range(sums.shape[1]):
            if sums[solution, j, 3] > 0:
                for axis in range(3):
                    merged[axis, n] = sums[solution, j, axis] / sums[solution, j, 3]
                # Without a partner, no merge is cheaper.
                merged[3, n], increases[0, n], alone[n] = sums[solution, j, 3], -np.inf, n
                n += 1
        n_alone = n
        while True:
            xs, ys, zs, weights = merged[0, :n], merged[1, :n], merged[2, :n], merged[3, :n]
            least, costs = increases[0, :n], increases[1, :n]
            for number in range(n_alone):
                i = alone[number]
                _ward_costs(xs, ys, zs, weights, xs[i], ys[i], zs[i], weights[i], costs)
                costs[i] = np.inf
                for j in range(n):
                    # A new cluster may be a better partner to others than theirs.
                    if costs[j] < least[j]:
                        least[j], partners[j] = costs[j], i
                least[i] = _least(costs)
                partners[i] = _first(costs, least[i])
            if n <= centers.shape[1]:
                break
            one = _first(least, _least(least))
            other = partners[one]
            if other < one:
                one, other = other, one
            weight = weights[one] + weights[other]
            for axis in range(3):
                moment = merged[3, one] * merged[axis, one] + merged[3, other] * merged[axis, other]
                merged[axis, one] = moment / weight
            weights[one] = weight
            # The last cluster takes the free place. The merged one, and those that have lost their
            # partner, need a new one.
            n -= 1
            for row in range(4):
                merged[row, other] = merged[row, n]
            partners[other], least[other] = partners[n], least[n]
            n_alone, partners[one] = ZERO, one
            for i in range(n):
                # Always written, and kept only where it is alone.
                alone[n_alone] = i
                if partners[i] == one or partners[i] == other:
                    n_alone += 1
                    least[i] = -np.inf
                elif partners[i] == n:
                    partners[i] = other
        for j in range(n):
            for axis in range(3):
                centers[solution, j, axis] = merged[axis, j]
