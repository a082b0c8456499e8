"""Which colors an image has, and how many pixels of each: all that a clustering needs to know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from napari_colorcluster.core.pixels.codes import decode, encode, merge_counts
from napari_colorcluster.core.support.frozen import frozen


@dataclass(frozen=True, eq=False, repr=False)
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
    count_colors : count the colors of an image.
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
        self._keep(codes, colors, counts)

    def _keep(self, codes: np.ndarray, colors: np.ndarray, counts: np.ndarray) -> None:
        for name, array in (("codes", codes), ("colors", colors), ("counts", counts)):
            object.__setattr__(self, name, frozen(array))

    @classmethod
    def from_sorted(
        cls, codes: np.ndarray, colors: np.ndarray, counts: np.ndarray, n_excluded: int
    ) -> ColorHistogram:
        """Take colors in the order of their codes as they are: neither checked nor copied."""
        histogram = object.__new__(cls)
        object.__setattr__(histogram, "n_excluded", n_excluded)
        histogram._keep(codes, colors, counts)
        return histogram

    def __reduce__(self) -> tuple[Any, ...]:
        # Read-only again where it arrives.
        values = self.codes, self.colors, self.counts, self.n_excluded
        return ColorHistogram.from_sorted, values

    def __repr__(self) -> str:
        left_out = f", {self.n_excluded:,} left out" if self.n_excluded else ""
        return f"ColorHistogram: {self.n_colors:,} colors of {self.n_pixels:,} pixels{left_out}"

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


def add_histograms(histograms: Sequence[ColorHistogram]) -> ColorHistogram:
    """The histogram of all images together; the same as ``sum``, in one go."""
    parts = [(histogram.codes, histogram.counts) for histogram in histograms]
    codes, counts = merge_counts(parts)
    n_excluded = sum(histogram.n_excluded for histogram in histograms)
    return ColorHistogram.from_sorted(codes, decode(codes), counts, n_excluded)
