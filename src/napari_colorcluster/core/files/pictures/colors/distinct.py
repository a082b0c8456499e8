"""A function of color over all pixels of an image: of each distinct color once, where that pays."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from napari_colorcluster.core.pixels.blocks import BLOCK_PIXELS
from napari_colorcluster.core.pixels.codes import N_CODES
from napari_colorcluster.core.pixels.passes import count_colors
from napari_colorcluster.core.support.frozen import read_only_view
from napari_colorcluster.core.support.progress import silent
from napari_colorcluster.core.support.threads import map_in_threads

OfColors = Callable[[np.ndarray], np.ndarray]
"""Maps colors (n, n_channels) to as many colors (n, 3) of the same type, each by itself."""


def map_colors(image: np.ndarray, function: OfColors) -> np.ndarray:
    """Apply a function of color to an image.

    Parameters
    ----------
    image : ndarray, shape (..., n_channels)
        Of 8 bits in one or three channels, the function is asked once for each distinct color, and
        the pixels are looked up in a table: two passes, whatever the function costs.
    function : callable
        What is done to colors.

    Returns
    -------
    ndarray, shape (..., 3)
        What the function gives for each pixel, to the bit.
    """
    shape, n_channels = image.shape[:-1], image.shape[-1]
    flat = image.reshape(-1, n_channels)
    if image.dtype == np.uint8 and n_channels == 1:
        mapped = function(np.arange(256, dtype=np.uint8)[:, np.newaxis])[flat[:, 0]]
    elif image.dtype == np.uint8 and n_channels == 3 and len(flat) > BLOCK_PIXELS:
        mapped = _through_table(flat, function)
    else:
        mapped = by_blocks(flat, function, 3)
    return mapped.reshape(*shape, 3)


def by_blocks(flat: np.ndarray, function: OfColors, n_channels: int) -> np.ndarray:
    """Apply a function to rows (n, ...) of an array, block by block and on several threads."""
    mapped = np.empty((len(flat), n_channels), flat.dtype)

    def fill(start: int) -> None:
        block = slice(start, start + BLOCK_PIXELS)
        mapped[block] = function(np.ascontiguousarray(flat[block]))

    map_in_threads(fill, range(0, len(flat), BLOCK_PIXELS), silent, "Converting colors")
    return mapped


def _through_table(flat: np.ndarray, function: OfColors) -> np.ndarray:
    from napari_colorcluster.core.pixels.kernels import TILE, encode_flat, paint_pixels

    histogram = count_colors(flat)
    words = np.zeros((histogram.n_colors, 4), np.uint8)
    words[:, :3] = by_blocks(histogram.colors, function, 3)
    # Only entries of colors that occur are ever read.
    table = np.empty(N_CODES, np.uint32)
    table[histogram.codes] = words.view("<u4")[:, 0]
    mapped = np.empty((len(flat), 3), np.uint8)

    def fill(start: int) -> None:
        block = slice(start, start + BLOCK_PIXELS)
        part = read_only_view(np.ascontiguousarray(flat[block]).reshape(-1))
        codes = np.empty(part.size // 3, np.uint32)
        encode_flat(part, 3, codes)
        paint_pixels(codes, table, np.empty(TILE, np.uint32), mapped[block].reshape(-1))

    map_in_threads(fill, range(0, len(flat), BLOCK_PIXELS), silent, "Converting colors")
    return mapped
