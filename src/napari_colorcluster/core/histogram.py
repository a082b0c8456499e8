"""Which colors an image has, and how many pixels of each: all that a clustering needs to know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from napari_colorcluster.core.image import Pixels, as_image, as_mask, block_slices, read_pixels
from napari_colorcluster.core.progress import Progress, silent
from napari_colorcluster.core.threads import map_in_threads

_Where = tuple[slice, ...]
_Read = Callable[[_Where], Pixels]
_Counted = tuple[np.ndarray, np.ndarray]

N_CODES = 1 << 24
"""Number of colors that 8 bits a channel can tell apart."""

_N_TABLES = 2
"""Threads that count, each into 64 MB of its own: two fill the memory bus."""


@dataclass(frozen=True, eq=False)
class ColorHistogram:
    """The distinct colors of one or more images and their counts; histograms add with ``+``.

    Parameters
    ----------
    colors : array-like, shape (n_colors, 3), uint8
        Distinct sRGB colors, in ascending order (red first, then green, then blue).
    counts : array-like, shape (n_colors,), int64
        Number of pixels of each color, at least 1.
    n_excluded : int, default 0
        Number of pixels that were left out: masked, transparent (alpha 0) or not finite.

    See Also
    --------
    from_image : count the colors of an array.
    """

    colors: np.ndarray
    counts: np.ndarray
    n_excluded: int = 0

    def __post_init__(self) -> None:
        colors = _as_integers("colors", self.colors, np.uint8).reshape(-1, 3)
        counts = _as_integers("counts", self.counts, np.int64).reshape(-1)
        if len(colors) != len(counts):
            raise ValueError(
                f"A histogram needs one count a color, got {len(colors)} colors and "
                f"{len(counts)} counts."
            )
        if (counts < 1).any():
            raise ValueError(f"Counts must be at least 1, got {counts.min()}.")
        if (np.diff(encode(colors)) <= 0).any():
            raise ValueError("The colors of a histogram must be distinct and in ascending order.")
        colors.setflags(write=False)
        counts.setflags(write=False)
        object.__setattr__(self, "colors", colors)
        object.__setattr__(self, "counts", counts)

    @classmethod
    def from_image(
        cls, image: Any, mask: Any = None, *, progress: Progress = silent
    ) -> ColorHistogram:
        """Count the colors of an image in one pass over its blocks.

        Parameters
        ----------
        image : array, shape (..., 3 or 4)
            RGB or RGBA: uint8 as it is, other integers scaled by their type's range, floats in
            [0, 1], both to 8 bits a channel. Any number of leading axes: a stack or a time-lapse
            counts as one image.
        mask : array of bool, shape (...), optional
            True where a pixel takes part. By default all do.
        progress : callable, optional
            Told the fraction done.

        Returns
        -------
        ColorHistogram
            Pixels with alpha 0 or with a channel that is not finite are left out as well, and
            counted in ``n_excluded``.

        Raises
        ------
        ValueError
            Where the image has no color channels, a float lies outside [0, 1], an integer is
            negative, or the mask is of another shape.
        """
        image = as_image(image)
        mask = as_mask(mask, image)
        blocks = list(block_slices(image))

        def read(where: _Where) -> Pixels:
            part = None if mask is None else np.asarray(mask[where])
            return read_pixels(np.asarray(image[where]), part)

        total = prod(image.shape[:-1])
        codes, counts = _count(read, blocks, total, progress)
        return cls(decode(codes), counts, total - int(counts.sum()))

    @property
    def n_pixels(self) -> int:
        """Number of pixels that take part."""
        return int(self.counts.sum())

    @property
    def n_colors(self) -> int:
        """Number of distinct colors."""
        return len(self.colors)

    def __len__(self) -> int:
        return self.n_colors

    def __add__(self, other: ColorHistogram) -> ColorHistogram:
        if not isinstance(other, ColorHistogram):
            return NotImplemented
        codes, counts = _merge(
            [(encode(self.colors), self.counts), (encode(other.colors), other.counts)]
        )
        return ColorHistogram(decode(codes), counts, self.n_excluded + other.n_excluded)

    def __radd__(self, other: object) -> ColorHistogram:
        # sum() begins at 0.
        return self if isinstance(other, int) and other == 0 else NotImplemented

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ColorHistogram):
            return NotImplemented
        return (
            np.array_equal(self.colors, other.colors)
            and np.array_equal(self.counts, other.counts)
            and self.n_excluded == other.n_excluded
        )

    __hash__ = None


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


def _as_integers(what: str, values: Any, dtype: DTypeLike) -> np.ndarray:
    given = np.array(values)
    allowed = np.iinfo(dtype)
    if given.size == 0:
        return given.astype(dtype)
    if given.dtype.kind not in "ui" or given.min() < allowed.min or given.max() > allowed.max:
        raise ValueError(
            f"The {what} of a histogram must be integers in {allowed.min}..{allowed.max}, "
            f"got {given.min()}..{given.max()} of type {given.dtype}."
        )
    return given.astype(dtype)


def _count(read: _Read, blocks: list[_Where], n_pixels: int, progress: Progress) -> _Counted:
    """Count into tables of all colors, one a thread: no order to establish, only to read off."""
    from napari_colorcluster.core.kernels import PAGE, collect_colors, count_colors

    n_tables = max(min(_N_TABLES, len(blocks)), 1)
    # The system hands out cleared pages as they are touched: a table of few colors costs little.
    dtype = np.uint32 if n_pixels <= np.iinfo(np.uint32).max else np.int64
    tables = np.zeros((n_tables, N_CODES), dtype)
    touched = np.zeros((n_tables, N_CODES // PAGE), np.bool_)
    free = list(range(n_tables))

    def count(where: _Where) -> None:
        pixels = read(where)
        mine = free.pop()
        count_colors(pixels.values, pixels.keep, tables[mine], touched[mine])
        free.append(mine)

    map_in_threads(count, blocks, progress, "Counting colors", n_tables)
    most = min(n_pixels, N_CODES)
    codes, counts = np.empty(most, np.int32), np.empty(most, np.int64)
    found = collect_colors(tables, touched.any(axis=0), codes, counts)
    return codes[:found].copy(), counts[:found].copy()


def _merge(parts: list[_Counted]) -> _Counted:
    """Add up counts of codes that may occur in more than one part; the codes come back sorted."""
    if not parts:
        return np.empty(0, np.int32), np.empty(0, np.int64)
    codes, where = np.unique(np.concatenate([codes for codes, _ in parts]), return_inverse=True)
    counts = np.zeros(len(codes), np.int64)
    np.add.at(counts, where, np.concatenate([counts for _, counts in parts]))
    return codes, counts
