"""What a sample consists of: the picture, and the truth about it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from napari_colorcluster.core.color.palette import Palette


@dataclass(frozen=True, eq=False)
class Sample:
    """A painted picture, and what is true of it.

    Attributes
    ----------
    image : ndarray, shape (..., 3), uint8
        The picture, or a stack of pictures, in sRGB.
    labels : ndarray, shape (...), uint8
        The part of each pixel, as the palette numbers them; 0 is the background.
    palette : Palette
        The parts: their names, mean colors and true shares. The background is none of them.
    axis_labels : tuple of str
        What the axes of the labels are called.
    corners : ndarray, shape (4, 2), float64, or None
        Row and column of the corners of the color card's field of patches, where there is a card.
    true_image : ndarray, shape (..., 3), uint8, or None
        The picture in neutral light, where the light of the other is not.
    """

    image: np.ndarray
    labels: np.ndarray
    palette: Palette
    axis_labels: tuple[str, ...] = ("y", "x")
    corners: np.ndarray | None = None
    true_image: np.ndarray | None = None


def true_palette(image: np.ndarray, labels: np.ndarray, names: tuple[str, ...]) -> Palette:
    """Count the parts 1..n of a picture, and find their mean colors."""
    flat = labels.ravel()
    pixels = np.bincount(flat, minlength=len(names) + 1)
    sums = [np.bincount(flat, channel, len(names) + 1) for channel in image.reshape(-1, 3).T]
    colors = np.rint(np.column_stack(sums) / np.maximum(pixels, 1)[:, np.newaxis])
    return Palette(colors[1:].astype(np.uint8), pixels[1:], names)
