"""The loops of Lloyd's algorithm: which center is nearest, and where the centers go.

All in one file: numba's cache on disk is told of changes in that of the loop that Python calls.
"""

from __future__ import annotations

import numpy as np

from napari_colorcluster.core.support.compiled import ZERO, entry, inner

ROW = 128
"""Points of a cell that are measured together."""

FEW = 1 << 16
"""Points that are looked at in less time than it takes to wake another thread and wait for it."""

_ROUNDING = 1e-12
"""Share of a squared distance by which rounding may be off at most."""

_TINY = 1e-300


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
    closest, nearest = ZERO, squares[0]
    for j in range(1, k):
        square = squares[j]
        closest, nearest = (j, square) if square < nearest else (closest, nearest)
    least, n, beyond, spare = np.sqrt(nearest), ZERO, np.inf, np.inf
    most = (least + 2 * radius) * (least + 2 * radius)
    # Of a cell without extent, rounding must not take away the only candidate.
    most = most if most > nearest else nearest
    x, y, z = xs[closest], ys[closest], zs[closest]
    for j in range(k):
        square = squares[j]
        if square > most:
            beyond = square if square < beyond else beyond
            continue
        dx, dy, dz = xs[j] - x, ys[j] - y, zs[j] - z
        # How far the mean of the cell is from the plane between the two centers, and the furthest
        # point from that mean; both times twice the distance between the centers.
        margin = square - nearest - 2 * radius * np.sqrt(dx * dx + dy * dy + dz * dz)
        if margin > _ROUNDING * square:
            # By so much, at least, every point of the cell is nearer to the closest center.
            gap = margin / (np.sqrt(square) + least + 2 * radius)
            spare = gap if gap < spare else spare
            continue
        candidates[n] = j
        near[0, n], near[1, n], near[2, n] = xs[j], ys[j], zs[j]
        n += 1
    gap = np.sqrt(beyond) - least - 2 * radius
    return n, closest, least, gap if gap < spare else spare


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
            further = square if square > first[i] else first[i]
            two[i] = further if further < second[i] else second[i]
            now[i] = np.int32(c) if square < first[i] else nearest[i]
            one[i] = square if square < first[i] else first[i]
    return (n - 1) % 2


@inner
def _take(weight, x, y, z, own, now, moved):
    """Take something from one center to another, and note its weight in the last row."""
    moved[-1, 0] += weight
    moved[own, 0] -= weight * x
    moved[own, 1] -= weight * y
    moved[own, 2] -= weight * z
    moved[own, 3] -= weight
    moved[now, 0] += weight * x
    moved[now, 1] += weight * y
    moved[now, 2] += weight * z
    moved[now, 3] += weight


