"""Lloyd's algorithm on few points, in single precision: good enough to tell starts apart."""

from __future__ import annotations

import numpy as np

from napari_colorcluster.core.compiled import entry, inner, total

SINGLE = np.float32

TILE = 1024
"""Points whose distances stay in a core's first cache while all centers are tried on them."""

_SETTLED = 1e-6
"""Share of the cost below which another round would not save enough."""


@total
def add_up(weights, distances):
    """Sum up weighted distances, in an order that vector registers choose."""
    cost = 0.0
    for i in range(len(weights)):
        cost += weights[i] * distances[i]
    return cost


@inner
def _try_center(xs, ys, zs, x, y, z, center, nearest, least, now, less):
    """Let one more center compete for some points.

    What comes out goes elsewhere: of a minimum in place, the compiler makes a branch for each
    point instead of vectors.
    """
    for i in range(len(xs)):
        dx, dy, dz = xs[i] - x, ys[i] - y, zs[i] - z
        distance = dx * dx + dy * dy + dz * dz
        now[i] = np.int32(center) if distance < least[i] else nearest[i]
        less[i] = distance if distance < least[i] else least[i]


@inner
def _assign(axes, weights, centers, sums, indices, squares):
    """Sum up the weighted points that are nearest to each center; return the cost."""
    k, cost = len(centers), 0.0
    for j in range(k):
        for column in range(4):
            sums[j, column] = 0
    for start in range(0, len(weights), TILE):
        stop = start + TILE  # or where the points end
        xs, ys, zs = axes[0, start:stop], axes[1, start:stop], axes[2, start:stop]
        heavy = weights[start:stop]
        for i in range(len(xs)):
            squares[0, i] = np.inf
        for j in range(k):
            x, y, z, old, new = centers[j, 0], centers[j, 1], centers[j, 2], j % 2, 1 - j % 2
            nearest, now, least, less = indices[old], indices[new], squares[old], squares[new]
            _try_center(xs, ys, zs, x, y, z, j, nearest, least, now, less)
        nearest = indices[k % 2]
        cost += add_up(heavy, squares[k % 2])
        for i in range(len(xs)):
            center, weight = nearest[i], heavy[i]
            sums[center, 0] += weight * xs[i]
            sums[center, 1] += weight * ys[i]
            sums[center, 2] += weight * zs[i]
            sums[center, 3] += weight
    return cost


@entry
def improve(axes, weights, centers, n_rounds, costs, sums, indices, squares):
    """Do rounds of Lloyd's algorithm on some solutions.

    Parameters
    ----------
    axes : ndarray, shape (3, n), float32
        The points.
    weights : ndarray, shape (n,), float32
        Theirs.
    centers : ndarray, shape (n_solutions, k, 3), float32
        Changed in place.
    n_rounds : int
        At most; with 0, centers stay where they are.
    costs : ndarray, shape (n_solutions,), float64
        Written in place: the weighted sum of the squared distances from the nearest center.
    sums : ndarray, shape (n_solutions, k, 4), float64
        Written in place: of the weighted points of each center, and of their weights.
    indices, squares : ndarray, shape (2, TILE), int32 and float32
        To work in: the nearest centers of a tile and the distances, and those before.
    """
    for i in range(len(costs)):
        costs[i] = np.inf
        for done in range(n_rounds + 1):
            for j in range(centers.shape[1]):
                if done > 0 and sums[i, j, 3] > 0:
                    for axis in range(3):
                        centers[i, j, axis] = sums[i, j, axis] / sums[i, j, 3]
            before = costs[i]
            costs[i] = _assign(axes, weights, centers[i], sums[i], indices, squares)
            if costs[i] > before * (1 - _SETTLED):
                break
