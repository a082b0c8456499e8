"""Labels files that are opened while a panel is there: those with a palette get it back."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import ref

from napari.layers import Layer

from napari_colorcluster.core.files.label_tiffs import read_label_tiff
from napari_colorcluster.core.files.saved_labels import SavedLabels
from napari_colorcluster.core.support.progress import Progress
from napari_colorcluster.layers.notify import Notices
from napari_colorcluster.layers.result.from_file import label_file_of, show_as_saved
from napari_colorcluster.session.job import Job

if TYPE_CHECKING:
    from napari.components import ViewerModel


class LabelFiles:
    """Looks into the TIFF file of each layer that is added: no reader is needed for ``*.tif``.

    A reader of our own would make napari ask, for every TIFF, which one to take.

    Parameters
    ----------
    viewer : napari.Viewer
        Where layers are added.
    notices : Notices
        Where it is told that a layer has got its palette.
    """

    def __init__(self, viewer: ViewerModel, notices: Notices) -> None:
        self._viewer, self._notices = viewer, notices
        self._jobs: list[Job] = []
        viewer.layers.events.inserted.connect(self._on_inserted)

    @property
    def is_busy(self) -> bool:
        """Whether a file is being looked at."""
        return bool(self._jobs)

    def close(self) -> None:
        """Look into no file any more."""
        self._viewer.layers.events.inserted.disconnect(self._on_inserted)
        for job in self._jobs:
            job.quit()

    def _on_inserted(self, event: Any) -> None:
        path = label_file_of(event.value)
        if path is None:
            return
        job = Job(partial(_read, path))
        job.returned.connect(partial(self._show, ref(event.value)))
        job.finished.connect(lambda: self._jobs.remove(job))
        self._jobs.append(job)
        job.start()

    def _show(self, layer: ref[Layer], saved: SavedLabels | None) -> None:
        opened = layer()
        if saved is not None and opened is not None and opened in self._viewer.layers:
            shown = show_as_saved(self._viewer, opened, saved)
            self._notices.say(f"{shown.name!r} is shown with the palette in its file.")


def _read(path: Path, progress: Progress) -> SavedLabels | None:
    return read_label_tiff(path)
