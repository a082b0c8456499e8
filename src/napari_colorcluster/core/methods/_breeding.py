"""Good centers for k-means to begin with: many starts, and the best crossed, on few points."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import NamedTuple

import numpy as np

from napari_colorcluster.core.compiled import entry, inner
from napari_colorcluster.core.methods._rounds import SINGLE, TILE, add_up, improve
from napari_colorcluster.core.progress import Progress
from napari_colorcluster.core.threads import map_in_threads, usable_threads

_CANDIDATES = 2
"""Points drawn for each center of a start: the best is taken."""

_N_GENERATIONS = 3
_N_PARENTS = 5
"""How often the best solutions are crossed, and how many of them, each with each; fewer of few."""

_ROUNDS_OF_A_START = 1
_ROUNDS_OF_A_CHILD = 4
_ROUNDS_OF_A_JUDGMENT = 8
"""Of Lloyd's algorithm."""

_SAME = 1e-6
"""Share of the cost in which a solution that is found twice may differ: by rounding."""

_DRAWN = 128
"""Points whose costs are added up at once while one of them is drawn."""


class _Room(NamedTuple):
    """Arrays to work in, made once; for n points and k centers."""

    distances: np.ndarray  # (3, n), to the nearest of the centers so far, and if there is one more
    joined: np.ndarray  # (2 k, 4), what is left of their clusters: the means, and the weights
    partner: np.ndarray  # (2 k,), int64, the cluster that each would best be merged with
    rise: np.ndarray  # (2 k,), by how much the cost would rise
    indices: np.ndarray  # (2, TILE), int32, the nearest centers of a tile, and those before
    squares: np.ndarray  # (2, TILE), the distances to them, and those before

    @classmethod
    def empty(cls, n: int, k: int) -> _Room:
        """Make room for n points and k centers."""
        return cls(
            np.empty((3, n), SINGLE),
            np.empty((2 * k, 4)),
            np.empty(2 * k, np.int64),
            np.empty(2 * k),
            np.empty((2, TILE), np.int32),
            np.empty((2, TILE), SINGLE),
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
    uniforms = np.random.default_rng(random_state).random((n_starts, n_clusters, _CANDIDATES))
    centers = sharing.begin(uniforms)
    costs, _ = sharing.improve(centers, _ROUNDS_OF_A_START)
    crossed: set[tuple[float, float]] = set()
    for generation in range(_N_GENERATIONS):
        progress((1 + generation) / (1 + _N_GENERATIONS), "Trying starts")
        centers, costs = _distinct(centers, costs)
        best = range(min(_N_PARENTS, n_starts // 4, len(costs)))
        pairs = [pair for pair in combinations(best, 2) if tuple(costs[[*pair]]) not in crossed]
        if not pairs:
            break
        crossed.update(tuple(costs[[*pair]]) for pair in pairs)
        both = centers[np.array(pairs)].reshape(len(pairs), 2 * n_clusters, 3)
        _, sums = sharing.improve(both, 0)
        # Where points have fewer places than there are centers, some stay as they were.
        children = both[:, :n_clusters].copy()
        sharing.join(sums, children)
        their_costs, _ = sharing.improve(children, _ROUNDS_OF_A_CHILD)
        centers, costs = np.concatenate([centers, children]), np.concatenate([costs, their_costs])
    progress(1.0, "Trying starts")
    return _listed(centers, costs)


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
    centers = np.array(found, SINGLE)
    sharing = _Sharing(axes, weights, centers.shape[1], len(found))
    costs, _ = sharing.improve(centers, _ROUNDS_OF_A_JUDGMENT)
    return _listed(centers, costs)


class _Sharing:
    """Threads that each do their part of some solutions."""

    def __init__(
        self, axes: np.ndarray, weights: np.ndarray, n_clusters: int, n_solutions: int
    ) -> None:
        # Single precision is enough to tell solutions apart, and twice as many fit a vector
        # register.
        self._points = np.ascontiguousarray(axes, SINGLE), weights.astype(SINGLE)
        n_threads = usable_threads(n_solutions)
        self._rooms = [_Room.empty(len(weights), n_clusters) for _ in range(n_threads)]

    def begin(self, uniforms: np.ndarray) -> np.ndarray:
        """Place the centers of starts."""
        n_starts, n_clusters, _ = uniforms.shape
        centers = np.empty((n_starts, n_clusters, 3), SINGLE)

        def begin(mine: slice, room: _Room) -> None:
            _begin(*self._points, uniforms[mine], centers[mine], room.distances)

        self._share(begin, n_starts)
        return centers

    def improve(self, centers: np.ndarray, n_rounds: int) -> tuple[np.ndarray, np.ndarray]:
        """Do rounds of Lloyd's algorithm on some solutions; return their costs and their sums."""
        costs, sums = np.empty(len(centers)), np.empty((*centers.shape[:2], 4))

        def do_rounds(mine: slice, room: _Room) -> None:
            arrays = centers[mine], n_rounds, costs[mine], sums[mine]
            improve(*self._points, *arrays, room.indices, room.squares)

        self._share(do_rounds, len(centers))
        return costs, sums

    def join(self, sums: np.ndarray, centers: np.ndarray) -> None:
        """Make one solution of the clusters of each two, where they have points enough for it."""

        def join(mine: slice, room: _Room) -> None:
            _join(sums[mine], centers[mine], room.joined, room.partner, room.rise)

        self._share(join, len(centers))

    def _share(self, work: Callable[[slice, _Room], None], n: int) -> None:
        """Let each thread do its part of n solutions, in a room of its own."""
        n_shares = len(self._rooms)

        def do_share(share: int) -> None:
            mine = slice(share * n // n_shares, (share + 1) * n // n_shares)
            work(mine, self._rooms[share])

        map_in_threads(do_share, range(n_shares))


def _listed(centers: np.ndarray, costs: np.ndarray) -> list[tuple[float, np.ndarray]]:
    centers, costs = _distinct(centers, costs)
    return list(zip(costs.tolist(), centers.astype(np.float64), strict=True))


def _distinct(centers: np.ndarray, costs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Put the best solution first, and leave out what costs the same: it was found twice."""
    order = np.argsort(costs, kind="stable")
    order = order[np.diff(costs[order], prepend=-1) > _SAME * costs[order]]
    return centers[order], costs[order]


@inner
def _measure(xs, ys, zs, x, y, z, distances):
    """Square the distances of points from one. Over slices, so that it runs in vector registers."""
    for i in range(len(xs)):
        dx, dy, dz = xs[i] - x, ys[i] - y, zs[i] - z
        distances[i] = dx * dx + dy * dy + dz * dz


@inner
def _draw(weights, distances, total, uniform):
    """Draw a point with a probability proportional to its weighted squared distance."""
    target, n = uniform * total, len(weights)
    for start in range(0, n, _DRAWN):
        stop = start + _DRAWN if start + _DRAWN < n else n
        target -= add_up(weights[start:stop], distances[start:stop])
        if target < 0:
            for i in range(stop - 1, start, -1):
                target += weights[i] * distances[i]
                if target >= 0:
                    return i
            return start
    return n - 1


@entry
def _begin(axes, weights, uniforms, centers, distances):
    """Place the centers of each start: of some points drawn, the one that lowers the cost most."""
    nearest, trial, best = distances[0], distances[1], distances[2]
    n = len(weights)
    for start in range(len(centers)):
        for i in range(n):
            nearest[i] = 1
        total = add_up(weights, nearest)
        for j in range(centers.shape[1]):
            least, chosen = np.inf, 0
            for t in range(uniforms.shape[2]):
                point = _draw(weights, nearest, total, uniforms[start, j, t])
                x, y, z = axes[0, point], axes[1, point], axes[2, point]
                _measure(axes[0], axes[1], axes[2], x, y, z, trial)
                if j > 0:
                    for i in range(n):
                        trial[i] = trial[i] if trial[i] < nearest[i] else nearest[i]
                cost = add_up(weights, trial)
                if cost < least:
                    least, chosen = cost, point
                    best, trial = trial, best
            for axis in range(3):
                centers[start, j, axis] = axes[axis, chosen]
            nearest, best = best, nearest
            total = least


@inner
def _rise(joined, i, j):
    """By how much the cost rises when two clusters are merged (Ward)."""
    dx, dy = joined[i, 0] - joined[j, 0], joined[i, 1] - joined[j, 1]
    dz = joined[i, 2] - joined[j, 2]
    heavy, light = joined[i, 3], joined[j, 3]
    return heavy * light / (heavy + light) * (dx * dx + dy * dy + dz * dz)


@inner
def _find_partner(joined, n, i, partner, rise):
    """Find the cluster whose merger with one of them costs least."""
    least, found = np.inf, -1
    for j in range(n):
        if j != i:
            cost = _rise(joined, i, j)
            if cost < least:
                least, found = cost, j
    rise[i], partner[i] = least, found


@entry
def _join(sums, centers, joined, partner, rise):
    """Merge the clusters of each two solutions, the cheapest merger first, until one's are left."""
    for child in range(len(sums)):
        # A plain 0 would have what is called with it compiled for that number, and for others
        # again.
        n = np.int64(0)
        for j in range(sums.shape[1]):
            if sums[child, j, 3] > 0:
                for axis in range(3):
                    joined[n, axis] = sums[child, j, axis] / sums[child, j, 3]
                joined[n, 3] = sums[child, j, 3]
                n += 1
        for i in range(n):
            _find_partner(joined, n, i, partner, rise)
        while n > centers.shape[1]:
            one = 0
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
            # The last cluster moves to the place that is free now.
            n -= 1
            for column in range(4):
                joined[other, column] = joined[n, column]
            partner[other], rise[other] = partner[n], rise[n]
            for i in range(n):
                if i == one or partner[i] == one or partner[i] == other:
                    _find_partner(joined, n, i, partner, rise)
                    continue
                if partner[i] == n:
                    partner[i] = other
                cost = _rise(joined, i, one)
                if cost < rise[i]:
                    rise[i], partner[i] = cost, one
        for j in range(n):
            for axis in range(3):
                centers[child, j, axis] = joined[j, axis]
