"""Levels of a label image, each of every second row and column; and the names of its axes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import numpy as np

from napari_colorcluster.core.files.pictures.lengths import Lengths
from napari_colorcluster.core.pixels.image import is_dask
from napari_colorcluster.core.pixels.passes import as_numpy

SMALLEST = 1024
"""No level is made of one whose longer side is at most this long."""

MAX_AXES = 4
"""Time, z, y and x: the formats know no others, besides channels."""

Strips = Iterator[tuple[int, np.ndarray]]
"""The rows of a plane from top to bottom, each part with the number of its first row."""


def axes_of(n_axes: int, lengths: Lengths) -> str:
    """Name the axes of a label image: one letter each, of ``tzyx``.

    Parameters
    ----------
    n_axes : int
        At most `MAX_AXES`. A single one besides rows and columns is taken for z where the length
        of a voxel along z is known, else for time.
    lengths : mapping of str to (float, str)
        Side lengths of the pixels, as far as they are known.
    """
    return "tyx" if n_axes == 3 and "z" not in lengths else "tzyx"[MAX_AXES - n_axes :]


def n_levels_of(shape: tuple[int, ...], smallest: int = SMALLEST) -> int:
    """How many levels an image (..., Y, X) has besides itself, each half as long and wide."""
    n_levels = 0
    while max(shape[-2:]) > smallest:
        shape = reduced(shape)
        n_levels += 1
    return n_levels


def reduced(shape: tuple[int, ...], level: int = 1) -> tuple[int, ...]:
    """The shape (..., Y, X) of a level: every second row and column of the one before."""
    step = 1 << level
    return *shape[:-2], -(-shape[-2] // step), -(-shape[-1] // step)


def strips_of(plane: Any, height: int) -> Strips:
    """Cut a plane into strips of so many rows; the last may be lower.

    Parameters
    ----------
    plane : array, shape (Y, X)
        Of a dask array, each chunk is computed once.
    height : int
        Number of rows.
    """
    if not is_dask(plane):
        for top in range(0, plane.shape[0], height):
            yield top, plane[top : top + height]
        return
    rest = np.empty((0, plane.shape[1]), plane.dtype)
    top = begin = end = 0
    for rows in plane.chunks[0]:
        end += rows
        # Low chunks are computed several at a time, to keep all cores busy.
        if end - begin < height and end < plane.shape[0]:
            continue
        rest = np.concatenate([rest, as_numpy(plane[begin:end])])
        begin = end
        while len(rest) >= height or (len(rest) and end == plane.shape[0]):
            yield top, rest[:height]
            top, rest = top + height, rest[height:]


class Levels:
    """The levels of planes that are seen once, from top to bottom; made by `kept_levels`.

    Parameters
    ----------
    half : ndarray, shape of `reduced`
        Where the first of them is kept; the others are taken from it.
    """

    def __init__(self, half: np.ndarray) -> None:
        self._half = half

    def keep(self, plane: tuple[int, ...], top: int, rows: np.ndarray) -> None:
        """Take every second row and column of these rows, the first of which is an even one."""
        kept = rows[::2, ::2]
        self._half[plane][top // 2 : top // 2 + len(kept)] = kept

    def strips(self, plane: tuple[int, ...], level: int, height: int) -> Strips:
        """The rows of a level, 1 or more, in strips."""
        step = 1 << (level - 1)
        for top, rows in strips_of(self._half[plane][::step, ::step], height):
            yield top, np.asarray(rows)


@contextmanager
def kept_levels(folder: Path, shape: tuple[int, ...], dtype: np.dtype) -> Iterator[Levels]:
    """Keep the levels of an image on disk for a while, so that any size fits.

    Parameters
    ----------
    folder : pathlib.Path
        Where there is room for a quarter of the image.
    shape : tuple of int
        Of the image (..., Y, X).
    dtype : dtype
        Of its values.
    """
    with TemporaryFile(dir=folder) as file:
        yield Levels(np.memmap(file, dtype, "w+", shape=reduced(shape)))
