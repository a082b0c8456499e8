"""A request to save all files of what is shown of an image."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from napari_colorcluster.core.support.progress import Progress
from napari_colorcluster.layers.images.area import pixel_size_of
from napari_colorcluster.layers.images.shown import Shown
from napari_colorcluster.layers.notify import Notices
from napari_colorcluster.layers.pattern.spacing import lengths_of
from napari_colorcluster.layers.result.provenance import provenance
from napari_colorcluster.layers.result.results import results
from napari_colorcluster.layers.result.saved import saved_result
from napari_colorcluster.layers.result.script import result_script
from napari_colorcluster.report.image_files import LabeledImage
from napari_colorcluster.report.result_folder import ResultFiles
from napari_colorcluster.session.requests.request import Request, Work
from napari_colorcluster.session.state import SessionState


@dataclass(frozen=True, eq=False)
class SaveRequest(Request):
    """Save a result as a folder of files.

    Attributes
    ----------
    folder : pathlib.Path
        Where the folder is made; see `ResultFiles.write`.
    notices : Notices
        Where it is told what has been saved.
    """

    folder: Path
    notices: Notices

    def resolve(self, state: SessionState) -> Work:
        """Take what is shown by now, as it is; painting may go on meanwhile."""
        result = results.of(self.image)
        if result is None:
            raise ValueError(
                f"{self.image.name!r} has changed since it was clustered: press Cluster first."
            )
        made = result.segmentation
        try:
            script, without = result_script(self.image.name, made, result.shown), ""
        except ValueError as error:
            script, without = None, f" Without a script: {error}"
        labeled = LabeledImage(
            result.painted.kept_labels(),
            made.clustering,
            result.palette,
            made.has_gaps,
            lengths_of(self.image),
            provenance(made, self.image),
        )
        files = ResultFiles(
            self.image.name,
            result.shown.pictures[0],
            labeled,
            saved_result(made),
            script,
            pixel_size_of(self.image, made.level),
        )
        return partial(self._do, files, without)

    def _do(
        self, files: ResultFiles, without: str, shown: Shown, progress: Progress
    ) -> tuple[Path, str]:
        try:
            return files.write(self.folder, progress), without
        except OSError as error:
            raise ValueError(
                f"{files.name!r} could not be saved in {self.folder}: {error.strerror or error}."
            ) from error

    def finish(self, state: SessionState, result: tuple[Path, str]) -> None:
        """Tell where it is."""
        folder, without = result
        self.notices.say(f"Everything was saved in {folder}.{without}")
