"""The files of one image: its labels, and the quantized image."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from napari_colorcluster.core.files.pictures.chunks import STRIP
from napari_colorcluster.core.files.pictures.lengths import Lengths
from napari_colorcluster.core.files.pictures.marks import png_marks, srgb_profile, tiff_sizes
from napari_colorcluster.core.pixels.image import is_dask
from napari_colorcluster.core.support.progress import Progress, part, silent
from napari_colorcluster.study.outputs.output import Output
from napari_colorcluster.study.outputs.pyramids import (
    SMALLEST,
    kept_levels,
    n_levels_of,
    write_pyramid,
)

if TYPE_CHECKING:
    from napari_colorcluster.core.clustering.clustering import ColorClustering

MAX_PNG_PIXELS = 1 << 26
"""Larger images are written as tiled TIFFs: many programs refuse such a PNG."""

STEP = "Writing images"
"""Name of this step in progress reports."""

_TILE = STRIP
"""Side of a tile, in pixels, of TIFFs that are written chunk by chunk."""

_TAGS = {"compression": "zlib", "photometric": "minisblack"}
"""TIFF tags of labels."""


def write_image(
    output: Output,
    name: str,
    image: Any,
    clustering: ColorClustering,
    transparent: bool,
    progress: Progress = silent,
    lengths: Lengths | None = None,
    mask: Any = None,
) -> list[str]:
    """Write the labels and the quantized image.

    Parameters
    ----------
    output : Output
        Where to.
    name : str
        The beginning of the file names.
    image : array, shape (..., 3 or 4)
        The image; a dask array is written chunk by chunk.
    clustering : ColorClustering
        The clustering that labels it.
    transparent : bool
        Whether some pixels have label 0; the quantized image shows them transparent.
    progress : callable, optional
        Called with the fraction done.
    lengths : mapping of str to (float, str), optional
        Side lengths of the pixels, as far as they are known, to be written into the files.
    mask : array of bool, shape (...), optional
        True where a pixel takes part; others have label 0.

    Returns
    -------
    list of str
        The file names, which end in ``-labels.tif`` and ``-quantized.png``, or
        ``-quantized.tif`` if the image has more than two dimensions or is too large for PNG. Both
        are OME-TIFFs in tiles and levels where it is a plane that is not in memory.
    """
    labels = clustering.predict(image, mask, progress=part(progress, 0.0, 0.5))
    files = [f"{name}-labels.tif", f"{name}-quantized.tif"]
    is_picture = labels.ndim == 2 and labels.size <= MAX_PNG_PIXELS
    if is_picture:
        labels = np.asarray(labels)
        files[1] = f"{name}-quantized.png"
    labels_progress, colors_progress = part(progress, 0.5, 0.7), part(progress, 0.7, 1.0)
    lengths = lengths or {}
    marks = png_marks(lengths)
    output.write(
        files[0],
        lambda path: _write_labels(path, name, labels, clustering, labels_progress, lengths),
    )
    if is_picture:
        if transparent and labels.dtype == np.uint8:
            marks["transparency"] = 0
        colored = _colored(labels, clustering, transparent)
        output.write(files[1], lambda path: colored.save(path, **marks))
    elif is_dask(labels):
        # From the labels file, so that the image is read and labeled only once.
        source = output.folder / files[0]
        output.write(
            files[1],
            lambda path: _paint_tiff(
                *(path, name, source, clustering, transparent, colors_progress, lengths)
            ),
        )
    else:
        colors = clustering.paint(labels, alpha=transparent)
        tags = _color_tags(colors.shape) | tiff_sizes(lengths)
        output.write(files[1], lambda path: _write_array(path, colors, **tags))
    progress(1.0, STEP)
    return files


def _colored(labels: np.ndarray, clustering: ColorClustering, transparent: bool) -> Any:
    """Labels (Y, X) in their colors as an image of Pillow's, indexed if they are uint8."""
    from PIL import Image

    if labels.dtype != np.uint8:
        return Image.fromarray(clustering.paint(labels, alpha=transparent))
    picture = Image.fromarray(labels)
    picture.putpalette(clustering.label_colors.tobytes())
    return picture


