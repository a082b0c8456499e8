"""Colors as numbers: to sort them, to look them up and to add their counts up.

The numbers follow a curve that fills the cube of all colors, so that colors of near numbers are
near each other: a box of colors is a run of numbers, and a photo's colors share few lines of the
cache where a table is read by their numbers.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

N_BITS = 24
N_CODES = 1 << N_BITS
"""Number of colors that 8 bits a channel can tell apart."""

_BITS = np.arange(8)

BLUE = ((np.arange(256)[:, np.newaxis] >> _BITS & 1) << 3 * _BITS).sum(axis=1).astype(np.int32)
GREEN, RED = BLUE << 1, BLUE << 2
"""What each value of a channel adds to a color's number: its bits, every third of them."""

HALVES = np.stack(
    [
        sum((np.arange(4096) >> 3 * bit + channel & 1) << bit for bit in range(4))
        for channel in (2, 1, 0)
    ],
    axis=1,
).astype(np.uint8)
"""The color of each number below 4096, shape (4096, 3): four bits a channel."""


def encode(colors: np.ndarray) -> np.ndarray:
    """Number colors in Z-order: the bits of red, green and blue take turns, the highest first.

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
    """Turn numbers of colors back into colors, shape (..., 3), uint8."""
    return HALVES[codes >> 12] << 4 | HALVES[codes & 4095]


def merge_counts(
    parts: Sequence[tuple[np.ndarray, np.ndarray]],
) -> tuple[np.ndarray, np.ndarray]:
    """Add up counts of codes that may occur more than once, in one part or in several.

    Parameters
    ----------
    parts : sequence of (ndarray, ndarray)
        Codes, in any order, and their counts.

    Returns
    -------
    codes : ndarray, shape (n_codes,), int32
        Each once, in ascending order.
    counts : ndarray, shape (n_codes,), int64
    """
    codes = np.concatenate([np.empty(0, np.int32), *(codes for codes, _ in parts)])
    counts = np.concatenate([np.empty(0, np.int64), *(counts for _, counts in parts)])
    if not codes.size:
        return codes, counts
    # The stable sort merges runs that are sorted already, which is what histograms are.
    order = np.argsort(codes, kind="stable")
    codes, counts = codes[order], counts[order]
    first = np.flatnonzero(np.diff(codes, prepend=-1))
    return codes[first], np.add.reduceat(counts, first)
