"""Which colors an image has, and how many pixels of each: all that a clustering needs to know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from napari_colorcluster.core.pixels.codes import decode, encode, merge_counts
from napari_colorcluster.core.support.frozen import frozen
from napari_colorcluster.core.support.words import counted


@dataclass(frozen=True)
class Excluded:
    """Numbers of pixels that were left out; they add with ``+``.

    A pixel counts once, for the first of these reasons that applies to it.

    Parameters
    ----------
    masked : int, default 0
        Outside the mask.
    not_finite : int, default 0
        With a channel that is not a number, or infinite.
    transparent : int, default 0
        With less alpha than asked for.
    unknown : int, default 0
        For reasons that were not written down, as in older files.
    """

    masked: int = 0
    not_finite: int = 0
    transparent: int = 0
    unknown: int = 0

    @property
    def total(self) -> int:
        """All of them together."""
        return sum(vars(self).values())

    def __add__(self, other: Excluded) -> Excluded:
        if not isinstance(other, Excluded):
            return NotImplemented
        return Excluded(**{reason: n + getattr(other, reason) for reason, n in vars(self).items()})

    def __str__(self) -> str:
        named = {
            "outside the mask": self.masked,
            "not finite": self.not_finite,
            "transparent": self.transparent,
            "left out": self.unknown,
        }
        return ", ".join(f"{number:,} {reason}" for reason, number in named.items() if number)


NONE_EXCLUDED = Excluded()


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
        Number of pixels that were left out.
    excluded : Excluded, optional
        The same by reason: masked, not finite, or transparent.

    See Also
    --------
    count_colors : count the colors of an image.
    """

    colors: np.ndarray
    counts: np.ndarray
    n_excluded: int = 0
    excluded: Excluded | None = None
    codes: np.ndarray = field(init=False, repr=False)
    """The colors' numbers along a curve on which similar colors are near; ascending.

    Shape (n_colors,), int32.
    """

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
        self._keep(codes, colors, counts, self.excluded or Excluded(unknown=self.n_excluded))

    def _keep(
        self, codes: np.ndarray, colors: np.ndarray, counts: np.ndarray, excluded: Excluded
    ) -> None:
        arrays = {"codes": frozen(codes), "colors": frozen(colors), "counts": frozen(counts)}
        left_out = {"n_excluded": excluded.total, "excluded": excluded}
        for name, value in {**arrays, **left_out}.items():
            object.__setattr__(self, name, value)

    @classmethod
    def from_sorted(
        cls, codes: np.ndarray, colors: np.ndarray, counts: np.ndarray, excluded: Excluded
    ) -> ColorHistogram:
        """Take colors in the order of their codes as they are: neither checked nor copied."""
        histogram = object.__new__(cls)
        histogram._keep(codes, colors, counts, excluded)
        return histogram

    def __reduce__(self) -> tuple[Any, ...]:
        # Read-only again where it arrives.
        values = self.codes, self.colors, self.counts, self.excluded
        return ColorHistogram.from_sorted, values

    def __repr__(self) -> str:
        left_out = f", {self.n_excluded:,} left out" if self.n_excluded else ""
        colors, pixels = counted(self.n_colors, "color"), counted(self.n_pixels, "pixel")
        return f"ColorHistogram: {colors} of {pixels}{left_out}"

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
    excluded = sum((histogram.excluded for histogram in histograms), NONE_EXCLUDED)
    return ColorHistogram.from_sorted(codes, decode(codes), counts, excluded)
