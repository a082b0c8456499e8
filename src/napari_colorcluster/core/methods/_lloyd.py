"""Lloyd's algorithm on weighted points, to convergence, skipping what cannot change."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from napari_colorcluster.core.compiled import entry
from napari_colorcluster.core.methods._cells import Cells
from napari_colorcluster.core.methods._rounds import find_nearest
from napari_colorcluster.core.progress import Progress
from napari_colorcluster.core.threads import usable_threads

_ROUNDS_BETWEEN_REPORTS = 20

_MOST_ROUNDS = 2000

_MOMENTUM = 0.7
"""How much of its last step a center takes along at first: it saves most of the rounds, and carries
past some poor minima."""

_CALM = 3e-4
"""Share of the weight below which, once no more changes its cluster, the momentum is taken off."""

_WATCHED = 8.0
"""Rounds, each with the longest step of the last, that points are not looked at which are sure to
keep their center for so long."""

_STALE = 2 * 32.0
"""More steps like the last than it is worth to have points watched for: fewer would do."""

_TILE = 512
"""Points that are measured together, in a core's first cache."""

_CHUNK = 1 << 15
"""Points, at least, that are worth a thread of their own."""

_N_CHUNKS = 8


class _Motion(NamedTuple):
    """How the centers move."""

    centers: np.ndarray  # (k, 3)
    speed: np.ndarray  # (k, 3), the last step of each
    path: np.ndarray  # (k,), how far each has moved in all
    drift: np.ndarray  # (k,), how far any other has moved in all
    alone: np.ndarray  # (k,), within this distance of one, no other can be nearer


class _Chunk(NamedTuple):
    """Some of the points, and what is known of them without looking at all centers (Hamerly 2010).

    Bounds are kept as of the start: path and drift tell by how much they have loosened since.
    """

    points: np.ndarray  # (n, 3)
    weights: np.ndarray  # (n,)
    labels: np.ndarray  # (n,), int64, the nearest center
    upper: np.ndarray  # (n,), plus the own center's path no less than the distance to it
    lower: np.ndarray  # (n,), less the own center's drift no more than that to any other
    sums: np.ndarray  # (k, 4), of the weighted points of each center, and of their weights
    watched: np.ndarray  # (n,), int64, the points that may soon change, first
    n_watched: np.ndarray  # (1,), int64, how many
    tile: np.ndarray  # (_TILE,), int64, points that are measured together
    near: np.ndarray  # (3, _TILE), where these points are
    indices: np.ndarray  # (2, _TILE), int32, their nearest centers, and those before
    squares: np.ndarray  # (2, 2, _TILE), the distances to the two nearest, and those before


