"""Functions of colors, computed some rows at a time on several threads."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from napari_colorcluster.core.support.progress import silent
from napari_colorcluster.core.support.threads import map_in_threads

_ROWS = 1 << 14
"""With fewer, threads wait for each other in Python; with more, arrays are new memory each time."""


def map_rows(
    function: Callable[[np.ndarray], np.ndarray], colors: np.ndarray, n_threads: int | None = None
) -> np.ndarray:
    """Apply a function to colors.

    Parameters
    ----------
    function : callable
        Colors (n, 3) to numbers of that shape, each row by itself. Called with some rows at a time,
        so that what is on the way stays in a core's cache.
    colors : ndarray, shape (n, 3)
        The colors.
    n_threads : int, optional
        At most; by default one for each core, up to 8.

    Returns
    -------
    ndarray, shape (n, 3), float64
    """
    if len(colors) <= _ROWS:
        return function(colors)
    mapped = np.empty(colors.shape)

    def fill(start: int) -> None:
        rows = slice(start, start + _ROWS)
        mapped[rows] = function(colors[rows])

    starts = range(0, len(colors), _ROWS)
    map_in_threads(fill, starts, silent, "Converting colors", n_threads)
    return mapped
