"""The output folder of a batch: complete files only, and records of the images that are done."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import numpy as np

from napari_colorcluster.core.files.pictures.lengths import Lengths
from napari_colorcluster.core.pixels.histogram import ColorHistogram
from napari_colorcluster.core.support.progress import Progress, part, silent
from napari_colorcluster.core.support.whole_file import whole_file
from napari_colorcluster.report.image_files import LabeledImage, write_images

if TYPE_CHECKING:
    from napari_colorcluster.core.clustering.clustering import ColorClustering
    from napari_colorcluster.core.color.palette import Palette

RECORDS = ".colorcluster"
"""The subfolder for what is kept of the images that are done."""


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
        palette: Palette | None = None,
        made: Mapping[str, Any] | None = None,
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
        palette : Palette, optional
            The shares of this image; by default those of the clustering.
        made : mapping, optional
            How the labels were made, as `LabeledImage` takes it.

        Returns
        -------
        list of str
            The file names, which end in ``-labels.tif`` and ``-quantized.png``, or
            ``-quantized.tif`` if the image has more than two dimensions or is too large for PNG.
        """
        labels = clustering.predict(image, progress=part(progress, 0.0, 0.5))
        shown = clustering.palette if palette is None else palette
        labeled = LabeledImage(labels, clustering, shown, transparent, lengths or {}, made)
        writing = partial(whole_file, beside=self.unfinished)
        return write_images(self.folder, name, labeled, part(progress, 0.5, 1.0), writing)

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
