"""A good place for k-means to begin: k-means++ and swaps of centers, on cells of close points."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from napari_colorcluster.core.compiled import entry, inner
from napari_colorcluster.core.methods._rounds import SINGLE, TILE, State, add_up, settle, to_means

_ROUNDS = np.int64(1)
"""Of Lloyd's algorithm among the clusters that a swap changes, before it is judged."""

_PLAIN_ROUNDS = np.int64(10)
"""Before the swaps and after them, without any. Not Python's integers: of each of those, numba
makes a loop of its own."""

_SLACK = 0.1
"""A swap that would raise the cost at once by more than this share of a cluster's is given up: it
hardly ever pays in the end, and most swaps are of that kind."""

_GAIN = 1e-7
"""Share of the cost that must be saved: less is rounding."""


class _Room(NamedTuple):
    """Arrays to work in, made once."""

    known: State  # all points
    local: State  # those that a swap concerns
    near: np.ndarray  # (3, n), these points
    heavy: np.ndarray  # (n,), their weights
    distances: np.ndarray  # (n,)
    centers: np.ndarray  # (k, 3), after a swap
    picked: np.ndarray  # (k, 3), those of them that it concerns
    marked: np.ndarray  # (k,), bool, which these are
    sums: np.ndarray  # (k, 4), after a swap
    loss: np.ndarray  # (k,), what it costs to take a center away
    indices: np.ndarray  # (2, TILE), int32, the nearest centers of a tile, and those before
    squares: np.ndarray  # (2, 2, TILE), the distances to the two nearest, and those before

    @classmethod
    def empty(cls, n: int, k: int) -> _Room:
        """Make room for n points and k centers."""
        return cls(
            State.empty(n, k),
            State.empty(n, k),
            np.empty((3, n), SINGLE),
            *np.empty((2, n), SINGLE),
            *np.empty((2, k, 3), SINGLE),
            np.empty(k, np.bool_),
            np.empty((k, 4)),
            np.empty(k),
            np.empty((2, TILE), np.int32),
            np.empty((2, 2, TILE), SINGLE),
        )


def search(
    axes: np.ndarray, weights: np.ndarray, n_clusters: int, n_swaps: int, seed: list[int]
) -> tuple[float, np.ndarray]:
    """Place centers by k-means++, and improve them by swaps.

    Parameters
    ----------
    axes : ndarray, shape (3, n), float64
        The points.
    weights : ndarray, shape (n,), float64
        Theirs.
    n_clusters : int
        Number of centers.
    n_swaps : int
        How many swaps are tried.
    seed : list of int
        For numpy's random generator.

    Returns
    -------
    cost : float
        Weighted sum of the squared distances to the nearest center.
    centers : ndarray, shape (n_clusters, 3), float64

    References
    ----------
    D. Arthur and S. Vassilvitskii, "k-means++: the advantages of careful seeding", SODA 2007.
    """
    random = np.random.default_rng(seed)
    # Single precision is enough to tell a good start, and twice as many fit a vector register.
    axes = np.ascontiguousarray(axes, np.float32)
    weights = weights.astype(np.float32)
    centers = np.empty((n_clusters, 3), np.float32)
    # As many candidates a center as scikit-learn's greedy k-means++ tries.
    candidates = random.random((n_clusters, 2 + int(np.log(n_clusters))))
    room = _Room.empty(len(weights), n_clusters)
    _seed(axes, weights, centers, candidates, room.distances, room.heavy, room.known.first)
    cost = _swap(axes, weights, centers, random.random(n_swaps), room)
    return cost, centers.astype(np.float64)


def improve(
    axes: np.ndarray, weights: np.ndarray, centers: np.ndarray, n_swaps: int, seed: list[int]
) -> tuple[float, np.ndarray]:
    """Improve centers by swaps.

    A swap moves one center to a point, drawn as k-means++ draws it; the center is the one whose
    loss costs least. It stays if, after some rounds of Lloyd's algorithm among the clusters that
    it changes, the cost is lower.

    Parameters
    ----------
    axes, weights, n_swaps, seed
        As for `search`.
    centers : ndarray, shape (n_clusters, 3), float64
        Where to begin; left as they are.

    Returns
    -------
    cost, centers
        As `search` gives them.

    References
    ----------
    P. Fränti, "Efficiency of random swap clustering", J. Big Data 5 (2018).
    """
    random = np.random.default_rng(seed)
    axes = np.ascontiguousarray(axes, np.float32)
    centers = centers.astype(np.float32)
    room = _Room.empty(len(weights), len(centers))
    cost = _swap(axes, weights.astype(np.float32), centers, random.random(n_swaps), room)
    return cost, centers.astype(np.float64)


@inner
def _measure(xs, ys, zs, x, y, z, distances):
    """Square the distances of points from one. Over slices, so that it runs in vector registers."""
    for i in range(len(xs)):
        dx, dy, dz = xs[i] - x, ys[i] - y, zs[i] - z
        distances[i] = dx * dx + dy * dy + dz * dz


@inner
def _draw(weights, distances, total, uniform):
    """Draw a point with a probability proportional to its weighted squared distance."""
    target, reached = uniform * total, 0.0
    for i in range(len(weights)):
        reached += weights[i] * distances[i]
        if reached > target:
            return i
    return len(weights) - 1


