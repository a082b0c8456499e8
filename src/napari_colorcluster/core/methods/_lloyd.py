"""Lloyd's algorithm on weighted points, to convergence, skipping what cannot change."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from napari_colorcluster.core.progress import Progress

_ROUNDS_BETWEEN_REPORTS = 20

_MOST_ROUNDS = 2000

_MOMENTUM = 0.7
"""How much of its last step a center takes along at first: it saves most of the rounds, and carries
past some poor minima."""

_CALM = 3e-4
"""Share of the weight below which, once no more changes its cluster, the momentum is taken off."""

_UNSETTLED = 1e-7
"""Share of the weight that may still change its cluster at the end: below one pixel in ten million
no digit that anybody reads depends on it, and smaller images are settled to the last color."""

_WATCHED = 8.0
"""Rounds, each with the longest step of the last, that points are not looked at which are sure to
keep their center for so long."""

_TILE = 512
"""Points that are measured together, in a core's first cache."""


class _Bounds(NamedTuple):
    """What is known of the points without looking at all centers (Hamerly 2010).

    Bounds are kept as of the start: `path` and `drift` tell by how much they have loosened since.
    """

    labels: np.ndarray  # (n,), int64, the nearest center
    upper: np.ndarray  # (n,), plus the own center's path no less than the distance to it
    lower: np.ndarray  # (n,), less the own center's drift no more than that to any other
    path: np.ndarray  # (k,), how far each center has moved in all
    drift: np.ndarray  # (k,), how far any other has moved in all
    sums: np.ndarray  # (k, 4), of the weighted points of each center, and of their weights
    speed: np.ndarray  # (k, 3), of the centers
    watched: np.ndarray  # (n,), int64, the points that may soon change, first
    state: np.ndarray  # (3,), how many are watched, how far centers may go until all are; momentum


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
    bounds = _Bounds(
        np.zeros(n, np.int64),
        np.full(n, np.inf),
        np.zeros(n),
        np.zeros(k),
        np.zeros(k),
        np.zeros((k, 4)),
        np.zeros((k, 3)),
        np.empty(n, np.int64),
        np.array([0.0, 0.0, _MOMENTUM]),
    )
    calm, unsettled = _CALM * weights.sum(), _UNSETTLED * weights.sum()
    for rounds in range(0, _MOST_ROUNDS, _ROUNDS_BETWEEN_REPORTS):
        if _go_on(points, weights, centers, bounds, calm, unsettled):
            break
        progress(rounds / _MOST_ROUNDS, "Settling the clusters")
    return bounds.labels, centers


@njit(nogil=True, cache=True)
def _move(centers, bounds, alone, momentum):
    """Move centers towards the means of their points; return the way of the one that goes furthest.

    With a momentum of 0, they go right there.
    """
    sums, speed, k = bounds.sums, bounds.speed, centers.shape[0]
    furthest, second_furthest, mover = 0.0, 0.0, -1
    for j in range(k):
        moved = 0.0
        if sums[j, 3] > 0:
            for axis in range(3):
                step = sums[j, axis] / sums[j, 3] - centers[j, axis]
                step += momentum * speed[j, axis]
                speed[j, axis] = step
                centers[j, axis] += step
                moved += step * step
            moved = np.sqrt(moved)
        bounds.path[j] += moved
        if moved > furthest:
            furthest, second_furthest, mover = moved, furthest, j
        elif moved > second_furthest:
            second_furthest = moved
    for j in range(k):
        bounds.drift[j] += second_furthest if j == mover else furthest
        # Within half the way to the next center, no other can be nearer.
        least = np.inf
        for other in range(k):
            dx = centers[other, 0] - centers[j, 0]
            dy = centers[other, 1] - centers[j, 1]
            dz = centers[other, 2] - centers[j, 2]
            distance = dx * dx + dy * dy + dz * dz
            least = min(least, distance if other != j else np.inf)
        alone[j] = 0.5 * np.sqrt(least)
    return furthest


@njit(nogil=True, cache=True)
def _measure(points, unsure, centers, near, nearest, first, second):
    """Find the two nearest centers of some points, and the squared distances to them."""
    for t in range(len(unsure)):
        for axis in range(3):
            near[axis, t] = points[unsure[t], axis]
        first[t] = second[t] = np.inf
    for j in range(len(centers)):
        x, y, z = centers[j, 0], centers[j, 1], centers[j, 2]
        for t in range(len(unsure)):
            dx, dy, dz = near[0, t] - x, near[1, t] - y, near[2, t] - z
            distance = dx * dx + dy * dy + dz * dz
            old = first[t]
            second[t] = min(second[t], max(old, distance))
            nearest[t] = j if distance < old else nearest[t]
            first[t] = min(old, distance)


@njit(nogil=True, cache=True)
def _go_on(points, weights, centers, bounds, calm, unsettled):
    """Do some rounds; return whether no more than the weight `unsettled` changed in the last.

    The momentum is taken off once no more than the weight `calm` changes.
    """
    labels, upper, lower, sums = bounds.labels, bounds.upper, bounds.lower, bounds.sums
    path, drift, watched, state = bounds.path, bounds.drift, bounds.watched, bounds.state
    n = points.shape[0]
    alone = np.empty(centers.shape[0])
    tile = np.empty(_TILE, np.int64)
    near, first, second = np.empty((3, _TILE)), np.empty(_TILE), np.empty(_TILE)
    nearest = np.empty(_TILE, np.int64)
    for _ in range(_ROUNDS_BETWEEN_REPORTS):
        furthest = _move(centers, bounds, alone, state[2])
        # In a round, the gap between a point's bounds closes by twice that at most.
        state[1] -= 2 * furthest
        watch_all = state[1] < 0 or state[0] == 0
        if watch_all:
            state[1] = 2 * _WATCHED * furthest
        n_watched = n if watch_all else int(state[0])
        kept, at, changed = 0, 0, 0.0
        while at < n_watched:
            n_unsure = 0
            while at < n_watched and n_unsure < _TILE:
                i = at if watch_all else watched[at]
                own = labels[i]
                gap = max(alone[own], lower[i] - drift[own]) - upper[i] - path[own]
                tile[n_unsure] = i
                n_unsure += not gap > 0  # nor where it is infinity less infinity, at first
                if watch_all and 0 < gap <= state[1]:
                    watched[kept] = i
                    kept += 1
                at += 1
            unsure = tile[:n_unsure]
            _measure(points, unsure, centers, near, nearest, first, second)
            for t in range(n_unsure):
                i, own, now = unsure[t], labels[unsure[t]], nearest[t]
                one, two = np.sqrt(first[t]), np.sqrt(second[t])
                new = upper[i] == np.inf
                upper[i], lower[i] = one - path[now], two + drift[now]
                if new or now != own:
                    labels[i] = now
                    changed += weights[i]
                    for axis in range(3):
                        moment = weights[i] * points[i, axis]
                        sums[now, axis] += moment
                        sums[own, axis] -= 0.0 if new else moment
                    sums[now, 3] += weights[i]
                    sums[own, 3] -= 0.0 if new else weights[i]
                if watch_all and max(alone[now], two) - one <= state[1]:
                    watched[kept] = i
                    kept += 1
        if watch_all:
            state[0] = kept
        if state[2] > 0:
            if changed <= calm:
                state[2] = 0.0
        elif changed <= unsettled:
            return True
    return False
