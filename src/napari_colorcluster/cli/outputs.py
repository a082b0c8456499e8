"""What a batch leaves of an image: written whole or not at all, with a record of what is done."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from napari_colorcluster.cli.chunks import STRIP
from napari_colorcluster.core.image import is_dask
from napari_colorcluster.core.whole_file import whole_file

if TYPE_CHECKING:
    from napari_colorcluster.core.clustering import ColorClustering

MAX_PNG_PIXELS = 1 << 26
"""Above this, many programs refuse a PNG, and a tiled TIFF takes its place."""

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
        self, name: str, image: Any, clustering: ColorClustering, transparent: bool
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

        Returns
        -------
        list of str
            The names of the files: ``-labels.tif``, and ``-quantized.png`` or, where the image has
            more than two dimensions or is too large for that, ``-quantized.tif``.
        """
        labels = clustering.predict(image)
        files = [f"{name}-labels.tif", f"{name}-quantized.tif"]
        if labels.ndim == 2 and labels.size <= MAX_PNG_PIXELS:
            labels = np.asarray(labels)
            files[1] = f"{name}-quantized.png"
            self.write(files[1], lambda path: _write_png(path, labels, clustering, transparent))
        else:
            painted = clustering.paint(labels, alpha=transparent)
            self.write(files[1], lambda path: _write_tiff(path, painted, True))
        self.write(files[0], lambda path: _write_tiff(path, labels, False))
        return files

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


def _write_png(
    path: Path, labels: np.ndarray, clustering: ColorClustering, transparent: bool
) -> None:
    """Write labels (Y, X) in their colors: with a palette, a byte a pixel, where they fit."""
    from PIL import Image

    if labels.dtype != np.uint8:
        Image.fromarray(clustering.paint(labels, alpha=transparent)).save(path)
        return
    picture = Image.fromarray(labels)
    picture.putpalette(clustering.label_colors.tobytes())
    picture.save(path, **({"transparency": 0} if transparent else {}))


def _write_tiff(path: Path, array: Any, rgb: bool) -> None:
    import tifffile

    keywords = {"photometric": "rgb" if rgb else "minisblack", "compression": "zlib"}
    if rgb and array.shape[-1] == 4:
        keywords["extrasamples"] = ["unassalpha"]
    if not is_dask(array):
        tifffile.imwrite(path, array, **keywords)
        return
    tifffile.imwrite(
        path,
        _tiles(array, rgb),
        shape=array.shape,
        dtype=array.dtype,
        tile=(_TILE, _TILE),
        bigtiff=True,
        **keywords,
    )


def _tiles(array: Any, rgb: bool) -> Iterator[np.ndarray]:
    """The tiles of a dask array in the order of a TIFF, computed a strip of tiles at a time."""
    n_leading = array.ndim - (3 if rgb else 2)
    height, width = array.shape[n_leading : n_leading + 2]
    for plane in np.ndindex(array.shape[:n_leading]):
        for top in range(0, height, _TILE):
            strip = np.asarray(array[plane][top : top + _TILE])
            for left in range(0, width, _TILE):
                yield np.ascontiguousarray(strip[:, left : left + _TILE])
