"""Lloyd's algorithm on weighted points, to convergence, visiting only points that may change."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from napari_colorcluster.core.methods.solvers.centers.cells import Cells
from napari_colorcluster.core.methods.solvers.centers.lloyd_loops import (
    ROW,
    SERIAL_LIMIT,
    assign,
    write_labels,
)
from napari_colorcluster.core.methods.solvers.sums import weighted_sums
from napari_colorcluster.core.support.progress import Progress
from napari_colorcluster.core.support.threads import even_parts, map_in_threads

_ITERATIONS_PER_REPORT = 20
"""At most, while one thread is enough."""

_MAX_ITER = 2000

_MOMENTUM = 0.7
"""Share of its last step that a center adds to the next: it saves most of the iterations, and
escapes some poor minima."""

_MOVED_LIMIT = 3e-4
"""Share of the weight: once no more changes its cluster, the momentum is dropped."""

_UNEVEN = 1e7
"""Ratio of weights above which sums are recomputed, since updates would lose too many digits."""

_CHUNK = 1 << 15
"""Points of a chunk are fewer than this, until there are `_N_CHUNKS` chunks."""

_N_CHUNKS = 8


class _State(NamedTuple):
    """The nearest center of each cell or point, and how long it is known to stay the nearest."""

    of_cells: np.ndarray  # (n_cells,), int32, the center of all points in a cell, or -1
    of_points: np.ndarray  # (n_points,), int32, that of each, where the cell has -1
    copied: np.ndarray  # (3, n_points), float64, the points of cells that have had -1, by axes
    is_copied: np.ndarray  # (n_cells,), bool, whether they are in `copied`
    expiry: np.ndarray  # (n_cells,), the total drift of the centers up to which nothing changes

    @classmethod
    def empty(cls, n_cells: int, n_points: int) -> _State:
        """Nothing is known. Of the large arrays, pages that are never touched take no memory."""
        return cls(
            np.zeros(n_cells, np.int32),
            np.empty(n_points, np.int32),
            np.empty((3, n_points)),
            np.zeros(n_cells, np.bool_),
            np.full(n_cells, -1.0),
        )


class _Updates(NamedTuple):
    """What moves the centers."""

    sums: np.ndarray  # (k, 4), of the weighted points of each, and of their weights
    velocity: np.ndarray  # (k, 3), the last step of each
    motion: np.ndarray  # (3,), the total drift, the momentum, the gain of the last step
    limits: np.ndarray  # (2,), the weight of `_MOVED_LIMIT`, and the tolerance

    @classmethod
    def initial(cls, cells: Cells, k: int, tolerance: float) -> _Updates:
        """Begin with all points at the first of k centers; the first iteration moves them."""
        sums, weight = np.zeros((k, 4)), cells.weights.sum()
        sums[0] = *(cells.weights @ cells.points), weight
        motion = np.array([0.0, _MOMENTUM, np.inf])
        return cls(sums, np.zeros((k, 3)), motion, np.array([_MOVED_LIMIT * weight, tolerance]))


class _Workspace(NamedTuple):
    """Arrays to work in, allocated once per chunk.

    Rows of wide arrays, so that no two chunks share a cache line: threads that write to one
    would wait for each other.
    """

    centers: np.ndarray  # (4, width), the axes of the centers, and squared distances from them
    axes_of_group: np.ndarray  # (4, width), the same for the candidates of a group of cells
    near: np.ndarray  # (4, width), the axes of the candidates of a cell
    every: np.ndarray  # (width,), int32, 0, 1, 2, ...
    group: np.ndarray  # (width,), int32, which centers those of the group are
    candidates: np.ndarray  # (width,), int32, which centers those of a cell are
    squares: np.ndarray  # (2, 2, width), squared distances of the two nearest, old and new
    indices: np.ndarray  # (2, width), int32, the nearest, old and new

    @classmethod
    def empty(cls, k: int) -> _Workspace:
        """Allocate the workspace for k centers."""
        width = max(k, ROW)
        numbers, indices = np.empty((16, width)), np.empty((5, width), np.int32)
        squares = numbers[12:].reshape(2, 2, width)
        indices[0] = np.arange(width)
        return cls(numbers[:4], numbers[4:8], numbers[8:12], *indices[:3], squares, indices[3:])


def run_lloyd(
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

    Minimizes the weighted sum of squared distances of the points from their nearest centers,
    locally. In a cell whose points have the same nearest center for sure, no point is visited. In
    others, points are compared only with the centers that may be nearest (Kanungo et al. 2002). The
    gap between the nearest and the second nearest bounds how far the centers may drift before the
    cell has to be visited again (Hamerly 2010).

    Parameters
    ----------
    points : ndarray, shape (n, 3), float64
        The points.
    weights : ndarray, shape (n,), float64
        Their weights.
    centers : ndarray, shape (k, 3), float64
        The initial centers; not changed.
    cells : Cells
        The points in cells; their size matters for the time alone.
    radii : ndarray, shape (n_cells,), float64
        The largest distance of each cell's points from its mean.
    progress : callable
        Told after some iterations; may raise `Cancelled`.
    tolerance : float, default 0
        It ends, too, once an iteration lowers the sum by no more than this.

    Returns
    -------
    labels : ndarray, shape (n,), int64
        The nearest center of each point, 0..k - 1.
    centers : ndarray, shape (k, 3), float64
        The means of their points, up to the tolerance.
    sizes : ndarray, shape (k,), int64
        Number of points of each center, possibly 0.

    References
    ----------
    T. Kanungo et al., "An efficient k-means clustering algorithm: analysis and implementation",
    IEEE Trans. Pattern Analysis and Machine Intelligence 24 (2002).
    G. Hamerly, "Making k-means even faster", SDM 2010.
    """
    k, n_cells = len(centers), len(cells.weights)
    # A power of two, so that two, four or eight threads get equal shares.
    n_chunks = min(1 << (len(points) // _CHUNK).bit_length(), _N_CHUNKS)
    chunks = even_parts(cells.starts, n_chunks)
    workspaces = [tuple(_Workspace.empty(k)) for _ in chunks]
    state = tuple(_State.empty(n_cells, len(points)))
    updates = _Updates.initial(cells, k, tolerance)
    cell_arrays = cells.points, cells.weights, radii, cells.starts
    # More rows than used: as in the workspaces, no two chunks share a cache line.
    moved = np.zeros((len(chunks), k + 3, 4))[:, : k + 1]
    centers = centers.copy()

    def assign_range(
        bounds: tuple[int, int], chunk: int, moved: np.ndarray, max_iter: int
    ) -> tuple[int, bool, int]:
        return assign(
            points,
            weights,
            cell_arrays,
            centers,
            tuple(updates),
            *bounds,
            state,
            workspaces[chunk],
            moved,
            max_iter,
        )

    # The rounding error of a large weight that moves away would stay with the center.
    is_uneven = weights.max() > _UNEVEN * weights.min()
    labels = np.empty(len(points), np.int64)
    n_visited, is_converged, iterations = len(points), False, 0
    while not is_converged and iterations < _MAX_ITER:
        progress(iterations / _MAX_ITER, "Refining the clusters")
        if n_visited < SERIAL_LIMIT and not is_uneven:
            n_visited, is_converged, done = assign_range(
                (0, n_cells), 0, moved[0], _ITERATIONS_PER_REPORT
            )
            iterations += done
            continue
        found = map_in_threads(
            lambda c: assign_range(chunks[c], c, moved[c], 0), range(len(chunks))
        )
        n_visited = sum(n for n, _, _ in found)
        total_moved = moved.sum(axis=0)
        moved[:] = 0
        if is_uneven:
            write_labels(cells.starts, *state[:2], labels, np.zeros(k, np.int64))
            updates.sums[:], total_moved[:-1] = weighted_sums(points, weights, labels, k), 0
        # With no cells: the centers alone move, by what all chunks have found.
        _, is_converged, _ = assign_range((0, 0), 0, total_moved, 1)
        iterations += 1
    sizes = np.zeros(k, np.int64)
    write_labels(cells.starts, *state[:2], labels, sizes)
    return labels, centers, sizes
