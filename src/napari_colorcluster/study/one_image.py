"""What is done with one image: a function of it and the settings, for any thread or machine."""

from __future__ import annotations

from dataclasses import asdict, astuple, dataclass
from functools import cached_property
from math import prod
from pathlib import Path
from typing import Any

from napari_colorcluster import __version__
from napari_colorcluster.core.clustering.clustering import ColorClustering
from napari_colorcluster.core.clustering.fitting import fewer_colors
from napari_colorcluster.core.files.pictures.lengths import pixel_size_of
from napari_colorcluster.core.files.pictures.read import read_image
from napari_colorcluster.core.pixels.histogram import ColorHistogram
from napari_colorcluster.core.pixels.passes import count_colors
from napari_colorcluster.core.pixels.picture import Picture
from napari_colorcluster.core.studies.pooling import count_too_far, shares, weigh
from napari_colorcluster.core.support.progress import Progress, part
from napari_colorcluster.study.inputs.left_out import find_mask, leave_out, read_mask
from napari_colorcluster.study.inputs.sources import Source
from napari_colorcluster.study.measures import TABLES as MEASURED_TABLES
from napari_colorcluster.study.outputs.image_files import write_image, write_image_as_svg
from napari_colorcluster.study.outputs.image_result import ImageResult
from napari_colorcluster.study.outputs.output import Output
from napari_colorcluster.study.outputs.shares_table import SHARES_TABLE
from napari_colorcluster.study.reporting import PAGE, image_for_report
from napari_colorcluster.study.settings import StudySettings


@dataclass(frozen=True)
class ImageWork:
    """What is done with one image: the same for all images of a run, and sent to every worker.

    Parameters
    ----------
    settings : StudySettings
        What is done.
    output : Output
        Where results are written.
    resume : bool
        Skip an image whose results were made from the same files with the same settings.
    n_images : int
        How many images there are, for weighting them equally.
    clustering : ColorClustering, optional
        That of the pool, once it is there.
    """

    settings: StudySettings
    output: Output
    resume: bool
    n_images: int
    clustering: ColorClustering | None = None

    @cached_property
    def digest(self) -> str:
        """A text that differs where results do."""
        return self.settings.digest(self.clustering)

    def count(self, source: Source, progress: Progress) -> ColorHistogram:
        """Count the colors of an image for the pool; cached for writing its results and resuming.

        Returns
        -------
        ColorHistogram
            As it is weighted in the pool.

        Raises
        ------
        ValueError
            Where it cannot be read, or no pixel takes part.
        OSError
            Where it is not there, or the cache cannot be written.
        """
        histogram = self._cached(source) if self.resume else None
        if histogram is None:
            # Before reading: if the file changes meanwhile, the cache is out of date.
            key = self._counting_key(source)
            picture = read_image(source.path)
            histogram = _Counted.of(picture, source, self.settings, progress).histogram
            self.output.cache_histogram(source.name, key, histogram)
        return weigh(histogram, self.settings.pool, self.n_images)

    def process(self, source: Source, progress: Progress) -> ImageResult:
        """Write the results of an image unless they exist; return its part of the table.

        Raises
        ------
        ValueError
            Where it, its mask or its objects cannot be read, or no pixel takes part.
        OSError
            Where it is not there, or results cannot be written.
        """
        inputs = self._inputs(source)
        key = _version(inputs) | {"study": self.digest}
        recorded = self.output.recorded(source.name, key) if self.resume else None
        if recorded is not None:
            return ImageResult.from_dict(recorded | {"path": str(source.path)})
        # First of all, since it knows what is no file, such as a pipe that nobody writes to.
        picture = read_image(source.path)
        checksums = {what: each.checksum() for what, each in inputs.items()}
        return self._written(source, picture, key, checksums, progress)

    def _written(
        self,
        source: Source,
        picture: Picture,
        key: dict[str, Any],
        checksums: dict[str, str],
        progress: Progress,
    ) -> ImageResult:
        settings, output = self.settings, self.output
        cached = self._cached(source) if settings.pool else None
        counted = _Counted.of(picture, source, settings, part(progress, 0.0, 0.3), cached)
        histogram = counted.histogram
        clustering, warnings, made = self.clustering or settings.clustering, [], None
        if clustering is None:
            clustering = settings.cluster(histogram, part(progress, 0.3, 0.5))
            fewer = fewer_colors(settings.n_clusters, clustering)
            warnings += [fewer] if fewer else []
            if counted.mask is None:
                made = {"image": source.path.stem, "settings": clustering.settings}
        palette = shares(clustering, histogram)
        earlier = self._begin(source)
        transparent = palette.n_pixels < prod(picture.pixels.shape[:-1])
        lengths = picture.lengths if settings.lengths is None else settings.lengths
        end = 0.7 if settings.measures.tables else 1.0
        middle = (0.5 + end) / 2
        labels = clustering.predict(
            picture.pixels, counted.mask, progress=part(progress, 0.5, middle)
        )
        files = write_image(
            *(output, source.name, labels, clustering, transparent),
            *(part(progress, middle, end), lengths, palette, made, settings.format),
        )
        if settings.svg:
            try:
                files += write_image_as_svg(output, source.name, labels, palette)
            except ValueError as error:
                warnings.append(str(error))
        size = picture.pixel_size
        if settings.lengths is not None:
            size = pixel_size_of(lengths, deep=picture.pixels.ndim > 3)
        if settings.measures.tables:
            image = output, source, picture.pixels, labels, clustering, counted.mask
            files += settings.measures.write(*image, lengths, size, part(progress, 0.7, 1.0))
        residuals = None
        if settings.report:
            shown = picture, clustering, labels, counted.mask, histogram
            thumbnails, residuals = image_for_report(output, source, *shown)
            files += thumbnails
        columns = palette.labels.tolist(), palette.names, palette.hex, palette.pixels.tolist()
        result = ImageResult(
            str(source.path),
            str(source.path.absolute()),
            [list(row) for row in zip(*columns, strict=True)],
            counted.excluded | {"too_far": count_too_far(clustering, histogram)},
            source.folder,
            size and list(astuple(size)),
            list(picture.notes),
            warnings,
            checksums,
            residuals,
        )
        for file in earlier - set(files):
            output.remove(file)
        output.record(source.name, key, files, result.to_dict())
        return result

    def _begin(self, source: Source) -> set[str]:
        """Before the files of an image change: what told of them is not true any more.

        Returns
        -------
        set of str
            The files that there are.
        """
        files = self.output.forget(source.name)
        if files is not None:
            for name in (SHARES_TABLE, PAGE, *MEASURED_TABLES):
                self.output.remove(name)
        return set(files or ())

    def _inputs(self, source: Source) -> dict[str, Source]:
        """All files that the results of an image are made of."""
        found: dict[str, Path | None] = {"image": source.path}
        if self.settings.masks is not None:
            found["mask"] = find_mask(self.settings.masks, source)
        found["objects"] = self.settings.measures.find_objects(source)
        return {what: Source(path, source.name) for what, path in found.items() if path is not None}

    def _counting_key(self, source: Source) -> dict[str, Any]:
        """What the colors that are counted depend on."""
        settings = self.settings
        inputs = {what: each for what, each in self._inputs(source).items() if what != "objects"}
        calibration = settings.how.calibration
        return _version(inputs) | {
            "min_alpha": settings.min_alpha,
            "ignore": list(map(str, settings.ignored)),
            "calibration": calibration.to_dict() if calibration and settings.ignored else None,
        }

    def _cached(self, source: Source) -> ColorHistogram | None:
        return self.output.cached_histogram(source.name, self._counting_key(source))


