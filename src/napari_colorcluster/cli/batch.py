"""A batch: clusters many images, writes their files and one table. Parses no arguments."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import asdict, astuple, dataclass
from math import prod
from threading import Lock
from typing import Any

import numpy as np

from napari_colorcluster import __version__
from napari_colorcluster.cli.outputs import Output
from napari_colorcluster.cli.patterns import TABLES as MEASURED_TABLES
from napari_colorcluster.cli.patterns import Measures
from napari_colorcluster.cli.reporting import PAGE, image_for_report, write_batch_report
from napari_colorcluster.cli.shares_table import SHARES_TABLE, shares_table
from napari_colorcluster.cli.sources import Source
from napari_colorcluster.core.clustering.clustering import ColorClustering
from napari_colorcluster.core.clustering.fitting import cluster_histogram, fewer_colors
from napari_colorcluster.core.clustering.settings import Settings
from napari_colorcluster.core.files.pictures.lengths import Lengths, pixel_size_of
from napari_colorcluster.core.files.pictures.read import read_image
from napari_colorcluster.core.pixels.histogram import ColorHistogram, add_histograms
from napari_colorcluster.core.pixels.passes import count_colors
from napari_colorcluster.core.pixels.picture import Picture
from napari_colorcluster.core.pixels.pixel_size import PixelSize
from napari_colorcluster.core.studies.pooling import count_too_far, shares, weigh
from napari_colorcluster.core.support.progress import Progress, part, silent
from napari_colorcluster.core.support.threads import map_in_threads

_Task = Callable[[Source, Progress], Any]
"""What is done with one image."""

_N_WORKERS = 2
"""Images processed at a time: while one is read or written, another is clustered."""


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
        Where results are written.
    settings : Settings
        How colors are clustered.
    n_clusters : int, "auto" or None
        As in `cluster_colors`.
    pool : "pixels" or "equal", optional
        Cluster the colors of all images together, weighted in this way; by default, each image gets
        a palette of its own.
    clustering : ColorClustering, optional
        A saved clustering to apply to all images; none is computed then.
    resume : bool, default False
        Skip images whose results were made from the same file with the same settings.
    lengths : mapping of str to (float, str), optional
        Side lengths of the pixels of all images; by default, those given in each file.
    on_note : callable, optional
        Called with a source and a note on how it was read, possibly from several threads.
    on_warning : callable, optional
        Called with a source, or None for all, and what is unexpected in the results, likewise.
    measures : Measures, optional
        What is measured besides shares.
    report : bool, default False
        Whether to write a report to look at.
    """

    output: Output
    settings: Settings
    n_clusters: int | str | None
    pool: str | None = None
    clustering: ColorClustering | None = None
    resume: bool = False
    lengths: Lengths | None = None
    on_note: Callable[[Source, str], None] | None = None
    on_warning: Callable[[Source | None, str], None] | None = None
    measures: Measures | None = None
    report: bool = False

    def run(
        self, sources: list[Source], progress: Progress, on_failure: Callable[[Failure], None]
    ) -> list[Failure]:
        """Process all images, then write the table.

        Parameters
        ----------
        sources : list of Source
            The images.
        progress : callable
            Called with the fraction done and the name of the step, by one thread at a time.
        on_failure : callable
            Called with each `Failure` as it happens, possibly from several threads.

        Returns
        -------
        list of Failure
            The images that were skipped.

        Raises
        ------
        ValueError
            If pooled colors cannot be clustered.
        OSError
            If the output folder cannot be written to.
        """
        failures: list[Failure] = []

        def map_images(task: _Task, sources: list[Source], step: str) -> list[Any]:
            overall = _OverallProgress(progress, step, len(sources))

            def attempt(source: Source) -> Any:
                own = overall.begin()
                # Readers raise all kinds of exceptions; a bad file must not stop the others.
                try:
                    return task(source, own)
                except Exception as error:
                    failures.append(Failure(source, _reason(error)))
                    on_failure(failures[-1])
                finally:
                    own(1.0, step)

            return map_in_threads(attempt, sources, silent, step, _N_WORKERS)

        self.output.prepare()
        try:
            self._run(sources, map_images, failures, progress)
        finally:
            self.output.close()
        return failures

    def _run(
        self,
        sources: list[Source],
        map_images: Callable[[_Task, list[Source], str], list[Any]],
        failures: list[Failure],
        progress: Progress,
    ) -> None:
        clustering = self.clustering
        if self.pool:
            pooled = _PooledHistogram(self.pool, len(sources))

            def count(source: Source, progress: Progress) -> None:
                pooled.add(self._histogram(source, progress))

            map_images(count, sources, "Counting colors")
            failed = {failure.source for failure in failures}
            sources = [source for source in sources if source not in failed]
            if sources:
                clustering = cluster_histogram(pooled.total, self.n_clusters, self.settings)
                self._check_number(None, clustering)
        settings = self._recorded_settings(clustering)

        def process(source: Source, progress: Progress) -> dict[str, Any]:
            return self._process(source, clustering, settings, progress)

        results = map_images(process, sources, "Writing images")
        done = [(source, result) for source, result in zip(sources, results, strict=True) if result]
        table = shares_table(
            [
                (source.name, result["rows"], result["excluded"], self._pixel_size(result))
                for source, result in done
            ]
        )
        # File names need not be valid text.
        how = {"index": False, "lineterminator": "\n", "errors": "backslashreplace"}
        self.output.write(SHARES_TABLE, lambda path: table.to_csv(path, **how))
        if self.measures is not None:
            self.measures.join(self.output, (source for source, _ in done))
        if self.report:
            pool = clustering.palette if self.pool and clustering else None
            write_batch_report(self.output, done, settings, pool, progress)

    def _recorded_settings(self, clustering: ColorClustering | None) -> dict[str, Any]:
        """All that the results of an image depend on, besides the image."""
        if clustering is None:
            return self.settings.to_dict(self.n_clusters)
        colors, counts = clustering.histogram.colors, clustering.histogram.counts
        digest = hashlib.sha256(colors.tobytes() + counts.tobytes()).hexdigest()
        return {**clustering.settings, "colors": digest}

    def _histogram(self, source: Source, progress: Progress) -> ColorHistogram:
        """The colors of an image to pool; cached for writing its results and for resuming."""
        histogram = self._cached_histogram(source) if self.resume else None
        if histogram is None:
            # Before reading: if the file changes meanwhile, the cache is out of date.
            version = _version(source)
            histogram = self._count(read_image(source.path), progress)
            self.output.cache_histogram(source.name, version, histogram)
        return histogram

    def _check_number(self, source: Source | None, clustering: ColorClustering) -> None:
        """Warn of fewer clusters than were asked for."""
        if self.on_warning and (note := fewer_colors(self.n_clusters, clustering)):
            self.on_warning(source, note)

    def _count(self, picture: Picture, progress: Progress) -> ColorHistogram:
        """Count the colors of a picture, which must have some."""
        min_alpha = (self.clustering or self.settings).min_alpha
        histogram = count_colors(picture, min_alpha=min_alpha, progress=progress)
        if not histogram.n_pixels:
            raise ValueError("No pixel takes part: all are transparent or not finite.")
        return histogram

    def _cached_histogram(self, source: Source) -> ColorHistogram | None:
        return self.output.cached_histogram(source.name, _version(source))

    def _process(
        self,
        source: Source,
        clustering: ColorClustering | None,
        settings: dict[str, Any],
        progress: Progress,
    ) -> dict[str, Any]:
        """Write the results of an image unless they exist; return its part of the table.

        That is, as JSON can hold it: ``"rows"``, with label, name, hex and pixels of each cluster;
        ``"pixel_size"`` as given in the file, or None; ``"deep"``, whether it has several planes;
        ``"notes"``, how the file was read; ``"excluded"``, how many pixels were left out, and why.
        """
        key = {**_version(source), "settings": settings}
        if self.measures is not None:
            key["measures"] = self.measures.key(source, self.lengths)
        if self.report:
            key["report"] = True
        result = self.output.recorded(source.name, key) if self.resume else None
        if result is not None:
            return result
        picture = read_image(source.path)
        image = picture.pixels
        for note in picture.notes if self.on_note else ():
            self.on_note(source, note)
        histogram = self._cached_histogram(source) if self.pool else None
        if histogram is None:
            histogram = self._count(picture, part(progress, 0.0, 0.3))
        made = None
        if clustering is None:
            clustering = cluster_histogram(
                histogram, self.n_clusters, self.settings, part(progress, 0.3, 0.5)
            )
            self._check_number(source, clustering)
            made = {"image": source.path.stem, "settings": clustering.settings}
        palette = shares(clustering, histogram)
        columns = palette.labels.tolist(), palette.names, palette.hex, palette.pixels.tolist()
        rows = [list(row) for row in zip(*columns, strict=True)]
        # None of them is true any more once the files of this image change.
        for name in (SHARES_TABLE, PAGE, *MEASURED_TABLES):
            self.output.remove(name)
        self.output.forget(source.name)
        transparent = palette.n_pixels < prod(image.shape[:-1])
        lengths = picture.lengths if self.lengths is None else self.lengths
        end = 1.0 if self.measures is None else 0.7
        how = part(progress, 0.5, end), lengths, palette, made
        files = self.output.write_image(source.name, image, clustering, transparent, *how)
        pixel_size = picture.pixel_size and list(astuple(picture.pixel_size))
        result = {"rows": rows, "pixel_size": pixel_size, "deep": image.ndim > 3}
        result["notes"] = list(picture.notes)
        too_far = count_too_far(clustering, histogram)
        result["excluded"] = {**asdict(histogram.excluded), "too_far": too_far}
        if self.measures is not None:
            how = lengths, self._pixel_size(result), part(progress, 0.7, 1.0)
            files += self.measures.write(self.output, source, image, clustering, *how)
        if self.report:
            shown, result["residuals"] = image_for_report(
                *(self.output, source, picture, clustering, histogram)
            )
            files += shown
        self.output.record(source.name, key, files, result)
        return result

    def _pixel_size(self, result: dict[str, Any]) -> PixelSize | None:
        """The pixel size given for all images, or else the file's own."""
        if self.lengths is not None:
            return pixel_size_of(self.lengths, result["deep"])
        return PixelSize(*result["pixel_size"]) if result["pixel_size"] else None


