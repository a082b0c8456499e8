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
from napari_colorcluster.core.methods.solvers.points import WeightedPoints
from napari_colorcluster.core.support.progress import Progress, part
from napari_colorcluster.core.support.threads import map_in_threads

_SHARE = 0.1
"""Share of the pixels within an estimated bandwidth. With it, nine of ten photos have 2 to 14
clusters (a sky of faint stars has hundreds); with scikit-learn's 0.3, 1 to 5."""

_MAX_ITER = 300
"""Steps of a seed at most: scikit-learn's default."""

_SEEDS_PER_BLOCK = 32
"""Between two progress reports: some hundredths of a second."""


@dataclass(frozen=True)
class MeanShift:
    """Mean shift on colors weighted by their counts, as scikit-learn's MeanShift on all pixels.

    Finds the modes (local maxima) of the density of all pixels. There is a seed in each occupied
    cell of a grid of side `bandwidth` (scikit-learn's ``bin_seeding``). It moves to the mean of the
    pixels within `bandwidth` (the flat kernel), again and again, until it converges. Of modes less
    than a bandwidth apart, the one with the most pixels within `bandwidth` is kept.

    The number of clusters is found: the larger the bandwidth, the fewer. A color of weight w moves
    a mean as w pixels would, so the modes are those of all pixels, but for rounding. Each color,
    and any other, belongs to the nearest mode.

    Parameters
    ----------
    bandwidth : float, optional
        The radius of the kernel, in the units of the working space: a ΔE in "lab". If None, the
        mean, over pixels, of the distance within which a tenth of all pixels lie. As in
        scikit-learn the tenth is rounded down to whole pixels: an image that is tiled has another
        bandwidth by that, and by so little that only doubtful colors change their cluster. With a
        given bandwidth, it has the same clusters.

    Raises
    ------
    ValueError
        Where `bandwidth` is no number greater than 0; and while it runs, where there are more
        than 65,535 clusters.

    Notes
    -----
    A step of all seeds visits each color about a dozen times, whatever the bandwidth. 95 thousand
    colors of a photo take 0.6 s.

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
        None,
        "Radius",
        "Colors within this radius are averaged, in units of the color space. "
        "In scikit-learn: bandwidth.",
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "bandwidth", check_positive("bandwidth", self.bandwidth))

    def prepare(self, colors: WeightedPoints, *, random_state: int, progress: Progress) -> Prepared:
        """Find the modes; nothing is random. See `Method.prepare`."""
        points, weights = colors.points, colors.weights
        bandwidth = self.bandwidth
        if bandwidth is None:
            progress(0.0, "Estimating the bandwidth")
            bandwidth = estimate_bandwidth(points, weights)
        modes = _find_modes(points, weights, bandwidth, part(progress, 0.1, 0.9))
        check_found(len(modes), "bandwidth", bandwidth)
        # A mode in the middle of a hollow cloud may be nearest to no color.
        used, labels = np.unique(KnownPoints(modes).nearest(points), return_inverse=True)
        grouping = Grouping(labels, NearestKnown(KnownPoints(modes[used]), np.arange(len(used))))
        progress(1.0, "Assigning colors to modes")
        return lambda n_clusters, progress: grouping


def estimate_bandwidth(points: np.ndarray, weights: np.ndarray, share: float = _SHARE) -> float:
    """Estimate a bandwidth: the mean distance from a pixel within which a share of all pixels lie.

    As scikit-learn's ``estimate_bandwidth`` on all pixels. With more than 256 colors, the mean is
    over 256 pixels that are evenly spaced in the order of the colors.

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
        0 if each color has that share by itself.
    """
    from napari_colorcluster.core.methods.solvers.k_distance import k_distances

    distances, counts = k_distances(points, weights, max(np.floor(share * weights.sum()), 1.0))
    return float(np.average(distances, weights=counts))


def _find_modes(
    points: np.ndarray, weights: np.ndarray, bandwidth: float, progress: Progress
) -> np.ndarray:
    """Shift a seed from each occupied cell; keep the densest of close ends, densest first."""
    from scipy.spatial import cKDTree

    from napari_colorcluster.core.methods.solvers.shift import shift_seeds

    if bandwidth == 0:
        return points
    grid = Grid.over(points, bandwidth)
    sorted_points, sorted_weights = points[grid.order], weights[grid.order]
    seeds = np.unique(np.round(points / bandwidth), axis=0) * bandwidth
    density = np.zeros(len(seeds))

    def shift_block(start: int) -> None:
        block = slice(start, start + _SEEDS_PER_BLOCK)
        shift_seeds(
            seeds[block],
            sorted_points,
            sorted_weights,
            tuple(grid),
            bandwidth,
            _MAX_ITER,
            density[block],
        )

    # Seeds do not depend on each other, so the number of threads changes nothing.
    blocks = range(0, len(seeds), _SEEDS_PER_BLOCK)
    map_in_threads(
        shift_block, blocks, progress, f"Finding peaks within a radius of {bandwidth:.3g}"
    )
    densest_first = np.lexsort([*seeds.T[::-1], density])[::-1]
    seeds = seeds[densest_first]
    kept = np.ones(len(seeds), bool)
    index = cKDTree(seeds)
    for i in range(len(seeds)):
        if kept[i]:
            kept[index.query_ball_point(seeds[i], bandwidth)] = False
            kept[i] = True
    return seeds[kept]
