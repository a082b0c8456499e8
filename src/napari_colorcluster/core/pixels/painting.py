"""From labels to colors: one pass over the pixels, over numpy arrays at once, over dask lazily."""

from __future__ import annotations

from typing import Any

import numpy as np

from napari_colorcluster.core.pixels.image import BLOCK_PIXELS, is_dask
from napari_colorcluster.core.support.progress import silent
from napari_colorcluster.core.support.threads import map_in_threads


class Brush:
    """Colors, laid out for painting.

    Parameters
    ----------
    colors : ndarray, shape (n_labels + 1, 3 or 4), uint8
        The color of each label, of 0 first.
    """

    def __init__(self, colors: np.ndarray) -> None:
        colors = np.asarray(colors, np.uint8)
        self.n_channels = colors.shape[1]
        words = np.zeros((len(colors), 4), np.uint8)
        words[:, : self.n_channels] = colors
        self._words = words.view("<u4").reshape(-1).astype(np.uint32)

    def paint(self, labels: np.ndarray, painted: np.ndarray) -> None:
        """Paint a block.

        Parameters
        ----------
        labels : ndarray, shape (n_pixels,), uint8 or uint16
            In 0..n_labels.
        painted : ndarray, shape (n_pixels * n_channels,), uint8
            Written in place.
        """
        from napari_colorcluster.core.pixels.kernels import TILE, map_labels, paint_pixels

        if self.n_channels == 4:
            map_labels(labels, self._words, painted.view(np.uint32))
        else:
            paint_pixels(labels, self._words, np.empty(TILE, np.uint32), painted)


def paint(labels: Any, colors: np.ndarray, *, n_threads: int | None = None) -> Any:
    """Give each label its color; lazily where the labels are a dask array.

    Parameters
    ----------
    labels : array, shape (...), integer
        In 0..n_labels.
    colors : ndarray, shape (n_labels + 1, 3 or 4), uint8
        The color of each label, of 0 first.
    n_threads : int, optional
        At most; what `map_in_threads` takes by default.

    Returns
    -------
    array, shape (..., 3 or 4), uint8

    Raises
    ------
    ValueError
        Where a label has no color.
    """
    if is_dask(labels):
        from napari_colorcluster.core.pixels.on_dask import paint_lazily

        return paint_lazily(labels, colors)
    brush = Brush(colors)
    labels = np.asarray(labels)
    flat = labels.reshape(-1)
    painted = np.empty((flat.size, brush.n_channels), np.uint8)

    def fill(start: int) -> None:
        block = slice(start, start + BLOCK_PIXELS)
        brush.paint(_checked(flat[block], len(colors)), painted[block].reshape(-1))

    starts = range(0, flat.size, BLOCK_PIXELS)
    map_in_threads(fill, starts, silent, "Painting pixels", n_threads)
    return painted.reshape(*labels.shape, brush.n_channels)


def _checked(labels: np.ndarray, n_colors: int) -> np.ndarray:
    """Labels that have a color, in one of the two types that the kernel is compiled for."""
    lowest, highest = labels.min(), labels.max()
    if lowest < 0 or highest >= n_colors:
        wrong = lowest if lowest < 0 else highest
        raise ValueError(f"Labels must be in 0..{n_colors - 1}, got {wrong}.")
    return np.require(labels, np.uint8 if n_colors <= 256 else np.uint16, ["C", "W"])
