"""Hartigan's exchange: moving one point at a time, where that lowers the cost."""

import numpy as np

from napari_colorcluster.core.support.compiled import ZERO, entry

_SAME_COST = 1e-9
"""Relative difference in cost up to which a move is left alone: it might be rounding."""


def exchange(
    points: np.ndarray,
    weights: np.ndarray,
    labels: np.ndarray,
    sums: np.ndarray,
    candidates: np.ndarray,
    max_iter: int,
) -> bool:
    """Move points to other clusters, one after another, while that lowers the sum of squares.

    Lloyd's algorithm moves a point to the nearest center, as if the centers stayed where they are.
    A point that is a large part of a cluster draws its center along: counting that, there are moves
    that Lloyd's algorithm does not see, and every optimum of this exchange is one of Lloyd's.

    Parameters
    ----------
    points : ndarray, shape (n, 3), float64
        The points.
    weights : ndarray, shape (n,), float64
        Their weights.
    labels : ndarray, shape (n,), int64
        The cluster of each; changed in place.
    sums : ndarray, shape (k, 4), float64
        The weighted sums of the points of each cluster, and their weight; changed in place.
    candidates : ndarray, shape (m,), int64
        The indices of the points that may move.
    max_iter : int
        How often each is looked at, at most.

    Returns
    -------
    bool
        Whether any point has moved.

    References
    ----------
    J. A. Hartigan and M. A. Wong, "Algorithm AS 136: a k-means clustering algorithm", Applied
    Statistics 28 (1979).
    M. Telgarsky and A. Vattani, "Hartigan's method: k-means clustering without Voronoi", AISTATS
    2010.
    """
    return _exchange(points, weights, labels, sums, candidates, max_iter, 1 - _SAME_COST) > 0


@entry
def _exchange(points, weights, labels, sums, candidates, max_iter, below):
    """Exchange points as above; return the number of moves."""
    n_moves = ZERO
    for _ in range(max_iter):
        before = n_moves
        for i in candidates:
            own, weight = labels[i], weights[i]
            rest = sums[own, 3] - weight
            if rest <= 0:
                continue
            # What the cost falls by, once the point has left its cluster.
            square = 0.0
            for axis in range(3):
                step = points[i, axis] - sums[own, axis] / sums[own, 3]
                square += step * step
            least, best = square * weight * sums[own, 3] / rest * below, own
            for other in range(len(sums)):
                if other != own:
                    square = 0.0
                    for axis in range(3):
                        step = points[i, axis] - sums[other, axis] / sums[other, 3]
                        square += step * step
                    cost = square * weight * sums[other, 3] / (sums[other, 3] + weight)
                    if cost < least:
                        least, best = cost, other
            if best != own:
                for axis in range(3):
                    sums[own, axis] -= weight * points[i, axis]
                    sums[best, axis] += weight * points[i, axis]
                sums[own, 3] = rest
                sums[best, 3] += weight
                labels[i] = best
                n_moves += 1
        if n_moves == before:
            break
    return n_moves