def _write_labels(
    path: Path,
    name: str,
    labels: Any,
    clustering: ColorClustering,
    progress: Progress,
    lengths: Lengths,
) -> None:
    sizes = tiff_sizes(lengths)
    if not is_dask(labels):
        _write_array(path, labels, **sizes)
        return
    if labels.ndim > 2:
        _write_tiles(path, _tiles(labels, progress), labels.shape, labels.dtype, **sizes)
        return
    tags = _TAGS | sizes | _palette_tags(clustering, labels.dtype)
    n_levels = n_levels_of(labels.shape, SMALLEST)
    with kept_levels(path.parent, labels.shape, labels.dtype) as levels:

        def tiles_of(level: int) -> Iterator[np.ndarray]:
            strips = levels.strips(level, _TILE) if level else _strips(labels)
            for top, rows in strips:
                if level == 0:
                    levels.keep(top, rows)
                    progress((top + len(rows)) / labels.shape[0], STEP)
                yield from _tiles_of(rows)

        write_pyramid(
            *(path, tiles_of, labels.shape, labels.dtype, _TILE, n_levels, name, lengths), **tags
        )


def _palette_tags(clustering: ColorClustering, dtype: np.dtype) -> dict[str, Any]:
    """TIFF tags that show labels in their colors, where there are few enough of them."""
    if dtype != np.uint8:
        return {}
    colors = np.zeros((256, 3), np.uint16)
    colors[: len(clustering.label_colors)] = clustering.label_colors
    return {"photometric": "palette", "colormap": 257 * colors.T}


def _paint_tiff(
    path: Path,
    name: str,
    source: Path,
    clustering: ColorClustering,
    transparent: bool,
    progress: Progress,
    lengths: Lengths,
) -> None:
    """Write a labels TIFF of `_write_labels` in its colors, tile by tile."""
    import tifffile

    with tifffile.TiffFile(source) as file:
        series = file.series[0]
        levels = series.levels
        shape = (*series.shape, 4 if transparent else 3)
        tags = _TAGS | _color_tags(shape) | tiff_sizes(lengths)
        n_tiles = len(series.pages) * len(series.keyframe.dataoffsets)

        def tiles_of(level: int) -> Iterator[np.ndarray]:
            n_done = 0
            for page in levels[level].pages:
                for tile, _, _ in page.segments():
                    yield clustering.paint(tile.reshape(tile.shape[-3:-1]), alpha=transparent)
                    n_done += 1
                    if level == 0:
                        progress(n_done / n_tiles, STEP)

        if len(shape) > 3:
            _write_tiles(path, tiles_of(0), shape, np.dtype(np.uint8), **tags)
            return
        layout = shape, np.dtype(np.uint8), _TILE, len(levels) - 1, name, lengths
        write_pyramid(path, tiles_of, *layout, **tags)


def _color_tags(shape: tuple[int, ...]) -> dict[str, Any]:
    """The TIFF tags of colors (..., 3 or 4)."""
    alpha = {"extrasamples": ["unassalpha"]} if shape[-1] == 4 else {}
    return {"photometric": "rgb", "iccprofile": srgb_profile(), **alpha}


def _write_array(path: Path, array: np.ndarray, **tags: Any) -> None:
    import tifffile

    tifffile.imwrite(path, array, **{**_TAGS, **tags})


def _write_tiles(
    path: Path,
    tiles: Iterator[np.ndarray],
    shape: tuple[int, ...],
    dtype: np.dtype,
    **tags: Any,
) -> None:
    import tifffile

    layout = {"shape": shape, "dtype": dtype, "tile": (_TILE, _TILE), "bigtiff": True}
    tifffile.imwrite(path, tiles, **layout, **{**_TAGS, **tags})


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
        rest = np.concatenate([rest, np.asarray(plane[begin:end])])
        begin = end
        while len(rest) >= _TILE or (len(rest) and end == plane.shape[0]):
            yield top, rest[:_TILE]
            top, rest = top + _TILE, rest[_TILE:]
