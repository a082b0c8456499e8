"""The output folder of a batch: complete files only, and records of the images that are done."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import numpy as np

from napari_colorcluster.core.files.pictures.chunks import STRIP
from napari_colorcluster.core.files.pictures.lengths import Lengths
from napari_colorcluster.core.files.pictures.marks import png_marks, srgb_profile, tiff_sizes
from napari_colorcluster.core.pixels.histogram import ColorHistogram
from napari_colorcluster.core.pixels.image import is_dask
from napari_colorcluster.core.support.progress import Progress, part, silent
from napari_colorcluster.core.support.whole_file import whole_file

if TYPE_CHECKING:
    from napari_colorcluster.core.clustering.clustering import ColorClustering

MAX_PNG_PIXELS = 1 << 26
"""Larger images are written as tiled TIFFs: many programs refuse such a PNG."""

RECORDS = ".colorcluster"
"""The subfolder for what is kept of the images that are done."""

STEP = "Writing images"
"""Name of this step in progress reports."""

_TILE = STRIP
"""Side of a tile, in pixels, of TIFFs that are written chunk by chunk."""

_TAGS = {"compression": "zlib", "photometric": "minisblack"}
"""TIFF tags of labels."""


@dataclass(frozen=True)
class Output:
    """The folder that a batch writes to.

    Parameters
    ----------
    folder : pathlib.Path
        Created if it does not exist. Its subfolder ``.colorcluster`` holds records of the images
        that are done, cached histograms and unfinished files; no results.
    """

    folder: Path

    @property
    def _records(self) -> Path:
        return self.folder / RECORDS

    @property
    def unfinished(self) -> Path:
        """The folder of files that are not complete yet."""
        return self._records / "unfinished"

    def prepare(self) -> None:
        """Create the folders, and remove unfinished files of a run that was killed."""
        shutil.rmtree(self.unfinished, ignore_errors=True)
        self.unfinished.mkdir(parents=True)

    def close(self) -> None:
        """Remove unfinished files."""
        shutil.rmtree(self.unfinished, ignore_errors=True)

    def write(self, name: str, write: Callable[[Path], None]) -> None:
        """Call `write` with a temporary path, then rename the complete file to `name`."""
        with whole_file(self.folder / name, self.unfinished) as unfinished:
            write(unfinished)

    def remove(self, name: str) -> None:
        """Remove a file if it exists."""
        (self.folder / name).unlink(missing_ok=True)

    def write_image(
        self,
        name: str,
        image: Any,
        clustering: ColorClustering,
        transparent: bool,
        progress: Progress = silent,
        lengths: Lengths | None = None,
    ) -> list[str]:
        """Write the labels and the quantized image.

        Parameters
        ----------
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

        Returns
        -------
        list of str
            The file names, which end in ``-labels.tif`` and ``-quantized.png``, or
            ``-quantized.tif`` if the image has more than two dimensions or is too large for PNG.
        """
        labels = clustering.predict(image, progress=part(progress, 0.0, 0.5))
        files = [f"{name}-labels.tif", f"{name}-quantized.tif"]
        is_picture = labels.ndim == 2 and labels.size <= MAX_PNG_PIXELS
        if is_picture:
            labels = np.asarray(labels)
            files[1] = f"{name}-quantized.png"
        labels_progress, colors_progress = part(progress, 0.5, 0.7), part(progress, 0.7, 1.0)
        sizes, marks = tiff_sizes(lengths or {}), png_marks(lengths or {})
        self.write(files[0], lambda path: _write_labels(path, labels, labels_progress, sizes))
        if is_picture:
            if transparent and labels.dtype == np.uint8:
                marks["transparency"] = 0
            colored = _colored(labels, clustering, transparent)
            self.write(files[1], lambda path: colored.save(path, **marks))
        elif is_dask(labels):
            # From the labels file, so that the image is read and labeled only once.
            source = self.folder / files[0]
            self.write(
                files[1],
                lambda path: _paint_tiff(
                    path, source, clustering, transparent, colors_progress, sizes
                ),
            )
        else:
            colors = clustering.paint(labels, alpha=transparent)
            tags = _color_tags(colors.shape) | sizes
            self.write(files[1], lambda path: _write_array(path, colors, **tags))
        progress(1.0, STEP)
        return files

    def cache_histogram(self, name: str, key: dict[str, Any], histogram: ColorHistogram) -> None:
        """Save the histogram of an image, for its results and for a pool that is resumed."""
        # The smallest type that holds the counts: few images need 8 bytes.
        counts = histogram.counts.astype(np.min_scalar_type(int(histogram.counts.max(initial=0))))
        content = {"colors": histogram.colors, "counts": counts, "n_excluded": histogram.n_excluded}
        with whole_file(self._records / f"{name}.npz", self.unfinished) as unfinished:
            np.savez(unfinished, key=json.dumps(key), **content)

    def cached_histogram(self, name: str, key: dict[str, Any]) -> ColorHistogram | None:
        """The histogram that was saved with this key, or None."""
        try:
            with np.load(self._records / f"{name}.npz") as content:
                if json.loads(str(content["key"])) != key:
                    return None
                return ColorHistogram(
                    content["colors"], content["counts"], int(content["n_excluded"])
                )
        except (OSError, ValueError, KeyError, BadZipFile):
            return None

    def record(
        self, name: str, key: dict[str, Any], files: list[str], result: dict[str, Any]
    ) -> None:
        """Record that an image is done: its result, its files and the key they were made with."""
        sizes = {file: (self.folder / file).stat().st_size for file in files}
        text = json.dumps({"key": key, "files": sizes, "result": result})
        with whole_file(self._records / f"{name}.json", self.unfinished) as unfinished:
            unfinished.write_text(text, "utf-8")

    def forget(self, name: str) -> None:
        """Remove the record of an image whose files are about to change."""
        (self._records / f"{name}.json").unlink(missing_ok=True)

    def recorded(self, name: str, key: dict[str, Any]) -> dict[str, Any] | None:
        """The result recorded with this key, or None if there is none or a file is missing."""
        try:
            record = json.loads((self._records / f"{name}.json").read_text("utf-8"))
            files = record["files"].items()
            complete = all((self.folder / file).stat().st_size == size for file, size in files)
            return record["result"] if complete and record["key"] == key else None
        except (OSError, ValueError, KeyError):
            return None


def _colored(labels: np.ndarray, clustering: ColorClustering, transparent: bool) -> Any:
    """Labels (Y, X) in their colors as an image of Pillow's, indexed if they are uint8."""
    from PIL import Image

    if labels.dtype != np.uint8:
        return Image.fromarray(clustering.paint(labels, alpha=transparent))
    picture = Image.fromarray(labels)
    picture.putpalette(clustering.label_colors.tobytes())
    return picture


