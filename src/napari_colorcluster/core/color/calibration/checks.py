"""What people may give to a calibration, checked before anything is computed of it."""

from __future__ import annotations

import reprlib
from typing import Any

import numpy as np


def as_numbers(value: Any) -> np.ndarray:
    """Numbers as float64, of any shape; none, shape (0,), where there is anything else."""
    try:
        array = np.asarray(value)
    except ValueError:  # rows of different lengths
        return np.empty(0)
    return array.astype(float) if array.dtype.kind in "iuf" else np.empty(0)


def shown(value: Any) -> str:
    """A value as a message shows it: shortened."""
    return reprlib.repr(value.tolist() if isinstance(value, np.ndarray) else value)


def checked_colors(colors: Any) -> np.ndarray:
    """Check colors to be calibrated: shape (n, 3), uint8 or float.

    Raises
    ------
    ValueError
        Where they are something else.
    """
    array = np.asarray(colors) if as_numbers(colors).ndim == 2 else np.empty(0)
    if array.ndim != 2 or array.shape[1] != 3:
        shape = np.shape(colors) if isinstance(colors, np.ndarray) else shown(colors)
        raise ValueError(
            f"colors must be rows of red, green and blue, shape (n, 3), got {shape}; `apply` "
            "takes a whole image."
        )
    # A list of integers has no type of its own: levels of 8 bits, where they can be that.
    is_list = not isinstance(colors, np.ndarray) and array.dtype.kind == "i"
    if is_list and ((array >= 0) & (array <= 255)).all():
        array = array.astype(np.uint8)
    if array.dtype.kind != "f" and array.dtype != np.uint8:
        raise ValueError(
            f"colors must be of 8 bits or floats in [0, 1], got {array.dtype}; `apply` takes an "
            "image of another depth."
        )
    return array
