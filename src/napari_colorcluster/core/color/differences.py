"""Color differences: how far colors are apart, and which of a palette are close to each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from napari_colorcluster.core.color.palette import Palette

MIN_DELTA_E = 5.0
"""The ΔE2000 below which two clusters' colors count as close.

Side by side, about 1 is just noticeable, and above 5 people see two different colors and no longer
two shades of one (W. S. Mokrzycki and M. Tatol, "Colour difference ΔE: a survey", Machine Graphics
and Vision 20 (2011)). Clusters lie apart, in a picture and beside its other colors, where less is
seen than side by side.
"""

_PAIRS_IN_BLOCK = 1_000_000
"""Compared at once, to bound memory: some 100 megabytes."""


class ClosePair(NamedTuple):
    """Two clusters whose colors are close.

    Attributes
    ----------
    first, second : int
        Their labels, the smaller first.
    delta_e : float
        The ΔE2000 between their colors.
    """

    first: int
    second: int
    delta_e: float


def delta_e(colors: np.ndarray, others: np.ndarray) -> np.ndarray:
    """The color difference between each color and each other.

    Parameters
    ----------
    colors, others : ndarray, shape (n, 3) and (m, 3), uint8
        sRGB.

    Returns
    -------
    ndarray, shape (n, m), float64
        ΔE2000 [1]_.

    References
    ----------
    .. [1] G. Sharma, W. Wu and E. N. Dalal, "The CIEDE2000 color-difference formula", Color Res.
       Appl. 30 (2005).
    """
    from skimage.color import rgb2lab

    return delta_e_of_lab(rgb2lab(colors / 255), rgb2lab(others / 255))


def delta_e_of_lab(lab: np.ndarray, others: np.ndarray) -> np.ndarray:
    """The same as `delta_e`, of points in CIELAB: (n, 3) and (m, 3), float64."""
    from skimage.color import deltaE_ciede2000

    height = max(_PAIRS_IN_BLOCK // max(len(others), 1), 1)
    found = np.empty((len(lab), len(others)))
    for start in range(0, len(lab), height):
        rows = slice(start, start + height)
        found[rows] = deltaE_ciede2000(lab[rows, np.newaxis], others[np.newaxis])
    return found


def close_pairs(palette: Palette, limit: float = MIN_DELTA_E) -> list[ClosePair]:
    """Find the colors of a palette that are closer than a limit.

    Parameters
    ----------
    palette : Palette
        The colors; they may be edited ones.
    limit : float, default MIN_DELTA_E
        The ΔE2000 from which on two colors are far enough apart.

    Returns
    -------
    list of ClosePair
        Tuples of label, label and ΔE2000, closest first; empty where all are far enough apart.
    """
    pairs = [
        ClosePair(*sorted((int(palette.labels[row]), int(palette.labels[other]))), float(delta_e))
        for rows, others, differences in _pairwise(palette.colors)
        for row, other, delta_e in zip(rows, others, differences, strict=True)
        if delta_e < limit
    ]
    return sorted(pairs, key=lambda pair: (pair.delta_e, pair))


def min_delta_e(colors: np.ndarray) -> float:
    """The smallest ΔE2000 between two of some sRGB colors (n, 3), uint8; NaN where there is one."""
    smallest = [differences.min() for _, _, differences in _pairwise(colors)]
    return float(min(smallest, default=float("nan")))


def _pairwise(colors: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Compare each color with those after it: rows, other rows and their ΔE2000, in blocks."""
    from skimage.color import deltaE_ciede2000, rgb2lab

    lab = rgb2lab(colors / 255)
    height = max(_PAIRS_IN_BLOCK // len(lab), 1)
    for start in range(0, len(lab) - 1, height):
        rows, others = np.triu_indices(min(height, len(lab) - 1 - start), 1, len(lab) - start)
        rows, others = rows + start, others + start
        yield rows, others, deltaE_ciede2000(lab[rows], lab[others])
