"""Memory of arrays, taken again once nobody uses it.

While a slider is dragged, each step makes labels and colors of the whole image and drops those of
the step before the last. Fresh memory comes from the system page by page, each cleared: at 12
megapixels that takes longer than to fill it, and of small photos it takes a fifth of all time.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from sys import getrefcount
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

_SMALLEST = 1 << 18
"""Bytes from which on it is worth the trouble."""

_SMALL = 5 << 20
"""Bytes up to which memory goes by rounded sizes, so that the next photo can take it."""

_ONE = [np.empty(0)]

_UNUSED = getrefcount(_ONE[0])
"""References to what a list alone holds, as that function counts them."""


def find_unused(kept: list[Any], fits: Callable[[Any], bool]) -> int | None:
    """Find something that fits and that nobody holds but the list: its place there."""
    for place in range(len(kept)):
        if fits(kept[place]) and getrefcount(kept[place]) == _UNUSED:
            return place
    return None


class _Pool:
    """Memory that is kept to be taken again.

    Parameters
    ----------
    most : int
        Bytes that are kept at most, used or not.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.kept: list[np.ndarray] = []
        """The memory, that which was taken last at the end. Arrays in use are views of it."""
        self._lock = Lock()

    def take(self, n_bytes: int) -> np.ndarray:
        """Take memory that nobody uses, or new one: shape (n_bytes,), uint8."""
        with self._lock:
            memory = self._find(n_bytes)
            self.kept.append(memory)
            while sum(each.nbytes for each in self.kept) > self.most:
                # Where it is in use, it stays with those who use it.
                del self.kept[0]
            return memory

    def _find(self, n_bytes: int) -> np.ndarray:
        place = find_unused(self.kept, lambda memory: memory.nbytes == n_bytes)
        return np.empty(n_bytes, np.uint8) if place is None else self.kept.pop(place)


_small = _Pool(1 << 25)
_large = _Pool(3 << 26)
"""Of the large, there are labels and colors of 16 megapixels, three times."""


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
    n_bytes = _n_bytes(shape, dtype)
    if n_bytes < _SMALLEST or n_bytes > _large.most // 2:
        return np.empty(shape, dtype)
    if n_bytes > _SMALL:
        memory = _large.take(n_bytes)
    else:
        step = 1 << n_bytes.bit_length() - 4
        memory = _small.take(-(-n_bytes // step) * step)[:n_bytes]
    return memory.view(dtype).reshape(shape)


def scratch(shape: tuple[int, ...], dtype: DTypeLike) -> np.ndarray:
    """Make an array as `empty` does, unless it is large: then what is let go is the system's.

    For the colors of an image and what is computed of them. Of large photos such memory would be
    kept while labels and colors of all pixels are made, when most is in use; to clear it takes
    little of the time there.
    """
    is_large = _n_bytes(shape, dtype) > _SMALL
    return np.empty(shape, dtype) if is_large else empty(shape, dtype)


def _n_bytes(shape: tuple[int, ...], dtype: DTypeLike) -> int:
    # The sizes of a lazy array may be numpy's integers.
    return int(prod(shape)) * np.dtype(dtype).itemsize


def converted(array: np.ndarray, dtype: DTypeLike) -> np.ndarray:
    """Copy an array to one of another type, C-contiguous, from `scratch`."""
    copy = scratch(array.shape, dtype)
    copy[...] = array
    return copy
