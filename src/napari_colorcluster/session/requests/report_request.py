"""A request to write a report of what is shown of several images."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self

from napari.layers import Image

from napari_colorcluster.core.support.progress import Progress, part
from napari_colorcluster.layers.images.layer_data import levels
from napari_colorcluster.layers.images.shown import Shown
from napari_colorcluster.layers.result.results import LayerResult, results
from napari_colorcluster.layers.result.segmentation import Segmentation
from napari_colorcluster.layers.source import source_layers
from napari_colorcluster.report.html.data import same_clusters
from napari_colorcluster.report.html.image import ReportImage
from napari_colorcluster.report.html.page import write_report
from napari_colorcluster.report.html.study import (
    facts_of,
    given_facts,
    with_distances,
    write_thumbnails,
)
from napari_colorcluster.session.requests.request import Request, Work
from napari_colorcluster.session.state import SessionState

if TYPE_CHECKING:
    from napari.components import ViewerModel

STEP = "Writing the report"
"""Name of this step in progress reports."""


@dataclass(frozen=True, eq=False)
class ReportRequest(Request):
    """Write a report of images into a folder; see `of_all`.

    Attributes
    ----------
    images : tuple of Image
        The images.
    folder : pathlib.Path
        The folder.
    """

    images: tuple[Image, ...]
    folder: Path

    @classmethod
    def of_all(cls, viewer: ViewerModel, folder: str | Path) -> Self:
        """Report all images of a viewer that have a palette; ValueError where none has."""
        shown = tuple(each for each in source_layers(viewer) if results.of(each) is not None)
        if not shown:
            raise ValueError("There is nothing to report: cluster an image first.")
        return cls(shown[0], shown, Path(folder))

    def resolve(self, state: SessionState) -> Work:
        """Report what is shown now."""
        found = [(image, results.of(image)) for image in self.images]
        images = [
            (image.name, str(image.source.path or ""), result, levels(result.labels)[0])
            for image, result in found
            if result is not None
        ]
        return partial(self._do, images)

    def _do(
        self,
        images: Sequence[tuple[str, str, LayerResult, object]],
        shown: Shown,
        progress: Progress,
    ) -> Path:
        try:
            return self._written(images, progress)
        except OSError as error:
            reason = error.strerror or error
            raise ValueError(
                f"The report could not be saved to {self.folder}: {reason}."
            ) from error

    def _written(
        self, images: Sequence[tuple[str, str, LayerResult, object]], progress: Progress
    ) -> Path:
        reported = []
        for n_done, (name, path, result, labels) in enumerate(images, start=1):
            made = result.segmentation
            write_thumbnails(
                *(self.folder, name, result.shown.pictures[0], made.clustering), labels=labels
            )
            excluded = {**asdict(made.histogram.excluded), "too_far": made.n_too_far}
            reported.append(
                ReportImage(
                    *(name, path, result.palette),
                    excluded=excluded,
                    residuals=made.residual_summary if made.is_by_color else None,
                )
            )
            progress(0.5 * n_done / len(images), STEP)
        made = images[0][2].segmentation
        # Of one palette for all, what it was made of is what each image is held against.
        if len(made.origin) > 1 and same_clusters(reported):
            reported = with_distances(reported, made.clustering.palette)
        every = [result.segmentation for _, _, result, _ in images]
        facts = _facts(every) if same_clusters(reported) else []
        return write_report(self.folder, reported, facts=facts, progress=part(progress, 0.5, 1.0))

    def finish(self, state: SessionState, result: Path) -> None:
        """Hand the page on."""
        state.reported.emit(result)


def _facts(every: Sequence[Segmentation]) -> list[str]:
    """How the clusters that all images share were made, in a few words each."""
    own = next((made for made in every if len(made.origin) != 1), None)
    if own is None:
        # All have been given the palette of a file, or of an image that is not here.
        return given_facts(every[0].clustering, every[0].origin[0])
    return facts_of(own.clustering.settings)
