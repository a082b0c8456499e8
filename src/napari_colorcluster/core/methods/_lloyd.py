"""Lloyd's algorithm on weighted points, to convergence, looking only where something can change."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from napari_colorcluster.core.compiled import entry, inner
from napari_colorcluster.core.methods._cells import Cells
from napari_colorcluster.core.progress import Progress
from napari_colorcluster.core.recycled import scratch
from napari_colorcluster.core.threads import map_in_threads

_ROUNDS_AT_ONCE = 20
"""While few points are looked at, between reports of progress."""

_MOST_ROUNDS = 2000

_MOMENTUM = 0.7
"""How much of its last step a center takes along at first: it saves most of the rounds, and carries
past some poor minima."""

_CALM = 3e-4
"""Share of the weight below which, once no more changes its cluster, the momentum is taken off."""

_EVEN = 1e7
"""How many times as heavy as another a point may be, for sums that are changed by what moves."""

_ROUNDING = 1e-12
"""Share of a squared distance by which rounding may be off at most."""

_TINY = 1e-300

_ROW = 128
"""Points of a cell that are measured together."""

_CHUNK = 1 << 15
"""Points to be looked at, at least, that are worth a thread of their own."""

_N_CHUNKS = 8

_FEW = 1 << 16
"""Points that are looked at in less time than it takes to wake another thread and wait for it."""


class _State(NamedTuple):
    """Which center is nearest, and until when that is known."""

    of_cells: np.ndarray  # (n_cells,), int32, the center of all points in a cell, or -1
    of_points: np.ndarray  # (n_points,), int32, that of each, where the cell has -1
    points: np.ndarray  # (3, n_points), float64, where they are: of cells that once had -1
    is_brought: np.ndarray  # (n_cells,), bool, whether they are there
    expiry: np.ndarray  # (n_cells,), the drift of the centers up to which nothing changes

    @classmethod
    def empty(cls, n_cells: int, n_points: int) -> _State:
        """Nothing is known yet. What is not touched of the room for points takes no memory."""
        return cls(
            np.zeros(n_cells, np.int32),
            np.empty(n_points, np.int32),
            scratch((3, n_points), np.float64),
            np.zeros(n_cells, np.bool_),
            np.full(n_cells, -1.0),
        )


class _Course(NamedTuple):
    """Where the centers go."""

    sums: np.ndarray  # (k, 4), of the weighted points of each, and of their weights
    speed: np.ndarray  # (k, 3), the last step of each
    pace: np.ndarray  # (3,), how far they have gone, their momentum, and what the last step gained
    limits: np.ndarray  # (2,), the calm, and the tolerance

    @classmethod
    def begin(cls, cells: Cells, k: int, tolerance: float) -> _Course:
        """All points begin with the first of k centers; the first look takes them from there."""
        sums, weight = np.zeros((k, 4)), cells.weights.sum()
        sums[0] = *(cells.weights @ cells.points), weight
        pace, limits = np.array([0.0, _MOMENTUM, np.inf]), np.array([_CALM * weight, tolerance])
        return cls(sums, np.zeros((k, 3)), pace, limits)


class _Room(NamedTuple):
    """Arrays to work in, made once for each chunk.

    Rows of wide arrays, so that no line of the cache holds something of two chunks: threads that
    write to such a line wait for each other.
    """

    centers: np.ndarray  # (4, width), the axes of the centers, and the squared distances from them
    near: np.ndarray  # (3, width), the axes of the candidates of a cell
    candidates: np.ndarray  # (width,), int32, which centers they are
    squares: np.ndarray  # (2, 2, width), the distances to the two nearest, and what they become
    indices: np.ndarray  # (2, width), int32, the nearest, and what they become

    @classmethod
    def empty(cls, k: int) -> _Room:
        """Make room for k centers."""
        width = max(k, _ROW)
        numbers, indices = np.empty((11, width)), np.empty((3, width), np.int32)
        squares = numbers[7:].reshape(2, 2, width)
        return cls(numbers[:4], numbers[4:7], indices[0], squares, indices[1:])


def settle(
    points: np.ndarray,
    weights: np.ndarray,
    centers: np.ndarray,
    cells: Cells,
    radii: np.ndarray,
    progress: Progress,
    *,
    tolerance: float = 0.0,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Assign points to the nearest center and move centers to the means, until nothing changes.

    Of a cell whose nearest center is nearer by far than any other, no point is looked at. In the
    other cells, points are held against those centers alone that may be nearest (Kanungo et al.
    2002). By how much a center is nearer than the next tells how far the centers may go before the
    cell has to be looked at again (Hamerly 2010).

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
    radii : ndarray, shape (n_cells,), float64
        How far the points of each cell are from its mean at most.
    progress : callable
        Told that it goes on; may raise `Cancelled`.
    tolerance : float, default 0
        It ends as well once a round lowers the cost, the weighted sum of squared distances, by
        no more than this.

    Returns
    -------
    labels : ndarray, shape (n,), int64
        The nearest center of each point, 0..k - 1.
    centers : ndarray, shape (k, 3), float64
        Means of their points; but for what the tolerance leaves.
    sizes : ndarray, shape (k,), int64
        How many points each center has; it may be none.

    References
    ----------
    T. Kanungo et al., "An efficient k-means clustering algorithm: analysis and implementation",
    IEEE Trans. Pattern Analysis and Machine Intelligence 24 (2002).
    G. Hamerly, "Making k-means even faster", SDM 2010.
    """
    k = len(centers)
    chunks = _even_parts(cells.starts)
    rooms = [tuple(_Room.empty(k)) for _ in chunks]
    state = tuple(_State.empty(len(cells.weights), len(points)))
    course = _Course.begin(cells, k, tolerance)
    places = cells.points, cells.weights, radii, cells.starts
    # Two rows more, for the same reason as in the rooms.
    moved = np.zeros((len(chunks), k + 2, 4))[:, :k]
    centers = centers.copy()

    def look(chunk: int, part: tuple[int, int], n_rounds: int = 0) -> tuple[float, int, bool]:
        mine = *part, state, rooms[chunk], moved[chunk], n_rounds
        return _look(points, weights, places, centers, tuple(course), *mine)

    # Where a heavy point comes and goes, its rounding stays with a center of light ones.
    is_uneven = weights.max() > _EVEN * weights.min()
    labels = scratch((len(points),), np.int64)
    n_looked, is_settled, rounds = len(points), False, 0
    while not is_settled and rounds < _MOST_ROUNDS:
        progress(rounds / _MOST_ROUNDS, "Settling the clusters")
        if n_looked < _FEW and not is_uneven:
            _, n_looked, is_settled = look(0, (0, len(cells.weights)), _ROUNDS_AT_ONCE)
            rounds += _ROUNDS_AT_ONCE
            continue
        found = map_in_threads(lambda chunk: look(chunk, chunks[chunk]), range(len(chunks)))
        changed, n_looked, _ = np.sum(found, axis=0)
        if is_uneven:
            _label(cells.starts, *state[:2], labels, np.zeros(k, np.int64))
            course.sums[:] = _add_up(points, weights, labels, k)
        else:
            course.sums[:] += moved.sum(axis=0)
        is_settled = _advance(centers, tuple(course), changed)
        rounds += 1
    sizes = np.zeros(k, np.int64)
    _label(cells.starts, *state[:2], labels, sizes)
    return labels, centers, sizes


