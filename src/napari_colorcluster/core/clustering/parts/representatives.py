"""The color that represents a cluster: its mean, or one of the colors that it consists of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np

from napari_colorcluster.core.color.working_space import WorkingSpace
from napari_colorcluster.core.pixels.codes import hex_codes
from napari_colorcluster.core.support.threads import map_in_threads

_COLORS_IN_BLOCK = 1 << 14
"""Measured at once, in a core's own cache."""

Representative = Callable[
    [WorkingSpace, np.ndarray, np.ndarray, np.ndarray, np.ndarray], np.ndarray
]
"""Finds the true sRGB color (n_groups, 3), uint8, of each group of an image's distinct colors.

Takes the working space, the colors (n, 3), uint8, their counts (n,), int64, the group of each (n,),
0..n_groups - 1 and each used, and the mean of each group in that space (n_groups, 3), float64.
"""


def _mode(
    space: WorkingSpace,
    colors: np.ndarray,
    counts: np.ndarray,
    groups: np.ndarray,
    centers: np.ndarray,
) -> np.ndarray:
    """The color of most pixels; of several, the one that is nearest to the mean."""
    if space.calibration is not None:
        # Colors that differ in the image can be the same once they are calibrated and clipped.
        colors, counts, groups = _merged(space.true_colors(colors), counts, groups)
        space = replace(space, calibration=None)
    most = np.zeros(len(centers), np.int64)
    np.maximum.at(most, groups, counts)
    rows = np.flatnonzero(counts == most[groups])
    distances = _squared_distances(space.points(colors[rows]), centers[groups[rows]])
    return colors[rows[_first_of_groups(groups[rows], distances, hex_codes(colors[rows]))]]


def _medoid(
    space: WorkingSpace,
    colors: np.ndarray,
    counts: np.ndarray,
    groups: np.ndarray,
    centers: np.ndarray,
) -> np.ndarray:
    """The color with the least sum of squared distances to all pixels in the working space.

    That sum is the one to the mean, plus the number of pixels times the squared distance to the
    mean: so it is the color which is nearest to the mean. Of several, that of most pixels.
    """
    distances = np.empty(len(colors))

    def measure(start: int) -> None:
        block = slice(start, start + _COLORS_IN_BLOCK)
        distances[block] = _squared_distances(space.points(colors[block]), centers[groups[block]])

    map_in_threads(measure, range(0, len(colors), _COLORS_IN_BLOCK))
    least = np.full(len(centers), np.inf)
    np.minimum.at(least, groups, distances)
    rows = np.flatnonzero(distances == least[groups])
    first = _first_of_groups(groups[rows], -counts[rows], hex_codes(colors[rows]))
    return space.true_colors(colors[rows[first]])


MEAN = "mean"
"""What represents a cluster unless another is asked for: the mean of its pixels."""

OWN_COLORS: Mapping[str, Representative] = MappingProxyType({"mode": _mode, "medoid": _medoid})
"""What else can, by name: each finds one of the colors that a cluster consists of."""


def check_representative(by: Any) -> str:
    """Check what is to represent the clusters.

    Raises
    ------
    ValueError
        Where it is unknown.
    """
    known = (MEAN, *OWN_COLORS)
    if not isinstance(by, str) or by not in known:
        raise ValueError(
            f"A cluster can be represented by {', '.join(map(repr, known))}, got {by!r}."
        )
    return by


def _merged(
    colors: np.ndarray, counts: np.ndarray, groups: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Add up the counts of colors that are the same, in each group."""
    keys = groups.astype(np.int64) << 24 | hex_codes(colors)
    _, first, which = np.unique(keys, return_index=True, return_inverse=True)
    total = np.zeros(len(first), np.int64)
    np.add.at(total, which, counts)
    return colors[first], total, groups[first]


def _squared_distances(points: np.ndarray, centers: np.ndarray) -> np.ndarray:
    return ((points - centers) ** 2).sum(axis=1)


def _first_of_groups(groups: np.ndarray, *keys: np.ndarray) -> np.ndarray:
    """The row with the smallest keys in each group, where earlier keys count first."""
    order = np.lexsort([*keys[::-1], groups])
    _, first = np.unique(groups[order], return_index=True)
    return order[first]
