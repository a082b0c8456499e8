"""What a batch leaves of an image: written whole or not at all, with a record of what is done."""

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
"""Above this, many programs refuse a PNG, and a tiled TIFF takes its place."""

WHAT = "Writing images"
"""The step in words."""

_TILE = STRIP
"""Side of a tile of a TIFF that is written piece by piece."""


@dataclass(frozen=True)
class Output:
    """The folder that a batch writes to.

    Parameters
    ----------
    folder : pathlib.Path
        Made if it is not there. In it, ``.colorcluster`` holds a record for each image that is
        done, and what is being written; nothing there is a result.
    """

    folder: Path

    @property
    def _records(self) -> Path:
        return self.folder / ".colorcluster"

    @property
    def _unfinished(self) -> Path:
        return self._records / "unfinished"

    def prepare(self) -> None:
        """Make the folders, and remove what a run that was killed left unfinished."""
        shutil.rmtree(self._unfinished, ignore_errors=True)
        self._unfinished.mkdir(parents=True)

    def close(self) -> None:
        """Remove what was needed for writing."""
        shutil.rmtree(self._unfinished, ignore_errors=True)

    def write(self, name: str, write: Callable[[Path], None]) -> None:
        """Have a file written, and give it its name only once it is whole."""
        with whole_file(self.folder / name, self._unfinished) as unfinished:
            write(unfinished)

    def remove(self, name: str) -> None:
        """Remove a file, if it is there."""
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
            Begins the files' names.
        image : array, shape (..., 3 or 4)
            The image; a dask array is written strip by strip.
        clustering : ColorClustering
            What labels it.
        transparent : bool
            Whether some pixels have label 0: they are transparent in the quantized image.
        progress : callable, optional
            Told the fraction done.
        lengths : mapping of str to (float, str), optional
            Lengths of the pixels' sides, as far as they are known: the files tell them.

        Returns
        -------
        list of str
            The names of the files: ``-labels.tif``, and ``-quantized.png`` or, where the image has
            more than two dimensions or is too large for that, ``-quantized.tif``.
        """
        labels = clustering.predict(image, progress=part(progress, 0.0, 0.5))
        files = [f"{name}-labels.tif", f"{name}-quantized.tif"]
        is_picture = labels.ndim == 2 and labels.size <= MAX_PNG_PIXELS
        if is_picture:
            labels = np.asarray(labels)
            files[1] = f"{name}-quantized.png"
        first, then = part(progress, 0.5, 0.7), part(progress, 0.7, 1.0)
        sizes, marks = tiff_sizes(lengths or {}), png_marks(lengths or {})
        self.write(files[0], lambda path: _write_labels(path, labels, first, sizes))
        if is_picture:
            if transparent and labels.dtype == np.uint8:
                marks["transparency"] = 0
            self.write(
                files[1], lambda path: _picture(labels, clustering, transparent).save(path, **marks)
            )
        elif is_dask(labels):
            # From the labels that are written by now: the image is read and labeled only once.
            source = self.folder / files[0]
            self.write(
                files[1],
                lambda path: _paint_tiff(path, source, clustering, transparent, then, sizes),
            )
        else:
            painted = clustering.paint(labels, alpha=transparent)
            colors = _colors_of(painted.shape) | sizes
            self.write(files[1], lambda path: _write_whole(path, painted, **colors))
        progress(1.0, WHAT)
        return files

    def keep_histogram(self, name: str, key: dict[str, Any], histogram: ColorHistogram) -> None:
        """Keep the colors of an image, for a pool that goes on later."""
        # Few colors have so many pixels that a count needs all of 8 bytes.
        counts = histogram.counts.astype(np.min_scalar_type(int(histogram.counts.max(initial=0))))
        kept = {"colors": histogram.colors, "counts": counts, "n_excluded": histogram.n_excluded}
        with whole_file(self._records / f"{name}.npz", self._unfinished) as unfinished:
            np.savez(unfinished, key=json.dumps(key), **kept)

    def kept_histogram(self, name: str, key: dict[str, Any]) -> ColorHistogram | None:
        """The colors of an image that were kept with this key, else None."""
        try:
            with np.load(self._records / f"{name}.npz") as kept:
                if json.loads(str(kept["key"])) != key:
                    return None
                return ColorHistogram(kept["colors"], kept["counts"], int(kept["n_excluded"]))
        except (OSError, ValueError, KeyError, BadZipFile):
            return None

    def record(
        self, name: str, key: dict[str, Any], files: list[str], found: dict[str, Any]
    ) -> None:
        """Note that an image is done: what was found, its files and what they were made from."""
        sizes = {file: (self.folder / file).stat().st_size for file in files}
        text = json.dumps({"key": key, "files": sizes, "found": found})
        with whole_file(self._records / f"{name}.json", self._unfinished) as unfinished:
            unfinished.write_text(text, "utf-8")

    def forget(self, name: str) -> None:
        """Remove the record of an image whose files are about to change."""
        (self._records / f"{name}.json").unlink(missing_ok=True)

    def recorded(self, name: str, key: dict[str, Any]) -> dict[str, Any] | None:
        """What was found in an image that is done with this key and has its files, else None."""
        try:
            record = json.loads((self._records / f"{name}.json").read_text("utf-8"))
            files = record["files"].items()
            whole = all((self.folder / file).stat().st_size == size for file, size in files)
            return record["found"] if whole and record["key"] == key else None
        except (OSError, ValueError, KeyError):
            return None


def _picture(labels: np.ndarray, clustering: ColorClustering, transparent: bool) -> Any:
    """Labels (Y, X) in their colors, for Pillow: with a palette, a byte a pixel, where they fit."""
    from PIL import Image

    if labels.dtype != np.uint8:
        return Image.fromarray(clustering.paint(labels, alpha=transparent))
    picture = Image.fromarray(labels)
    picture.putpalette(clustering.label_colors.tobytes())
    return picture


def _write_labels(path: Path, labels: Any, progress: Progress, sizes: dict[str, Any]) -> None:
    if is_dask(labels):
        _write_tiles(path, _tiles(labels, progress), labels.shape, labels.dtype, sizes)
    else:
        _write_whole(path, labels, **sizes)


def _paint_tiff(
    path: Path,
    source: Path,
    clustering: ColorClustering,
    transparent: bool,
    progress: Progress,
    sizes: dict[str, Any],
) -> None:
    """Paint a file of labels that `_write_labels` wrote tile by tile."""
    import tifffile

    with tifffile.TiffFile(source) as file:
        series = file.series[0]
        shape = (*series.shape, 4 if transparent else 3)
        n_tiles = len(series.pages) * len(series.keyframe.dataoffsets)

        def painted() -> Iterator[np.ndarray]:
            done = 0
            for page in series.pages:
                for tile, _, _ in page.segments():
                    yield clustering.paint(tile.reshape(tile.shape[-3:-1]), alpha=transparent)
                    done += 1
                    progress(done / n_tiles, WHAT)

        _write_tiles(path, painted(), shape, np.dtype(np.uint8), _colors_of(shape) | sizes)


def _colors_of(shape: tuple[int, ...]) -> dict[str, Any]:
    """What a TIFF must say of colors (..., 3 or 4)."""
    alpha = {"extrasamples": ["unassalpha"]} if shape[-1] == 4 else {}
    return {"photometric": "rgb", "iccprofile": srgb_profile(), **alpha}


def _write_whole(path: Path, array: np.ndarray, **keywords: Any) -> None:
    import tifffile

    keywords = {"photometric": "minisblack", **keywords}
    tifffile.imwrite(path, array, compression="zlib", **keywords)


def _write_tiles(
    path: Path,
    tiles: Iterator[np.ndarray],
    shape: tuple[int, ...],
    dtype: np.dtype,
    keywords: dict[str, Any],
) -> None:
    import tifffile

    tifffile.imwrite(
        *(path, tiles),
        **{"shape": shape, "dtype": dtype, "tile": (_TILE, _TILE), "bigtiff": True},
        **{"compression": "zlib", "photometric": "minisblack", **keywords},
    )


def _tiles(labels: Any, progress: Progress) -> Iterator[np.ndarray]:
    """The tiles of a dask array (..., Y, X) in the order of a TIFF, each chunk computed once."""
    planes = list(np.ndindex(labels.shape[:-2]))
    for done, plane in enumerate(planes):
        for top, rows in _rows_of_tiles(labels[plane]):
            for left in range(0, rows.shape[1], _TILE):
                yield np.ascontiguousarray(rows[:, left : left + _TILE])
            progress((done + (top + len(rows)) / labels.shape[-2]) / len(planes), WHAT)


def _rows_of_tiles(plane: Any) -> Iterator[tuple[int, np.ndarray]]:
    """Strips as high as a tile, and where they begin, of a dask array (Y, X)."""
    left = np.empty((0, plane.shape[1]), plane.dtype)
    top = begin = end = 0
    for height in plane.chunks[0]:
        end += height
        # Several chunks at once, where they are low, keep all cores busy.
        if end - begin < _TILE and end < plane.shape[0]:
            continue
        left = np.concatenate([left, np.asarray(plane[begin:end])])
        begin = end
        while len(left) >= _TILE or (len(left) and end == plane.shape[0]):
            yield top, left[:_TILE]
            top, left = top + _TILE, left[_TILE:]
