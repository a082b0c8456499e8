"""Sizes and shapes of patches, as scikit-image measures those of regions: of all at a time."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from napari_colorcluster.core.pattern.connected.hulls import convex_areas
from napari_colorcluster.core.pattern.connected.patch_loops import (
    DIAGONAL,
    MIXED,
    STRAIGHT,
    XX,
    XY,
    YY,
    X,
    Y,
    mark_borders,
    sum_up,
    tell_kinds,
)
from napari_colorcluster.core.support.threads import even_cuts, map_in_threads

Columns = dict[str, np.ndarray]

_N_STRIPS = 32
"""Strips of a plane that threads share."""

_PART = 1 << 14
"""Patches whose ellipses are computed at once: what is made of them stays in a core's own cache."""


def count_pixels(patches: np.ndarray, n: int) -> tuple[np.ndarray, Columns]:
    """Count the pixels of each patch; as `measure_shapes` is called, and much faster."""
    firsts, areas, *_ = _sum(patches, n, np.zeros(patches.shape, np.uint8))
    return firsts, {"pixels": areas}


def _sum(patches: np.ndarray, n: int, borders: np.ndarray) -> tuple[np.ndarray, ...]:
    firsts = np.empty((n, 2), np.int32)
    areas, sums = np.zeros(n, np.int64), np.zeros((n, 5), np.int64)
    boxes, kinds = np.zeros((2, n, 4), np.int32)
    sum_up(patches, borders, firsts, areas, sums, boxes, kinds)
    return firsts, areas, sums, boxes, kinds


def measure_shapes(
    patches: np.ndarray, n: int, spacing: tuple[float, float]
) -> tuple[np.ndarray, Columns]:
    """Measure all patches of a plane.

    Parameters
    ----------
    patches : ndarray, shape (height, width), integer
        The patch of each pixel, numbered in the order of their first pixels; -1 for none.
    n : int
        How many there are.
    spacing : (float, float)
        Size of a pixel along rows and columns.

    Returns
    -------
    firsts : ndarray, shape (n, 2), int32
        Row and column of each patch's first pixel.
    columns : dict of str to ndarray, shape (n,)
        What `Pattern.patches` lists, from ``pixels`` on.
    """
    firsts, areas, sums, boxes, kinds = _sum(patches, n, _borders(patches))
    height, width = spacing
    columns = {"pixels": areas, "area": areas * (height * width)}
    columns["perimeter"] = _perimeters(kinds, spacing)
    columns["centroid-0"] = height * (firsts[:, 0] + sums[:, Y] / areas)
    columns["centroid-1"] = width * (firsts[:, 1] + sums[:, X] / areas)
    columns |= {f"bbox-{i}": boxes[:, i].copy() for i in range(4)}
    columns |= _ellipses_in_parts(areas, sums, spacing)
    columns["solidity"] = areas / convex_areas(patches, boxes)
    return firsts, columns


def _borders(patches: np.ndarray) -> np.ndarray:
    borders = np.empty(patches.shape, np.uint8)
    strips = list(pairwise(even_cuts(len(patches), _N_STRIPS)))
    map_in_threads(lambda strip: mark_borders(patches, *strip, borders), strips)
    map_in_threads(lambda strip: tell_kinds(patches, *strip, borders), strips)
    return borders


def _perimeters(kinds: np.ndarray, spacing: tuple[float, float]) -> np.ndarray:
    height, width = spacing
    if height != width:
        return np.full(len(kinds), np.nan)
    diagonal = np.sqrt(2)
    return height * (
        kinds[:, STRAIGHT] + kinds[:, DIAGONAL] * diagonal + kinds[:, MIXED] * ((1 + diagonal) / 2)
    )


def _ellipses_in_parts(
    areas: np.ndarray, sums: np.ndarray, spacing: tuple[float, float]
) -> Columns:
    cuts = even_cuts(len(areas), len(areas) // _PART + 1)
    parts = map_in_threads(
        lambda part: _ellipses(areas[slice(*part)], sums[slice(*part)], spacing),
        list(pairwise(cuts)),
    )
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _ellipses(areas: np.ndarray, sums: np.ndarray, spacing: tuple[float, float]) -> Columns:
    """The ellipses with the same second moments.

    Patches that are as long as wide, or one pixel thick, are so exactly, as products of integers
    are subtracted first.
    """
    height, width = spacing
    n = areas.astype(np.float64)
    y, x = sums[:, Y].astype(np.float64), sums[:, X].astype(np.float64)
    # Central moments, times n².
    yy = (n * sums[:, YY] - y * y) * height**2
    xx = (n * sums[:, XX] - x * x) * width**2
    xy = (n * sums[:, XY] - y * x) * (height * width)
    middle, half = (yy + xx) / 2, np.hypot((yy - xx) / 2, xy)
    major = middle + half
    # The larger root first, the other one from their product: the difference would lose digits.
    minor = np.divide(yy * xx - xy * xy, major, out=np.zeros_like(major), where=major > 0)
    minor = np.maximum(minor, 0)
    flat = 1 - np.divide(minor, major, out=np.ones_like(major), where=major > 0)
    orientation = np.where(
        yy == xx, np.where(xy > 0, np.pi / 4, -np.pi / 4), np.arctan2(2 * xy, yy - xx) / 2
    )
    return {
        "axis_major_length": 4 * np.sqrt(major) / n,
        "axis_minor_length": 4 * np.sqrt(minor) / n,
        "orientation": orientation,
        "eccentricity": np.sqrt(np.maximum(flat, 0)),
    }
