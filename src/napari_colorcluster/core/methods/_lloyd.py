"""Lloyd's algorithm on weighted points, to convergence, looking only where something can change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any, NamedTuple, TypeVar

import numpy as np

from napari_colorcluster.core.compiled import entry, inner
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

_REACH = 1.5
"""How far centers may go before candidates are found anew, in mean radii of the cells."""

_TILE = 512
"""Cells that are measured together, in a core's first cache."""

_CHUNK = 1 << 15
"""Points to be looked at, at least, that are worth a thread of their own."""

_CHUNK_OF_CELLS = 1 << 13

_N_CHUNKS = 8

_Item = TypeVar("_Item")


class _Unsure(NamedTuple):
    """The cells in which points may have different nearest centers, and what is in them."""

    cells: np.ndarray  # (n_cells,), int64
    starts: np.ndarray  # (n_cells + 1,), int64, where the points of each begin
    candidates: np.ndarray  # (n_candidates,), int64, the centers that may be nearest, cell by cell
    firsts: np.ndarray  # (n_cells + 1,), int64, where those of each begin
    axes: np.ndarray  # (3, n), float64, the points
    weights: np.ndarray  # (n,), float64
    labels: np.ndarray  # (n,), int32, the nearest center so far


def settle(
    points: np.ndarray,
    weights: np.ndarray,
    centers: np.ndarray,
    cells: Cells,
    progress: Progress,
    *,
    tolerance: float = 0.0,
) -> tuple[np.ndarray, np.ndarray]:
    """Assign points to the nearest center and move centers to the means, until nothing changes.

    Of a cell whose nearest center is nearer by far than any other, no point is looked at. In the
    other cells, points are held against those centers alone that may be nearest (Kanungo et al.
    2002). All this holds until a center has gone some way; then it is found anew.

    Parameters
    ----------
    points : ndarray, shape (n, 3), float64
        The points.
    weights : ndarray, shape (n,), float64
        Theirs.
    centers : ndarray, shape (k, 3), float64
        Where to begin; left as they are.
    cells : Cells
        The points in cells, of whatever size; it matters for the time alone.
    progress : callable
        Told that it goes on; may raise `Cancelled`.
    tolerance : float, default 0
        It ends as well once a round lowers the cost, the weighted sum of squared distances, by
        no more than this.

    Returns
    -------
    labels : ndarray, shape (n,), int64
        The nearest center of each point, 0..k - 1. A center may have none.
    centers : ndarray, shape (k, 3), float64
        Means of their points; but for what the tolerance leaves.

    References
    ----------
    T. Kanungo et al., "An efficient k-means clustering algorithm: analysis and implementation",
    IEEE Trans. Pattern Analysis and Machine Intelligence 24 (2002).
    """
    colors = points, weights
    centers, speed = centers.copy(), np.zeros_like(centers)
    reach = _REACH * float(cells.radii.mean())
    calm, momentum = _CALM * weights.sum(), _MOMENTUM
    with ThreadPoolExecutor(usable_threads(_N_CHUNKS)) as pool:
        fixed, gain = None, np.inf
        for rounds in range(_MOST_ROUNDS):
            anew = fixed is None or ((centers - fixed) ** 2).sum(axis=1).max() > reach**2
            if anew:
                fixed = centers.copy()
                nearest, sums, unsure = _look_at_cells(*colors, cells, fixed, reach, pool)
            changed = _look_at_points(centers, sums, unsure, pool)
            # Labels that were found anew do not tell what has changed since the last round.
            if not momentum and (gain <= tolerance or (changed == 0 and not anew)):
                break
            if changed <= calm and not anew and not tolerance:
                momentum = 0.0
            gain = _move(centers, speed, sums, momentum)
            if momentum and gain <= tolerance:
                # Once more, right to the means.
                momentum, gain = 0.0, np.inf
            if rounds % _ROUNDS_BETWEEN_REPORTS == 0:
                progress(rounds / _MOST_ROUNDS, "Settling the clusters")
    labels = np.empty(len(points), np.int64)
    _label(cells.starts, cells.members, nearest, unsure, labels)
    return labels, centers


