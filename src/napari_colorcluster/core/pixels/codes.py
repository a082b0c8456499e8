"""Colors as integer codes, to sort them, to look them up and to add up their counts.

The codes follow a space-filling curve through the RGB cube, so that close colors have close codes:
the colors in a box are a run of codes, and tables that are indexed by the codes of a photo's colors
are read with few cache misses.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

N_BITS = 24
N_CODES = 1 << N_BITS
"""Number of colors of 8 bits per channel."""

_BITS = np.arange(8)

BLUE = ((np.arange(256)[:, np.newaxis] >> _BITS & 1) << 3 * _BITS).sum(axis=1).astype(np.int32)
GREEN, RED = BLUE << 1, BLUE << 2
"""The bits that a channel contributes to the code, by its value: spread to every third."""

HALVES = np.stack(
    [
        sum((np.arange(4096) >> 3 * bit + channel & 1) << bit for bit in range(4))
        for channel in (2, 1, 0)
    ],
    axis=1,
).astype(np.uint8)
"""The color of each 12-bit half of a code, shape (4096, 3): four bits per channel."""


def encode(colors: np.ndarray) -> np.ndarray:
    """Encode colors in Z-order (Morton codes): the bits of the channels are interleaved.

    The highest bits come first, and of equal ones red, green, then blue.

    Parameters
    ----------
    colors : ndarray, shape (..., 3 or 4), uint8
        A fourth channel is ignored.

    Returns
    -------
    ndarray, shape (...), int32
        In 0..2**24 - 1.

    References
    ----------
    G. M. Morton, "A computer oriented geodetic data base and a new technique in file sequencing",
    IBM (1966).
    """
    return RED[colors[..., 0]] | GREEN[colors[..., 1]] | BLUE[colors[..., 2]]


def decode(codes: np.ndarray) -> np.ndarray:
    """Turn codes back into colors, shape (..., 3), uint8."""
    return HALVES[codes >> 12] << 4 | HALVES[codes & 4095]


def hex_codes(colors: np.ndarray) -> np.ndarray:
    """Number colors as hex triplets do: ``red << 16 | green << 8 | blue``.

    Parameters
    ----------
    colors : ndarray, shape (n, 3), uint8
        RGB.

    Returns
    -------
    ndarray, shape (n,), int64
    """
    red, green, blue = colors.astype(np.int64).T
    return red << 16 | green << 8 | blue


def merge_counts(
    parts: Sequence[tuple[np.ndarray, np.ndarray]],
) -> tuple[np.ndarray, np.ndarray]:
    """Add up the counts of equal codes.

    Parameters
    ----------
    parts : sequence of (ndarray, ndarray)
        Codes, in any order and possibly repeated, and their counts.

    Returns
    -------
    codes : ndarray, shape (n_codes,), int32
        The distinct codes, ascending.
    counts : ndarray, shape (n_codes,), int64
    """
    codes = np.concatenate([np.empty(0, np.int32), *(codes for codes, _ in parts)])
    counts = np.concatenate([np.empty(0, np.int64), *(counts for _, counts in parts)])
    if not codes.size:
        return codes, counts
    # A stable sort is fast on concatenated histograms, which are sorted runs.
    order = np.argsort(codes, kind="stable")
    codes, counts = codes[order], counts[order]
    first = np.flatnonzero(np.diff(codes, prepend=-1))
    return codes[first], np.add.reduceat(counts, first)
