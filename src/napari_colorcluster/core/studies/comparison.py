"""Comparing the palettes of several images: their shares and the distances between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from napari_colorcluster.core.color.differences import delta_e
from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.studies.groups import Ordination, classical_scaling, group_tests
from napari_colorcluster.core.studies.transport import Transport, transport_costs
from napari_colorcluster.core.support.frozen import frozen
from napari_colorcluster.core.support.kinds import check_kind, check_kinds
from napari_colorcluster.core.support.natural_order import in_natural_order
from napari_colorcluster.core.support.progress import Progress, silent
from napari_colorcluster.core.support.words import counted

if TYPE_CHECKING:
    import pandas as pd

STEP = "Comparing palettes"
"""Name of this step in progress reports."""

_PAIRS_AT_ONCE = 32
"""Solved together: more take more time each."""

_MOST_NAMED = 5
"""Of more images, a sentence names no more than this."""


@dataclass(frozen=True, eq=False, repr=False)
class PaletteComparison:
    """The palettes of several images and their distances.

    `napari_colorcluster.compare_palettes` makes it.

    Attributes
    ----------
    palettes : dict of str to Palette
        The palette of each image.
    distances : ndarray, shape (n_images, n_images), float64
        The earth mover's distance between any two palettes, in ΔE2000.
    left_out : tuple of str
        Names of images without pixels, which have no shares to compare.
    groups : tuple of str, optional
        The group of each image.
    """

    palettes: Mapping[str, Palette]
    distances: np.ndarray
    left_out: tuple[str, ...] = ()
    groups: tuple[str, ...] | None = None

    def __repr__(self) -> str:
        left_out = f", {len(self.left_out)} left out" if self.left_out else ""
        return f"PaletteComparison of {counted(len(self.palettes), 'image')}{left_out}"

    @property
    def images(self) -> tuple[str, ...]:
        """The names of the images."""
        return tuple(self.palettes)

    def shares_table(self) -> pd.DataFrame:
        """The shares as a table, with one row per image and one column per cluster.

        Returns
        -------
        pandas.DataFrame
            Fractions; the index holds the names of the images, the columns those of the clusters.

        Raises
        ------
        ValueError
            If the palettes do not have the same clusters, as those of one clustering do.
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

    @cached_property
    def ordination(self) -> Ordination:
        """The images as points in two dimensions, by classical scaling of their distances.

        Its ``coordinates``, shape (n_images, 2), are in ΔE2000; ``explained`` is the part of the
        variance along each axis.
        """
        return classical_scaling(self.distances)

    def group_tests(
        self, *, n_permutations: int = 999, random_state: int = 0, progress: Progress = silent
    ) -> pd.DataFrame:
        """Test whether the palettes differ between groups: PERMANOVA and PERMDISP.

        Parameters
        ----------
        n_permutations : int, default 999
            How many orders of the groups are drawn; p-values are no smaller than
            ``1 / (n_permutations + 1)``.
        random_state : int, default 0
            The seed.
        progress : callable, optional
            Called with the fraction done.

        Returns
        -------
        pandas.DataFrame
            A row for all groups and, where there are more than two, one for each pair; the index
            names them. ``images`` is the number of images; ``pseudo_f``, ``r_squared`` and ``p``
            are of PERMANOVA, ``dispersion_f`` and ``dispersion_p`` of PERMDISP. ``p_adjusted`` is
            ``p`` of a pair for the false discovery rate among all pairs.

        Raises
        ------
        ValueError
            Where no groups were given, or too few.
        """
        return group_tests(
            *(self.distances, self._given_groups()),
            n_permutations=n_permutations,
            random_state=random_state,
            progress=progress,
        )

    def grouped(self, groups: Mapping[str, str]) -> PaletteComparison:
        """Those images that have a group, with the same distances.

        Parameters
        ----------
        groups : mapping of str to str
            The group of each image, by the image's name.

        Returns
        -------
        PaletteComparison
            As `napari_colorcluster.compare_palettes` makes it of these images, without computing
            their distances again.

        Raises
        ------
        ValueError
            Where none of the images has a group.
        """
        rows = [row for row, name in enumerate(self.palettes) if name in groups]
        if not rows:
            raise ValueError("None of the images has a group.")
        palettes = {name: each for name, each in self.palettes.items() if name in groups}
        distances = frozen(self.distances[np.ix_(rows, rows)])
        return replace(
            self,
            palettes=palettes,
            distances=distances,
            groups=tuple(str(groups[name]) for name in palettes),
        )

    def mean_palettes(self) -> dict[str, Palette]:
        """The mean palette of each group, in which each image counts the same.

        Returns
        -------
        dict of str to Palette
            By group: the fractions are the means of the images', and the pixels are as many as the
            group's images have.

        Raises
        ------
        ValueError
            Where no groups were given, or the palettes do not have the same clusters.
        """
        fractions, groups = self.shares_table().to_numpy(), np.array(self._given_groups())
        palettes = list(self.palettes.values())
        means = {}
        for group in in_natural_order(groups.tolist()):
            inside = groups == group
            n_pixels = sum(palettes[at].n_pixels for at in np.flatnonzero(inside))
            pixels = np.rint(fractions[inside].mean(axis=0) * n_pixels).astype(np.int64)
            means[group] = replace(palettes[0], pixels=pixels)
        return means

    def _given_groups(self) -> tuple[str, ...]:
        if self.groups is None:
            raise ValueError("The images have no groups: give compare_palettes its groups=.")
        return self.groups

    def distance_table(self) -> pd.DataFrame:
        """The distances as a table, with one row and one column per image."""
        import pandas as pd

        index = pd.Index(self.images, name="image")
        return pd.DataFrame(self.distances.copy(), index=index, columns=list(self.images))

    @cached_property
    def linkage(self) -> np.ndarray:
        """The hierarchical clustering of the images, as from `scipy.cluster.hierarchy.linkage`.

        Shape (n_images - 1, 4), float64; average linkage with optimal leaf ordering. Empty for a
        single image.
        """
        from scipy.cluster.hierarchy import linkage
        from scipy.spatial.distance import squareform

        if len(self.palettes) < 2:
            return np.empty((0, 4))
        return linkage(squareform(self.distances), "average", optimal_ordering=True)

    @cached_property
    def order(self) -> np.ndarray:
        """Row of each image in leaf order of the dendrogram, shape (n_images,), int64."""
        from scipy.cluster.hierarchy import leaves_list

        if len(self.palettes) < 2:
            return np.zeros(1, np.int64)
        return leaves_list(self.linkage).astype(np.int64)


