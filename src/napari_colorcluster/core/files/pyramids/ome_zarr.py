"""Large images as OME-Zarr, in chunks and levels: the colors as the image, the labels inside it.

This is version 0.4 of the format (https://ngff.openmicroscopy.org/0.4), on version 2 of zarr: more
programs read it than later ones.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from napari_colorcluster.core.files.palettes import OWN
from napari_colorcluster.core.files.pictures.lengths import Lengths
from napari_colorcluster.core.files.pyramids.levels import (
    MAX_AXES,
    axes_of,
    n_levels_of,
    reduced,
    strips_of,
)
from napari_colorcluster.core.files.saved_labels import SavedLabels
from napari_colorcluster.core.support.extras import library
from napari_colorcluster.core.support.progress import Progress, silent

SUFFIX = f"{OWN}.ome.zarr"
"""How the names of such folders end: no one else's do."""

LABELS = "labels/clusters"
"""Where the labels are in the image."""

OWN_KEY = "napari-colorcluster"
"""The attribute of the labels that says all that is saved with them."""

_VERSION = "0.4"

_UNITS = {
    "Å": "angstrom",
    "nm": "nanometer",
    "µm": "micrometer",
    "mm": "millimeter",
    "cm": "centimeter",
    "m": "meter",
}

_TYPES = {"t": "time", "c": "channel"}

_CHANNELS = {"Red": "FF0000", "Green": "00FF00", "Blue": "0000FF"}

_COMPRESSOR = {"id": "blosc", "cname": "zstd", "clevel": 5, "shuffle": 0}


def zarr_library() -> ModuleType:
    """Import zarr; raise `MissingLibraryError` where it is not installed."""
    return library("zarr", "Writing OME-Zarr needs the library zarr")


def write_ome_zarr(
    path: Path,
    labels: Any,
    paint: Callable[[np.ndarray], np.ndarray],
    saved: SavedLabels,
    name: str,
    lengths: Lengths,
    tile: int,
    smallest: int,
    step: str,
    progress: Progress = silent,
) -> None:
    """Write labels and their colors, with the levels of both, strip by strip.

    Parameters
    ----------
    path : pathlib.Path
        The folder, which is made.
    labels : array, shape (..., Y, X), uint8 or uint16
        At most `MAX_AXES` axes; each chunk of a dask array is computed once.
    paint : callable
        Given labels, their colors, with a last axis of red, green and blue.
    saved : SavedLabels
        The palette, whose colors and names become those of the labels; and how they were made.
    name : str
        The image's.
    lengths : mapping of str to (float, str)
        Side lengths of the pixels, as far as they are known.
    tile : int
        The side of a chunk in pixels.
    smallest : int
        As for `n_levels_of`.
    step : str
        The name of this step in progress reports.
    progress : callable, optional
        Called with the fraction done.

    Raises
    ------
    ValueError
        Where there are more axes.
    OSError
        Where it cannot be written.
    """
    zarr = zarr_library()
    if labels.ndim > MAX_AXES:
        raise ValueError(
            f"OME-Zarr has at most time, z, y and x besides colors, got an image of {labels.ndim} "
            "axes: write TIFF instead."
        )
    axes = axes_of(labels.ndim, lengths)
    # Channels come before the axes of space.
    channel = axes.count("t")
    color_axes = axes[:channel] + "c" + axes[channel:]
    image = zarr.create_group(path, zarr_format=2)
    clusters = image.create_group(LABELS)
    shapes = [reduced(labels.shape, n) for n in range(n_levels_of(labels.shape, smallest) + 1)]
    n_done, n_all = 0, sum(map(prod, shapes))
    before: Any = None
    for level, shape in enumerate(shapes):
        color_shape = (*shape[:channel], 3, *shape[channel:])
        stored = _array(clusters, level, shape, axes, labels.dtype, tile)
        colors = _array(image, level, color_shape, color_axes, np.dtype(np.uint8), tile)
        for plane in np.ndindex(shape[:-2]):
            source = labels[plane] if before is None else _Halved(before, plane)
            for top, rows in strips_of(source, tile):
                down = slice(top, top + len(rows))
                stored[(*plane, down)] = rows
                where = (*plane[:channel], slice(None), *plane[channel:], down)
                colors[where] = np.moveaxis(paint(rows), -1, 0)
                n_done += rows.size
                progress(n_done / n_all, step)
        before = stored
    n_levels = len(shapes)
    image.attrs.put(
        {"multiscales": [_multiscale(name, color_axes, lengths, n_levels)], "omero": _shown()}
    )
    image["labels"].attrs.put({"labels": [LABELS.rpartition("/")[2]]})
    clusters.attrs.put(
        {
            "multiscales": [_multiscale("clusters", axes, lengths, n_levels)],
            "image-label": _meaning(saved),
            OWN_KEY: saved.to_dict(),
        }
    )


