"""A good place for k-means to begin: k-means++ and swaps of centers, on cells of close points."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

_SINGLE = np.float32

_TILE = 1024
"""Points whose distances stay in a core's first cache while all centers are tried on them."""

_ROUNDS = 2
"""Of Lloyd's algorithm after a swap, before it is judged."""

_PLAIN_ROUNDS = 10
"""Before the swaps and after them, without any."""

_GAIN = 1e-7
"""Share of the cost that must be saved: less is rounding."""


class _State(NamedTuple):
    """The points as some centers part them."""

    nearest: np.ndarray  # (n,), int32, the nearest center
    first: np.ndarray  # (n,), the squared distance to it
    second: np.ndarray  # (n,), that to the second nearest
    sums: np.ndarray  # (k, 4), of the weighted points of each center, and of their weights

    @classmethod
    def empty(cls, n: int, k: int) -> _State:
        first, second = np.empty((2, n), np.float32)
        return cls(np.zeros(n, np.int32), first, second, np.empty((k, 4)))


def search(
    axes: np.ndarray, weights: np.ndarray, n_clusters: int, n_swaps: int, seed: list[int]
) -> tuple[float, np.ndarray]:
    """Place centers by k-means++, and improve them by swaps.

    A swap moves one center to a point, drawn as k-means++ draws it; the center is the one whose
    loss costs least. It stays if some rounds of Lloyd's algorithm lower the cost.

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
    P. Fränti, "Efficiency of random swap clustering", J. Big Data 5 (2018).
    """
    random = np.random.default_rng(seed)
    # Single precision is enough to tell a good start, and twice as many fit a vector register.
    axes = np.ascontiguousarray(axes, np.float32)
    weights = weights.astype(np.float32)
    centers = np.empty((n_clusters, 3), np.float32)
    # As many candidates a center as scikit-learn's greedy k-means++ tries.
    _seed(axes, weights, centers, random.random((n_clusters, 2 + int(np.log(n_clusters)))))
    states = [_State.empty(len(weights), n_clusters) for _ in range(2)]
    cost = _swap(axes, weights, centers, random.random(n_swaps), *states)
    return cost, centers.astype(np.float64)


@njit(nogil=True, cache=True)
def gather(points, weights, n_along):
    """Gather points into the cells of a grid.

    Parameters
    ----------
    points : ndarray, shape (n, 3), float64
        The points.
    weights : ndarray, shape (n,), float64
        Theirs.
    n_along : int
        Cells along the longest axis.

    Returns
    -------
    axes : ndarray, shape (3, n_cells), float64
        The mean of the points in each occupied cell.
    weights : ndarray, shape (n_cells,), float64
        Their weight.
    """
    lowest, highest = np.full(3, np.inf), np.full(3, -np.inf)
    for i in range(points.shape[0]):
        for axis in range(3):
            lowest[axis] = min(lowest[axis], points[i, axis])
            highest[axis] = max(highest[axis], points[i, axis])
    longest = max(highest[0] - lowest[0], highest[1] - lowest[1], highest[2] - lowest[2])
    scale = n_along / longest if longest > 0 else 0.0
    n_second = int((highest[1] - lowest[1]) * scale) + 1
    n_third = int((highest[2] - lowest[2]) * scale) + 1
    n_first = int((highest[0] - lowest[0]) * scale) + 1
    sums = np.zeros((n_first * n_second * n_third, 4))
    for i in range(points.shape[0]):
        cell = int((points[i, 0] - lowest[0]) * scale)
        cell = cell * n_second + int((points[i, 1] - lowest[1]) * scale)
        cell = cell * n_third + int((points[i, 2] - lowest[2]) * scale)
        for axis in range(3):
            sums[cell, axis] += weights[i] * points[i, axis]
        sums[cell, 3] += weights[i]
    n_cells = 0
    for cell in range(sums.shape[0]):
        n_cells += sums[cell, 3] > 0
    axes, heavy = np.empty((3, n_cells)), np.empty(n_cells)
    found = 0
    for cell in range(sums.shape[0]):
        if sums[cell, 3] > 0:
            for axis in range(3):
                axes[axis, found] = sums[cell, axis] / sums[cell, 3]
            heavy[found] = sums[cell, 3]
            found += 1
    return axes, heavy


@njit(nogil=True, cache=True)
def _copy(here, there):
    """Copy a table row by row: numba takes seconds to compile its own way of doing it."""
    for i in range(here.shape[0]):
        for j in range(here.shape[1]):
            there[i, j] = here[i, j]


@njit(nogil=True, cache=True)
def _measure(xs, ys, zs, x, y, z, distances):
    """Square the distances of points from one. Over slices, so that it runs in vector registers."""
    for i in range(len(xs)):
        dx, dy, dz = xs[i] - x, ys[i] - y, zs[i] - z
        distances[i] = dx * dx + dy * dy + dz * dz


@njit(nogil=True, cache=True, fastmath={"reassoc", "contract"})
def _total(weights, distances):
    """Sum up weighted distances, in an order that vector registers choose."""
    total = 0.0
    for i in range(len(weights)):
        total += weights[i] * distances[i]
    return total


@njit(nogil=True, cache=True)
def _draw(weights, distances, total, uniform):
    """Draw a point with a probability proportional to its weighted squared distance."""
    target, reached = uniform * total, 0.0
    for i in range(len(weights)):
        reached += weights[i] * distances[i]
        if reached > target:
            return i
    return len(weights) - 1