def _write_labels(path: Path, labels: Any, progress: Progress, sizes: dict[str, Any]) -> None:
    if is_dask(labels):
        _write_tiles(path, _tiles(labels, progress), labels.shape, labels.dtype, **sizes)
    else:
        _write_array(path, labels, **sizes)


def _paint_tiff(
    path: Path,
    source: Path,
    clustering: ColorClustering,
    transparent: bool,
    progress: Progress,
    sizes: dict[str, Any],
) -> None:
    """Write a labels TIFF of `_write_labels` in its colors, tile by tile."""
    import tifffile

    with tifffile.TiffFile(source) as file:
        series = file.series[0]
        shape = (*series.shape, 4 if transparent else 3)
        n_tiles = len(series.pages) * len(series.keyframe.dataoffsets)

        def colored_tiles() -> Iterator[np.ndarray]:
            n_done = 0
            for page in series.pages:
                for tile, _, _ in page.segments():
                    yield clustering.paint(tile.reshape(tile.shape[-3:-1]), alpha=transparent)
                    n_done += 1
                    progress(n_done / n_tiles, STEP)

        tags = _color_tags(shape) | sizes
        _write_tiles(path, colored_tiles(), shape, np.dtype(np.uint8), **tags)


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
            for left in range(0, rows.shape[1], _TILE):
                yield np.ascontiguousarray(rows[:, left : left + _TILE])
            progress((n_done + (top + len(rows)) / labels.shape[-2]) / len(planes), STEP)


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
