"""The compiled loops of Lloyd's algorithm: assign points to centers, and move the centers.

All in one file, since numba's cache on disk notices changes only in the file of the entry loop.
"""

from __future__ import annotations

import numpy as np

from napari_colorcluster.core.support.compiled import ZERO, entry, inner

ROW = 128
"""Points of a cell whose distances are computed together."""

SERIAL_LIMIT = 1 << 16
"""Points that one thread visits in less time than it takes to wake another and wait for it."""

_GROUP = 16
"""Cells of a group: where half of them are visited, the centers that may be nearest to any of them
are found first, and each is compared with those alone."""

_GROUPS_FROM = 48
"""Centers from which on that pays."""

_ROUNDING = 1e-12
"""Bound on the relative rounding error of a squared distance."""

_TINY = 1e-300


@inner
def _find_candidates(x, y, z, radius, k, axes, listed, near, candidates):
    """List the centers that may be nearest to a point of a cell, as candidates.

    They are chosen from `axes`, of the centers `listed`.

    Returns
    -------
    n : int
        The number of candidates.
    closest : int
        The center closest to the mean of the cell.
    least : float
        Its distance from there.
    slack : float
        The drift of the centers relative to each other, up to which there are no others.
    """
    # Rows of a whole array, which numba knows to be contiguous.
    xs, ys, zs, squares = axes[0], axes[1], axes[2], axes[3]
    for j in range(k):
        dx, dy, dz = xs[j] - x, ys[j] - y, zs[j] - z
        squares[j] = dx * dx + dy * dy + dz * dz
    closest, nearest = ZERO, squares[0]
    for j in range(1, k):
        square = squares[j]
        closest, nearest = (j, square) if square < nearest else (closest, nearest)
    least, n, beyond, slack = np.sqrt(nearest), ZERO, np.inf, np.inf
    most = (least + 2 * radius) * (least + 2 * radius)
    # In a cell without extent, rounding must not rule out the only candidate.
    most = most if most > nearest else nearest
    x, y, z = xs[closest], ys[closest], zs[closest]
    for j in range(k):
        square = squares[j]
        if square > most:
            beyond = square if square < beyond else beyond
            continue
        dx, dy, dz = xs[j] - x, ys[j] - y, zs[j] - z
        # The distance of the mean of the cell from the plane between the two centers, less the
        # radius; both times twice the distance between the centers.
        margin = square - nearest - 2 * radius * np.sqrt(dx * dx + dy * dy + dz * dz)
        if margin > _ROUNDING * square:
            # Every point of the cell is nearer to the closest center by at least this.
            gap = margin / (np.sqrt(square) + least + 2 * radius)
            slack = gap if gap < slack else slack
            continue
        candidates[n] = listed[j]
        near[0, n], near[1, n], near[2, n] = xs[j], ys[j], zs[j]
        n += 1
    gap = np.sqrt(beyond) - least - 2 * radius
    return n, listed[closest], least, gap if gap < slack else slack


@inner
def _enclose(means, radii, begin, end):
    """Return the middle and the radius of a ball that holds all points of some cells."""
    x, y, z, radius = 0.0, 0.0, 0.0, 0.0
    for cell in range(begin, end):
        x += means[cell, 0] / (end - begin)
        y += means[cell, 1] / (end - begin)
        z += means[cell, 2] / (end - begin)
    for cell in range(begin, end):
        dx, dy, dz = means[cell, 0] - x, means[cell, 1] - y, means[cell, 2] - z
        reach = np.sqrt(dx * dx + dy * dy + dz * dz) + radii[cell]
        radius = reach if reach > radius else radius
    return x, y, z, radius