def _look_at_cells(
    points: np.ndarray,
    weights: np.ndarray,
    cells: Cells,
    centers: np.ndarray,
    reach: float,
    pool: ThreadPoolExecutor,
) -> tuple[np.ndarray, np.ndarray, _Unsure]:
    """Find the nearest center of each cell, and the cells in which it need not be that of all.

    Returns
    -------
    nearest : ndarray, shape (n_cells,), int64
        The nearest center of each cell's mean.
    sums : ndarray, shape (k, 4), float64
        Of the weighted points of each center, and of their weights, if all points went with the
        mean of their cell.
    unsure : _Unsure
        The cells in which they may not, while no center is further than `reach` from where it is.
    """
    nearest, count = np.empty((2, len(cells.weights)), np.int64)
    chunks = _parts(np.arange(len(nearest) + 1), _CHUNK_OF_CELLS)
    sums, slack = np.zeros((len(chunks), len(centers), 4)), 2 * reach

    def find(chunk: int) -> None:
        room = _room(centers), np.empty((2, _TILE), np.int32), np.empty((2, 2, _TILE))
        _find_unsure(cells, centers, slack, *chunks[chunk], nearest, count, sums[chunk], *room)

    def fill(part: tuple[int, int]) -> None:
        _fill(points, weights, cells, slack, *part, nearest, _room(centers), unsure)

    _in_threads(pool, find, range(len(chunks)))
    at = np.flatnonzero(count > 1)
    firsts = np.concatenate([[0], np.cumsum(count[at])])
    starts = np.concatenate([[0], np.cumsum(cells.starts[at + 1] - cells.starts[at])])
    candidates, labels = np.empty(firsts[-1], np.int64), np.empty(starts[-1], np.int32)
    axes, heavy = np.empty((3, len(labels))), np.empty(len(labels))
    unsure = _Unsure(at, starts, candidates, firsts, axes, heavy, labels)
    _in_threads(pool, fill, _parts(starts, _CHUNK))
    return nearest, sums.sum(axis=0), unsure


def _look_at_points(
    centers: np.ndarray, sums: np.ndarray, unsure: _Unsure, pool: ThreadPoolExecutor
) -> float:
    """Find the nearest center of each point that is unsure; return the weight that has changed."""
    chunks = _parts(unsure.starts, _CHUNK)
    moved = np.zeros((len(chunks), *sums.shape))

    def look(chunk: int) -> float:
        return _look(centers, unsure, *chunks[chunk], _room(centers), moved[chunk])

    changed = sum(_in_threads(pool, look, range(len(chunks))))
    sums += moved.sum(axis=0)
    return changed


