"""Good centers for k-means to begin with: many starts, and the best crossed, on few points."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations, pairwise
from typing import NamedTuple

import numpy as np

from napari_colorcluster.core.methods.solvers import rounds as _rounds
from napari_colorcluster.core.methods.solvers.rounds import SINGLE, Points, improve
from napari_colorcluster.core.support.compiled import ZERO, entry, total
from napari_colorcluster.core.support.progress import Progress
from napari_colorcluster.core.support.threads import even_cuts, map_in_threads, usable_threads

_N_GENERATIONS = 3
_N_PARENTS = 5
"""How often the best solutions are crossed, and how many of them, each with each; fewer of few."""

_ROUNDS_OF_A_START = 1
_ROUNDS_OF_A_CHILD = 3
_ROUNDS_OF_A_JUDGMENT = 8
"""Of Lloyd's algorithm."""

_SAME = 1e-6
"""Share of the cost in which a solution that is found twice may differ: by rounding."""

_FEW = 1 << 21
"""Scores that are computed in less time than it takes to wake another thread and to wait for it."""

_DRAWN = 256
"""Points whose costs are added up at once, of which one is drawn."""


class _Room(NamedTuple):
    """Arrays to work in, made once; for n points and k centers."""

    squares: np.ndarray  # (3, n), float32, of distances to the nearest center, if there is one more
    costs: np.ndarray  # (3, ceil(n / _DRAWN)), what these cost, some points at once
    joined: np.ndarray  # (2 k, 4), what is left of their clusters: the means, and the weights
    partner: np.ndarray  # (2 k,), int64, the cluster that each would best be merged with
    rise: np.ndarray  # (2 k,), by how much the cost would rise
    rounds: tuple[np.ndarray, ...]  # a `_rounds.Room` for 2 k centers

    @classmethod
    def empty(cls, n: int, k: int) -> _Room:
        """Make room for n points and k centers."""
        return cls(
            np.empty((3, n), SINGLE),
            np.empty((3, -(-n // _DRAWN))),
            np.empty((2 * k, 4)),
            np.empty(2 * k, np.int64),
            np.empty(2 * k),
            tuple(_rounds.Room.empty(2 * k)),
        )


def breed(
    axes: np.ndarray,
    weights: np.ndarray,
    n_clusters: int,
    n_starts: int,
    random_state: int,
    progress: Progress,
) -> list[tuple[float, np.ndarray]]:
    """Find centers that part points well.

    Starts are placed by k-means++. Then, for some generations, the best solutions are crossed with
    each other: all the centers of both are taken, and those merged whose merger costs least (Ward),
    until there are so many again. Rounds of Lloyd's algorithm follow each time.

    Parameters
    ----------
    axes : ndarray, shape (3, n_points), float64
        The points.
    weights : ndarray, shape (n_points,), float64
        Theirs.
    n_clusters : int
        Number of centers.
    n_starts : int
        How many starts.
    random_state : int
        The seed.
    progress : callable
        Told the fraction done; may raise `Cancelled`.

    Returns
    -------
    list of tuple
        Different solutions, the best first: the cost of each, the weighted sum of the squared
        distances to the nearest center, and its centers, shape (n_clusters, 3), float64.

    References
    ----------
    D. Arthur and S. Vassilvitskii, "k-means++: the advantages of careful seeding", SODA 2007.
    P. Fränti, "Genetic algorithm with deterministic crossover for vector quantization", Pattern
    Recognition Letters 21 (2000).
    """
    sharing = _Sharing(axes, weights, n_clusters, n_starts)
    uniforms = np.random.default_rng(random_state).random((n_starts, n_clusters, 2))
    centers, costs = sharing.begin(uniforms)
    crossed: set[tuple[float, float]] = set()
    for generation in range(_N_GENERATIONS):
        progress((1 + generation) / (1 + _N_GENERATIONS), "Trying starts")
        centers, costs = _distinct(centers, costs)
        best, known = range(min(_N_PARENTS, n_starts // 4, len(costs))), costs.tolist()
        pairs = [(i, j) for i, j in combinations(best, 2) if (known[i], known[j]) not in crossed]
        if not pairs:
            break
        crossed.update((known[i], known[j]) for i, j in pairs)
        children, their_costs = sharing.cross(centers, np.array(pairs))
        centers, costs = np.concatenate([centers, children]), np.concatenate([costs, their_costs])
    progress(1.0, "Trying starts")
    return sharing.list(centers, costs)


def judge(
    axes: np.ndarray, weights: np.ndarray, found: list[np.ndarray]
) -> list[tuple[float, np.ndarray]]:
    """See how good centers are on other points, after some rounds of Lloyd's algorithm there.

    Parameters
    ----------
    axes, weights
        As for `breed`.
    found : list of ndarray, shape (n_clusters, 3), float64
        The centers of some solutions.

    Returns
    -------
    list of tuple
        As `breed` gives them.
    """
    sharing = _Sharing(axes, weights, found[0].shape[0], len(found))
    return sharing.list(*sharing.judge(np.array(found)))


class _Sharing:
    """Threads that each do their part of some solutions.

    Those have their centers counted from the mean of the points, in single precision: it is enough
    to tell them apart, and twice as many fit a vector register.
    """

    def __init__(
        self, axes: np.ndarray, weights: np.ndarray, n_clusters: int, n_solutions: int
    ) -> None:
        points, self._mean = Points.of(axes, weights)
        self._points, self._n_clusters = tuple(points), n_clusters
        n_threads = usable_threads(n_solutions)
        self._rooms = [_Room.empty(len(weights), n_clusters) for _ in range(n_threads)]

    def begin(self, uniforms: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Place the centers of starts; return them after some rounds, and their costs."""

        def begin(mine: slice, centers: np.ndarray, room: _Room) -> None:
            _begin(self._points, uniforms[mine], centers, room.squares, room.costs)

        return self._make(begin, len(uniforms), _ROUNDS_OF_A_START)

    def cross(self, parents: np.ndarray, pairs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Cross pairs of solutions; return the children after some rounds, and their costs."""
        both = parents[pairs].reshape(len(pairs), -1, 3)

        def cross(mine: slice, centers: np.ndarray, room: _Room) -> None:
            sums = self._improve(both[mine], 0, np.empty(len(centers)), room)
            # Where points have fewer places than there are centers, some stay as they were.
            centers[:] = both[mine, : self._n_clusters]
            _join(sums, centers, room.joined, room.partner, room.rise)

        return self._make(cross, len(pairs), _ROUNDS_OF_A_CHILD)

    def judge(self, found: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Do rounds on some solutions; return what comes of them, and their costs."""

        def take(mine: slice, centers: np.ndarray, room: _Room) -> None:
            centers[:] = found[mine] - self._mean

        return self._make(take, len(found), _ROUNDS_OF_A_JUDGMENT)

    def list(self, centers: np.ndarray, costs: np.ndarray) -> list[tuple[float, np.ndarray]]:
        """List different solutions, the best first, where their centers really are."""
        centers, costs = _distinct(centers, costs)
        return list(zip(costs.tolist(), centers + self._mean, strict=True))

    def _make(
        self, make: Callable[[slice, np.ndarray, _Room], None], n: int, n_rounds: int
    ) -> tuple[np.ndarray, np.ndarray]:
        """Let each thread make its part of n solutions, and do rounds on it, in a room of its own.

        All in one go: to wait for another thread takes as long as a round.
        """
        n_scores = n * n_rounds * len(self._points[1]) * self._n_clusters
        n_shares = len(self._rooms) if n_scores >= _FEW else 1
        centers, costs = np.empty((n, self._n_clusters, 3), SINGLE), np.empty(n)

        shares = [slice(*bounds) for bounds in pairwise(even_cuts(n, n_shares))]

        def do_share(share: int) -> None:
            mine, room = shares[share], self._rooms[share]
            make(mine, centers[mine], room)
            self._improve(centers[mine], n_rounds, costs[mine], room)

        map_in_threads(do_share, range(n_shares))
        return centers, costs

    def _improve(
        self, centers: np.ndarray, n_rounds: int, costs: np.ndarray, room: _Room
    ) -> np.ndarray:
        """Do rounds of Lloyd's algorithm; return the sums of the points of each center."""
        sums = np.empty((*centers.shape[:2], 4))
        improve(self._points, centers, n_rounds, costs, sums, room.rounds)
        return sums


def _distinct(centers: np.ndarray, costs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Put the best solution first, and leave out what costs the same: it was found twice."""
    order = costs.argsort(kind="stable")
    costs = costs[order]
    differs = np.ones(len(costs), np.bool_)
    differs[1:] = costs[1:] - costs[:-1] > _SAME * costs[1:]
    return centers[order[differs]], costs[differs]


@total
def _measure(xs, ys, zs, heavy, x, y, z, u, v, w, nearest, first, second):
    """Square the distances to the nearest center if (x, y, z) is one more, or (u, v, w).

    Returns what either costs. Over slices, so that it runs in vector registers; and both at once,
    so that points are loaded once.
    """
    cost, other_cost = SINGLE(0), SINGLE(0)
    for i in range(len(xs)):
        dx, dy, dz = xs[i] - x, ys[i] - y, zs[i] - z
        du, dv, dw = xs[i] - u, ys[i] - v, zs[i] - w
        one, two = dx * dx + dy * dy + dz * dz, du * du + dv * dv + dw * dw
        one = one if one < nearest[i] else nearest[i]
        two = two if two < nearest[i] else nearest[i]
        first[i], second[i] = one, two
        cost += heavy[i] * one
        other_cost += heavy[i] * two
    return cost, other_cost


@entry
def _begin(points, uniforms, centers, squares, costs):
    """Place the centers of each start: of two points drawn, the one that lowers the cost more.

    A point is drawn with a probability proportional to its weighted squared distance.
    """
    axes, weights, nearest, one, two = points[0], points[1], ZERO, ZERO, ZERO
    n, n_parts = len(weights), costs.shape[1]
    for start in range(len(centers)):
        for part in range(n_parts):
            costs[nearest, part] = 0
        for i in range(n):
            # As if all points were as far from a center.
            squares[nearest, i] = 1
            costs[nearest, i // _DRAWN] += weights[i]
        for j in range(centers.shape[1]):
            whole = 0.0
            for part in range(n_parts):
                whole += costs[nearest, part]
            # The first that is drawn is `two`, until the second is.
            for draw in range(2):
                target, part = whole * uniforms[start, j, draw], ZERO
                while part < n_parts - 1 and target >= costs[nearest, part]:
                    target -= costs[nearest, part]
                    part += 1
                one, two = two, part * _DRAWN
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
            for part in range(n_parts):
                some = slice(part * _DRAWN, (part + 1) * _DRAWN)  # or where the points end
                xs, ys, zs, heavy = axes[0, some], axes[1, some], axes[2, some], weights[some]
                rows = squares[nearest, some], squares[first, some], squares[second, some]
                cost, other_cost = _measure(xs, ys, zs, heavy, x, y, z, u, v, w, *rows)
                costs[first, part], costs[second, part] = cost, other_cost
                gain += cost - other_cost
            nearest = second if gain > 0 else first
            for axis in range(3):
                centers[start, j, axis] = axes[axis, two if gain > 0 else one]


@entry
def _join(sums, centers, joined, partner, rise):
    """Merge the clusters of each two solutions, the cheapest merger first, until one's are left.

    In one function: each that it called would be compiled once more with it.
    """
    for child in range(len(sums)):
        n = ZERO
        for j in range(sums.shape[1]):
            if sums[child, j, 3] > 0:
                for axis in range(3):
                    joined[n, axis] = sums[child, j, axis] / sums[child, j, 3]
                joined[n, 3], partner[n] = sums[child, j, 3], -1
                n += 1
        while True:
            for i in range(n):
                if partner[i] >= 0:
                    continue
                # Its partner is the cluster whose merger with it lets the cost rise least (Ward);
                # and it may be a better one to others than they have.
                least, best = np.inf, ZERO
                for j in range(n):
                    if j != i:
                        square = 0.0
                        for axis in range(3):
                            way = joined[i, axis] - joined[j, axis]
                            square += way * way
                        cost = square * joined[i, 3] * joined[j, 3] / (joined[i, 3] + joined[j, 3])
                        if cost < least:
                            least, best = cost, j
                        if partner[j] >= 0 and cost < rise[j]:
                            rise[j], partner[j] = cost, i
                rise[i], partner[i] = least, best
            if n <= centers.shape[1]:
                break
            one = ZERO
            for i in range(1, n):
                if rise[i] < rise[one]:
                    one = i
            other = partner[one]
            if other < one:
                one, other = other, one
            weight = joined[one, 3] + joined[other, 3]
            for axis in range(3):
                moment = joined[one, 3] * joined[one, axis] + joined[other, 3] * joined[other, axis]
                joined[one, axis] = moment / weight
            joined[one, 3] = weight
            # The last cluster moves to the place that is free now. Those without a partner now, and
            # the new one, look for another.
            n -= 1
            for column in range(4):
                joined[other, column] = joined[n, column]
            partner[other], rise[other] = partner[n], rise[n]
            for i in range(n):
                if i == one or partner[i] == one or partner[i] == other:
                    partner[i] = -1
                elif partner[i] == n:
                    partner[i] = other
        for j in range(n):
            for axis in range(3):
                centers[child, j, axis] = joined[j, axis]
