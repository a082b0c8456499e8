"""An image in blocks of 8-bit colors, and which of their pixels take part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from math import prod
from typing import Any

import numpy as np

from napari_colorcluster.core.pixels.histogram import NONE_EXCLUDED, Excluded
from napari_colorcluster.core.pixels.reading import AS_STORED, Reading
from napari_colorcluster.core.support.frozen import read_only_view

BLOCK_PIXELS = 1 << 18
"""Pixels in a block: small enough for a core's own cache, large enough to hide the call."""

ALL = np.empty(0, np.bool_)
"""What `Pixels.keep` is where every pixel takes part."""


@dataclass(frozen=True, eq=False)
class Pixels:
    """The pixels of one block.

    Attributes
    ----------
    values : ndarray, shape (n_pixels, 3 or 4), uint8, C-contiguous, read-only
        Red, green and blue, 0..255, and maybe alpha.
    keep : ndarray, shape (n_pixels,), bool, read-only
        Which pixels take part; empty where all do.
    excluded : Excluded
        How many do not, and why.
    """

    values: np.ndarray
    keep: np.ndarray
    excluded: Excluded = NONE_EXCLUDED

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


@dataclass(frozen=True, eq=False)
class PixelSource:
    """An image with its mask, and how its pixels are read: what a pass goes over, block by block.

    Attributes
    ----------
    image : array, shape (..., 3 or 4)
        As `as_image` gives it.
    mask : array of bool, shape (...), optional
        True where a pixel takes part.
    reading : Reading
        How its values become 8-bit colors.
    """

    image: Any
    mask: Any = None
    reading: Reading = AS_STORED

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the image without its channels."""
        return tuple(self.image.shape[:-1])

    def within(self, mask: Any) -> PixelSource:
        """The same image, where a mask is True as well."""
        return replace(self, mask=mask if self.mask is None else self.mask & mask)

    def slices(self) -> Iterator[tuple[slice, ...]]:
        """Part the image into blocks that are read one at a time; see `block_slices`."""
        return block_slices(self.image)

    def part(self, where: tuple[slice, ...]) -> PixelSource:
        """A part of the image, in memory."""
        mask = None if self.mask is None else np.asarray(self.mask[where])
        return PixelSource(np.asanyarray(self.image[where]), mask, self.reading)

    def read(self, where: tuple[slice, ...] = ()) -> Pixels:
        """Read a block; by default all of the image."""
        part = self.part(where)
        return read_pixels(part.image, part.mask, self.reading)


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


def read_pixels(
    block: np.ndarray, mask: np.ndarray | None = None, reading: Reading = AS_STORED
) -> Pixels:
    """Turn a block of an image into 8-bit colors, and say which of its pixels take part.

    A pixel takes part unless its mask is False, one of its channels is not finite or it has less
    alpha than asked for.

    Parameters
    ----------
    block : ndarray, shape (..., 3 or 4)
        Part of an image. Of a masked array, pixels with a masked channel count as masked.
    mask : ndarray, shape (...), optional
        Its part of the mask.
    reading : Reading, optional
        How values become colors.

    Raises
    ------
    ValueError
        Where a finite value lies outside the range.
    """
    if isinstance(block, np.ma.MaskedArray):
        shown = ~np.ma.getmaskarray(block).any(axis=-1)
        block, mask = block.data, shown if mask is None else shown & (mask != 0)
    values = np.ascontiguousarray(block).reshape(-1, block.shape[-1])
    keep, n_left_out = ALL, []
    for kept in (
        None if mask is None else mask.reshape(-1).astype(bool, copy=False),
        np.isfinite(values).all(axis=1) if values.dtype.kind == "f" else None,
        reading.opaque(values[:, 3]) if values.shape[1] == 4 else None,
    ):
        before = int(np.count_nonzero(keep)) if keep.size else len(values)
        keep = _both(keep, kept)
        n_left_out.append(before - (int(np.count_nonzero(keep)) if keep.size else len(values)))
    if keep.size and values.dtype != np.uint8:
        # What takes no part may hold anything, and is not checked.
        values = np.where(keep[:, np.newaxis], values, values.dtype.type(0))
    return Pixels(
        read_only_view(reading.as_8bit(values)), read_only_view(keep), Excluded(*n_left_out)
    )


def _both(keep: np.ndarray, other: np.ndarray | None) -> np.ndarray:
    if other is None or other.all():
        return keep
    return keep & other if keep.size else np.ascontiguousarray(other)
