"""The silhouette of all pixels, for many clusterings in one pass over the distances of colors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from napari_colorcluster.core.support.compiled import entry, total
from napari_colorcluster.core.support.progress import Progress, silent
from napari_colorcluster.core.support.threads import map_in_threads

_MOST_DISTANCES = 4_000_000_000
"""Computed at most, about 2 s on two cores: all of those between 63 thousand colors."""

_DISTANCES_IN_BLOCK = 40_000_000
"""Between two reports of progress, about 0.04 s of one core."""


@dataclass(frozen=True, eq=False)
class SilhouetteScores:
    """The mean silhouettes of several clusterings of the same points.

    Attributes
    ----------
    values : ndarray, shape (n_labelings,), float64
        In [-1, 1]; not a number where there is one cluster.
    n_sampled : int or None
        Of how many points the silhouettes were computed; None where it is all, so that the values
        are exact.
    """

    values: np.ndarray
    n_sampled: int | None


def silhouette_scores(
    points: np.ndarray,
    weights: np.ndarray,
    labelings: Sequence[np.ndarray],
    *,
    random_state: int = 0,
    progress: Progress = silent,
) -> SilhouetteScores:
    """Mean silhouette of points that occur several times each, for each of several clusterings.

    It equals scikit-learn's `silhouette_score` on the points repeated, at the cost of the distances
    between distinct points, each computed once for all clusterings.

    Parameters
    ----------
    points : ndarray, shape (n, 3), float64
        Distinct points.
    weights : ndarray, shape (n,), float64
        How often each occurs.
    labelings : sequence of ndarray, shape (n,), int
        The cluster of each point, in any numbers, in each clustering.
    random_state : int, default 0
        The seed of the sample.
    progress : callable
        Told the fraction done; may raise `Cancelled`.

    Returns
    -------
    SilhouetteScores
        A value for each labeling.

    Notes
    -----
    The silhouette [1]_ of a pixel is ``(b - a) / max(a, b)``, where a is its mean distance to the
    other pixels of its cluster, those of the same color included, and b the least mean distance
    to the pixels of another cluster. It is 0 for a pixel alone in its cluster.

    Beyond some 60 thousand points the mean is taken over a sample; each silhouette in it is still
    exact, by the distances to all points. The sample is systematic: pixels at equal steps, from a
    random start, along all pixels sorted by their clusters. So every pixel is as likely to be in
    it, which makes the estimate unbiased, and each cluster of each clustering has its share.

    References
    ----------
    .. [1] P. J. Rousseeuw, "Silhouettes: a graphical aid to the interpretation and validation of
       cluster analysis", J. Comput. Appl. Math. 20 (1987).
    """
    if len(labelings) == 0:
        return SilhouetteScores(np.empty(0), None)
    clusters = np.array([np.unique(labels, return_inverse=True)[1] for labels in labelings])
    cell = _joint_cells(clusters)
    order = np.argsort(cell, kind="stable")
    cell, clusters = cell[order], clusters[:, order]
    edges = np.searchsorted(cell, np.arange(cell[-1] + 2))
    weights = np.asarray(weights, np.float64)[order]
    sizes = np.array([np.bincount(each, weights, clusters.max() + 1) for each in clusters])
    axes = np.ascontiguousarray(points[order].T, np.float64)

    n = len(points)
    distances_per_row = n + len(clusters) * len(edges)  # the sums of cells cost as much
    n_most = max(_MOST_DISTANCES // distances_per_row, 1)
    if n <= n_most:
        rows, times = np.arange(n), weights
    else:
        rows, times = _sample_systematically(weights, n_most, random_state)
    in_block = max(_DISTANCES_IN_BLOCK // distances_per_row, 1)
    of_cells = clusters[:, edges[:-1]]

    def silhouettes(block: np.ndarray) -> np.ndarray:
        return _silhouettes(axes, weights, edges, of_cells, sizes, block, cell[block])

    blocks = [rows[start : start + in_block] for start in range(0, len(rows), in_block)]
    of_rows = map_in_threads(silhouettes, blocks, progress, "Computing silhouettes")
    values = np.average(np.concatenate(of_rows), axis=0, weights=times)
    values[clusters.max(axis=1) == 0] = np.nan
    return SilhouetteScores(values, None if n <= n_most else len(rows))


def _joint_cells(clusters: np.ndarray) -> np.ndarray:
    """Number the groups of points that no clustering parts."""
    cell = np.zeros(clusters.shape[1], np.int64)
    for each in clusters:
        _, cell = np.unique(cell * (each.max() + 1) + each, return_inverse=True)
    return cell


def _sample_systematically(
    weights: np.ndarray, n_draws: int, random_state: int
) -> tuple[np.ndarray, np.ndarray]:
    """Draw from all repetitions of the points, at equal steps; return which, and how often each."""
    start = np.random.default_rng(random_state).random()
    end = np.cumsum(weights)
    ticks = (start + np.arange(n_draws)) / n_draws * end[-1]
    drawn = np.searchsorted(end, ticks, side="right")
    return np.unique(np.minimum(drawn, len(weights) - 1), return_counts=True)


@entry
def _silhouettes(axes, weights, edges, clusters, sizes, rows, cells):
    """Compute the silhouettes of some points in all clusterings.

    Parameters
    ----------
    axes : ndarray, shape (3, n)
        The coordinates of all points, sorted by cell.
    weights : ndarray, shape (n,)
        Theirs.
    edges : ndarray, shape (n_cells + 1,)
        Where each cell begins, and where the last ends.
    clusters : ndarray, shape (n_labelings, n_cells)
        That each cell belongs to in each clustering.
    sizes : ndarray, shape (n_labelings, n_clusters)
        Their weights; 0 where there is no such cluster.
    rows, cells : ndarray, shape (n_rows,)
        Which points, and their cells.

    Returns
    -------
    ndarray, shape (n_rows, n_labelings)
    """
    silhouettes = np.zeros((len(rows), len(clusters)))
    to_cell = np.empty(len(edges) - 1)
    to_cluster = np.empty(sizes.shape[1])
    for i in range(len(rows)):
        x, y, z = axes[0, rows[i]], axes[1, rows[i]], axes[2, rows[i]]
        for cell in range(len(to_cell)):
            inside = slice(edges[cell], edges[cell + 1])
            to_cell[cell] = _sum_distances(
                axes[0, inside], axes[1, inside], axes[2, inside], weights[inside], x, y, z
            )
        for labeling in range(len(clusters)):
            size = sizes[labeling]
            own = clusters[labeling, cells[i]]
            if size[own] <= 1:
                continue
            to_cluster[:] = 0.0
            for cell in range(len(to_cell)):
                to_cluster[clusters[labeling, cell]] += to_cell[cell]
            within = to_cluster[own] / (size[own] - 1)
            between = np.inf
            for other in range(len(size)):
                if other != own and size[other] > 0:
                    between = min(between, to_cluster[other] / size[other])
            if max(within, between) > 0:
                silhouettes[i, labeling] = (between - within) / max(within, between)
    return silhouettes


# Only a sum that may be reordered runs in vector registers, three times as fast.
@total
def _sum_distances(xs, ys, zs, weights, x, y, z):
    """Sum up the weighted distances of points from one."""
    total = 0.0
    for i in range(len(xs)):
        dx, dy, dz = xs[i] - x, ys[i] - y, zs[i] - z
        total += weights[i] * np.sqrt(dx * dx + dy * dy + dz * dz)
    return total