@entry
def _seed(axes, weights, centers, uniforms, distances, trial, best):
    """Place centers one by one: of some points drawn, the one that lowers the cost most."""
    n = len(weights)
    for i in range(n):
        distances[i] = 1
    total = add_up(weights, distances)
    for j in range(centers.shape[0]):
        least, chosen = np.inf, 0
        for t in range(uniforms.shape[1]):
            point = _draw(weights, distances, total, uniforms[j, t])
            x, y, z = axes[0, point], axes[1, point], axes[2, point]
            _measure(axes[0], axes[1], axes[2], x, y, z, trial)
            if j > 0:
                for i in range(n):
                    trial[i] = min(trial[i], distances[i])
            cost = add_up(weights, trial)
            if cost < least:
                least, chosen = cost, point
                best, trial = trial, best
        for axis in range(3):
            centers[j, axis] = axes[axis, chosen]
        for i in range(n):
            distances[i] = best[i]
        total = least


@inner
def _cheapest_loss(weights, distances, known, loss):
    """Find the center whose points cost least more without it, given one more center.

    Return it and by how much the cost rises if it goes and the new one comes.
    """
    gain = 0.0
    for j in range(len(loss)):
        loss[j] = 0
    for i in range(len(weights)):
        if distances[i] < known.first[i]:
            gain += weights[i] * (known.first[i] - distances[i])
        else:
            nearest = known.nearest[i]
            loss[nearest] += weights[i] * (min(known.second[i], distances[i]) - known.first[i])
    cheapest = 0
    for j in range(1, len(loss)):
        if loss[j] < loss[cheapest]:
            cheapest = j
    return cheapest, loss[cheapest] - gain


@inner
def _regroup(axes, weights, centers, gone, distances, known, sums):
    """Hand points over to a new center that takes the place of another; sum each center's up."""
    for j in range(len(sums)):
        for column in range(4):
            sums[j, column] = known.sums[j, column]
    for i in range(len(weights)):
        before = known.nearest[i]
        if before == gone:
            if distances[i] < known.second[i]:
                continue
            now, least = before, np.inf
            for j in range(len(centers)):
                dx, dy = axes[0, i] - centers[j, 0], axes[1, i] - centers[j, 1]
                dz = axes[2, i] - centers[j, 2]
                distance = dx * dx + dy * dy + dz * dz
                if j != gone and distance < least:
                    now, least = np.int32(j), distance
        elif distances[i] < known.first[i]:
            now = np.int32(gone)
        else:
            continue
        for axis in range(3):
            moment = weights[i] * axes[axis, i]
            sums[before, axis] -= moment
            sums[now, axis] += moment
        sums[before, 3] -= weights[i]
        sums[now, 3] += weights[i]


@inner
def _pick(centers, marked, picked):
    """Gather the centers that are marked; return how many."""
    n_picked = 0
    for j in range(len(centers)):
        if marked[j]:
            for axis in range(3):
                picked[n_picked, axis] = centers[j, axis]
            n_picked += 1
    return n_picked


@inner
def _put_back(picked, marked, centers):
    """Put centers back where `_pick` had them from."""
    n_put = 0
    for j in range(len(centers)):
        if marked[j]:
            for axis in range(3):
                centers[j, axis] = picked[n_put, axis]
            n_put += 1


@inner
def _pick_points(axes, weights, known, marked, near, heavy):
    """Gather the points of the centers that are marked; return how many, and their cost."""
    n_near, cost = 0, 0.0
    for i in range(len(weights)):
        if marked[known.nearest[i]]:
            for axis in range(3):
                near[axis, n_near] = axes[axis, i]
            heavy[n_near] = weights[i]
            n_near += 1
            cost += weights[i] * known.first[i]
    return n_near, cost


@entry
def _swap(axes, weights, centers, uniforms, room):
    """Settle, try a swap for each random number, and settle again; return the cost reached."""
    k, known, distances = len(centers), room.known, room.distances
    trial, sums, marked = room.centers, room.sums, room.marked
    indices, squares = room.indices, room.squares
    cost = settle(axes, weights, centers, known, _PLAIN_ROUNDS, indices, squares)
    for uniform in uniforms:
        point = _draw(weights, known.first, cost, uniform)
        x, y, z = axes[0, point], axes[1, point], axes[2, point]
        _measure(axes[0], axes[1], axes[2], x, y, z, distances)
        gone, rise = _cheapest_loss(weights, distances, known, room.loss)
        for j in range(k):
            for axis in range(3):
                trial[j, axis] = centers[j, axis]
        trial[gone, 0], trial[gone, 1], trial[gone, 2] = x, y, z
        _regroup(axes, weights, trial, gone, distances, known, sums)
        if rise - to_means(sums, trial) > _SLACK / k * cost:
            continue
        for j in range(k):
            marked[j] = known.sums[j, 3] != sums[j, 3]
        n_near, before = _pick_points(axes, weights, known, marked, room.near, room.heavy)
        heavy, picked = room.heavy[:n_near], room.picked[: _pick(trial, marked, room.picked)]
        after = settle(room.near, heavy, picked, room.local, _ROUNDS, indices, squares)
        if after < before - _GAIN * cost:
            _put_back(picked, marked, centers)
            cost = settle(axes, weights, centers, known, _ROUNDS, indices, squares)
    return settle(axes, weights, centers, known, _PLAIN_ROUNDS, indices, squares)
