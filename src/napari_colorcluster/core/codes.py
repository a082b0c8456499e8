"""Colors as numbers: to sort them, to look them up and to add their counts up."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

N_CODES = 1 << 24
"""Number of colors that 8 bits a channel can tell apart."""


def encode(colors: np.ndarray) -> np.ndarray:
    """Number colors by ``red << 16 | green << 8 | blue``.

    Parameters
    ----------
    colors : ndarray, shape (..., 3 or 4), uint8
        A fourth channel is ignored.

    Returns
    -------
    ndarray, shape (...), int32
        In 0..2**24 - 1.
    """
    codes = colors[..., 0].astype(np.int32)
    for channel in (1, 2):
        codes <<= 8
        codes |= colors[..., channel]
    return codes


def decode(codes: np.ndarray) -> np.ndarray:
    """Turn numbers of colors back into colors, shape (..., 3), uint8."""
    return np.stack([codes >> 16, codes >> 8, codes], axis=-1).astype(np.uint8)


def merge_counts(
    parts: Sequence[tuple[np.ndarray, np.ndarray]],
) -> tuple[np.ndarray, np.ndarray]:
    """Add up counts of codes that may occur in more than one part.

    Parameters
    ----------
    parts : sequence of (ndarray, ndarray)
        Codes and their counts.

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
    # The stable sort merges runs that are sorted already, which is what most parts are.
    order = np.argsort(codes, kind="stable")
    codes, counts = codes[order], counts[order]
    first = np.flatnonzero(np.diff(codes, prepend=-1))
    return codes[first], np.add.reduceat(counts, first)
