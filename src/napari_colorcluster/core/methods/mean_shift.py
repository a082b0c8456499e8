"""Mean shift: one cluster for each place where colors are densest."""

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
)
from napari_colorcluster.core.methods.solvers.grid import Grid
from napari_colorcluster.core.support.progress import Progress, part
from napari_colorcluster.core.support.threads import map_in_threads

_SHARE = 0.1
"""Of the pixels, within an estimated bandwidth: that finds 2 to 14 clusters in nine of ten photos
tried (a sky of faint stars has hundreds); scikit-learn's 0.3 finds 1 to 5."""

_MOST_STEPS = 300
"""After which a seed stays wherever it is, as scikit-learn's do."""

_SEEDS_A_BLOCK = 32
"""Between two reports: some hundredths of a second."""


@dataclass(frozen=True)
class MeanShift:
    """Clusters around modes: the mean shift of scikit-learn, on colors weighted by their counts.

    Finds the modes of the density of all pixels, seen through a ball of radius `bandwidth` (the
    flat kernel): from each occupied cell of a grid of that size (scikit-learn's ``bin_seeding``),
    a seed moves to the mean of the pixels within the ball around it, again and again, until it
    stays. Of modes less than a bandwidth apart, the one with the most pixels in its ball is kept.
    Each color belongs to the nearest mode, other colors too.

    The number of clusters is found: the larger the bandwidth, the fewer. A weighted color moves a
    mean just as its pixels would, so the modes are those of all pixels, exact but for rounding.

    Cost: each step of all seeds meets each color a dozen times, whatever the bandwidth. 95 thousand
    colors of a photo take 0.6 s. Above 65,535 clusters it raises a `ValueError`.

    Parameters
    ----------
    bandwidth : float, optional
        The radius of the ball, in the units of the working space: a ΔE in "lab". If None, the
        distance, in the mean over pixels, within which a tenth of all pixels lie (see
        `estimate_bandwidth`).

    Raises
    ------
    ValueError
        Where `bandwidth` is no number greater than 0.

    References
    ----------
    K. Fukunaga and L. Hostetler, "The estimation of the gradient of a density function, with
    applications in pattern recognition", IEEE Trans. Inf. Theory 21 (1975).
    D. Comaniciu and P. Meer, "Mean shift: a robust approach toward feature space analysis", IEEE
    Trans. Pattern Anal. Mach. Intell. 24 (2002).
    """

    name: ClassVar[str] = "mean_shift"
    title: ClassVar[str] = "Mean shift"
    finds_n_clusters: ClassVar[bool] = True

    bandwidth: float | None = option(
        None, "Bandwidth", "Radius in which colors are averaged, in units of the space."
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "bandwidth", check_positive("bandwidth", self.bandwidth))

    def prepare(
        self,
        points: np.ndarray,
        weights: np.ndarray,
        codes: np.ndarray,
        *,
        random_state: int,
        progress: Progress,
    ) -> Prepared:
        """Find the modes; nothing in it is random. See `Method.prepare`."""
        bandwidth = self.bandwidth
        if bandwidth is None:
            progress(0.0, "Estimating the bandwidth")
            bandwidth = estimate_bandwidth(points, weights)
        modes = _find_modes(points, weights, bandwidth, part(progress, 0.1, 0.9))
        check_found(len(modes), "bandwidth", bandwidth)
        # Where the middle of a hollow cloud is a mode, no color need be nearest to it.
        used, labels = np.unique(KnownPoints(modes).nearest(points), return_inverse=True)
        grouping = Grouping(labels, NearestKnown(KnownPoints(modes[used]), np.arange(len(used))))
        progress(1.0, "Assigning colors to modes")
        return lambda n_clusters, progress: grouping


def estimate_bandwidth(points: np.ndarray, weights: np.ndarray, share: float = _SHARE) -> float:
    """Estimate a bandwidth: how far one must go from a pixel, in the mean, to meet a share of all.

    What scikit-learn's ``estimate_bandwidth`` does on all pixels; where there are more than 256
    colors, the mean is that of 256 pixels, evenly spaced in the order of their colors.

    Parameters
    ----------
    points : ndarray, shape (n_points, 3), float64
        Distinct points.
    weights : ndarray, shape (n_points,), float64
        How often each occurs, > 0.
    share : float, default 0.1
        Of all pixels, in (0, 1]: scikit-learn's ``quantile``.

    Returns
    -------
    float
        0 where each color has that share by itself.
    """
    from napari_colorcluster.core.methods.solvers.reach import reaches

    distances, counted = reaches(points, weights, max(np.floor(share * weights.sum()), 1.0))
    return float(np.average(distances, weights=counted))


def _find_modes(
    points: np.ndarray, weights: np.ndarray, bandwidth: float, progress: Progress
) -> np.ndarray:
    """Climb from each occupied cell; keep the densest of neighboring ends, densest first."""
    from scipy.spatial import cKDTree

    from napari_colorcluster.core.methods.solvers.climb import climb

    if bandwidth == 0:
        return points
    grid = Grid.over(points, bandwidth)
    placed, placed_weights = points[grid.order], weights[grid.order]
    seeds = np.unique(np.round(points / bandwidth), axis=0) * bandwidth
    reached = np.zeros(len(seeds))

    def climb_block(start: int) -> None:
        block = slice(start, start + _SEEDS_A_BLOCK)
        ground = placed, placed_weights, tuple(grid)
        climb(seeds[block], *ground, bandwidth, _MOST_STEPS, reached[block])

    # Each seed climbs by itself: the number of threads changes nothing.
    blocks = range(0, len(seeds), _SEEDS_A_BLOCK)
    map_in_threads(climb_block, blocks, progress, f"Climbing with bandwidth {bandwidth:.3g}")
    densest_first = np.lexsort([*seeds.T[::-1], reached])[::-1]
    seeds = seeds[densest_first]
    kept = np.ones(len(seeds), bool)
    index = cKDTree(seeds)
    for i in range(len(seeds)):
        if kept[i]:
            kept[index.query_ball_point(seeds[i], bandwidth)] = False
            kept[i] = True
    return seeds[kept]
