"""Arrays of numbers as short text for JSON: bytes of equal significance together, compressed."""

from __future__ import annotations

import zlib
from base64 import b64decode, b64encode
from typing import Any

import numpy as np


def pack(values: np.ndarray, level: int = 9) -> str:
    """Write numbers as text.

    Parameters
    ----------
    values : ndarray, shape (n,), at least one
        Of a little-endian type, which is not written with them.
    level : int, default 9
        How hard to try to make it short, from 1 on: 1 takes a ninth of the time.

    Returns
    -------
    str
        The bytes of the numbers, first all lowest ones, then all second ones and so on: the high
        ones are mostly 0, and compress to nothing. Compressed by zlib, in base64.
    """
    planes = values.view(np.uint8).reshape(len(values), -1).T
    return b64encode(zlib.compress(planes.tobytes(), level)).decode()


def unpack(stored: Any, key: str, dtype: str, n_values: int) -> np.ndarray:
    """Read numbers that `pack` wrote.

    Parameters
    ----------
    stored : mapping
        What holds the text.
    key : str
        Where it does.
    dtype : str
        The little-endian type of the numbers.
    n_values : int
        How many there are.

    Raises
    ------
    ValueError
        Where the text is not that of so many numbers.
    """
    n_bytes = n_values * np.dtype(dtype).itemsize
    decompressor = zlib.decompressobj()
    try:
        # Never more than `n_bytes`: a small file could expand to fill the memory.
        data = decompressor.decompress(b64decode(stored.get(key), validate=True), n_bytes)
    except (ValueError, TypeError, zlib.error):
        data = b""
    if len(data) != n_bytes or decompressor.unconsumed_tail:
        raise ValueError(f'"{key}" does not hold {n_values:,} packed numbers.')
    planes = np.frombuffer(data, np.uint8).reshape(-1, n_values)
    return np.ascontiguousarray(planes.T).view(dtype).reshape(-1)