@inner
def _find_nearest(xs, ys, zs, near, n, squares, indices):
    """Find the candidate nearest to each point of a row; on a tie, the first.

    Without branches, which would often be mispredicted. Minima are written to a second array: in
    place, the compiler would make branches of them instead of vector instructions.

    Returns
    -------
    int
        The index, 0 or 1, of the results: the nearest candidates in `indices`, and the squared
        distances of the two nearest in `squares`.
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
def _move(weight, x, y, z, own, now, moved):
    """Move a weighted point from one center's sums to another's; add its weight to the last row."""
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
def assign(points, weights, cells, centers, updates, begin, end, state, workspace, moved, max_iter):
    """Find the nearest centers of some cells, where these may have changed; then move the centers.

    Mostly one function, since inner functions are compiled again with each caller.

    Parameters
    ----------
    points : ndarray, shape (n, 3), float64
        The points.
    weights : ndarray, shape (n,), float64
        Their weights.
    cells : tuple
        The means, weights and radii of the cells, and their starts.
    centers : ndarray, shape (k, 3), float64
        Changed in place, unless `max_iter` is 0.
    updates, state, workspace : tuple
        Those of `lloyd`, changed in place.
    begin, end : int
        The range of cells; it may be empty.
    moved : ndarray, shape (k + 1, 4), float64
        What each center gains in `updates.sums` is added to it; and in the last row, column 0, the
        weight that has changed its center. An update of the centers applies it and leaves zeros.
    max_iter : int
        With 0, points are assigned once. Otherwise the centers move to the means of their points
        and points are assigned again, until that many iterations are done, Lloyd's algorithm has
        converged, or there is more work than one thread should do.

    Returns
    -------
    n_visited : int
        How many points and cells were visited in the last iteration.
    is_converged : bool
        Whether Lloyd's algorithm has converged.
    done : int
        How many iterations are done.
    """
    means, cell_weights, radii, starts = cells
    of_cells, of_points, copied, is_copied, expiry = state
    axes, axes_of_group, near, every, group, candidates, rows, indices = workspace
    sums, velocity, motion, limits = updates
    k, moved_limit, tolerance, done = len(centers), limits[0], limits[1], ZERO
    while True:
        drift, n_visited = motion[0], ZERO
        for j in range(k):
            for axis in range(3):
                axes[axis, j] = centers[j, axis]
        group_end, seen, listed, n_listed, slack_of_group = begin, axes, every, k, np.inf
        for cell in range(begin, end):
            if expiry[cell] > drift:
                continue
            if cell >= group_end:
                group_end = cell + _GROUP if cell + _GROUP < end else end
                seen, listed, n_listed, slack_of_group = axes, every, k, np.inf
                n_expired = ZERO
                for other in range(cell, group_end if k >= _GROUPS_FROM else cell):
                    n_expired += expiry[other] <= drift
                if 2 * n_expired >= _GROUP:
                    x, y, z, radius = _enclose(means, radii, cell, group_end)
                    seen, listed = axes_of_group, group
                    n_listed, _, _, slack_of_group = _find_candidates(
                        x, y, z, radius, k, axes, every, seen, listed
                    )
            n_visited += 1
            own, radius, first, last = of_cells[cell], radii[cell], starts[cell], starts[cell + 1]
            x, y, z = means[cell, 0], means[cell, 1], means[cell, 2]
            n, closest, least, slack = _find_candidates(
                x, y, z, radius, n_listed, seen, listed, near, candidates
            )
            slack = slack_of_group if slack_of_group < slack else slack
            if own >= 0:
                if closest != own:
                    _move(cell_weights[cell], x, y, z, own, np.int32(closest), moved)
                    of_cells[cell] = closest
                if n == 1:
                    expiry[cell] = drift + slack
                    continue
                for i in range(first, last):
                    of_points[i] = closest
            if not is_copied[cell]:
                is_copied[cell] = True
                for i in range(first, last):
                    for axis in range(3):
                        copied[axis, i] = points[i, axis]
            n_visited += last - first
            between = np.inf
            for start in range(first, last, ROW):
                stop = start + ROW if start + ROW < last else last
                xs, ys, zs = copied[0, start:stop], copied[1, start:stop], copied[2, start:stop]
                at = _find_nearest(xs, ys, zs, near, n, rows, indices)
                for i in range(stop - start):
                    gap = rows[at, 1, i] - rows[at, 0, i]
                    between = gap if gap < between else between
                    own, now = of_points[start + i], candidates[indices[at, i]]
                    if now != own:
                        of_points[start + i] = now
                        _move(weights[start + i], xs[i], ys[i], zs[i], own, now, moved)
            of_cells[cell] = closest if n == 1 else -1
            # A lower bound on the difference of the distances, by that of their squares; 0 where
            # two centers and all points coincide.
            gap = between / (2 * (least + 3 * radius) + _TINY)
            expiry[cell] = drift + (gap if gap < slack else slack)
        if max_iter == 0:
            return n_visited, False, done
        momentum, gain, furthest, changed = motion[1], motion[2], 0.0, moved[-1, 0]
        moved[-1, 0] = 0
        for j in range(k):
            for column in range(4):
                sums[j, column] += moved[j, column]
                moved[j, column] = 0
        if momentum == 0 and (gain <= tolerance or (changed == 0 and gain < np.inf)):
            return n_visited, True, done
        if changed <= moved_limit and tolerance == 0:
            momentum = 0.0
        gain = 0.0
        for j in range(k):
            if sums[j, 3] > 0:
                square = 0.0
                for axis in range(3):
                    step = sums[j, axis] / sums[j, 3] - centers[j, axis]
                    gain += sums[j, 3] * step * step
                    step += momentum * velocity[j, axis]
                    velocity[j, axis] = step
                    centers[j, axis] += step
                    square += step * step
                furthest = square if square > furthest else furthest
        if momentum > 0 and gain <= tolerance:
            # One more iteration, without momentum, exactly to the means.
            momentum, gain = 0.0, np.inf
        # One center may approach by that much while another recedes.
        motion[0], motion[1], motion[2] = drift + 2 * np.sqrt(furthest), momentum, gain
        done += 1
        if done == max_iter or n_visited >= SERIAL_LIMIT:
            return n_visited, False, done


@entry
def write_labels(starts, of_cells, of_points, labels, sizes):
    """Write the center of each point, and add the number of its points to each center's size."""
    for cell in range(len(of_cells)):
        own = of_cells[cell]
        if own >= 0:
            sizes[own] += starts[cell + 1] - starts[cell]
        for i in range(starts[cell], starts[cell + 1]):
            labels[i] = own if own >= 0 else of_points[i]
            if own < 0:
                sizes[labels[i]] += 1
