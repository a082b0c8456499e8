"""Lloyd's algorithm on few points, in single precision: good enough to tell starts apart."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from napari_colorcluster.core.compiled import inner, total

SINGLE = np.float32

TILE = 1024
"""Points whose distances stay in a core's first cache while all centers are tried on them."""

_SETTLED = 1e-6
"""Share of the cost below which another plain round would not save enough."""


class State(NamedTuple):
    """The points as some centers part them; of fewer points or centers, the first entries."""

    nearest: np.ndarray  # (n,), int32, the nearest center
    first: np.ndarray  # (n,), the squared distance to it
    second: np.ndarray  # (n,), that to the second nearest
    sums: np.ndarray  # (k, 4), of the weighted points of each center, and of their weights

    @classmethod
    def empty(cls, n: int, k: int) -> State:
        """Make room for n points and k centers."""
        return cls(np.zeros(n, np.int32), *np.empty((2, n), SINGLE), np.empty((k, 4)))


@total
def add_up(weights, distances):
    """Sum up weighted distances, in an order that vector registers choose."""
    total = 0.0
    for i in range(len(weights)):
        total += weights[i] * distances[i]
    return total


@inner
def _try_center(xs, ys, zs, x, y, z, center, nearest, first, second, now, one, two):
    """Let one more center compete for some points.

    What comes out goes elsewhere: of a minimum in place, the compiler makes a branch for each
    point instead of vectors.
    """
    for i in range(len(xs)):
        dx, dy, dz = xs[i] - x, ys[i] - y, zs[i] - z
        distance = dx * dx + dy * dy + dz * dz
        old = first[i]
        two[i] = min(second[i], max(old, distance))
        now[i] = np.int32(center) if distance < old else nearest[i]
        one[i] = min(old, distance)


@inner
def find_nearest(xs, ys, zs, centers, indices, squares):
    """Find the nearest center of each point of a tile, and the distances to it and to the next.

    They end up in ``indices[k % 2]`` and, squared, in ``squares[k % 2]``.
    """
    n, k = len(xs), len(centers)
    for i in range(n):
        squares[0, 0, i] = squares[0, 1, i] = np.inf
    for j in range(k):
        x, y, z = centers[j, 0], centers[j, 1], centers[j, 2]
        old, new = squares[j % 2], squares[1 - j % 2]
        nearest, now = indices[j % 2], indices[1 - j % 2]
        _try_center(xs, ys, zs, x, y, z, j, nearest, old[0], old[1], now, new[0], new[1])


@inner
def _assign(axes, n, centers, to, indices, squares):
    """Find the nearest center of each of n points, and the distances to it and to the next."""
    last = len(centers) % 2
    for start in range(0, n, TILE):
        stop = min(start + TILE, n)
        xs, ys, zs = axes[0, start:stop], axes[1, start:stop], axes[2, start:stop]
        find_nearest(xs, ys, zs, centers, indices, squares)
        for i in range(stop - start):
            to.nearest[start + i] = indices[last, i]
            to.first[start + i] = squares[last, 0, i]
            to.second[start + i] = squares[last, 1, i]


@inner
def _know(axes, weights, state):
    """Sum up the points of each center afresh, so that no rounding adds up; return the cost."""
    sums = state.sums
    for j in range(len(sums)):
        for column in range(4):
            sums[j, column] = 0
    for i in range(len(weights)):
        center = state.nearest[i]
        for axis in range(3):
            sums[center, axis] += weights[i] * axes[axis, i]
        sums[center, 3] += weights[i]
    return add_up(weights, state.first)


@inner
def to_means(sums, centers):
    """Move centers to the means of their points; return by how much that lowers the cost."""
    saved = 0.0
    for j in range(len(centers)):
        if sums[j, 3] > 0:
            for axis in range(3):
                mean = sums[j, axis] / sums[j, 3]
                saved += sums[j, 3] * (mean - centers[j, axis]) ** 2
                centers[j, axis] = mean
    return saved


@inner
def settle(axes, weights, centers, state, n_rounds, indices, squares):
    """Do some rounds of Lloyd's algorithm; return the cost reached."""
    n, cost = len(weights), np.inf
    for done in range(n_rounds + 1):
        if done > 0:
            to_means(state.sums, centers)
        _assign(axes, n, centers, state, indices, squares)
        before, cost = cost, _know(axes, weights, state)
        if cost > before * (1 - _SETTLED):
            break
    return cost
