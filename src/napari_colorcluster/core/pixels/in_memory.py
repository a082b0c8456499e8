"""Passes over images that are no dask arrays: block by block, on this machine's threads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from math import prod

import numpy as np

from napari_colorcluster.core.pixels import blocks
from napari_colorcluster.core.pixels.blocks import PixelSource
from napari_colorcluster.core.pixels.counter import ColorCounter, count_few
from napari_colorcluster.core.pixels.histogram import ColorHistogram
from napari_colorcluster.core.pixels.lookup import LookUp
from napari_colorcluster.core.pixels.painting import Brush
from napari_colorcluster.core.support.frozen import read_only_view
from napari_colorcluster.core.support.progress import Progress, silent
from napari_colorcluster.core.support.threads import map_in_threads, usable_threads

COUNTING = "Counting colors"
"""The step in words."""

FEW_PIXELS = 1 << 16
"""Up to here, sorting the pixels is faster than reading tables of all colors."""


def count(
    source: PixelSource, *, progress: Progress = silent, n_threads: int | None = None
) -> ColorHistogram:
    """Count the colors of an image.

    Parameters
    ----------
    source : PixelSource
        The image.
    progress : callable, optional
        Told the fraction done.
    n_threads : int, optional
        At most; what `map_in_threads` takes by default.
    """
    if prod(source.shape) <= FEW_PIXELS:
        histogram = count_few(source.read())
        progress(1.0, COUNTING)
        return histogram
    slices = list(source.slices())
    counter = ColorCounter(usable_threads(len(slices), n_threads))

    def add(where: tuple[slice, ...]) -> None:
        counter.add(source.read(where))

    map_in_threads(add, slices, progress, COUNTING, n_threads)
    return counter.collect()


def label(
    look_up: LookUp,
    source: PixelSource,
    *,
    labels: np.ndarray | None = None,
    painted: np.ndarray | None = None,
    colors: np.ndarray | None = None,
    label_of: np.ndarray | None = None,
    progress: Progress = silent,
    n_threads: int | None = None,
) -> None:
    """Write the labels of an image, its colors, or both, in one pass.

    Parameters
    ----------
    look_up : LookUp
        Which label each color has.
    source : PixelSource
        The image.
    labels : ndarray, shape (...), optional
        Written in place.
    painted : ndarray, shape (..., 3 or 4), uint8, optional
        Written in place.
    colors : ndarray, shape (n_labels + 1, 3 or 4), uint8, optional
        The color of each label that is written, of 0 first; needed for `painted`.
    label_of : ndarray, shape (n_labels + 1,), optional
        What to write for each label of the look-up, in the dtype of `labels`.
    progress : callable, optional
        Told the fraction done.
    n_threads : int, optional
        At most; what `map_in_threads` takes by default.
    """
    from napari_colorcluster.core.pixels.kernels import map_labels

    if label_of is not None:
        colors = None if colors is None else colors[label_of]
        label_of = read_only_view(label_of)
    brush = None if painted is None else Brush(colors)
    with look_up.table() as table:

        def fill(where: tuple[slice, ...]) -> None:
            pixels = source.read(where)
            with _flat(labels, where) as written:
                in_place = written is not None and label_of is None
                found = written if in_place else np.empty(len(pixels.values), table.labels.dtype)
                look_up.label_block(pixels, table, found)
                if written is not None and label_of is not None:
                    map_labels(found, label_of, written)
                if brush is not None:
                    with _flat(painted, where) as canvas:
                        brush.paint(found, canvas)

        map_in_threads(fill, list(source.slices()), progress, "Labeling pixels", n_threads)


def paint(
    labels: np.ndarray, colors: np.ndarray, painted: np.ndarray, *, n_threads: int | None = None
) -> None:
    """Give each label its color.

    Parameters
    ----------
    labels, colors
        As `paint_labels` takes them.
    painted : ndarray, shape (..., 3 or 4), uint8, C-contiguous
        Written in place.
    n_threads : int, optional
        At most; what `map_in_threads` takes by default.
    """
    brush, step = Brush(colors), blocks.BLOCK_PIXELS
    flat, canvas = labels.reshape(-1), painted.reshape(-1, brush.n_channels)

    def fill(start: int) -> None:
        block = slice(start, start + step)
        brush.paint(brush.check(flat[block]), canvas[block].reshape(-1))

    map_in_threads(fill, range(0, flat.size, step), silent, "Painting pixels", n_threads)


@contextmanager
def _flat(array: np.ndarray | None, where: tuple[slice, ...]) -> Iterator[np.ndarray | None]:
    """A part of an array to be written to, as one row; in place where it is contiguous."""
    if array is None:
        yield None
        return
    # With the ellipsis a single pixel is a view as well.
    part = array[(*where, ...)]
    row = part.reshape(-1)
    yield row
    if not part.flags.c_contiguous:
        part[...] = row.reshape(part.shape)
