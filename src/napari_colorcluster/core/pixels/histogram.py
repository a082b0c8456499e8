"""Which colors an image has, and how many pixels of each: all that a clustering needs to know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from napari_colorcluster.core.pixels.codes import decode, encode, merge_counts
from napari_colorcluster.core.pixels.counter import FEW_PIXELS, Tallied, Tally, sort_colors
from napari_colorcluster.core.pixels.image import (
    as_image,
    as_mask,
    block_slices,
    is_dask,
    read_block,
)
from napari_colorcluster.core.support.frozen import frozen
from napari_colorcluster.core.support.progress import Progress, silent
from napari_colorcluster.core.support.threads import map_in_threads, usable_threads

WHAT = "Counting colors"
"""The step in words."""


@dataclass(frozen=True, eq=False)
class ColorHistogram:
    """The distinct colors of one or more images and their counts; histograms add with ``+``.

    Parameters
    ----------
    colors : array-like, shape (n_colors, 3), uint8
        Distinct sRGB colors, in any order. They are kept in Z-order, which is that of their
        numbers, so that near colors are together.
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
    codes: np.ndarray = field(init=False, repr=False)
    """The colors' numbers, ascending; see `encode`. Shape (n_colors,), int32."""

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
        codes = encode(colors)
        order = np.argsort(codes)
        codes = codes[order]
        colors, counts = colors[order], counts[order]
        if (again := codes[1:] == codes[:-1]).any():
            twice = colors[np.argmax(again)].tobytes().hex()
            raise ValueError(f"The colors of a histogram must be distinct, got #{twice} twice.")
        self._keep(Tallied(codes, colors, counts))

    def _keep(self, tallied: Tallied) -> None:
        for name, array in tallied._asdict().items():
            object.__setattr__(self, name, frozen(array))

    @classmethod
    def of_counted(cls, tallied: Tallied, n_pixels: int) -> ColorHistogram:
        """Take what was counted among `n_pixels` as it is: neither checked nor copied."""
        histogram = object.__new__(cls)
        object.__setattr__(histogram, "n_excluded", n_pixels - int(tallied.counts.sum()))
        histogram._keep(tallied)
        return histogram

    def __reduce__(self) -> tuple[Any, ...]:
        # Read-only again where it arrives.
        tallied = Tallied(self.codes, self.colors, self.counts)
        return ColorHistogram.of_counted, (tallied, self.n_pixels + self.n_excluded)

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
            negative, the mask is of another shape, or a chunk of a dask array raises what is no
            `OSError`; one that is comes as such. Both name the chunk.
        """
        image = as_image(image)
        mask = as_mask(mask, image)
        if is_dask(image):
            from napari_colorcluster.core.pixels.on_dask import count_lazily

            return count_lazily(image, mask, progress)
        return count_image(image, mask, progress=progress)

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
        return add_histograms([self, other])

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


def count_image(
    image: Any, mask: Any = None, *, progress: Progress = silent, n_threads: int | None = None
) -> ColorHistogram:
    """Count an image that is no dask array.

    Parameters
    ----------
    image, mask, progress
        As `ColorHistogram.from_image` takes them, checked.
    n_threads : int, optional
        At most; what `map_in_threads` takes by default.
    """
    n_pixels = prod(image.shape[:-1])
    if n_pixels <= FEW_PIXELS:
        whole = tuple(slice(0, size) for size in image.shape[:-1])
        tallied = sort_colors(read_block(image, mask, whole))
        progress(1.0, WHAT)
        return ColorHistogram.of_counted(tallied, n_pixels)
    blocks = list(block_slices(image))
    tally = Tally(usable_threads(len(blocks), n_threads))

    def count(where: tuple[slice, ...]) -> None:
        tally.add(read_block(image, mask, where))

    map_in_threads(count, blocks, progress, WHAT, n_threads)
    return ColorHistogram.of_counted(tally.collect(), n_pixels)


def add_histograms(histograms: Sequence[ColorHistogram]) -> ColorHistogram:
    """The histogram of all images together; the same as ``sum``, in one go."""
    parts = [(histogram.codes, histogram.counts) for histogram in histograms]
    codes, counts = merge_counts(parts)
    n_excluded = sum(histogram.n_excluded for histogram in histograms)
    tallied = Tallied(codes, decode(codes), counts)
    return ColorHistogram.of_counted(tallied, int(counts.sum()) + n_excluded)