@entry
def look(points, weights, cells, centers, course, begin, end, state, room, moved, n_rounds):
    """Find what is nearest in some cells, where that may have changed.

    In one function but for what runs over centers or in vector registers: each that it called would
    be compiled once more with it.

    Parameters
    ----------
    points : ndarray, shape (n, 3), float64
        The points.
    weights : ndarray, shape (n,), float64
        Theirs.
    cells : tuple
        Of the cells of a `Cells`, the points, weights, radii and starts.
    centers : ndarray, shape (k, 3), float64
        Changed in place, if there are rounds.
    course, state, room : tuple
        Those of `_lloyd`, changed in place.
    begin, end : int
        The cells to look at; there may be none.
    moved : ndarray, shape (k + 1, 4), float64
        What each center gains is added to it, as `course.sums` adds it up; and last, in column 0,
        the weight of what has changed its center. Each round takes it over, and leaves zeros.
    n_rounds : int
        If any, then the centers take over what has moved, and go on towards the means of their
        points; and all begins again, until these rounds are over, all is settled, or there is more
        to look at than one thread should.

    Returns
    -------
    n_looked : int
        How many points and cells were looked at.
    is_settled : bool
        Whether all is settled.
    done : int
        How many rounds are over.
    """
    means, cell_weights, radii, starts = cells
    of_cells, of_points, brought, is_brought, expiry = state
    axes, near, candidates, rows, indices = room
    sums, speed, pace, limits = course
    k, calm, tolerance, done = len(centers), limits[0], limits[1], ZERO
    while True:
        drift, n_looked = pace[0], ZERO
        for j in range(k):
            for axis in range(3):
                axes[axis, j] = centers[j, axis]
        for cell in range(begin, end):
            if expiry[cell] > drift:
                continue
            n_looked += 1
            own, radius, first, last = of_cells[cell], radii[cell], starts[cell], starts[cell + 1]
            x, y, z = means[cell, 0], means[cell, 1], means[cell, 2]
            n, closest, least, spare = _find_candidates(x, y, z, radius, k, axes, near, candidates)
            if own >= 0:
                if closest != own:
                    _take(cell_weights[cell], x, y, z, own, np.int32(closest), moved)
                    of_cells[cell] = closest
                if n == 1:
                    expiry[cell] = drift + spare
                    continue
                for i in range(first, last):
                    of_points[i] = closest
            if not is_brought[cell]:
                is_brought[cell] = True
                for i in range(first, last):
                    for axis in range(3):
                        brought[axis, i] = points[i, axis]
            n_looked += last - first
            between = np.inf
            for start in range(first, last, ROW):
                stop = start + ROW if start + ROW < last else last
                xs, ys, zs = brought[0, start:stop], brought[1, start:stop], brought[2, start:stop]
                at = _find_nearest(xs, ys, zs, near, n, rows, indices)
                for i in range(stop - start):
                    gap = rows[at, 1, i] - rows[at, 0, i]
                    between = gap if gap < between else between
                    own, now = of_points[start + i], candidates[indices[at, i]]
                    if now != own:
                        of_points[start + i] = now
                        _take(weights[start + i], xs[i], ys[i], zs[i], own, now, moved)
            of_cells[cell] = closest if n == 1 else -1
            # Of two squares that differ by so much, the roots differ at least by that; not at all,
            # where two centers and all points share one place.
            gap = between / (2 * (least + 3 * radius) + _TINY)
            expiry[cell] = drift + (gap if gap < spare else spare)
        if n_rounds == 0:
            return n_looked, False, done
        momentum, gain, furthest, changed = pace[1], pace[2], 0.0, moved[-1, 0]
        moved[-1, 0] = 0
        for j in range(k):
            for column in range(4):
                sums[j, column] += moved[j, column]
                moved[j, column] = 0
        if momentum == 0 and (gain <= tolerance or (changed == 0 and gain < np.inf)):
            return n_looked, True, done
        if changed <= calm and tolerance == 0:
            momentum = 0.0
        gain = 0.0
        for j in range(k):
            if sums[j, 3] > 0:
                way = 0.0
                for axis in range(3):
                    step = sums[j, axis] / sums[j, 3] - centers[j, axis]
                    gain += sums[j, 3] * step * step
                    step += momentum * speed[j, axis]
                    speed[j, axis] = step
                    centers[j, axis] += step
                    way += step * step
                furthest = way if way > furthest else furthest
        if momentum > 0 and gain <= tolerance:
            # Once more, right to the means.
            momentum, gain = 0.0, np.inf
        # One center may come nearer by that much, and another go away.
        pace[0], pace[1], pace[2] = drift + 2 * np.sqrt(furthest), momentum, gain
        done += 1
        if done == n_rounds or n_looked >= FEW:
            return n_looked, False, done


@entry
def label(starts, of_cells, of_points, labels, sizes):
    """Write the center of each point, and add up how many points each center has."""
    for cell in range(len(of_cells)):
        own = of_cells[cell]
        if own >= 0:
            sizes[own] += starts[cell + 1] - starts[cell]
        for i in range(starts[cell], starts[cell + 1]):
            labels[i] = own if own >= 0 else of_points[i]
            if own < 0:
                sizes[labels[i]] += 1
