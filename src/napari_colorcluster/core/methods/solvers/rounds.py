"""Lloyd's algorithm on few points, in single precision: good enough to tell starts apart."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from napari_colorcluster.core.support.compiled import ZERO, entry, total

SINGLE = np.float32

_TILE = 1024
"""Points whose scores stay in a core's first cache while all centers are tried on them."""

_AT_ONCE = 4
"""Centers that are tried together."""

_SETTLED = 1e-6
"""Share of the cost below which another round would not save enough."""


class Points(NamedTuple):
    """Weighted points along a curve that fills the space, so that near ones follow each other.

    They are counted from their mean, so that little is lost to single precision.
    """

    axes: np.ndarray  # (3, n), float32, where they are
    weights: np.ndarray  # (n,), float32
    before: np.ndarray  # (n + 1, 4), float64, the weighted axes and weights of those before, summed
    square: float  # the weighted sum of the squared distances from the mean

    @classmethod
    def of(cls, axes: np.ndarray, weights: np.ndarray) -> tuple[Points, np.ndarray]:
        """Take points (3, n) with their weights (n,); return them and their mean (3,)."""
        mean = axes @ weights / weights.sum()
        axes = axes - mean[:, np.newaxis]
        before = np.empty((4, len(weights) + 1))
        before[:, 0], before[:3, 1:], before[3, 1:] = 0, axes * weights, weights
        before = np.ascontiguousarray(np.cumsum(before, axis=1).T)
        square = float(((axes**2).sum(axis=0) * weights).sum())
        return cls(axes.astype(SINGLE), weights.astype(SINGLE), before, square), mean


class Room(NamedTuple):
    """Arrays to do rounds in, made once."""

    centers: np.ndarray  # (4, width), float32, the centers, and half of what their squares are
    indices: np.ndarray  # (2, tile), int32, the nearest centers of a tile, and those before
    scores: np.ndarray  # (2, tile), float32, how near they are, and those before
    ends: np.ndarray  # (tile,), int32, where the runs of points of one center end

    @classmethod
    def empty(cls, k: int) -> Room:
        """Make room for k centers."""
        return cls(
            np.empty((4, k + _AT_ONCE - 1), SINGLE),
            np.empty((2, _TILE), np.int32),
            np.empty((2, _TILE), SINGLE),
            np.empty(_TILE, np.int32),
        )


@total
def _try_centers(xs, ys, zs, centers, j, nearest, most, now, more):
    """Let four more centers compete for some points.

    The nearest center is that of the highest score: its product with the point, less half of its
    square. What comes out goes elsewhere: of a maximum in place, the compiler makes a branch for
    each point instead of vectors.
    """
    x0, y0, z0, h0 = centers[0, j], centers[1, j], centers[2, j], centers[3, j]
    x1, y1, z1, h1 = centers[0, j + 1], centers[1, j + 1], centers[2, j + 1], centers[3, j + 1]
    x2, y2, z2, h2 = centers[0, j + 2], centers[1, j + 2], centers[2, j + 2], centers[3, j + 2]
    x3, y3, z3, h3 = centers[0, j + 3], centers[1, j + 3], centers[2, j + 3], centers[3, j + 3]
    j0, j1, j2, j3 = np.int32(j), np.int32(j + 1), np.int32(j + 2), np.int32(j + 3)
    for i in range(len(xs)):
        x, y, z = xs[i], ys[i], zs[i]
        one, two = x * x0 + (y * y0 + (z * z0 - h0)), x * x1 + (y * y1 + (z * z1 - h1))
        at_one = j1 if two > one else j0
        one = two if two > one else one
        three, four = x * x2 + (y * y2 + (z * z2 - h2)), x * x3 + (y * y3 + (z * z3 - h3))
        at_three = j3 if four > three else j2
        three = four if four > three else three
        at_one = at_three if three > one else at_one
        one = three if three > one else one
        now[i] = at_one if one > most[i] else nearest[i]
        more[i] = one if one > most[i] else most[i]


@entry
def improve(points, centers, n_rounds, costs, sums, room):
    """Do rounds of Lloyd's algorithm on some solutions.

    In one function but for what runs in vector registers: each that it called would be compiled
    once more with it.

    Parameters
    ----------
    points : tuple
        A `Points`.
    centers : ndarray, shape (n_solutions, k, 3), float32
        Counted from the mean of the points; changed in place.
    n_rounds : int
        At most; with 0, centers stay where they are.
    costs : ndarray, shape (n_solutions,), float64
        Written in place: the weighted sum of the squared distances from the nearest center.
    sums : ndarray, shape (n_solutions, k, 4), float64
        Written in place: of the weighted points of each center, and of their weights.
    room : tuple
        A `Room` for k centers or more.
    """
    axes, _, before, square = points
    packed, indices, scores, ends = room
    k, n = centers.shape[1], axes.shape[1]
    # Those that fill up the last four are nearest to nothing.
    for j in range(k, packed.shape[1]):
        packed[0, j], packed[1, j], packed[2, j], packed[3, j] = 0, 0, 0, np.inf
    for i in range(len(costs)):
        last = np.inf
        for done in range(n_rounds + 1):
            for j in range(k):
                half = SINGLE(0)
                for axis in range(3):
                    if done > 0 and sums[i, j, 3] > 0:
                        centers[i, j, axis] = sums[i, j, axis] / sums[i, j, 3]
                    at = centers[i, j, axis]
                    packed[axis, j] = at
                    half += at * at / SINGLE(2)
                packed[3, j] = half
                for column in range(4):
                    sums[i, j, column] = 0
            for start in range(0, n, _TILE):
                stop, new = start + _TILE, ZERO  # or where the points end
                xs, ys, zs = axes[0, start:stop], axes[1, start:stop], axes[2, start:stop]
                for point in range(len(xs)):
                    scores[new, point] = -np.inf
                for j in range(0, k, _AT_ONCE):
                    old, new = new, 1 - new
                    nearest, now, most, more = indices[old], indices[new], scores[old], scores[new]
                    _try_centers(xs, ys, zs, packed, j, nearest, most, now, more)
                n_runs = ZERO
                for point in range(len(xs) - 1):
                    # Written in any case, and kept if it counts: no branch to be guessed.
                    ends[n_runs] = point + 1
                    n_runs += indices[new, point] != indices[new, point + 1]
                ends[n_runs] = len(xs)
                begin = start
                for run in range(n_runs + 1):
                    end, center = start + ends[run], indices[new, ends[run] - 1]
                    for column in range(4):
                        sums[i, center, column] += before[end, column] - before[begin, column]
                    begin = end
            cost = square
            for j in range(k):
                for axis in range(3):
                    place = np.float64(centers[i, j, axis])
                    cost -= place * (2 * sums[i, j, axis] - place * sums[i, j, 3])
            costs[i] = cost if cost > 0 else 0.0
            if costs[i] > last * (1 - _SETTLED):
                break
            last = costs[i]
