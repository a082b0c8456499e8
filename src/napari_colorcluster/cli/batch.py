"""A batch: one image after another to its files and its rows of the table; no arguments parsed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import astuple, dataclass
from math import prod
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from napari_colorcluster import __version__
from napari_colorcluster.cli.outputs import Output
from napari_colorcluster.cli.sources import Source
from napari_colorcluster.core.clustering.clustering import ColorClustering
from napari_colorcluster.core.clustering.fitting import cluster_histogram
from napari_colorcluster.core.clustering.settings import Settings
from napari_colorcluster.core.files.pictures.lengths import Lengths, pixel_size_of
from napari_colorcluster.core.files.pictures.read import read_image
from napari_colorcluster.core.pixels.histogram import ColorHistogram, add_histograms
from napari_colorcluster.core.pixels.pixel_size import PixelSize
from napari_colorcluster.core.studies.pooling import shares, weigh
from napari_colorcluster.core.support.progress import Progress, part, silent
from napari_colorcluster.core.support.threads import map_in_threads

if TYPE_CHECKING:
    import pandas as pd

TABLE = "shares.csv"
"""The name of the table."""

_Rows = list[list[Any]]
"""The label, name, hex and pixels of each cluster of an image."""

_Work = Callable[[Source, Progress], Any]
"""What is done with an image."""

_AT_ONCE = 2
"""Images in work at the same time: while one is read or written, another is clustered."""


@dataclass(frozen=True)
class Failure:
    """An image that was skipped.

    Attributes
    ----------
    source : Source
        The image.
    reason : str
        What went wrong, in one line.
    """

    source: Source
    reason: str


@dataclass(frozen=True)
class Batch:
    """What is done with each image.

    Parameters
    ----------
    output : Output
        Where results go.
    settings : Settings
        How colors are clustered.
    n_clusters : int, "auto" or None
        As `cluster_colors` takes it.
    pool : "pixels" or "equal", optional
        One palette for all images, and how they count in it; by default each has its own.
    clustering : ColorClustering, optional
        One that is there already, for all images; then nothing is clustered.
    resume : bool, default False
        Skip the images whose results are there, made from the same file with the same settings.
    lengths : mapping of str to (float, str), optional
        Lengths of the sides of all images' pixels; by default what each file tells.
    tell : callable, optional
        Told a source and a note on how it was read; maybe from several threads.
    """

    output: Output
    settings: Settings
    n_clusters: int | str | None
    pool: str | None = None
    clustering: ColorClustering | None = None
    resume: bool = False
    lengths: Lengths | None = None
    tell: Callable[[Source, str], None] | None = None

    def run(
        self, sources: list[Source], progress: Progress, report: Callable[[Failure], None]
    ) -> list[Failure]:
        """Do it, and write the table at the end.

        Parameters
        ----------
        sources : list of Source
            The images.
        progress : callable
            Told ``(fraction, what)`` of a step; from several threads, one at a time.
        report : callable
            Told of each image that is skipped, at once, and maybe from several threads.

        Returns
        -------
        list of Failure
            All that were skipped.

        Raises
        ------
        ValueError
            Where a pool cannot be clustered.
        OSError
            Where the output folder cannot be written to.
        """
        failures: list[Failure] = []

        def each(work: _Work, some: list[Source], what: str) -> list[Any]:
            overall = _Overall(progress, what, len(some))

            def attempt(source: Source) -> Any:
                own = overall.begin()
                # Whatever a reader raises is about this one file: the others go on.
                try:
                    return work(source, own)
                except Exception as error:
                    failures.append(Failure(source, _reason(error)))
                    report(failures[-1])
                finally:
                    own(1.0, what)

            return map_in_threads(attempt, some, silent, what, _AT_ONCE)

        self.output.prepare()
        try:
            self._run(sources, each, failures)
        finally:
            self.output.close()
        return failures

    def _run(
        self,
        sources: list[Source],
        each: Callable[[_Work, list[Source], str], list[Any]],
        failures: list[Failure],
    ) -> None:
        clustering, left = self.clustering, sources
        if self.pool:
            pooled = _Pool(self.pool, len(sources))
            each(
                lambda source, own: pooled.add(self._histogram(source, own)),
                *(sources, "Counting colors"),
            )
            failed = {failure.source for failure in failures}
            left = [source for source in sources if source not in failed]
            if left:
                clustering = cluster_histogram(pooled.total, self.n_clusters, self.settings)
        asked = self._asked(clustering)
        done = each(
            lambda source, own: self._do(source, clustering, asked, own), left, "Writing images"
        )
        table = _table(
            [
                (source.name, found["rows"], self._pixel_size(found))
                for source, found in zip(left, done, strict=True)
                if found
            ]
        )
        # Names of files need be no text.
        how = {"index": False, "lineterminator": "\n", "errors": "backslashreplace"}
        self.output.write(TABLE, lambda path: table.to_csv(path, **how))

    def _asked(self, clustering: ColorClustering | None) -> dict[str, Any]:
        """What decides on the results of an image, besides the image."""
        if clustering is None:
            n_clusters = self.n_clusters
            return self.settings.to_dict(n_clusters)
        colors, counts = clustering.histogram.colors, clustering.histogram.counts
        digest = hashlib.sha256(colors.tobytes() + counts.tobytes()).hexdigest()
        return {**clustering.settings, "colors": digest}

    def _histogram(self, source: Source, progress: Progress) -> ColorHistogram:
        """The colors of an image of a pool; kept for its results, and for going on later."""
        found = self._kept(source) if self.resume else None
        if found is None:
            key = _key(source)
            found = _count(read_image(source.path).pixels, progress)
            self.output.keep_histogram(source.name, key, found)
        return found

    def _kept(self, source: Source) -> ColorHistogram | None:
        return self.output.kept_histogram(source.name, _key(source))

    def _do(
        self,
        source: Source,
        clustering: ColorClustering | None,
        asked: dict[str, Any],
        progress: Progress,
    ) -> dict[str, Any]:
        """Write the results of an image, unless they are there; give what the table needs of it.

        That is ``"rows"``, the label, name, hex and pixels of each cluster; ``"pixel_size"`` as
        the file tells it, or None; whether it is ``"deep"``, more than a plane; and the reader's
        ``"notes"``. JSON-able.
        """
        key = {**_key(source), "asked": asked}
        found = self.output.recorded(source.name, key) if self.resume else None
        if found is not None:
            return found
        picture = read_image(source.path)
        image = picture.pixels
        for note in picture.notes if self.tell else ():
            self.tell(source, note)
        histogram = self._kept(source) if self.pool else None
        if histogram is None:
            histogram = _count(image, part(progress, 0.0, 0.3))
        if clustering is None:
            clustering = cluster_histogram(
                *(histogram, self.n_clusters, self.settings), part(progress, 0.3, 0.5)
            )
        palette = shares(clustering, histogram)
        numbers = palette.labels.tolist(), palette.names, palette.hex, palette.pixels.tolist()
        rows = [list(row) for row in zip(*numbers, strict=True)]
        # From here on neither would be true.
        self.output.remove(TABLE)
        self.output.forget(source.name)
        transparent = palette.n_pixels < prod(image.shape[:-1])
        lengths = picture.lengths if self.lengths is None else self.lengths
        files = self.output.write_image(
            *(source.name, image, clustering, transparent, part(progress, 0.5, 1.0), lengths)
        )
        told = picture.pixel_size and list(astuple(picture.pixel_size))
        found = {"rows": rows, "pixel_size": told, "deep": image.ndim > 3}
        found["notes"] = list(picture.notes)
        self.output.record(source.name, key, files, found)
        return found

    def _pixel_size(self, found: dict[str, Any]) -> PixelSize | None:
        """That which was given, or else the file's own."""
        if self.lengths is not None:
            return pixel_size_of(self.lengths, found["deep"])
        return PixelSize(*found["pixel_size"]) if found["pixel_size"] else None


