"""A batch: one image after another to its files and its rows of the table; no arguments parsed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from napari_colorcluster import __version__
from napari_colorcluster.cli.inputs import Source, open_image
from napari_colorcluster.cli.outputs import Output
from napari_colorcluster.core.clustering import ColorClustering
from napari_colorcluster.core.fitting import cluster_histogram
from napari_colorcluster.core.histogram import ColorHistogram, add_histograms
from napari_colorcluster.core.pooling import POOL_TOTAL, shares, with_total
from napari_colorcluster.core.progress import Progress
from napari_colorcluster.core.settings import Settings
from napari_colorcluster.core.threads import map_in_threads

if TYPE_CHECKING:
    import pandas as pd

TABLE = "shares.csv"
"""The name of the table."""

_AT_ONCE = 2
"""Images in work at the same time: while one is read or written, another is clustered."""

_Rows = list[list[Any]]
"""The label, name, hex and pixels of each cluster of an image."""


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
    pixel_size : float, optional
        Length of a pixel's side, for the areas; by default they are in pixels.
    """

    output: Output
    settings: Settings
    n_clusters: int | str | None
    pool: str | None = None
    clustering: ColorClustering | None = None
    resume: bool = False
    pixel_size: float | None = None

    def run(
        self, sources: list[Source], progress: Progress, report: Callable[[Failure], None]
    ) -> list[Failure]:
        """Do it, and write the table at the end.

        Parameters
        ----------
        sources : list of Source
            The images.
        progress : callable
            Told ``(fraction, what)`` after each image of a step.
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

        def each(work: Callable[[Source], Any], some: list[Source], what: str) -> list[Any]:
            def attempt(source: Source) -> Any:
                # Whatever a reader raises is about this one file: the others go on.
                try:
                    return work(source)
                except Exception as error:
                    failures.append(Failure(source, _reason(error)))
                    report(failures[-1])

            return map_in_threads(attempt, some, progress, what, _AT_ONCE)

        self.output.prepare()
        clustering = self.clustering
        left = sources
        if self.pool:
            pooled = _Pool(POOL_TOTAL // len(sources) if self.pool == "equal" else None)
            each(pooled.add, sources, "Counting colors")
            failed = {failure.source for failure in failures}
            left = [source for source in sources if source not in failed]
            if left:
                clustering = cluster_histogram(pooled.total, self.n_clusters, self.settings)
        asked = self._asked(clustering)
        done = each(lambda source: self._do(source, clustering, asked), left, "Writing images")
        table = self._table(
            [(source.name, rows) for source, rows in zip(left, done, strict=True) if rows]
        )
        self.output.write(TABLE, lambda path: table.to_csv(path, index=False, lineterminator="\n"))
        self.output.close()
        return failures

    def _asked(self, clustering: ColorClustering | None) -> dict[str, Any]:
        """What decides on the results of an image, besides the image."""
        if clustering is None:
            n_clusters = self.n_clusters
            return {"version": __version__, **self.settings.to_dict(n_clusters)}
        colors, counts = clustering.histogram.colors, clustering.histogram.counts
        digest = hashlib.sha256(colors.tobytes() + counts.tobytes()).hexdigest()
        return {"version": __version__, **clustering.settings, "colors": digest}

    def _do(
        self, source: Source, clustering: ColorClustering | None, asked: dict[str, Any]
    ) -> _Rows:
        """Write the results of an image, unless they are there; give its rows of the table."""
        stat = source.path.stat()
        key = {"size": stat.st_size, "modified": stat.st_mtime_ns, "asked": asked}
        rows = self.output.recorded(source.name, key) if self.resume else None
        if rows is not None:
            return rows
        image = open_image(source.path)
        histogram = ColorHistogram.from_image(image)
        if clustering is None:
            clustering = cluster_histogram(histogram, self.n_clusters, self.settings)
        palette = shares(clustering, histogram)
        numbers = palette.labels.tolist(), palette.names, palette.hex, palette.pixels.tolist()
        rows = [list(row) for row in zip(*numbers, strict=True)]
        self.output.forget(source.name)
        files = self.output.write_image(source.name, image, clustering)
        self.output.record(source.name, key, files, rows)
        return rows

    def _table(self, images: list[tuple[str, _Rows]]) -> pd.DataFrame:
        import pandas as pd

        columns = ["image", "cluster", "name", "hex", "pixels"]
        flat = [[name, *row] for name, rows in images for row in rows]
        table = pd.DataFrame(flat, columns=columns)
        pixels = table["pixels"].to_numpy(np.int64)
        totals = table.groupby("image")["pixels"].transform("sum").to_numpy(np.int64)
        table["fraction"] = pixels / np.maximum(totals, 1)
        table["area"] = pixels if self.pixel_size is None else pixels * self.pixel_size**2
        return table


class _Pool:
    """The colors of all images together, as they come in."""

    def __init__(self, each: int | None) -> None:
        self.total = ColorHistogram(np.empty((0, 3), np.uint8), np.empty(0, np.int64))
        self._each = each
        self._lock = Lock()

    def add(self, source: Source) -> None:
        histogram = ColorHistogram.from_image(open_image(source.path))
        if self._each is not None:
            histogram = with_total(histogram, self._each)
        with self._lock:
            self.total = add_histograms([self.total, histogram])


def _reason(error: Exception) -> str:
    said = " ".join(str(error).split())
    return (
        said
        if isinstance(error, ValueError | OSError) and said
        else (f"{type(error).__name__}: {said}".rstrip(": "))
    )
