"""Large planes as OME-TIFF: in tiles, and in smaller and smaller levels, to be opened lazily."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import numpy as np

from napari_colorcluster.core.files.pictures.lengths import Lengths

SMALLEST = 1024
"""No level is made of one whose longer side is at most this long."""

Strips = Iterator[tuple[int, np.ndarray]]
"""The rows of a plane from top to bottom, each part with the number of its first row."""


def n_levels_of(shape: tuple[int, int], smallest: int) -> int:
    """How many levels a plane has besides itself, each half as long and wide as the one before."""
    n_levels = 0
    while max(shape) > smallest:
        shape = reduced(shape)
        n_levels += 1
    return n_levels


def reduced(shape: tuple[int, int], level: int = 1) -> tuple[int, int]:
    """The shape of a level: every second row and column of the one before."""
    step = 1 << level
    return -(-shape[0] // step), -(-shape[1] // step)


def write_pyramid(
    path: Path,
    tiles_of: Callable[[int], Iterator[np.ndarray]],
    shape: tuple[int, ...],
    dtype: np.dtype,
    tile: int,
    n_levels: int,
    identity: str,
    lengths: Lengths,
    description: str = "",
    **tags: Any,
) -> None:
    """Write a plane and its levels.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    tiles_of : callable
        The tiles of a level in TIFF order; called with 0 for the plane itself, then with 1 and on.
    shape : tuple of int
        Of the plane: height, width, and maybe channels.
    dtype : dtype
        Of its values.
    tile : int
        The side of a tile in pixels.
    n_levels : int
        As `n_levels_of` gives it.
    identity : str
        What the identifier in the file is made of: equal results are equal to the byte.
    lengths : mapping of str to (float, str)
        Side lengths of the pixels, as far as they are known.
    description : str, optional
        What the file says of the image.
    **tags
        For all levels, as tifffile takes them; a resolution is that of the plane alone.
    """
    import tifffile

    metadata = {"axes": "YXS"[: len(shape)], "UUID": str(uuid5(NAMESPACE_URL, identity))}
    if description:
        metadata["Description"] = description
    for axis, (length, unit) in lengths.items():
        if axis in "xy" and unit:
            name = f"PhysicalSize{axis.upper()}"
            metadata |= {name: length, f"{name}Unit": unit}
    of_plane = {name: tags.pop(name) for name in ("resolution", "resolutionunit") if name in tags}
    with tifffile.TiffWriter(path, bigtiff=True, ome=True) as writer:
        for level in range(n_levels + 1):
            more = {"subfiletype": 1} if level else {"subifds": n_levels, **of_plane}
            writer.write(
                tiles_of(level),
                shape=(*reduced(shape[:2], level), *shape[2:]),
                dtype=dtype,
                tile=(tile, tile),
                metadata=None if level else metadata,
                **more,
                **tags,
            )


class Levels:
    """The levels of a plane that is seen once, from top to bottom; made by `kept_levels`.

    Parameters
    ----------
    half : ndarray, shape of `reduced`
        Where the first of them is kept; the others are taken from it.
    """

    def __init__(self, half: np.ndarray) -> None:
        self._half = half

    def keep(self, top: int, rows: np.ndarray) -> None:
        """Take every second row and column of these rows, the first of which is an even one."""
        kept = rows[::2, ::2]
        self._half[top // 2 : top // 2 + len(kept)] = kept

    def strips(self, level: int, height: int) -> Strips:
        """The rows of a level, 1 or more, in strips."""
        step = 1 << (level - 1)
        plane = self._half[::step, ::step]
        for top in range(0, len(plane), height):
            yield top, np.asarray(plane[top : top + height])


@contextmanager
def kept_levels(folder: Path, shape: tuple[int, int], dtype: np.dtype) -> Iterator[Levels]:
    """Keep the levels of a plane on disk for a while, so that any size fits.

    Parameters
    ----------
    folder : pathlib.Path
        Where there is room for a quarter of the plane.
    shape : (int, int)
        Its height and width.
    dtype : dtype
        Of its values.
    """
    with TemporaryFile(dir=folder) as file:
        yield Levels(np.memmap(file, dtype, "w+", shape=reduced(shape)))