def _parts(starts: np.ndarray, length: int) -> list[tuple[int, int]]:
    """Part cells, by where the points of each start, into some with about as many points.

    By the number of points alone: sums must not depend on the number of threads.
    """
    n = starts[-1]
    n_parts = min(max(n // length, 1), _N_CHUNKS)
    return list(pairwise(np.searchsorted(starts, np.linspace(0, n, n_parts + 1)).tolist()))


def _in_threads(
    pool: ThreadPoolExecutor, work: Callable[[_Item], Any], items: Sequence[_Item]
) -> list[Any]:
    return list(map(work, items) if len(items) == 1 else pool.map(work, items))


def _room(centers: np.ndarray) -> np.ndarray:
    """The axes of the centers, and room for the squared distances from them, shape (4, k)."""
    return np.vstack([centers.T, np.empty(len(centers))])


@inner
def _square(room, x, y, z):
    """Square the distances of centers from a point, in vector registers."""
    xs, ys, zs, squares = room[0], room[1], room[2], room[3]
    for j in range(len(xs)):
        dx, dy, dz = xs[j] - x, ys[j] - y, zs[j] - z
        squares[j] = dx * dx + dy * dy + dz * dz


@inner
def _count(squares, most):
    """Count what is within a distance."""
    found = 0
    for j in range(len(squares)):
        found += squares[j] <= most
    return found


@entry
def _find_unsure(cells, centers, slack, begin, end, nearest, count, sums, room, indices, squares):
    """Find the nearest center of each cell, and how many may be nearest to a point in it."""
    axes, weights, radii, last = cells.axes, cells.weights, cells.radii, centers.shape[0] % 2
    for start in range(begin, end, _TILE):
        stop = min(start + _TILE, end)
        tile = axes[:, start:stop]
        find_nearest(tile[0], tile[1], tile[2], centers, indices, squares)
        for t in range(stop - start):
            cell, own = start + t, indices[last, t]
            nearest[cell], count[cell] = own, 1
            most = (np.sqrt(squares[last, 0, t]) + 2 * radii[cell] + slack) ** 2
            if squares[last, 1, t] <= most:
                _square(room, tile[0, t], tile[1, t], tile[2, t])
                count[cell] = _count(room[3], most)
            weight = weights[cell]
            for axis in range(3):
                sums[own, axis] += weight * tile[axis, t]
            sums[own, 3] += weight


@entry
def _fill(points, weights, cells, slack, begin, end, nearest, room, unsure):
    """List the candidates and the points of some cells that are unsure."""
    starts, members, labels = cells.starts, cells.members, unsure.labels
    at, candidates, near, heavy = (
        unsure.starts[begin],
        unsure.candidates,
        unsure.axes,
        unsure.weights,
    )
    for u in range(begin, end):
        cell = unsure.cells[u]
        x, y, z = cells.axes[0, cell], cells.axes[1, cell], cells.axes[2, cell]
        _square(room, x, y, z)
        most = (np.sqrt(room[3, nearest[cell]]) + 2 * cells.radii[cell] + slack) ** 2
        found = unsure.firsts[u]
        for j in range(room.shape[1]):
            if room[3, j] <= most:
                candidates[found] = j
                found += 1
        own = nearest[cell]
        for m in range(starts[cell], starts[cell + 1]):
            i = members[m]
            near[0, at], near[1, at], near[2, at] = points[i, 0], points[i, 1], points[i, 2]
            heavy[at], labels[at] = weights[i], own
            at += 1


@entry
def _look(centers, unsure, start, stop, room, moved):
    """Find the nearest candidate of the points in some cells; return the weight that has changed.

    What this adds to each center's points is written to `moved`.
    """
    axes, weights, labels, candidates = (
        unsure.axes,
        unsure.weights,
        unsure.labels,
        unsure.candidates,
    )
    firsts, starts, xs, ys, zs = unsure.firsts, unsure.starts, room[0], room[1], room[2]
    changed = 0.0
    for u in range(start, stop):
        first, n = firsts[u], firsts[u + 1] - firsts[u]
        for c in range(n):
            j = candidates[first + c]
            xs[c], ys[c], zs[c] = centers[j, 0], centers[j, 1], centers[j, 2]
        for i in range(starts[u], starts[u + 1]):
            x, y, z = axes[0, i], axes[1, i], axes[2, i]
            nearest, least = 0, np.inf
            for c in range(n):
                dx, dy, dz = x - xs[c], y - ys[c], z - zs[c]
                distance = dx * dx + dy * dy + dz * dz
                nearest = c if distance < least else nearest
                least = min(least, distance)
            now, own = candidates[first + nearest], labels[i]
            if now != own:
                weight = weights[i]
                labels[i] = now
                changed += weight
                for axis in range(3):
                    moment = weight * axes[axis, i]
                    moved[now, axis] += moment
                    moved[own, axis] -= moment
                moved[now, 3] += weight
                moved[own, 3] -= weight
    return changed


@entry
def _move(centers, speed, sums, momentum):
    """Move centers towards the means of their points; with a momentum of 0, right there.

    Return by how much the cost is lower at the means.
    """
    gain = 0.0
    for j in range(centers.shape[0]):
        if sums[j, 3] > 0:
            for axis in range(3):
                step = sums[j, axis] / sums[j, 3] - centers[j, axis]
                gain += sums[j, 3] * step * step
                step += momentum * speed[j, axis]
                speed[j, axis] = step
                centers[j, axis] += step
    return gain


@entry
def _label(starts, members, nearest, unsure, labels):
    """Write the center of each point."""
    for cell in range(len(nearest)):
        for m in range(starts[cell], starts[cell + 1]):
            labels[members[m]] = nearest[cell]
    for u in range(len(unsure.cells)):
        start, at = starts[unsure.cells[u]], unsure.starts[u]
        for i in range(unsure.starts[u + 1] - at):
            labels[members[start + i]] = unsure.labels[at + i]