def _table(images: list[tuple[str, _Rows, PixelSize | None]]) -> pd.DataFrame:
    """The table of all images; areas are empty where nothing tells the size of a pixel."""
    import pandas as pd

    columns = ["image", "cluster", "name", "hex", "pixels"]
    flat = [[name, *row] for name, rows, _ in images for row in rows]
    table = pd.DataFrame(flat, columns=columns)
    pixels = table["pixels"].to_numpy(np.int64)
    totals = table.groupby("image")["pixels"].transform("sum").to_numpy(np.int64)
    table["fraction"] = pixels / np.maximum(totals, 1)
    sizes = [size for _, rows, size in images for _ in rows]
    # Areas always, so that tables have the same columns; volumes only where there are some.
    for quantity in ("area", "volume"):
        fit = [size if size and size.quantity == quantity else None for size in sizes]
        if quantity == "area" or any(fit):
            table[quantity] = pixels * np.array([size.size if size else np.nan for size in fit])
            table[f"{quantity}_unit"] = [size.unit if size else "" for size in fit]
    return table


class _Pool:
    """The colors of all images together, added as they come in: not all fit in memory at once."""

    def __init__(self, weights: str, n_images: int) -> None:
        self.total = ColorHistogram(np.empty((0, 3), np.uint8), np.empty(0, np.int64))
        self._weights, self._n_images = weights, n_images
        self._lock = Lock()

    def add(self, histogram: ColorHistogram) -> None:
        histogram = weigh(histogram, self._weights, self._n_images)
        with self._lock:
            self.total = add_histograms([self.total, histogram])


class _Overall:
    """The progress of all images, of which several are in work."""

    def __init__(self, progress: Progress, what: str, n_images: int) -> None:
        self._progress, self._what, self._n_images = progress, what, n_images
        self._done = 0.0
        self._lock = Lock()

    def begin(self) -> Progress:
        """Make the progress of one more image."""
        before = 0.0

        def tell(fraction: float, what: str) -> None:
            nonlocal before
            with self._lock:
                self._done += fraction - before
                before = fraction
                self._progress(min(self._done / self._n_images, 1.0), self._what)

        return tell


def _key(source: Source) -> dict[str, Any]:
    """What tells that an image is read as it was before."""
    return {"version": __version__, "state": source.state()}


def _count(image: Any, progress: Progress) -> ColorHistogram:
    """Count the colors of an image, of which there must be some."""
    histogram = ColorHistogram.from_image(image, progress=progress)
    if not histogram.n_pixels:
        raise ValueError("No pixel takes part: all are transparent or not finite.")
    return histogram


def _reason(error: Exception) -> str:
    said = " ".join(str(error).split())
    if isinstance(error, ValueError | OSError) and said:
        return said
    if isinstance(error, MemoryError):
        return "There is not enough memory for it."
    return f"It could not be worked on: {said or 'no reason is known'}"