def compare_palettes(
    palettes: Mapping[str, Palette],
    groups: Mapping[str, str] | None = None,
    *,
    progress: Progress = silent,
) -> PaletteComparison:
    """Compare the palettes of several images.

    Parameters
    ----------
    palettes : mapping of str to Palette
        The palette of each image, all of one clustering (see `shares`) or each of its own. Those
        without pixels are left out.
    groups : mapping of str to str, optional
        The group of each image, by the image's name.
    progress : callable, optional
        Called with the fraction done.

    Returns
    -------
    PaletteComparison
        With the earth mover's distance of each pair: the least cost of turning the shares of one
        palette into those of the other, where moving a share costs that share times the color
        difference (ΔE2000) [1]_.

    Raises
    ------
    ValueError
        If these are no palettes or none has pixels, or an image has no group where there are
        groups.

    References
    ----------
    .. [1] Y. Rubner, C. Tomasi and L. J. Guibas, "The earth mover's distance as a metric for image
       retrieval", Int. J. Comput. Vis. 40 (2000).
    """
    check_kind("palettes", palettes, Mapping)
    check_kinds("palettes", palettes.values(), Palette)
    if not palettes:
        raise ValueError("At least one palette is needed for a comparison, got none.")
    left_out = tuple(name for name, palette in palettes.items() if palette.n_pixels == 0)
    palettes = {name: palette for name, palette in palettes.items() if name not in left_out}
    if not palettes:
        raise ValueError(f"No palette has pixels to compare, got {_some_of(left_out)}.")
    if groups is not None and (without := [name for name in palettes if name not in groups]):
        raise ValueError(f"Each image needs a group, got none for {_some_of(without)}.")
    values = list(palettes.values())
    distances = np.zeros((len(values), len(values)))
    rows, columns = np.triu_indices(len(values), 1)
    pairs = [(values[one], values[other]) for one, other in zip(rows, columns, strict=True)]
    distances[rows, columns] = distances[columns, rows] = _distances(pairs, progress)
    of_groups = None if groups is None else tuple(str(groups[name]) for name in palettes)
    return PaletteComparison(palettes, frozen(distances), left_out, of_groups)