class _Halved:
    """Every second row and column of a plane on disk, read when it is sliced."""

    def __init__(self, array: Any, plane: tuple[int, ...]) -> None:
        self._array, self._plane = array, plane
        self.shape = reduced(array.shape[-2:])

    def __getitem__(self, rows: slice) -> np.ndarray:
        halved = slice(2 * rows.start, 2 * rows.stop, 2), slice(None, None, 2)
        return np.asarray(self._array[(*self._plane, *halved)])


def _array(
    group: Any, level: int, shape: tuple[int, ...], axes: str, dtype: np.dtype, tile: int
) -> Any:
    sides = {"c": 3, "y": tile, "x": tile}
    return group.create_array(
        str(level),
        shape=shape,
        chunks=tuple(sides.get(axis, 1) for axis in axes),
        dtype=dtype,
        compressors=_COMPRESSOR,
        fill_value=0,
        chunk_key_encoding={"name": "v2", "separator": "/"},
    )


def _multiscale(name: str, axes: str, lengths: Lengths, n_levels: int) -> dict[str, Any]:
    """What the levels are: a pixel of each lies where one of the first does, so none is moved."""
    datasets = []
    for level in range(n_levels):
        halved = {"y": 1 << level, "x": 1 << level}
        scale = [lengths.get(axis, (1.0, ""))[0] * halved.get(axis, 1) for axis in axes]
        steps = [{"type": "scale", "scale": scale}]
        datasets.append({"path": str(level), "coordinateTransformations": steps})
    described = [_axis(axis, lengths) for axis in axes]
    head = {"version": _VERSION, "name": name, "type": "nearest"}
    return {**head, "axes": described, "datasets": datasets}


def _axis(axis: str, lengths: Lengths) -> dict[str, str]:
    described = {"name": axis, "type": _TYPES.get(axis, "space")}
    unit = lengths.get(axis, (1.0, ""))[1]
    return described | ({"unit": _UNITS[unit]} if unit else {})


def _shown() -> dict[str, Any]:
    """How viewers that know single channels only make colors of them."""
    window = {"min": 0, "max": 255, "start": 0, "end": 255}
    channels = [
        {"label": label, "color": color, "active": True, "window": window}
        for label, color in _CHANNELS.items()
    ]
    return {"version": _VERSION, "channels": channels, "rdefs": {"model": "color"}}


def _meaning(saved: SavedLabels) -> dict[str, Any]:
    """The colors of the labels, and what is known of each; both tell of the same labels."""
    palette = saved.palette
    colors, properties = [], []
    rows = zip(palette.labels.tolist(), palette.colors.tolist(), strict=True)
    for at, (label, color) in enumerate(rows):
        colors.append({"label-value": label, "rgba": [*color, 255]})
        known = {"name": palette.names[at], "hex": palette.hex[at]}
        counted = {"fraction": float(palette.fractions[at]), "pixels": int(palette.pixels[at])}
        properties.append({"label-value": label, **known, **counted})
    source = {"image": "../../"}
    return {"version": _VERSION, "colors": colors, "properties": properties, "source": source}