@dataclass(frozen=True)
class _Counted:
    """The colors of an image that take part."""

    histogram: ColorHistogram
    n_ignored: int
    mask: Any = None

    @classmethod
    def of(
        cls,
        picture: Picture,
        source: Source,
        settings: StudySettings,
        progress: Progress,
        histogram: ColorHistogram | None = None,
    ) -> _Counted:
        """Count them, unless they have been counted already."""
        mask = None if settings.masks is None else read_mask(settings.masks, source)
        how = settings.ignored, settings.min_alpha, settings.calibration
        mask, n_ignored = leave_out(picture, mask, *how, part(progress, 0.0, 0.5))
        if histogram is None:
            counting = part(progress, 0.5, 1.0) if settings.ignored else progress
            histogram = count_colors(picture, mask, min_alpha=settings.min_alpha, progress=counting)
        if not histogram.n_pixels:
            more = "" if mask is None else "masked, ignored, "
            raise ValueError(f"No pixel takes part: all are {more}transparent or not finite.")
        return cls(histogram, n_ignored, mask)

    @property
    def excluded(self) -> dict[str, int]:
        """How many pixels do not take part, by reason."""
        excluded = asdict(self.histogram.excluded)
        return excluded | {
            "masked": excluded["masked"] - self.n_ignored,
            "ignored": self.n_ignored,
        }


def _version(inputs: dict[str, Source]) -> dict[str, Any]:
    """Changes if the image would be read differently: other files, or another reader."""
    states = {what: each.state() for what, each in inputs.items()}
    return {"version": __version__, "state": states}