def palette_distance(one: Palette, other: Palette) -> float:
    """The earth mover's distance between two palettes, in ΔE2000.

    The least cost of turning the shares of one into those of the other, where moving a share costs
    that share times the color difference [1]_: 0 for equal palettes, and at most the largest
    difference between two of their colors.

    Parameters
    ----------
    one, other : Palette
        Palettes with at least one pixel each; their clusters may differ.

    Returns
    -------
    float

    Notes
    -----
    The transport problem [2]_ is solved exactly, as a sparse linear program. Memory grows with the
    product of the numbers of colors.

    References
    ----------
    .. [1] G. Sharma, W. Wu and E. N. Dalal, "The CIEDE2000 color-difference formula", Color Res.
       Appl. 30 (2005).
    .. [2] Y. Rubner, C. Tomasi and L. J. Guibas, "The earth mover's distance as a metric for image
       retrieval", Int. J. Comput. Vis. 40 (2000).
    """
    return float(_distances([(one, other)])[0])


def distances_to(
    palettes: Sequence[Palette], other: Palette, *, progress: Progress = silent
) -> np.ndarray:
    """The `palette_distance` of each palette to another one, as to that of a pool.

    Parameters
    ----------
    palettes : sequence of Palette
        The palettes.
    other : Palette
        The palette that all are compared with.
    progress : callable, optional
        Called with the fraction done.

    Returns
    -------
    ndarray, shape (n_palettes,), float64
        In ΔE2000; NaN where a palette has no pixels.
    """
    distances = np.full(len(palettes), np.nan)
    rows = [row for row, palette in enumerate(palettes) if palette.n_pixels and other.n_pixels]
    distances[rows] = _distances([(palettes[row], other) for row in rows], progress)
    return distances


def _distances(pairs: Sequence[tuple[Palette, Palette]], progress: Progress = silent) -> np.ndarray:
    """The distance of each pair of palettes, shape (n_pairs,)."""
    distances = np.empty(len(pairs))
    for start in range(0, len(pairs), _PAIRS_AT_ONCE):
        block = slice(start, start + _PAIRS_AT_ONCE)
        distances[block] = transport_costs([_transport(*pair) for pair in pairs[block]])
        progress(min(block.stop, len(pairs)) / len(pairs), STEP)
    return distances


def _transport(one: Palette, other: Palette) -> Transport:
    costs = _color_differences(one.colors.tobytes(), other.colors.tobytes())
    used, other_used = one.pixels > 0, other.pixels > 0
    return Transport(
        costs[np.ix_(used, other_used)], one.fractions[used], other.fractions[other_used]
    )


@lru_cache(1)
def _color_differences(one: bytes, other: bytes) -> np.ndarray:
    """ΔE2000 between colors (n, 3) and (m, 3), given as bytes: shape (n, m).

    Cached, since all palettes of one clustering have the same colors.
    """
    return delta_e(*(np.frombuffer(colors, np.uint8).reshape(-1, 3) for colors in (one, other)))


def _some_of(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMED
    named = ", ".join(names[:_MOST_NAMED])
    return f"{named} and {more:,} more" if more > 0 else named
