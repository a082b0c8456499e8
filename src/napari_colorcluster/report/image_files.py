"""The labels and the quantized image of a result as files: whole, or tile by tile and in levels."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from napari_colorcluster.core.color.devices.profiles import srgb_profile
from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.files.image_formats import OME_ZARR, TIFF
from napari_colorcluster.core.files.label_tiffs import label_tags
from napari_colorcluster.core.files.pictures.chunks import STRIP
from napari_colorcluster.core.files.pictures.lengths import Lengths
from napari_colorcluster.core.files.pictures.marks import RUN_LENGTHS, png_marks, tiff_sizes
from napari_colorcluster.core.files.pyramids import ome_tiff, ome_zarr
from napari_colorcluster.core.files.pyramids.levels import (
    MAX_AXES,
    SMALLEST,
    kept_levels,
    n_levels_of,
    strips_of,
)
from napari_colorcluster.core.files.saved_labels import SavedLabels
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

_LEVEL = 5
"""Of zlib: for labels half the time of its default 6, in files a few percent larger."""

_TILE = STRIP
"""Side of a tile or chunk, in pixels, of what is written piece by piece."""


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
    format: str = TIFF,
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
        Given the path of a file or folder, a context that gives one to write to instead, until it
        is whole.
    format : {"tiff", "ome-zarr"}
        One of `FORMATS`.

    Returns
    -------
    list of str
        The names of the files. They end in ``-labels.tif`` and ``-quantized.png``, or
        ``-quantized.tif`` if the image has more than two dimensions or is too large for PNG. Where
        the image is not in memory, both are OME-TIFFs in tiles and levels, and end in
        ``-labels.colors.ome.tif`` and ``-quantized.colors.ome.tif``. As OME-Zarr, it is one folder,
        ``.colors.ome.zarr``: its image is the quantized one, black where the label is 0.

    Raises
    ------
    ValueError
        Where OME-Zarr has no room for so many axes.
    """
    if format == OME_ZARR:
        return [_write_zarr(folder, name, image, progress, writing)]
    labels, leveled = image.labels, _has_levels(image.labels)
    suffix = ome_tiff.SUFFIX if leveled else ".tif"
    files = [f"{name}-labels{suffix}", f"{name}-quantized{suffix}"]
    is_picture = labels.ndim == 2 and labels.size <= MAX_PNG_PIXELS
    if is_picture:
        labels = as_numpy(labels)
        files = [f"{name}-labels.tif", f"{name}-quantized.png"]
    labels_progress, colors_progress = part(progress, 0.0, 0.4), part(progress, 0.4, 1.0)
    sizes = tiff_sizes(image.lengths)
    with writing(folder / files[0]) as path:
        tags = label_tags(image.palette, labels.dtype, image.made) | sizes
        if not is_dask(labels):
            _write_array(path, labels, **tags)
        elif leveled:
            _write_levels(path, name, labels, image.lengths, labels_progress, tags)
        else:
            tiles = _tiles(labels, labels_progress)
            _write_tiles(path, tiles, labels.shape, labels.dtype, **tags)
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


def _has_levels(labels: Any) -> bool:
    return is_dask(labels) and labels.ndim <= MAX_AXES


def _write_zarr(
    folder: Path,
    name: str,
    image: LabeledImage,
    progress: Progress,
    writing: Callable[[Path], AbstractContextManager[Path]],
) -> str:
    file = f"{name}{ome_zarr.SUFFIX}"
    saved = SavedLabels(image.palette, image.made)
    title, paint = name.rpartition("/")[2], image.clustering.paint
    layout = title, image.lengths, _TILE, SMALLEST
    with writing(folder / file) as path:
        ome_zarr.write_ome_zarr(path, image.labels, paint, saved, *layout, STEP, progress)
    return file


def _write_png(path: Path, labels: np.ndarray, image: LabeledImage) -> None:
    """Write labels (Y, X) in their colors, indexed if they are uint8."""
    from PIL import Image

    marks = png_marks(image.lengths)
    if labels.dtype != np.uint8:
        picture = Image.fromarray(image.clustering.paint(labels, alpha=image.transparent))
    else:
        picture = Image.fromarray(labels)
        picture.putpalette(image.clustering.label_colors.tobytes())
        marks |= RUN_LENGTHS
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
    """Write lazy labels as OME-TIFF in tiles and levels."""
    n_levels = n_levels_of(labels.shape, SMALLEST)
    with kept_levels(path.parent, labels.shape, labels.dtype) as levels:

        def tiles_of(level: int) -> Iterator[np.ndarray]:
            if level == 0:
                yield from _tiles(labels, progress, levels.keep)
                return
            for plane in np.ndindex(labels.shape[:-2]):
                for _, rows in levels.strips(plane, level, _TILE):
                    yield from _tiles_of(rows)

        layout = labels.shape, labels.dtype, _TILE, n_levels, name, lengths
        ome_tiff.write_ome_tiff(path, tiles_of, *layout, compression="zlib", **tags)


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
    n_channels = 4 if transparent else 3
    with tifffile.TiffFile(source) as file:
        series = file.series[0]
        levels = series.levels
        n_tiles = len(series.pages) * len(series.keyframe.dataoffsets)

        def tiles_of(level: int) -> Iterator[np.ndarray]:
            n_done = 0
            for page in levels[level].pages:
                for tile, _, _ in page.segments():
                    yield clustering.paint(tile.reshape(tile.shape[-3:-1]), alpha=transparent)
                    n_done += 1
                    if level == 0:
                        progress(n_done / n_tiles, STEP)

        shape, dtype = image.labels.shape, np.dtype(np.uint8)
        tags = _color_tags((*shape, n_channels)) | sizes
        if not _has_levels(image.labels):
            _write_tiles(path, tiles_of(0), (*shape, n_channels), dtype, **tags)
            return
        layout = shape, dtype, _TILE, len(levels) - 1, name, image.lengths, n_channels
        ome_tiff.write_ome_tiff(path, tiles_of, *layout, compression="zlib", **tags)


def _color_tags(shape: tuple[int, ...]) -> dict[str, Any]:
    """The TIFF tags of colors (..., 3 or 4)."""
    alpha = {"extrasamples": ["unassalpha"]} if shape[-1] == 4 else {}
    return {"photometric": "rgb", "iccprofile": srgb_profile(), **alpha}


def _write_array(path: Path, array: np.ndarray, **tags: Any) -> None:
    import tifffile

    packed = {"compression": "zlib", "compressionargs": {"level": _LEVEL}}
    tifffile.imwrite(path, array, **packed, **tags)


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


def _tiles(
    labels: Any,
    progress: Progress,
    keep: Callable[[tuple[int, ...], int, np.ndarray], None] = lambda plane, top, rows: None,
) -> Iterator[np.ndarray]:
    """The tiles of a dask array (..., Y, X) in TIFF order; each chunk is computed once.

    `keep` is given the plane, the first row and the rows of each strip.
    """
    planes = list(np.ndindex(labels.shape[:-2]))
    for n_done, plane in enumerate(planes):
        for top, rows in strips_of(labels[plane], _TILE):
            keep(plane, top, rows)
            yield from _tiles_of(rows)
            progress((n_done + (top + len(rows)) / labels.shape[-2]) / len(planes), STEP)


def _tiles_of(rows: np.ndarray) -> Iterator[np.ndarray]:
    for left in range(0, rows.shape[1], _TILE):
        yield np.ascontiguousarray(rows[:, left : left + _TILE])