def settle(
    points: np.ndarray,
    weights: np.ndarray,
    centers: np.ndarray,
    progress: Progress,
    *,
    cells: Cells | None = None,
    tolerance: float = 0.0,
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
    cells : Cells, optional
        The points in cells: those inside of a cluster are not looked at one by one.
    tolerance : float, default 0
        It ends as well once a round lowers the cost, the weighted sum of squared distances, by
        no more than this.

    Returns
    -------
    labels : ndarray, shape (n,), int64
        The nearest center of each point, 0..k - 1. A center may have none.
    centers : ndarray, shape (k, 3), float64
        Means of their points; but for what the tolerance leaves.
    """
    n, k = len(points), len(centers)
    motion = _Motion(centers.copy(), np.zeros((k, 3)), np.zeros(k), np.zeros(k), np.full(k, np.inf))
    labels, watched = np.zeros((2, n), np.int64)
    upper, lower = np.full(n, np.inf), np.zeros(n)
    # By the number of points alone: sums must not depend on the number of threads.
    ends = np.linspace(0, n, min(max(n // _CHUNK, 1), _N_CHUNKS) + 1).astype(int).tolist()
    chunks = [
        _Chunk(
            *(array[start:stop] for array in (points, weights, labels, upper, lower)),
            np.zeros((k, 4)),
            watched[start:stop],
            np.zeros(1, np.int64),
            np.empty(_TILE, np.int64),
            np.empty((3, _TILE)),
            np.empty((2, _TILE), np.int32),
            np.empty((2, 2, _TILE)),
        )
        for start, stop in pairwise(ends)
    ]
    momentum = _MOMENTUM
    with ThreadPoolExecutor(usable_threads(len(chunks))) as pool:
        look_at_all = map if len(chunks) == 1 else pool.map
        if cells is not None:
            nearest = np.empty(len(cells.weights), np.int64)
            first, second = np.empty((2, len(nearest)))
            room = chunks[0].indices, chunks[0].squares
            _measure_all(cells.axes, centers, nearest, first, second, *room)
            parts = [cells.of[start:stop] for start, stop in pairwise(ends)]
            list(look_at_all(partial(_inherit, cells.axes, nearest, first, second), parts, chunks))
        _go_on(motion, chunks, momentum, tolerance, look_at_all, progress)
    return labels, motion.centers


def _go_on(
    motion: _Motion,
    chunks: list[_Chunk],
    momentum: float,
    tolerance: float,
    look_at_all: Callable[..., Iterable[float]],
    progress: Progress,
) -> None:
    """Do rounds, with momentum until they gain little, and without until they gain nothing."""
    left, sums = 0.0, np.zeros_like(chunks[0].sums)
    calm = _CALM * sum(chunk.weights.sum() for chunk in chunks)
    for rounds in range(_MOST_ROUNDS):
        if rounds:
            sums = np.sum([chunk.sums for chunk in chunks], axis=0)
        furthest, gain = _move(motion, sums, momentum)
        # In a round, the gap between a point's bounds closes by twice that at most.
        left -= 2 * furthest
        watch_all = rounds < 2 or not 0 <= left <= _STALE * furthest
        if watch_all:
            left = 2 * _WATCHED * furthest
        # So few points are watched that a thread would take longer to hear of them.
        look = look_at_all if watch_all else map
        changed = sum(look(partial(_look, motion, watch_all, left), chunks))
        if momentum:
            if rounds and (changed <= calm or gain <= tolerance):
                momentum = 0.0
        elif changed == 0 or gain <= tolerance:
            break
        if rounds % _ROUNDS_BETWEEN_REPORTS == 0:
            progress(rounds / _MOST_ROUNDS, "Settling the clusters")


@entry
def _move(motion, sums, momentum):
    """Move centers towards the means of their points; with a momentum of 0, right there.

    Return the way of the one that goes furthest, and by how much the cost would be lower at the
    means.
    """
    centers, speed, k = motion.centers, motion.speed, motion.centers.shape[0]
    furthest, second_furthest, mover, gain = 0.0, 0.0, -1, 0.0
    for j in range(k):
        moved = 0.0
        if sums[j, 3] > 0:
            for axis in range(3):
                step = sums[j, axis] / sums[j, 3] - centers[j, axis]
                gain += sums[j, 3] * step * step
                step += momentum * speed[j, axis]
                speed[j, axis] = step
                centers[j, axis] += step
                moved += step * step
            moved = np.sqrt(moved)
        motion.path[j] += moved
        if moved > furthest:
            furthest, second_furthest, mover = moved, furthest, j
        elif moved > second_furthest:
            second_furthest = moved
    for j in range(k):
        motion.drift[j] += second_furthest if j == mover else furthest
        # Within half the way to the next center, no other can be nearer.
        least = np.inf
        for other in range(k):
            dx = centers[other, 0] - centers[j, 0]
            dy = centers[other, 1] - centers[j, 1]
            dz = centers[other, 2] - centers[j, 2]
            distance = dx * dx + dy * dy + dz * dz
            least = min(least, distance if other != j else np.inf)
        motion.alone[j] = 0.5 * np.sqrt(least)
    return furthest, gain


@entry
def _measure_all(axes, centers, nearest, first, second, indices, squares):
    """Find the two nearest centers of all points (3, n), and the distances to them."""
    last = centers.shape[0] % 2
    for start in range(0, nearest.size, _TILE):
        stop = min(start + _TILE, nearest.size)
        xs, ys, zs = axes[0, start:stop], axes[1, start:stop], axes[2, start:stop]
        find_nearest(xs, ys, zs, centers, indices, squares)
        for t in range(stop - start):
            nearest[start + t] = indices[last, t]
            first[start + t], second[start + t] = squares[last, 0, t], squares[last, 1, t]
    for i in range(nearest.size):
        first[i], second[i] = np.sqrt(first[i]), np.sqrt(second[i])


@entry
def _inherit(axes, nearest, first, second, of, chunk):
    """Let points begin with the nearest center of their cell's mean, and bounds to match."""
    points, weights, labels, sums = chunk.points, chunk.weights, chunk.labels, chunk.sums
    upper, lower = chunk.upper, chunk.lower
    for i in range(len(of)):
        cell = of[i]
        dx, dy = points[i, 0] - axes[0, cell], points[i, 1] - axes[1, cell]
        dz = points[i, 2] - axes[2, cell]
        away = np.sqrt(dx * dx + dy * dy + dz * dz)
        labels[i] = nearest[cell]
        upper[i], lower[i] = first[cell] + away, second[cell] - away
    for i in range(len(of)):
        label, weight = labels[i], weights[i]
        for axis in range(3):
            sums[label, axis] += weight * points[i, axis]
        sums[label, 3] += weight


@entry
def _look(motion, watch_all, left, chunk):
    """Look at the points that may have another nearest center now; return the weight that has.

    With `watch_all`, look at all, and watch from then on those that may change before centers
    have moved by `left`.
    """
    path, drift, alone = motion.path, motion.drift, motion.alone
    labels, upper, lower, sums = chunk.labels, chunk.upper, chunk.lower, chunk.sums
    points, weights, watched = chunk.points, chunk.weights, chunk.watched
    tile, near, last = chunk.tile, chunk.near, motion.centers.shape[0] % 2
    nearest, squares = chunk.indices[last], chunk.squares[last]
    n_watched = points.shape[0] if watch_all else chunk.n_watched[0]
    kept, at, changed = 0, 0, 0.0
    while at < n_watched:
        n_unsure = 0
        while at < n_watched and n_unsure < _TILE:
            i = at if watch_all else watched[at]
            own = labels[i]
            gap = max(alone[own], lower[i] - drift[own]) - upper[i] - path[own]
            tile[n_unsure] = i
            n_unsure += not gap > 0  # nor where it is infinity less infinity, at first
            if watch_all and 0 < gap <= left:
                watched[kept] = i
                kept += 1
            at += 1
        for t in range(n_unsure):
            for axis in range(3):
                near[axis, t] = points[tile[t], axis]
        xs, ys, zs = near[0, :n_unsure], near[1, :n_unsure], near[2, :n_unsure]
        find_nearest(xs, ys, zs, motion.centers, chunk.indices, chunk.squares)
        for t in range(n_unsure):
            i, own, now = tile[t], labels[tile[t]], nearest[t]
            one, two = np.sqrt(squares[0, t]), np.sqrt(squares[1, t])
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
            if watch_all and max(alone[now], two) - one <= left:
                watched[kept] = i
                kept += 1
    if watch_all:
        chunk.n_watched[0] = kept
    return changed
