"""The labels and the quantized image of a result as files: PNG and TIFF, whole or tile by tile."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from napari_colorcluster.core.color.devices.profiles import srgb_profile
from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.files.label_tiffs import label_tags
from napari_colorcluster.core.files.pictures.chunks import STRIP
from napari_colorcluster.core.files.pictures.lengths import Lengths
from napari_colorcluster.core.files.pictures.marks import png_marks, tiff_sizes
from napari_colorcluster.core.files.pyramids import (
    SMALLEST,
    kept_levels,
    n_levels_of,
    write_pyramid,
)
from napari_colorcluster.core.pixels.image import is_dask
from napari_colorcluster.core.pixels.passes import as_numpy
from napari_colorcluster.core.support.progress import Progress, part, silent
from napari_colorcluster.core.support.whole_file import whole_file

if TYPE_CHECKING:
    from napari_colorcluster.core.clustering.clustering import ColorClustering

MAX_PNG_PIXELS = 1 << 26
"""Larger images are written as tiled TIFFs: many programs refuse such a PNG."""

STEP = "Writing images"
"""Name of this step in progress reports."""

_TILE = STRIP
"""Side of a tile, in pixels, of TIFFs that are written chunk by chunk."""


@dataclass(frozen=True, eq=False)
class LabeledImage:
    """The labels of an image, with what they mean.

    Parameters
    ----------
    labels : array, shape (...), uint8 or uint16
        A dask array is written chunk by chunk.
    clustering : ColorClustering
        The clustering that paints them.
    palette : Palette
        Its colors with the shares of this image.
    transparent : bool
        Whether some pixels have label 0; the quantized image shows them transparent.
    lengths : mapping of str to (float, str), optional
        Side lengths of the pixels, as far as they are known, to be written into the files.
    made : mapping, optional
        How the labels were made, as JSON can hold it, to be written into their file.
    """

    labels: Any
    clustering: ColorClustering
    palette: Palette
    transparent: bool
    lengths: Lengths = field(default_factory=dict)
    made: Mapping[str, Any] | None = None


def write_images(
    folder: Path,
    name: str,
    image: LabeledImage,
    progress: Progress = silent,
    writing: Callable[[Path], AbstractContextManager[Path]] = whole_file,
) -> list[str]:
    """Write the labels and the quantized image.

    Parameters
    ----------
    folder : pathlib.Path
        The folder, which exists.
    name : str
        The beginning of the file names.
    image : LabeledImage
        What is written.
    progress : callable, optional
        Called with the fraction done.
    writing : callable, optional
        Given the path of a file, a context that gives one to write to instead, until it is whole.

    Returns
    -------
    list of str
        The file names, which end in ``-labels.tif`` and ``-quantized.png``, or
        ``-quantized.tif`` if the image has more than two dimensions or is too large for PNG. Both
        are OME-TIFFs in tiles and levels where it is a plane that is not in memory.
    """
    labels = image.labels
    files = [f"{name}-labels.tif", f"{name}-quantized.tif"]
    is_picture = labels.ndim == 2 and labels.size <= MAX_PNG_PIXELS
    if is_picture:
        labels = as_numpy(labels)
        files[1] = f"{name}-quantized.png"
    labels_progress, colors_progress = part(progress, 0.0, 0.4), part(progress, 0.4, 1.0)
    sizes = tiff_sizes(image.lengths)
    with writing(folder / files[0]) as path:
        tags = label_tags(image.palette, labels.dtype, image.made) | sizes
        if is_dask(labels) and labels.ndim == 2:
            _write_levels(path, name, labels, image.lengths, labels_progress, tags)
        elif is_dask(labels):
            tiles = _tiles(labels, labels_progress)
            _write_tiles(path, tiles, labels.shape, labels.dtype, **tags)
        else:
            _write_array(path, labels, **tags)
    with writing(folder / files[1]) as path:
        if is_picture:
            _write_png(path, labels, image)
        elif is_dask(labels):
            # From the labels file, so that the image is read and labeled only once.
            _paint_tiff(path, name, folder / files[0], image, colors_progress, sizes)
        else:
            colors = image.clustering.paint(labels, alpha=image.transparent)
            _write_array(path, colors, **_color_tags(colors.shape), **sizes)
    progress(1.0, STEP)
    return files


def _write_png(path: Path, labels: np.ndarray, image: LabeledImage) -> None:
    """Write labels (Y, X) in their colors, indexed if they are uint8."""
    from PIL import Image

    marks = png_marks(image.lengths)
    if labels.dtype != np.uint8:
        picture = Image.fromarray(image.clustering.paint(labels, alpha=image.transparent))
    else:
        picture = Image.fromarray(labels)
        picture.putpalette(image.clustering.label_colors.tobytes())
        if image.transparent:
            marks["transparency"] = 0
    picture.save(path, **marks)


def _write_levels(
    path: Path,
    name: str,
    labels: Any,
    lengths: Lengths,
    progress: Progress,
    tags: dict[str, Any],
) -> None:
    """Write a plane of labels as OME-TIFF in tiles and levels."""
    n_levels = n_levels_of(labels.shape, SMALLEST)
    with kept_levels(path.parent, labels.shape, labels.dtype) as levels:

        def tiles_of(level: int) -> Iterator[np.ndarray]:
            strips = levels.strips(level, _TILE) if level else _strips(labels)
            for top, rows in strips:
                if level == 0:
                    levels.keep(top, rows)
                    progress((top + len(rows)) / labels.shape[0], STEP)
                yield from _tiles_of(rows)

        layout = labels.shape, labels.dtype, _TILE, n_levels, name, lengths
        write_pyramid(path, tiles_of, *layout, compression="zlib", **tags)


def _paint_tiff(
    path: Path,
    name: str,
    source: Path,
    image: LabeledImage,
    progress: Progress,
    sizes: dict[str, Any],
) -> None:
    """Write a TIFF of labels in their colors, tile by tile."""
    import tifffile

    clustering, transparent = image.clustering, image.transparent
    with tifffile.TiffFile(source) as file:
        series = file.series[0]
        levels = series.levels
        shape = (*series.shape, 4 if transparent else 3)
        n_tiles = len(series.pages) * len(series.keyframe.dataoffsets)

        def tiles_of(level: int) -> Iterator[np.ndarray]:
            n_done = 0
            for page in levels[level].pages:
                for tile, _, _ in page.segments():
                    yield clustering.paint(tile.reshape(tile.shape[-3:-1]), alpha=transparent)
                    n_done += 1
                    if level == 0:
                        progress(n_done / n_tiles, STEP)

        tags, dtype = _color_tags(shape) | sizes, np.dtype(np.uint8)
        if len(shape) > 3:
            _write_tiles(path, tiles_of(0), shape, dtype, **tags)
            return
        layout = shape, dtype, _TILE, len(levels) - 1, name, image.lengths
        write_pyramid(path, tiles_of, *layout, compression="zlib", **tags)


def _color_tags(shape: tuple[int, ...]) -> dict[str, Any]:
    """The TIFF tags of colors (..., 3 or 4)."""
    alpha = {"extrasamples": ["unassalpha"]} if shape[-1] == 4 else {}
    return {"photometric": "rgb", "iccprofile": srgb_profile(), **alpha}


def _write_array(path: Path, array: np.ndarray, **tags: Any) -> None:
    import tifffile

    tifffile.imwrite(path, array, compression="zlib", **tags)


def _write_tiles(
    path: Path,
    tiles: Iterator[np.ndarray],
    shape: tuple[int, ...],
    dtype: np.dtype,
    **tags: Any,
) -> None:
    import tifffile

    layout = {"shape": shape, "dtype": dtype, "tile": (_TILE, _TILE), "bigtiff": True}
    tifffile.imwrite(path, tiles, compression="zlib", **layout, **tags)


def _tiles(labels: Any, progress: Progress) -> Iterator[np.ndarray]:
    """The tiles of a dask array (..., Y, X) in TIFF order; each chunk is computed once."""
    planes = list(np.ndindex(labels.shape[:-2]))
    for n_done, plane in enumerate(planes):
        for top, rows in _strips(labels[plane]):
            yield from _tiles_of(rows)
            progress((n_done + (top + len(rows)) / labels.shape[-2]) / len(planes), STEP)


def _tiles_of(rows: np.ndarray) -> Iterator[np.ndarray]:
    for left in range(0, rows.shape[1], _TILE):
        yield np.ascontiguousarray(rows[:, left : left + _TILE])


def _strips(plane: Any) -> Iterator[tuple[int, np.ndarray]]:
    """Cut a dask array (Y, X) into strips as high as a tile; yield each with its first row."""
    rest = np.empty((0, plane.shape[1]), plane.dtype)
    top = begin = end = 0
    for height in plane.chunks[0]:
        end += height
        # Low chunks are computed several at a time, to keep all cores busy.
        if end - begin < _TILE and end < plane.shape[0]:
            continue
        rest = np.concatenate([rest, as_numpy(plane[begin:end])])
        begin = end
        while len(rest) >= _TILE or (len(rest) and end == plane.shape[0]):
            yield top, rest[:_TILE]
            top, rest = top + _TILE, rest[_TILE:]
