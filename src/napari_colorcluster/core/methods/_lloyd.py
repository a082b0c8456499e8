"""Lloyd's algorithm on weighted points, to convergence, skipping what cannot change."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from napari_colorcluster.core.progress import Progress

_ROUNDS_BETWEEN_REPORTS = 20

_MOST_ROUNDS = 2000

_UNSETTLED = 1e-7
"""Share of the weight that may still change its cluster at the end: below one pixel in ten million
no digit that anybody reads depends on it, and smaller images are settled to the last color."""


class _Bounds(NamedTuple):
    """What is known of the points without looking at all centers (Hamerly 2010)."""

    labels: np.ndarray  # (n,), int64, the nearest center
    upper: np.ndarray  # (n,), no less than the distance to it
    lower: np.ndarray  # (n,), no more than the distance to any other
    sums: np.ndarray  # (k, 4), of the weighted points of each center, and of their weights


def settle(
    points: np.ndarray, weights: np.ndarray, centers: np.ndarray, progress: Progress
) -> tuple[np.ndarray, np.ndarray]:
    """Assign points to the nearest center and move centers to the means, until nothing changes.

    Parameters
    ----------
    points : ndarray, shape (n, 3), float64
        The points.
    weights : ndarray, shape (n,), float64
        Theirs.
    centers : ndarray, shape (k, 3), float64
        Where to begin; left as they are.
    progress : callable
        Told that it goes on; may raise `Cancelled`.

    Returns
    -------
    labels : ndarray, shape (n,), int64
        The center of each point, 0..k - 1. A center may have none.
    centers : ndarray, shape (k, 3), float64
        Means of their points.
    """
    centers = centers.copy()
    n, k = len(points), len(centers)
    bounds = _Bounds(np.empty(n, np.int64), np.empty(n), np.empty(n), np.empty((k, 4)))
    _assign(points, weights, centers, bounds)
    unsettled = _UNSETTLED * weights.sum()
    for rounds in range(0, _MOST_ROUNDS, _ROUNDS_BETWEEN_REPORTS):
        if _go_on(points, weights, centers, bounds, _ROUNDS_BETWEEN_REPORTS, unsettled):
            break
        progress(rounds / _MOST_ROUNDS, "Settling the clusters")
    return bounds.labels, centers


@njit(nogil=True, cache=True)
def _two_nearest(points, i, centers):
    """Return the nearest center of a point, and the squares of its and the second's distance."""
    nearest, first, second = 0, np.inf, np.inf
    for j in range(centers.shape[0]):
        dx = points[i, 0] - centers[j, 0]
        dy = points[i, 1] - centers[j, 1]
        dz = points[i, 2] - centers[j, 2]
        distance = dx * dx + dy * dy + dz * dz
        if distance < first:
            nearest, first, second = j, distance, first
        elif distance < second:
            second = distance
    return nearest, first, second


@njit(nogil=True, cache=True)
def _assign(points, weights, centers, bounds):
    """Find the nearest center of all points."""
    sums = bounds.sums
    sums.fill(0.0)
    for i in range(points.shape[0]):
        nearest, first, second = _two_nearest(points, i, centers)
        bounds.labels[i] = nearest
        bounds.upper[i], bounds.lower[i] = np.sqrt(first), np.sqrt(second)
        for axis in range(3):
            sums[nearest, axis] += weights[i] * points[i, axis]
        sums[nearest, 3] += weights[i]


@njit(nogil=True, cache=True)
def _go_on(points, weights, centers, bounds, n_rounds, unsettled):
    """Do some rounds; return whether no more than the weight `unsettled` changed in the last."""
    labels, upper, lower, sums = bounds.labels, bounds.upper, bounds.lower, bounds.sums
    k = centers.shape[0]
    moved, alone = np.empty(k), np.empty(k)
    for _ in range(n_rounds):
        furthest, second_furthest, mover = 0.0, 0.0, -1
        for j in range(k):
            moved[j] = 0.0
            if sums[j, 3] > 0:
                for axis in range(3):
                    mean = sums[j, axis] / sums[j, 3]
                    moved[j] += (mean - centers[j, axis]) ** 2
                    centers[j, axis] = mean
                moved[j] = np.sqrt(moved[j])
            if moved[j] > furthest:
                furthest, second_furthest, mover = moved[j], furthest, j
            elif moved[j] > second_furthest:
                second_furthest = moved[j]
        for j in range(k):
            # Within half the way to the next center, no other can be nearer.
            _, _, second = _two_nearest(centers, j, centers)
            alone[j] = 0.5 * np.sqrt(second)

        changed = 0.0
        for i in range(points.shape[0]):
            own = labels[i]
            upper[i] += moved[own]
            lower[i] -= second_furthest if own == mover else furthest
            safe = max(alone[own], lower[i])
            if upper[i] < safe:
                continue
            nearest, first, second = _two_nearest(points, i, centers)
            upper[i], lower[i] = np.sqrt(first), np.sqrt(second)
            if nearest != own:
                labels[i] = nearest
                changed += weights[i]
                for axis in range(3):
                    part = weights[i] * points[i, axis]
                    sums[own, axis] -= part
                    sums[nearest, axis] += part
                sums[own, 3] -= weights[i]
                sums[nearest, 3] += weights[i]
        if changed <= unsettled:
            return True
    return False
