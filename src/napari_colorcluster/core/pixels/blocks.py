"""An image in blocks of 8-bit colors, and which of their pixels take part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any

import numpy as np

from napari_colorcluster.core.support.frozen import read_only_view

BLOCK_PIXELS = 1 << 18
"""Pixels in a block: small enough for a core's own cache, large enough to hide the call."""

ALL = np.empty(0, np.bool_)
"""What `Pixels.keep` is where every pixel takes part."""

_SLACK = 1e-6
"""How far a float may leave [0, 1]: what float32 arithmetic leaves behind after a rescaling."""


@dataclass(frozen=True, eq=False)
class Pixels:
    """The pixels of one block.

    Attributes
    ----------
    values : ndarray, shape (n_pixels, 3 or 4), uint8, C-contiguous, read-only
        Red, green and blue, 0..255, and maybe alpha.
    keep : ndarray, shape (n_pixels,), bool, read-only
        Which pixels take part; empty where all do.
    """

    values: np.ndarray
    keep: np.ndarray

    def encode(self) -> np.ndarray:
        """Number the colors as `codes.encode` does, in compiled code: shape (n_pixels,), uint32.

        Unsigned, so that loops need not ask whether an index counts from the end.
        """
        from napari_colorcluster.core.pixels.kernels import encode_flat

        codes = np.empty(len(self.values), np.uint32)
        encode_flat(self.values.reshape(-1), self.values.shape[1], codes)
        return codes

    @property
    def n_kept(self) -> int:
        """Number of pixels that take part."""
        return int(np.count_nonzero(self.keep)) if self.keep.size else len(self.values)


def block_slices(image: Any) -> Iterator[tuple[slice, ...]]:
    """Part the leading axes of an image into blocks that are read one at a time.

    Parameters
    ----------
    image : array, shape (..., 3 or 4)
        What is stored in chunks (zarr, HDF5) is parted along them, so that none is read twice.

    Yields
    ------
    tuple of slice
        Together they cover each pixel once. At most `BLOCK_PIXELS` pixels, unless a chunk has
        more; in memory, C order within and among them.
    """
    shape = tuple(image.shape[:-1])
    if prod(shape) == 0:
        return
    chunk = getattr(image, "chunks", None) or (1,) * len(image.shape)
    lengths = _block_shape(shape, tuple(chunk[:-1]))
    starts = (range(0, size, length) for size, length in zip(shape, lengths, strict=True))
    for corner in product(*starts):
        ends = (min(at + n, size) for at, n, size in zip(corner, lengths, shape, strict=True))
        yield tuple(slice(start, stop) for start, stop in zip(corner, ends, strict=True))


def _block_shape(shape: tuple[int, ...], chunk: tuple[int, ...]) -> list[int]:
    """Whole chunks, as many as a block may have: whole trailing axes first, then slabs of them.

    Blocks are about as large as each other, so that no thread waits long for the last.
    """
    n_chunks = max(1, BLOCK_PIXELS // prod(chunk))
    lengths = []
    for size, length in zip(reversed(shape), reversed(chunk), strict=True):
        n_along = -(-size // length)
        n_blocks = -(-n_along // min(n_chunks, n_along))
        lengths.insert(0, min(size, -(-n_along // n_blocks) * length))
        n_chunks //= min(n_chunks, n_along)
    return lengths


def read_block(image: Any, mask: Any = None, where: tuple[slice, ...] = ()) -> Pixels:
    """Read a block of an image and of its mask; see `read_pixels`."""
    part = None if mask is None else np.asarray(mask[where])
    return read_pixels(np.asarray(image[where]), part)


def read_pixels(block: np.ndarray, mask: np.ndarray | None = None) -> Pixels:
    """Turn a block of an image into 8-bit colors, and say which of its pixels take part.

    Integers are scaled by their type's range, floats from [0, 1], rounded to the nearest. A pixel
    takes part unless its mask is False, its alpha is 0 or one of its channels is not finite.

    Parameters
    ----------
    block : ndarray, shape (..., 3 or 4)
        Part of an image.
    mask : ndarray, shape (...), optional
        Its part of the mask.

    Raises
    ------
    ValueError
        Where a finite value lies outside the range.
    """
    values = np.ascontiguousarray(block).reshape(-1, block.shape[-1])
    keep = ALL if mask is None else np.ascontiguousarray(mask).reshape(-1).astype(bool, copy=False)
    if values.dtype.kind == "f":
        keep = _both(keep, np.isfinite(values).all(axis=1))
    if values.shape[1] == 4:
        keep = _both(keep, values[:, 3] > 0)
    if keep.size and values.dtype != np.uint8:
        # What takes no part may hold anything, and is not checked.
        values = np.where(keep[:, np.newaxis], values, values.dtype.type(0))
    return Pixels(read_only_view(_as_8bit(values)), read_only_view(keep))


def _both(keep: np.ndarray, other: np.ndarray) -> np.ndarray:
    if other.all():
        return keep
    return keep & other if keep.size else other


def _as_8bit(values: np.ndarray) -> np.ndarray:
    if values.dtype == np.uint8 or values.size == 0:
        return values.astype(np.uint8, copy=False)
    lowest, highest = values.min(), values.max()
    if values.dtype.kind == "f":
        if lowest < -_SLACK or highest > 1 + _SLACK:
            wrong = lowest if lowest < -_SLACK else highest
            raise ValueError(f"A float image must lie in [0, 1], got a value of {wrong:.6g}.")
        return np.clip(np.rint(values * np.float32(255)), 0, 255).astype(np.uint8)
    if lowest < 0:
        raise ValueError(f"An image of integers must not be negative, got a value of {lowest}.")
    # The largest value of every integer type is odd, so no value lies halfway between two levels.
    return np.rint(values * (255 / np.iinfo(values.dtype).max)).astype(np.uint8)
