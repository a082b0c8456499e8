"""How the values of an image become 8-bit colors: its range, its gamma, how much alpha it takes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from numbers import Real
from typing import Any

import numpy as np

MIN_ALPHA = 0.5
"""The least alpha of a pixel that takes part, where nothing else is said."""

_SLACK = 1e-6
"""How far a float may leave [0, 1]: what float32 arithmetic leaves behind after a rescaling."""

_IDENTITY = np.arange(256, dtype=np.uint8)

_FEWER_BITS = (8, 10, 12, 14)
"""What cameras and their software leave in 16 bits."""


def fewer_bits(highest: int) -> int:
    """How many bits a picture of 16 probably has by its largest value: 8, 10, 12, 14 or 16."""
    return next((bits for bits in _FEWER_BITS if highest < 2**bits), 16)


def check_min_alpha(value: Any) -> float:
    """Check the least alpha of a pixel that takes part: a number in [0, 1]."""
    if not isinstance(value, Real) or isinstance(value, bool | np.bool_) or not 0 <= value <= 1:
        raise ValueError(f"min_alpha must be a number in 0..1, got {value!r}.")
    return float(value)


@dataclass(frozen=True)
class Reading:
    """How pixels are read.

    Parameters
    ----------
    contrast_limits : (float, float), optional
        The values that are shown as 0 and as 255, as in napari; others are clipped. By default
        0 and the largest value of an integer type, or 1 of floats.
    gamma : float, default 1.0
        The power that values in [0, 1] are raised to, as in napari.
    min_alpha : float, default 0.5
        The least alpha of a pixel that takes part, in [0, 1]. With 0 all pixels do that are not
        fully transparent.

    Raises
    ------
    ValueError
        Where a value is not allowed.
    """

    contrast_limits: tuple[float, float] | None = None
    gamma: float = 1.0
    min_alpha: float = MIN_ALPHA

    def __post_init__(self) -> None:
        limits = self.contrast_limits
        if limits is not None:
            limits = tuple(map(float, limits))
            if len(limits) != 2 or not np.isfinite(limits).all() or limits[0] >= limits[1]:
                raise ValueError(
                    "contrast_limits must be two numbers, the smaller first, got "
                    f"{self.contrast_limits!r}."
                )
            object.__setattr__(self, "contrast_limits", limits)
        if not isinstance(self.gamma, Real) or not 0 < self.gamma < np.inf:
            raise ValueError(f"gamma must be a number greater than 0, got {self.gamma!r}.")
        check_min_alpha(self.min_alpha)

    def opaque(self, alpha: np.ndarray) -> np.ndarray:
        """Which pixels have alpha enough, by their alpha (n,) of any type."""
        largest = 1.0 if alpha.dtype.kind == "f" else np.iinfo(alpha.dtype).max
        return (alpha > 0) & (alpha >= self.min_alpha * largest)

    def as_8bit(self, values: np.ndarray) -> np.ndarray:
        """Turn values into 8 bits, rounded to the nearest.

        Parameters
        ----------
        values : ndarray, shape (n, 3 or 4)
            Red, green, blue, and maybe alpha, which has no contrast limits; finite.

        Returns
        -------
        ndarray, shape (n, 3 or 4), uint8
            The same array where nothing is to be done.

        Raises
        ------
        ValueError
            Where there are no contrast limits, and a value lies outside the range of its type.
        """
        if values.size == 0:
            return values.astype(np.uint8, copy=False)
        if self.contrast_limits is None and self.gamma == 1:
            return _by_type(values)
        if values.dtype in (np.uint8, np.uint16):
            table = self._table(values.dtype.itemsize)
            if table is _IDENTITY:
                return values
            shown = table[values]
        else:
            shown = self._shown(values)
        if values.shape[1] == 4:
            alpha = values[:, 3]
            shown[:, 3] = _by_type(np.clip(alpha, 0, _largest(alpha.dtype)).astype(alpha.dtype))
        return shown

    def _table(self, n_bytes: int) -> np.ndarray:
        """What each value of an unsigned type becomes."""
        return self._table_of_8 if n_bytes == 1 else self._table_of_16

    @cached_property
    def _table_of_8(self) -> np.ndarray:
        table = self._shown(np.arange(1 << 8, dtype=np.uint8))
        return _IDENTITY if np.array_equal(table, _IDENTITY) else table

    @cached_property
    def _table_of_16(self) -> np.ndarray:
        return self._shown(np.arange(1 << 16, dtype=np.uint16))

    def _shown(self, values: np.ndarray) -> np.ndarray:
        low, high = self.contrast_limits or (0.0, _largest(values.dtype))
        part = np.clip((values.astype(np.float64) - low) / (high - low), 0, 1)
        return np.rint(255 * part**self.gamma).astype(np.uint8)


def _largest(dtype: np.dtype) -> float:
    return 1.0 if dtype.kind == "f" else float(np.iinfo(dtype).max)


def _by_type(values: np.ndarray) -> np.ndarray:
    """Scale integers by their type's range, and floats from [0, 1]."""
    if values.dtype == np.uint8:
        return values
    lowest, highest = values.min(), values.max()
    if values.dtype.kind == "f":
        if lowest < -_SLACK or highest > 1 + _SLACK:
            wrong = lowest if lowest < -_SLACK else highest
            raise ValueError(
                f"A float image must lie in [0, 1], got a value of {wrong:.6g}{_advice(wrong)}."
            )
        return np.clip(np.rint(values * np.float32(255)), 0, 255).astype(np.uint8)
    if lowest < 0:
        raise ValueError(
            f"An image of integers must not be negative, got a value of {lowest}: subtract it from "
            "all values, or set contrast limits."
        )
    # The largest value of every integer type is odd, so no value lies halfway between two levels.
    return np.rint(values * (255 / np.iinfo(values.dtype).max)).astype(np.uint8)


def _advice(value: float) -> str:
    """By what to divide the values of an image, as far as one of them tells."""
    if 2 < value <= 255:
        return ": divide it by 255"
    if 255 < value <= 65_535:
        return ": divide it by 65535, or by the largest value that the camera gives"
    return ""


AS_STORED = Reading()
"""By the range of the image's type."""
