"""Lloyd's algorithm on weighted points, to convergence, looking only where something can change."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from napari_colorcluster.core.methods.solvers.cells import Cells
from napari_colorcluster.core.methods.solvers.nearest import FEW, ROW, label, look
from napari_colorcluster.core.methods.solvers.sums import add_up
from napari_colorcluster.core.support.progress import Progress
from napari_colorcluster.core.support.threads import even_parts, map_in_threads

_ROUNDS_AT_ONCE = 20
"""At most, while few points are looked at, between reports of progress."""

_MOST_ROUNDS = 2000

_MOMENTUM = 0.7
"""How much of its last step a center takes along at first: it saves most of the rounds, and carries
past some poor minima."""

_CALM = 3e-4
"""Share of the weight below which, once no more changes its cluster, the momentum is taken off."""

_EVEN = 1e7
"""How many times as heavy as another a point may be, for sums that are changed by what moves."""

_CHUNK = 1 << 15
"""Points of a part are fewer than this, until there are `_N_CHUNKS` parts."""

_N_CHUNKS = 8


class _State(NamedTuple):
    """Which center is nearest, and until when that is known."""

    of_cells: np.ndarray  # (n_cells,), int32, the center of all points in a cell, or -1
    of_points: np.ndarray  # (n_points,), int32, that of each, where the cell has -1
    points: np.ndarray  # (3, n_points), float64, where they are: of cells that once had -1
    is_brought: np.ndarray  # (n_cells,), bool, whether they are there
    expiry: np.ndarray  # (n_cells,), the drift of the centers up to which nothing changes

    @classmethod
    def empty(cls, n_cells: int, n_points: int) -> _State:
        """Nothing is known yet. Of many points, room that is not touched takes no memory."""
        return cls(
            np.zeros(n_cells, np.int32),
            np.empty(n_points, np.int32),
            np.empty((3, n_points), np.float64),
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
    squares: np.ndarray  # (2, 2, width), how far the two nearest are, and what that becomes
    indices: np.ndarray  # (2, width), int32, the nearest, and what they become

    @classmethod
    def empty(cls, k: int) -> _Room:
        """Make room for k centers."""
        width = max(k, ROW)
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
    # A power of two, so that two, four or eight threads have as many each.
    n_chunks = min(1 << (len(points) // _CHUNK).bit_length(), _N_CHUNKS)
    chunks = even_parts(cells.starts, n_chunks)
    rooms = [tuple(_Room.empty(k)) for _ in chunks]
    state = tuple(_State.empty(len(cells.weights), len(points)))
    course = _Course.begin(cells, k, tolerance)
    places = cells.points, cells.weights, radii, cells.starts
    # Rows more than used, for the same reason as in the rooms.
    moved = np.zeros((len(chunks), k + 3, 4))[:, : k + 1]
    centers = centers.copy()

    def look_at(
        part: tuple[int, int], room: int, moved: np.ndarray, n_rounds: int
    ) -> tuple[int, bool, int]:
        mine = *part, state, rooms[room], moved, n_rounds
        return look(points, weights, places, centers, tuple(course), *mine)

    # Where a heavy point comes and goes, its rounding stays with a center of light ones.
    is_uneven = weights.max() > _EVEN * weights.min()
    labels = np.empty((len(points),), np.int64)
    n_looked, is_settled, rounds = len(points), False, 0
    while not is_settled and rounds < _MOST_ROUNDS:
        progress(rounds / _MOST_ROUNDS, "Settling the clusters")
        if n_looked < FEW and not is_uneven:
            all_cells = 0, len(cells.weights)
            n_looked, is_settled, done = look_at(all_cells, 0, moved[0], _ROUNDS_AT_ONCE)
            rounds += done
            continue
        found = map_in_threads(lambda c: look_at(chunks[c], c, moved[c], 0), range(len(chunks)))
        n_looked = sum(n for n, _, _ in found)
        gained = moved.sum(axis=0)
        moved[:] = 0
        if is_uneven:
            label(cells.starts, *state[:2], labels, np.zeros(k, np.int64))
            course.sums[:], gained[:-1] = add_up(points, weights, labels, k), 0
        # At no cell: the centers go on by what all have gained.
        _, is_settled, _ = look_at((0, 0), 0, gained, 1)
        rounds += 1
    sizes = np.zeros(k, np.int64)
    label(cells.starts, *state[:2], labels, sizes)
    return labels, centers, sizes
