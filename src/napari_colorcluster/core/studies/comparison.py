"""Palettes of several images beside each other: their shares, and how far they are apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from napari_colorcluster.core.color.differences import delta_e
from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.support.frozen import frozen
from napari_colorcluster.core.support.progress import Progress, silent

if TYPE_CHECKING:
    import pandas as pd

WHAT = "Comparing palettes"
"""The step in words."""


@dataclass(frozen=True, eq=False)
class PaletteComparison:
    """Palettes by their image, and the distance between any two; made by `compare_palettes`.

    Attributes
    ----------
    palettes : dict of str to Palette
        The palette of each image.
    distances : ndarray, shape (n_images, n_images), float64
        The earth mover's distance between any two palettes, in ΔE2000.
    left_out : tuple of str
        Images without pixels, which have no shares to compare.
    """

    palettes: Mapping[str, Palette]
    distances: np.ndarray
    left_out: tuple[str, ...] = ()

    @property
    def images(self) -> tuple[str, ...]:
        """The images' names."""
        return tuple(self.palettes)

    def shares_table(self) -> pd.DataFrame:
        """The shares as a table, one row an image and one column a cluster.

        Returns
        -------
        pandas.DataFrame
            Fractions; the index holds the images' names, the columns those of the clusters.

        Raises
        ------
        ValueError
            Where the palettes are not of the same clusters, as those of one clustering are.
        """
        import pandas as pd

        first, *others = self.palettes.values()
        for other in others:
            if other.names != first.names or not np.array_equal(other.labels, first.labels):
                raise ValueError(
                    "A table of shares needs the same clusters for all images, got palettes with "
                    f"clusters {list(first.names)} and {list(other.names)}."
                )
        fractions = np.stack([palette.fractions for palette in self.palettes.values()])
        index = pd.Index(self.images, name="image")
        return pd.DataFrame(fractions, index=index, columns=list(first.names))

    def distance_table(self) -> pd.DataFrame:
        """The distances as a table, one row and one column an image."""
        import pandas as pd

        index = pd.Index(self.images, name="image")
        return pd.DataFrame(self.distances.copy(), index=index, columns=list(self.images))

    @cached_property
    def linkage(self) -> np.ndarray:
        """The tree of like palettes, as `scipy.cluster.hierarchy.linkage` gives it.

        Shape (n_images - 1, 4), float64; average linkage, leaves ordered so that neighbors are as
        close as can be. Empty for a single image.
        """
        from scipy.cluster.hierarchy import linkage
        from scipy.spatial.distance import squareform

        if len(self.palettes) < 2:
            return np.empty((0, 4))
        return linkage(squareform(self.distances), "average", optimal_ordering=True)

    @cached_property
    def order(self) -> np.ndarray:
        """The images in the order of the tree's leaves, shape (n_images,), int64."""
        from scipy.cluster.hierarchy import leaves_list

        if len(self.palettes) < 2:
            return np.zeros(1, np.int64)
        return leaves_list(self.linkage).astype(np.int64)


def compare_palettes(
    palettes: Mapping[str, Palette], *, progress: Progress = silent
) -> PaletteComparison:
    """Set palettes beside each other.

    Parameters
    ----------
    palettes : mapping of str to Palette
        Of one clustering (see `shares`), or each of its own; at least one with pixels. Those
        without are left out.
    progress : callable, optional
        Told the fraction done.

    Returns
    -------
    PaletteComparison
        With the distance of each pair, by `palette_distance`.

    Raises
    ------
    ValueError
        Where there is no palette with pixels.
    """
    if not palettes:
        raise ValueError("At least one palette is needed to compare, got none.")
    left_out = tuple(name for name, palette in palettes.items() if palette.n_pixels == 0)
    palettes = {name: palette for name, palette in palettes.items() if name not in left_out}
    if not palettes:
        raise ValueError(f"No palette has pixels to compare, got {', '.join(left_out)}.")
    values = list(palettes.values())
    distances = np.zeros((len(values), len(values)))
    pairs = list(combinations(range(len(values)), 2))
    for done, (one, other) in enumerate(pairs, start=1):
        distance = palette_distance(values[one], values[other])
        distances[one, other] = distances[other, one] = distance
        progress(done / len(pairs), WHAT)
    return PaletteComparison(palettes, frozen(distances), left_out)


def palette_distance(one: Palette, other: Palette) -> float:
    """The earth mover's distance between two palettes, in ΔE2000.

    The least effort of turning the one's shares into the other's, where moving a share costs the
    color difference [1]_ that it is moved over: 0 for equal palettes, and never above the largest
    difference of two of their colors.

    Parameters
    ----------
    one, other : Palette
        Each with at least one pixel. Their clusters need not be the same.

    Returns
    -------
    float

    Notes
    -----
    The transport problem [2]_ is solved exactly, as a sparse linear program: memory grows with the
    product of the numbers of colors, as the costs do.

    References
    ----------
    .. [1] G. Sharma, W. Wu and E. N. Dalal, "The CIEDE2000 color-difference formula", Color Res.
       Appl. 30 (2005).
    .. [2] Y. Rubner, C. Tomasi and L. J. Guibas, "The earth mover's distance as a metric for image
       retrieval", Int. J. Comput. Vis. 40 (2000).
    """
    costs = _differences(one.colors.tobytes(), other.colors.tobytes())
    here, there = one.pixels > 0, other.pixels > 0
    return transport_cost(costs[np.ix_(here, there)], one.fractions[here], other.fractions[there])


@lru_cache(1)
def _differences(one: bytes, other: bytes) -> np.ndarray:
    """ΔE2000 between colors (n, 3) and (m, 3), given by their bytes: shape (n, m).

    The last are kept: images with one palette have the same colors, pair after pair.
    """
    return delta_e(*(np.frombuffer(colors, np.uint8).reshape(-1, 3) for colors in (one, other)))


def transport_cost(costs: np.ndarray, have: np.ndarray, want: np.ndarray) -> float:
    """The least cost of moving what there is to where it is wanted.

    Parameters
    ----------
    costs : ndarray, shape (n, m)
        Of moving one unit from each place to each other, at least 0.
    have, want : ndarray, shape (n,) and (m,)
        Amounts, at least 0, with equal sums.
    """
    from scipy.optimize import linprog
    from scipy.sparse import csc_array

    if 1 in costs.shape:
        return float((costs * (have[:, np.newaxis] * want)).sum() / want.sum())
    n, m = costs.shape
    # A column a move: it leaves from one place and arrives at another.
    places = np.stack([np.repeat(np.arange(n), m), n + np.tile(np.arange(m), n)], axis=1)
    # The last arrival follows from the others: two that differ in rounding have no solution.
    kept = places < n + m - 1
    ends = np.concatenate([[0], np.cumsum(kept.sum(axis=1))])
    moves = csc_array((np.ones(ends[-1]), places[kept], ends), shape=(n + m - 1, n * m))
    amounts = np.concatenate([have, want[:-1]])
    solved = linprog(costs.ravel(), A_eq=moves, b_eq=amounts, method="highs")
    if solved.x is None:
        raise ArithmeticError(f"The transport problem was not solved: {solved.message}")
    return max(0.0, float(solved.fun))
