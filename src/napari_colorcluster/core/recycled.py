"""Memory of large arrays, taken again once nobody uses it.

While a slider is dragged, each step makes labels and colors of the whole image and drops those of
the step before the last. Fresh memory comes from the system page by page, each cleared: at 12
megapixels that takes longer than to fill it.
"""

from __future__ import annotations

from math import prod
from sys import getrefcount
from threading import Lock

import numpy as np
from numpy.typing import DTypeLike

_SMALLEST = 1 << 20
"""Bytes from which on it is worth the trouble."""

_MOST_KEPT = 3 << 26
"""Bytes that are kept at most, used or not: labels and colors of 16 megapixels, three times."""

_kept: list[np.ndarray] = []
"""The memory, that which was taken last at the end. Arrays in use are views of it."""

_lock = Lock()

_ONE = [np.empty(0)]

UNUSED = getrefcount(_ONE[0])
"""References to what a list alone holds, as that function counts them."""


def empty(shape: tuple[int, ...], dtype: DTypeLike) -> np.ndarray:
    """Make an array as `numpy.empty` does, of memory that was used before where there is some.

    Parameters
    ----------
    shape : tuple of int
        Its shape.
    dtype : dtype
        Its type.

    Returns
    -------
    ndarray
        With whatever is in its memory. Nobody else has a view of that.
    """
    n_bytes = prod(shape) * np.dtype(dtype).itemsize
    if not _SMALLEST <= n_bytes <= _MOST_KEPT // 2:
        return np.empty(shape, dtype)
    with _lock:
        memory = _take(n_bytes)
        _kept.append(memory)
        while sum(each.nbytes for each in _kept) > _MOST_KEPT:
            # Where it is in use, it stays with those who use it.
            del _kept[0]
        return memory.view(dtype).reshape(shape)


def _take(n_bytes: int) -> np.ndarray:
    for place in range(len(_kept)):
        if _kept[place].nbytes == n_bytes and getrefcount(_kept[place]) == UNUSED:
            return _kept.pop(place)
    return np.empty(n_bytes, np.uint8)
