"""How the pixels of a pyramid's levels belong together."""

from __future__ import annotations

import numpy as np


def centers(full: tuple[int, ...], coarse: tuple[int, ...]) -> tuple[np.ndarray, ...]:
    """Which pixels of the full resolution the centers of a coarser level's pixels fall into.

    Parameters
    ----------
    full, coarse : tuple of int
        The shapes of both, without channels.

    Returns
    -------
    tuple of ndarray
        An index into an array of the full shape; what it takes has the coarse shape.
    """
    return np.ix_(
        *((2 * np.arange(n) + 1) * size // (2 * n) for size, n in zip(full, coarse, strict=True))
    )
