"""The pixels of a gray patch around a point that was clicked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from napari_colorcluster.core.pixels.picture import Picture

RADIUS = 5
"""Of the disk that is taken, in pixels."""


def disk_around(image: Any, point: np.ndarray, radius: float = RADIUS) -> tuple[Any, np.ndarray]:
    """Cut a disk out of an image.

    Parameters
    ----------
    image : array, shape (rows, columns, 3 or 4), or Picture
        The image.
    point : array-like, shape (2,)
        Row and column of the disk's middle.
    radius : float
        In pixels.

    Returns
    -------
    window : array or Picture
        The image around the disk.
    mask : ndarray of bool
        Which pixels of it are in the disk.

    Raises
    ------
    ValueError
        Where the point is outside the image.
    """
    if isinstance(image, Picture):
        pixels, mask = disk_around(image.pixels, point, radius)
        return replace(image, pixels=pixels), mask
    center = np.rint(point).astype(int)
    if (center < 0).any() or (center >= image.shape[:2]).any():
        raise ValueError("There is no pixel there: click a gray patch in the image.")
    reach = int(radius)
    low, high = np.maximum(center - reach, 0), np.minimum(center + reach + 1, image.shape[:2])
    window = tuple(slice(*map(int, ends)) for ends in zip(low, high, strict=True))
    rows, columns = np.ogrid[window]
    mask = (rows - center[0]) ** 2 + (columns - center[1]) ** 2 <= radius**2
    return image[window], mask