@njit(nogil=True, cache=True)
def _seed(axes, weights, centers, uniforms):
    """Place centers one by one: of some points drawn, the one that lowers the cost most."""
    n = axes.shape[1]
    distances, trial, best = np.ones(n, _SINGLE), np.empty(n, _SINGLE), np.empty(n, _SINGLE)
    total = _total(weights, distances)
    for j in range(centers.shape[0]):
        least, chosen = np.inf, 0
        for t in range(uniforms.shape[1]):
            point = _draw(weights, distances, total, uniforms[j, t])
            x, y, z = axes[0, point], axes[1, point], axes[2, point]
            _measure(axes[0], axes[1], axes[2], x, y, z, trial)
            if j > 0:
                for i in range(n):
                    trial[i] = min(trial[i], distances[i])
            cost = _total(weights, trial)
            if cost < least:
                least, chosen = cost, point
                best, trial = trial, best
        for axis in range(3):
            centers[j, axis] = axes[axis, chosen]
        for i in range(n):
            distances[i] = best[i]
        total = least


@njit(nogil=True, cache=True)
def _try_center(xs, ys, zs, x, y, z, center, nearest, first, second):
    """Let one more center compete for some points."""
    for i in range(len(xs)):
        dx, dy, dz = xs[i] - x, ys[i] - y, zs[i] - z
        distance = dx * dx + dy * dy + dz * dz
        old = first[i]
        second[i] = min(second[i], max(old, distance))
        nearest[i] = center if distance < old else nearest[i]
        first[i] = min(old, distance)


@njit(nogil=True, cache=True)
def _assign(axes, centers, to):
    """Find the nearest center of each point, and the distances to it and to the next."""
    n = axes.shape[1]
    for start in range(0, n, _TILE):
        tile = slice(start, min(start + _TILE, n))
        nearest, first, second = to.nearest[tile], to.first[tile], to.second[tile]
        for i in range(len(nearest)):
            first[i] = second[i] = np.inf
        for j in range(centers.shape[0]):
            x, y, z = centers[j, 0], centers[j, 1], centers[j, 2]
            xs, ys, zs = axes[0, tile], axes[1, tile], axes[2, tile]
            _try_center(xs, ys, zs, x, y, z, np.int32(j), nearest, first, second)


@njit(nogil=True, cache=True)
def _move(axes, weights, centers, known, to):
    """Move centers to the means of their points, counting only what differs from a known state."""
    sums = to.sums
    _copy(known.sums, sums)
    for i in range(axes.shape[1]):
        before, now = known.nearest[i], to.nearest[i]
        if before != now:
            for axis in range(3):
                part = weights[i] * axes[axis, i]
                sums[before, axis] -= part
                sums[now, axis] += part
            sums[before, 3] -= weights[i]
            sums[now, 3] += weights[i]
    for j in range(centers.shape[0]):
        if sums[j, 3] > 0:
            for axis in range(3):
                centers[j, axis] = sums[j, axis] / sums[j, 3]


@njit(nogil=True, cache=True)
def _know(axes, weights, state):
    """Sum up the points of each center afresh, so that no rounding adds up; return the cost."""
    sums = state.sums
    sums.fill(0.0)
    for i in range(axes.shape[1]):
        center = state.nearest[i]
        for axis in range(3):
            sums[center, axis] += weights[i] * axes[axis, i]
        sums[center, 3] += weights[i]
    return _total(weights, state.first)


@njit(nogil=True, cache=True)
def _cheapest_loss(weights, distances, known, loss):
    """Find the center whose points cost least more without it, given one more center."""
    loss.fill(0.0)
    for i in range(len(weights)):
        if distances[i] >= known.first[i]:
            nearest = known.nearest[i]
            loss[nearest] += weights[i] * (min(known.second[i], distances[i]) - known.first[i])
    cheapest = 0
    for j in range(1, len(loss)):
        if loss[j] < loss[cheapest]:
            cheapest = j
    return cheapest


@njit(nogil=True, cache=True)
def _swap(axes, weights, centers, uniforms, known, tried):
    """Settle, try a swap for each random number, and settle again; return the cost reached."""
    distances, loss = np.empty(axes.shape[1], _SINGLE), np.empty(len(centers))
    trial = np.empty(centers.shape, _SINGLE)
    _assign(axes, centers, known)
    cost = _know(axes, weights, known)
    for attempt in range(len(uniforms) + 2 * _PLAIN_ROUNDS):
        _copy(centers, trial)
        swap = attempt - _PLAIN_ROUNDS
        if 0 <= swap < len(uniforms):
            point = _draw(weights, known.first, cost, uniforms[swap])
            x, y, z = axes[0, point], axes[1, point], axes[2, point]
            _measure(axes[0], axes[1], axes[2], x, y, z, distances)
            gone = _cheapest_loss(weights, distances, known, loss)
            trial[gone, 0], trial[gone, 1], trial[gone, 2] = x, y, z
        _assign(axes, trial, tried)
        for _ in range(_ROUNDS):
            _move(axes, weights, trial, known, tried)
            _assign(axes, trial, tried)
        if _total(weights, tried.first) < cost * (1 - _GAIN):
            _copy(trial, centers)
            known, tried = tried, known
            cost = _know(axes, weights, known)
    return cost
