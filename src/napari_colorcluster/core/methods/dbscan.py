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
from napari_colorcluster.core.methods.solvers.grid import Grid, min_side
from napari_colorcluster.core.methods.solvers.points import WeightedPoints
from napari_colorcluster.core.methods.solvers.tree import find_roots
from napari_colorcluster.core.support.progress import Progress, part

_SHARE = 0.005
"""Share of the pixels that `min_samples` is by default: with half of the pixels core, it finds 2 to
10 clusters in each of ten photos; 0.001 finds up to 213."""

_CELL = (1 - 1e-9) / np.sqrt(3)
"""Side of a grid cell in eps: small enough that all points in a cell are neighbors."""


@dataclass(frozen=True)
class DBSCAN:
    """DBSCAN on colors weighted by their counts, as scikit-learn's DBSCAN on all pixels.

    A color is *core* if at least `min_samples` pixels lie within `eps` of it, its own included.
    Core colors within `eps` of each other are connected, and each connected component is a cluster,
    whatever its shape. Nothing is minimized; the number of clusters is found. A color of weight w
    counts as w pixels in one place, so the core colors and their clusters are exactly those of all
    pixels.

    Every pixel takes part in the palette: a color that is not core, or any other color, belongs to
    the cluster of the nearest core color. scikit-learn instead labels colors without a core color
    within `eps` as noise, and where several clusters are that near takes the one it found first.

    Parameters
    ----------
    eps : float, optional
        The largest distance between neighbors, in the units of the working space: a ΔE in "lab".
        At least some millionths of the extent of all colors. If None, chosen so that about half of
        the pixels are core.
    min_samples : int, optional
        Pixels within `eps` of a core color, at least 1. If None, 0.5% of all pixels, rounded to
        whole ones. It is a count: with the same one, an image that is tiled, or larger, has more
        core colors and other clusters; multiplied as the pixels are, it gives the same.

    Raises
    ------
    ValueError
        Where `eps` is no number greater than 0, or `min_samples` no integer of at least 1; and
        while it runs, where no color is core or there are more than 65,535 clusters.

    Notes
    -----
    Exact, by the cells of a grid whose points are all neighbors (Gunawan 2013). Memory grows with
    the number of colors, not of pairs of neighbors. 95 thousand colors of a photo take 0.8 s.

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
        None,
        "Radius",
        "How far apart neighbors may be, in units of the color space. In scikit-learn: eps.",
    )
    min_samples: int | None = option(
        None,
        "Min pixels",
        "How many pixels within the radius make a color the core of a cluster. "
        "In scikit-learn: min_samples.",
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "eps", check_positive("eps", self.eps))
        object.__setattr__(self, "min_samples", check_whole("min_samples", self.min_samples))

    def prepare(self, colors: WeightedPoints, *, random_state: int, progress: Progress) -> Prepared:
        """Find and connect the core colors; nothing is random. See `Method.prepare`."""
        points, weights = colors.points, colors.weights
        min_samples = self.min_samples or max(round(_SHARE * weights.sum()), 1)
        eps = self.eps
        if eps is None:
            progress(0.0, "Estimating the radius")
            eps = estimate_eps(points, weights, min_samples)
        elif eps * _CELL < min_side(points):
            raise ValueError(
                f"eps={eps:g} is too small for how far apart the colors are: raise it to at least "
                f"{2 * min_side(points):.2g}."
            )
        core = find_core(points, weights, eps, min_samples, part(progress, 0.1, 0.6))
        if not core.any():
            raise ValueError(
                f"No color is dense enough with min_samples={min_samples:,} and eps={eps:g}: raise "
                "eps or lower min_samples."
            )
        labels = connect(points[core], eps, part(progress, 0.6, 0.9))
        check_found(labels.max() + 1, "eps", eps)
        rule = NearestKnown(KnownPoints(points[core]), labels)
        grouping = Grouping(rule(points), rule)
        progress(1.0, "Assigning colors to clusters")
        return lambda n_clusters, progress: grouping


def estimate_eps(points: np.ndarray, weights: np.ndarray, min_samples: int) -> float:
    """Estimate eps: the median, over pixels, of the distance to the `min_samples`-th nearest pixel.

    With more than 256 colors, over 256 pixels that are evenly spaced in the order of the colors.

    Parameters
    ----------
    points : ndarray, shape (n_points, 3), float64
        Distinct points.
    weights : ndarray, shape (n_points,), float64
        How often each occurs, > 0.
    min_samples : int
        How many pixels, those of the same color included.

    Returns
    -------
    float
        Greater than 0: at least some millionths of the extent, where single colors have so many.
    """
    from napari_colorcluster.core.methods.solvers.k_distance import k_distances

    distances, counts = k_distances(points, weights, min_samples)
    ascending = np.argsort(distances, kind="stable")
    cumulative = np.cumsum(counts[ascending])
    half = np.searchsorted(cumulative, cumulative[-1] / 2)
    return max(float(distances[ascending[half]]), 2 * min_side(points))


def find_core(
    points: np.ndarray, weights: np.ndarray, eps: float, min_samples: int, progress: Progress
) -> np.ndarray:
    """Tell which points have a total weight of `min_samples` within `eps`: (n_points,), bool."""
    from napari_colorcluster.core.methods.solvers.density import add_neighbors

    grid = Grid.over(points, eps * _CELL)
    points, weights = points[grid.order], weights[grid.order]
    boxes = grid.boxes(points)
    # All points of a cell are neighbors of each other.
    density = np.repeat(np.add.reduceat(weights, grid.starts[:-1]), np.diff(grid.starts))
    cells, limits = (grid.cells, grid.starts, boxes), (eps * eps, float(min_samples))
    offsets = _neighbor_offsets(grid)
    for done, offset in enumerate(offsets):
        progress(done / len(offsets), f"Finding core colors within a radius of {eps:.3g}")
        add_neighbors(points, weights, *cells, offset, *limits, density)
    core = np.empty(len(points), bool)
    core[grid.order] = density >= min_samples
    return core


def connect(points: np.ndarray, eps: float, progress: Progress) -> np.ndarray:
    """Number the components of core points connected within `eps`: (n_points,), int64."""
    from napari_colorcluster.core.methods.solvers.density import union_neighbors

    grid = Grid.over(points, eps * _CELL)
    points = points[grid.order]
    boxes = grid.boxes(points)
    parents = np.arange(len(grid.cells))
    offsets = _neighbor_offsets(grid)
    offsets = offsets[offsets > 0]  # each pair of cells once
    for done, offset in enumerate(offsets):
        progress(done / len(offsets), "Connecting core colors")
        union_neighbors(points, grid.cells, grid.starts, boxes, offset, eps * eps, parents)
    labels = np.empty(len(points), np.int64)
    labels[grid.order] = np.repeat(find_roots(parents), np.diff(grid.starts))
    return np.unique(labels, return_inverse=True)[1]


def _neighbor_offsets(grid: Grid) -> np.ndarray:
    """From a cell's number to those of the cells with neighbors, nearest first: (124,), int64."""
    steps = np.stack(np.meshgrid(*3 * [np.arange(-2, 3)], indexing="ij"), axis=-1).reshape(-1, 3)
    nearest_first = np.argsort((steps**2).sum(axis=1), kind="stable")
    return steps[nearest_first[1:]] @ grid.strides