def _add_up(points: np.ndarray, weights: np.ndarray, labels: np.ndarray, k: int) -> np.ndarray:
    """Sum up the weighted points of each center, and their weights, shape (k, 4)."""
    parts = (*(weights * axis for axis in points.T), weights)
    return np.stack([np.bincount(labels, each, k) for each in parts], axis=1)


def _even_parts(starts: np.ndarray) -> list[tuple[int, int]]:
    """Part cells, by where the points of each start, into some with about as many points.

    By the number of points alone: sums must not depend on the number of threads.
    """
    n = int(starts[-1])
    # 1, 2, 4, ...: as many for each thread as for the others.
    n_parts = min(1 << (n // _CHUNK).bit_length(), _N_CHUNKS)
    ends = np.searchsorted(starts, [n * part // n_parts for part in range(n_parts + 1)])
    return list(pairwise(ends.tolist()))


@inner
def _find_candidates(x, y, z, radius, k, axes, near, candidates):
    """List the centers that may be nearest to a point of a cell.

    Returns
    -------
    n : int
        How many.
    closest : int
        The one that is closest to the mean of the cell.
    least : float
        Its distance from there.
    spare : float
        How far the centers may go, one towards another, until there may be more candidates.
    """
    # Rows of a whole array, so that it is known that they are contiguous.
    xs, ys, zs, squares = axes[0], axes[1], axes[2], axes[3]
    for j in range(k):
        dx, dy, dz = xs[j] - x, ys[j] - y, zs[j] - z
        squares[j] = dx * dx + dy * dy + dz * dz
    closest, nearest = 0, squares[0]
    for j in range(1, k):
        closest = j if squares[j] < nearest else closest
        nearest = min(squares[j], nearest)
    least, n, beyond, gap = np.sqrt(nearest), 0, np.inf, np.inf
    # Of a cell without extent, rounding must not take away the only candidate.
    most = max(nearest, (least + 2 * radius) ** 2)
    x, y, z = xs[closest], ys[closest], zs[closest]
    for j in range(k):
        if squares[j] > most:
            beyond = min(beyond, squares[j])
            continue
        dx, dy, dz = xs[j] - x, ys[j] - y, zs[j] - z
        # How far the mean of the cell is from the plane between the two centers, and the furthest
        # point from that mean; both times twice the distance between the centers.
        margin = squares[j] - nearest - 2 * radius * np.sqrt(dx * dx + dy * dy + dz * dz)
        if margin > _ROUNDING * squares[j]:
            # By so much, at least, every point of the cell is nearer to the closest center.
            gap = min(gap, margin / (np.sqrt(squares[j]) + least + 2 * radius))
            continue
        candidates[n] = j
        near[0, n], near[1, n], near[2, n] = xs[j], ys[j], zs[j]
        n += 1
    return n, closest, least, min(gap, np.sqrt(beyond) - least - 2 * radius)


@inner
def _find_nearest(xs, ys, zs, near, n, squares, indices):
    """Find the candidate that is nearest to each point of a row; on a tie, the first.

    Without a branch, which would be guessed wrong half the time. What comes out goes elsewhere: of
    a minimum in place, the compiler makes branches instead of vectors.

    Returns
    -------
    int
        In which of the two rows of `indices` the nearest are, and of `squares` the squared
        distances from the two nearest.
    """
    x, y, z = near[0, 0], near[1, 0], near[2, 0]
    first, second, nearest = squares[0, 0], squares[0, 1], indices[0]
    for i in range(len(xs)):
        dx, dy, dz = xs[i] - x, ys[i] - y, zs[i] - z
        first[i], second[i], nearest[i] = dx * dx + dy * dy + dz * dz, np.inf, 0
    for c in range(1, n):
        x, y, z, old, new = near[0, c], near[1, c], near[2, c], 1 - c % 2, c % 2
        first, second, nearest = squares[old, 0], squares[old, 1], indices[old]
        one, two, now = squares[new, 0], squares[new, 1], indices[new]
        for i in range(len(xs)):
            dx, dy, dz = xs[i] - x, ys[i] - y, zs[i] - z
            square = dx * dx + dy * dy + dz * dz
            two[i] = min(second[i], max(first[i], square))
            now[i] = np.int32(c) if square < first[i] else nearest[i]
            one[i] = min(first[i], square)
    return (n - 1) % 2


@inner
def _take(weight, x, y, z, own, now, moved):
    """Take something from one center to another."""
    moved[own, 0] -= weight * x
    moved[own, 1] -= weight * y
    moved[own, 2] -= weight * z
    moved[own, 3] -= weight
    moved[now, 0] += weight * x
    moved[now, 1] += weight * y
    moved[now, 2] += weight * z
    moved[now, 3] += weight


@entry
def _advance(centers, course, changed):
    """Let the centers go on towards the means of their points, unless all is settled.

    Parameters
    ----------
    centers : ndarray, shape (k, 3), float64
        Changed in place.
    course : tuple
        A `_Course`, changed in place: but for the sums, which are of the points that are nearest
        to each center now.
    changed : float
        The weight of what has changed its center.

    Returns
    -------
    bool
        Whether all was settled.
    """
    sums, speed, pace, limits = course
    drift, momentum, gain, calm, tolerance = pace[0], pace[1], pace[2], limits[0], limits[1]
    if momentum == 0 and (gain <= tolerance or (changed == 0 and gain < np.inf)):
        return True
    if changed <= calm and tolerance == 0:
        momentum = 0.0
    gain, furthest = 0.0, 0.0
    for j in range(centers.shape[0]):
        if sums[j, 3] > 0:
            way = 0.0
            for axis in range(3):
                step = sums[j, axis] / sums[j, 3] - centers[j, axis]
                gain += sums[j, 3] * step * step
                step += momentum * speed[j, axis]
                speed[j, axis] = step
                centers[j, axis] += step
                way += step * step
            furthest = max(furthest, way)
    if momentum > 0 and gain <= tolerance:
        # Once more, right to the means.
        momentum, gain = 0.0, np.inf
    # One center may come nearer by that much, and another go away.
    pace[0], pace[1], pace[2] = drift + 2 * np.sqrt(furthest), momentum, gain
    return False


@entry
def _look(points, weights, cells, centers, course, begin, end, state, room, moved, n_rounds):
    """Find what is nearest in some cells, where that may have changed.

    What this adds to each center's points is written to `moved`. If there are `n_rounds`, these are
    all the cells: then centers advance as well, until the rounds are over, all is settled, or there
    is more to look at than one thread should.

    Returns
    -------
    changed : float
        The weight of what has changed its center.
    n_looked : int
        How many points and cells were looked at.
    is_settled : bool
        Whether all is settled.
    """
    # All arrays in variables: to take one from a tuple or from an array of them counts a reference,
    # which in a loop takes longer than what is done with it.
    means, cell_weights, radii, starts = cells
    of_cells, of_points, brought, is_brought, expiry = state
    axes, near, candidates, rows, indices = room
    sums, pace = course[0], course[2]
    k, changed, n_looked, done = len(centers), 0.0, 0, 0
    while True:
        drift, changed, n_looked = pace[0], 0.0, 0
        for j in range(k):
            for axis in range(3):
                axes[axis, j] = centers[j, axis]
            for column in range(4):
                moved[j, column] = 0
        for cell in range(begin, end):
            if expiry[cell] > drift:
                continue
            n_looked += 1
            own, radius = of_cells[cell], radii[cell]
            x, y, z = means[cell, 0], means[cell, 1], means[cell, 2]
            n, closest, least, spare = _find_candidates(x, y, z, radius, k, axes, near, candidates)
            if own >= 0:
                if closest != own:
                    _take(cell_weights[cell], x, y, z, own, np.int32(closest), moved)
                    changed += cell_weights[cell]
                    of_cells[cell] = closest
                if n == 1:
                    expiry[cell] = drift + spare
                    continue
                for i in range(starts[cell], starts[cell + 1]):
                    of_points[i] = closest
            if not is_brought[cell]:
                is_brought[cell] = True
                for i in range(starts[cell], starts[cell + 1]):
                    for axis in range(3):
                        brought[axis, i] = points[i, axis]
            n_looked += starts[cell + 1] - starts[cell]
            between = np.inf
            for start in range(starts[cell], starts[cell + 1], _ROW):
                stop = start + _ROW if start + _ROW < starts[cell + 1] else starts[cell + 1]
                xs, ys, zs = brought[0, start:stop], brought[1, start:stop], brought[2, start:stop]
                at = _find_nearest(xs, ys, zs, near, n, rows, indices)
                for i in range(stop - start):
                    between = min(between, rows[at, 1, i] - rows[at, 0, i])
                    own, now = of_points[start + i], candidates[indices[at, i]]
                    if now != own:
                        of_points[start + i] = now
                        weight = weights[start + i]
                        changed += weight
                        _take(weight, xs[i], ys[i], zs[i], own, now, moved)
            of_cells[cell] = closest if n == 1 else -1
            # Of two squares that differ by so much, the roots differ at least by that; not at all,
            # where two centers and all points share one place.
            expiry[cell] = drift + min(spare, between / max(2 * (least + 3 * radius), _TINY))
        if done == n_rounds:
            return changed, n_looked, False
        for j in range(k):
            for column in range(4):
                sums[j, column] += moved[j, column]
        if _advance(centers, course, changed):
            return changed, n_looked, True
        done += 1
        if done == n_rounds or n_looked >= _FEW:
            return changed, n_looked, False


@entry
def _label(starts, of_cells, of_points, labels, sizes):
    """Write the center of each point, and add up how many points each center has."""
    for cell in range(len(of_cells)):
        own = of_cells[cell]
        if own >= 0:
            sizes[own] += starts[cell + 1] - starts[cell]
        for i in range(starts[cell], starts[cell + 1]):
            labels[i] = own if own >= 0 else of_points[i]
            if own < 0:
                sizes[labels[i]] += 1