class _PooledHistogram:
    """The sum of all histograms, added one by one: together they may not fit in memory."""

    def __init__(self, weights: str, n_images: int) -> None:
        self.total = ColorHistogram(np.empty((0, 3), np.uint8), np.empty(0, np.int64))
        self._weights, self._n_images = weights, n_images
        self._lock = Lock()

    def add(self, histogram: ColorHistogram) -> None:
        histogram = weigh(histogram, self._weights, self._n_images)
        with self._lock:
            self.total = add_histograms([self.total, histogram])


class _OverallProgress:
    """The progress of all images, several of which are processed at a time."""

    def __init__(self, progress: Progress, step: str, n_images: int) -> None:
        self._progress, self._step, self._n_images = progress, step, n_images
        self._n_done = 0.0
        self._lock = Lock()

    def begin(self) -> Progress:
        """Make the progress of one more image."""
        before = 0.0

        def report(fraction: float, step: str) -> None:
            nonlocal before
            with self._lock:
                self._n_done += fraction - before
                before = fraction
                self._progress(min(self._n_done / self._n_images, 1.0), self._step)

        return report


def _version(source: Source) -> dict[str, Any]:
    """Changes if the image would be read differently: another file, or another reader."""
    return {"version": __version__, "state": source.state()}


def _reason(error: Exception) -> str:
    """One line on what went wrong."""
    message = " ".join(str(error).split())
    if message and isinstance(error, ValueError | OSError):
        return message
    if isinstance(error, MemoryError):
        return "There is not enough memory for it."
    return f"It could not be processed: {message or 'no reason is known'}"
