"""Large images as OME-TIFF, in tiles and levels."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import numpy as np

from napari_colorcluster.core.files.palettes import OWN
from napari_colorcluster.core.files.pictures.lengths import Lengths
from napari_colorcluster.core.files.pyramids.levels import axes_of, reduced

SUFFIX = f"{OWN}.ome.tif"
"""How the names of such files end: no one else's do."""


def write_ome_tiff(
    path: Path,
    tiles_of: Callable[[int], Iterator[np.ndarray]],
    shape: tuple[int, ...],
    dtype: np.dtype,
    tile: int,
    n_levels: int,
    identity: str,
    lengths: Lengths,
    n_channels: int | None = None,
    description: str = "",
    **tags: Any,
) -> None:
    """Write an image and its levels.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    tiles_of : callable
        The tiles of a level in TIFF order, plane by plane; called with 0 for the image itself, then
        with 1 and on.
    shape : tuple of int
        Of the image without channels (..., Y, X), with at most `MAX_AXES` axes.
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
    n_channels : int, optional
        Of colors.
    description : str, optional
        What the file says of the image.
    **tags
        For all levels, as tifffile takes them; a resolution is that of the image alone.
    """
    import tifffile

    axes = axes_of(len(shape), lengths)
    channels = () if n_channels is None else (n_channels,)
    metadata = {"axes": axes.upper() + "S" * len(channels)}
    metadata["UUID"] = str(uuid5(NAMESPACE_URL, identity))
    if description:
        metadata["Description"] = description
    for axis, (length, unit) in lengths.items():
        if axis in axes and unit:
            name = f"PhysicalSize{axis.upper()}"
            metadata |= {name: length, f"{name}Unit": unit}
    of_image = {name: tags.pop(name) for name in ("resolution", "resolutionunit") if name in tags}
    with tifffile.TiffWriter(path, bigtiff=True, ome=True) as writer:
        for level in range(n_levels + 1):
            more = {"subfiletype": 1} if level else {"subifds": n_levels, **of_image}
            writer.write(
                tiles_of(level),
                shape=(*reduced(shape, level), *channels),
                dtype=dtype,
                tile=(tile, tile),
                metadata=None if level else metadata,
                **more,
                **tags,
            )
