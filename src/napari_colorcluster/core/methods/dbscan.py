"""DBSCAN: one cluster for each region of densely packed colors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from napari_colorcluster.core.methods.protocol import Grouping, Prepared, option
from napari_colorcluster.core.methods.rules import (
    KnownPoints,
    NearestKnown,
    check_found,
    check_positive,
    check_whole,
)
from napari_colorcluster.core.methods.solvers.grid import Grid, least_side
from napari_colorcluster.core.support.progress import Progress, part

_SHARE = 0.005
"""Of the pixels, around a core color, where `min_samples` is None: with half of the pixels core,
that finds 2 to 10 clusters in each of ten photos tried; 0.001 finds up to 213."""

_CELL = (1 - 1e-9) / np.sqrt(3)
"""The side of a cell in eps: just so small that all points in it are neighbors."""


@dataclass(frozen=True)
class DBSCAN:
    """Clusters of dense colors: the DBSCAN of scikit-learn, on colors weighted by their counts.

    A color is *core* where at least `min_samples` pixels lie within `eps` of it, its own included.
    Core colors within `eps` of each other are in one cluster, and so is what such steps link: a
    cluster may have any shape. A weighted color is as many pixels in one place, so the core colors
    and their clusters are exactly those of all pixels.

    The number of clusters is found. Each color that is not core belongs to the cluster of the
    nearest core color, other colors too: every pixel takes part in the palette. scikit-learn leaves
    colors without a core color within `eps` as noise, and where several clusters are that near
    takes the one that it found first.

    Exact, by cells of a grid whose colors are all neighbors (Gunawan 2013): memory grows with the
    number of colors only, not with that of neighbors. 95 thousand colors of a photo take 0.8 s.
    Above 65,535 clusters it raises a `ValueError`.

    Parameters
    ----------
    eps : float, optional
        How far apart neighbors are at most, in the units of the working space: a ΔE in "lab"; at
        least some millionths of the extent of all colors. If None, the distance within which half
        of the pixels meet `min_samples`, so that about half of them are core (see `estimate_eps`).
    min_samples : int, optional
        Pixels within `eps` of a core color, at least 1. If None, one in 200 of all pixels.

    Raises
    ------
    ValueError
        Where `eps` is no number greater than 0, or `min_samples` no integer of at least 1.

    References
    ----------
    M. Ester, H.-P. Kriegel, J. Sander and X. Xu, "A density-based algorithm for discovering
    clusters in large spatial databases with noise", KDD 1996.
    A. Gunawan, "A faster algorithm for DBSCAN", master's thesis, TU Eindhoven (2013).
    """

    name: ClassVar[str] = "dbscan"
    title: ClassVar[str] = "DBSCAN"
    finds_n_clusters: ClassVar[bool] = True

    eps: float | None = option(
        None, "Eps", "How far neighbors may lie apart, in units of the space."
    )
    min_samples: int | None = option(
        None, "Min samples", "Pixels within that distance that make a color a core of a cluster."
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "eps", check_positive("eps", self.eps))
        object.__setattr__(self, "min_samples", check_whole("min_samples", self.min_samples))

    def prepare(
        self,
        points: np.ndarray,
        weights: np.ndarray,
        codes: np.ndarray,
        *,
        random_state: int,
        progress: Progress,
    ) -> Prepared:
        """Find the core colors and link them; nothing in it is random. See `Method.prepare`."""
        min_samples = self.min_samples or max(round(_SHARE * weights.sum()), 1)
        eps = self.eps
        if eps is None:
            progress(0.0, "Estimating eps")
            eps = estimate_eps(points, weights, min_samples)
        elif eps * _CELL < least_side(points):
            raise ValueError(
                f"eps={eps:g} is too small beside the extent of the colors: raise it to at least "
                f"{2 * least_side(points):.2g}."
            )
        core = find_core(points, weights, eps, min_samples, part(progress, 0.1, 0.6))
        if not core.any():
            raise ValueError(
                f"No color has min_samples={min_samples:,} pixels within eps={eps:g}: raise eps or "
                "lower min_samples."
            )
        labels = link(points[core], eps, part(progress, 0.6, 0.9))
        check_found(labels.max() + 1, "eps", eps)
        rule = NearestKnown(KnownPoints(points[core]), labels)
        grouping = Grouping(rule(points), rule)
        progress(1.0, "Assigning colors to clusters")
        return lambda n_clusters, progress: grouping


def estimate_eps(points: np.ndarray, weights: np.ndarray, min_samples: int) -> float:
    """Estimate eps: how far half of the pixels must go at most to meet `min_samples` pixels.

    Where there are more than 256 colors, of 256 pixels, evenly spaced in the order of their colors.

    Parameters
    ----------
    points : ndarray, shape (n_points, 3), float64
        Distinct points.
    weights : ndarray, shape (n_points,), float64
        How often each occurs, > 0.
    min_samples : int
        How many pixels to meet, their own color's included.

    Returns
    -------
    float
        Greater than 0: of colors that have so many pixels by themselves, a millionth of the extent.
    """
    from napari_colorcluster.core.methods.solvers.reach import reaches

    distances, counted = reaches(points, weights, min_samples)
    ascending = np.argsort(distances, kind="stable")
    reached = np.cumsum(counted[ascending])
    half = np.searchsorted(reached, reached[-1] / 2)
    return max(float(distances[ascending[half]]), 2 * least_side(points))


def find_core(
    points: np.ndarray, weights: np.ndarray, eps: float, min_samples: int, progress: Progress
) -> np.ndarray:
    """Tell which points have at least `min_samples` of the weight within `eps`: (n_points,)."""
    from napari_colorcluster.core.methods.solvers.density import add_neighbors

    grid = Grid.over(points, eps * _CELL)
    placed, placed_weights = points[grid.order], weights[grid.order]
    boxes = grid.boxes(placed)
    within_cells = np.add.reduceat(placed_weights, grid.starts[:-1])
    density = np.repeat(within_cells, np.diff(grid.starts))
    steps = _steps(grid)
    cells = grid.cells, grid.starts, boxes
    for done, step in enumerate(steps):
        progress(done / len(steps), f"Finding core colors with eps {eps:.3g}")
        limits = eps * eps, float(min_samples)
        add_neighbors(placed, placed_weights, *cells, step, *limits, density)
    core = np.empty(len(points), bool)
    core[grid.order] = density >= min_samples
    return core


def link(points: np.ndarray, eps: float, progress: Progress) -> np.ndarray:
    """Number the clusters of core points that steps of at most `eps` link: (n_points,), int64."""
    from napari_colorcluster.core.methods.solvers.density import join_neighbors

    grid = Grid.over(points, eps * _CELL)
    placed = points[grid.order]
    boxes = grid.boxes(placed)
    parent = np.arange(len(grid.cells))
    steps = _steps(grid)
    steps = steps[steps > 0]
    for done, step in enumerate(steps):
        progress(done / len(steps), "Linking core colors")
        join_neighbors(placed, grid.cells, grid.starts, boxes, step, eps * eps, parent)
    # Each round doubles the steps that every cell has climbed towards its root.
    while np.any((higher := parent[parent]) != parent):
        parent = higher
    labels = np.empty(len(points), np.int64)
    labels[grid.order] = np.repeat(parent, np.diff(grid.starts))
    return np.unique(labels, return_inverse=True)[1]


def _steps(grid: Grid) -> np.ndarray:
    """To the numbers of all cells where neighbors may lie, the nearest first: (124,), int64."""
    away = np.stack(np.meshgrid(*3 * [np.arange(-2, 3)], indexing="ij"), axis=-1).reshape(-1, 3)
    nearest_first = np.argsort((away**2).sum(axis=1), kind="stable")
    return away[nearest_first[1:]] @ grid.strides
