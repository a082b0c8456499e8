"""Pictures upright: the eight ways in which Exif and TIFF say that a camera was held."""

from __future__ import annotations

from typing import Any

import numpy as np

from napari_colorcluster.core.files.pictures.lengths import Lengths
from napari_colorcluster.core.pixels.image import is_dask

_TRANSPOSED = range(5, 9)
_ROWS_BACKWARD = (3, 4, 7, 8)
_COLUMNS_BACKWARD = (2, 3, 6, 7)

_WORDS = {
    2: "mirrored from left to right",
    3: "turned by 180°",
    4: "mirrored from top to bottom",
    5: "mirrored from left to right and turned by 270°",
    6: "turned by 90°",
    7: "mirrored from left to right and turned by 90°",
    8: "turned by 270°",
}
"""What is done to show a picture upright; turns are clockwise."""


def upright(pixels: Any, orientation: int) -> Any:
    """Turn and mirror pixels as their file's orientation asks.

    Parameters
    ----------
    pixels : array, shape (..., Y, X, n_channels)
        Numpy, or dask: then lazily.
    orientation : int
        Where the first row and the first column are shown, 1..8 (TIFF 6.0, Exif 2.3, tag 274);
        any other number is taken as 1.

    Returns
    -------
    array, shape (..., Y, X, n_channels) or (..., X, Y, n_channels)
    """
    if orientation not in _WORDS:
        return pixels
    if orientation in _TRANSPOSED:
        pixels = pixels.swapaxes(-3, -2)
    rows = slice(None, None, -1 if orientation in _ROWS_BACKWARD else None)
    columns = slice(None, None, -1 if orientation in _COLUMNS_BACKWARD else None)
    pixels = pixels[..., rows, columns, :]
    return pixels if is_dask(pixels) else np.ascontiguousarray(pixels)


def upright_lengths(lengths: Lengths, orientation: int) -> Lengths:
    """The lengths of a pixel's sides after `upright`."""
    if orientation not in _TRANSPOSED:
        return lengths
    swapped = {"x": "y", "y": "x"}
    return {swapped.get(axis, axis): length for axis, length in lengths.items()}


def orientation_notes(orientation: int) -> tuple[str, ...]:
    """A sentence on what `upright` does, or none."""
    return (f"The picture is {_WORDS[orientation]}.",) if orientation in _WORDS else ()
