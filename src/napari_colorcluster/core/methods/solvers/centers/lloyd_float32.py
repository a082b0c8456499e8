"""Lloyd's algorithm on few points, in single precision: enough to compare solutions."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from napari_colorcluster.core.support.compiled import ZERO, entry, total

_TILE = 1024
"""Points whose scores stay in the first-level cache while all centers are compared."""

_UNROLLED = 4
"""Centers that are compared at once."""

_TOLERANCE = 1e-6
"""Relative decrease in cost below which iterations end."""


class CenteredPoints(NamedTuple):
    """Weighted points relative to their mean, so that little is lost to single precision.

    They are sorted along a space-filling curve, so that close ones follow each other.
    """

    axes: np.ndarray  # (3, n), float32
    weights: np.ndarray  # (n,), float32
    cumulative: np.ndarray  # (n + 1, 4), float64, cumulative sums of weighted points and of weights
    square: float  # the weighted sum of squared distances from the mean

    @classmethod
    def of(cls, axes: np.ndarray, weights: np.ndarray) -> tuple[CenteredPoints, np.ndarray]:
        """Center points (3, n) with weights (n,); return them and their mean (3,)."""
        mean = (axes * weights).sum(axis=1) / weights.sum()
        axes = axes - mean[:, np.newaxis]
        columns = np.empty((4, len(weights) + 1))
        columns[:, 0], columns[:3, 1:], columns[3, 1:] = 0, axes * weights, weights
        cumulative = np.ascontiguousarray(np.cumsum(columns, axis=1).T)
        square = float(((axes**2).sum(axis=0) * weights).sum())
        return cls(axes.astype(np.float32), weights.astype(np.float32), cumulative, square), mean


class Workspace(NamedTuple):
    """Arrays to work in, allocated once."""

    centers: np.ndarray  # (4, width), float32, the centers, and half of their squared norms
    indices: np.ndarray  # (2, tile), int32, the nearest centers of a tile, old and new
    scores: np.ndarray  # (2, tile), float32, their scores, old and new
    ends: np.ndarray  # (tile,), int32, the ends of runs of points with the same center

    @classmethod
    def empty(cls, k: int) -> Workspace:
        """Allocate the workspace for k centers."""
        return cls(
            np.empty((4, k + _UNROLLED - 1), np.float32),
            np.empty((2, _TILE), np.int32),
            np.empty((2, _TILE), np.float32),
            np.empty(_TILE, np.int32),
        )


@total
def _compare_centers(xs, ys, zs, centers, j, nearest, most, now, more):
    """Compare four more centers with the nearest so far of some points.

    The nearest center has the highest score: its dot product with the point, less half of its
    squared norm. Results are written to a second array: in place, the compiler would make branches
    of the maximum instead of vector instructions.
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
def iterate(points, centers, max_iter, costs, sums, workspace):
    """Run some iterations of Lloyd's algorithm on each of several solutions.

    Mostly one function, since inner functions are compiled again with each caller.

    Parameters
    ----------
    points : tuple
        The fields of a `CenteredPoints`.
    centers : ndarray, shape (n_solutions, k, 3), float32
        Relative to the mean of the points; changed in place.
    max_iter : int
        Iterations at most; with 0, the centers stay where they are.
    costs : ndarray, shape (n_solutions,), float64
        Filled with the weighted sums of squared distances from the nearest center.
    sums : ndarray, shape (n_solutions, k, 4), float64
        Filled with the sums of the weighted points of each center, and of their weights.
    workspace : tuple
        The fields of a `Workspace` for k centers or more.
    """
    axes, _, cumulative, square = points
    packed, indices, scores, ends = workspace
    k, n = centers.shape[1], axes.shape[1]
    # Padding to a multiple of four: centers that are nearest to nothing.
    for j in range(k, packed.shape[1]):
        packed[0, j], packed[1, j], packed[2, j], packed[3, j] = 0, 0, 0, np.inf
    for i in range(len(costs)):
        last = np.inf
        for done in range(max_iter + 1):
            for j in range(k):
                half = np.float32(0)
                for axis in range(3):
                    if done > 0 and sums[i, j, 3] > 0:
                        centers[i, j, axis] = sums[i, j, axis] / sums[i, j, 3]
                    at = centers[i, j, axis]
                    packed[axis, j] = at
                    half += at * at / np.float32(2)
                packed[3, j] = half
                for column in range(4):
                    sums[i, j, column] = 0
            for start in range(0, n, _TILE):
                stop, new = start + _TILE, ZERO  # slices end with the points
                xs, ys, zs = axes[0, start:stop], axes[1, start:stop], axes[2, start:stop]
                for point in range(len(xs)):
                    scores[new, point] = -np.inf
                for j in range(0, k, _UNROLLED):
                    old, new = new, 1 - new
                    nearest, now, most, more = indices[old], indices[new], scores[old], scores[new]
                    _compare_centers(xs, ys, zs, packed, j, nearest, most, now, more)
                n_runs = ZERO
                for point in range(len(xs) - 1):
                    # Always written, and kept only at the end of a run: no branch to mispredict.
                    ends[n_runs] = point + 1
                    n_runs += indices[new, point] != indices[new, point + 1]
                ends[n_runs] = len(xs)
                begin = start
                for run in range(n_runs + 1):
                    end, center = start + ends[run], indices[new, ends[run] - 1]
                    for column in range(4):
                        gain = cumulative[end, column] - cumulative[begin, column]
                        sums[i, center, column] += gain
                    begin = end
            cost = square
            for j in range(k):
                for axis in range(3):
                    place = np.float64(centers[i, j, axis])
                    cost -= place * (2 * sums[i, j, axis] - place * sums[i, j, 3])
            costs[i] = cost if cost > 0 else 0.0
            if costs[i] > last * (1 - _TOLERANCE):
                break
            last = costs[i]
