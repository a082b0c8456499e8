"""The files that layers come from: read off the main thread, and added as viewers show them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary, ref

from napari.layers import Layer
from psygnal import Signal

from napari_colorcluster.core.files.pictures.read import read_image
from napari_colorcluster.core.pixels.picture import Picture
from napari_colorcluster.core.support.progress import Progress
from napari_colorcluster.layers.images.file_look import add_as_shown, file_of, other_look
from napari_colorcluster.layers.images.layer_data import levels
from napari_colorcluster.session.job import Job
from napari_colorcluster.session.requests.request import Request, Work
from napari_colorcluster.session.state import SessionState

if TYPE_CHECKING:
    from napari.components import ViewerModel


class FileChecks:
    """What napari's reader has ignored in the files of layers, found out once for each layer."""

    checked = Signal()
    """Emitted when there is something to say of another layer."""

    def __init__(self) -> None:
        self._notes: WeakKeyDictionary[Layer, str] = WeakKeyDictionary()
        self._jobs: list[Job] = []

    def note_of(self, layer: Layer | None) -> str:
        """What viewers make of a layer's file, as `other_look`; empty until that is found out."""
        if layer is None:
            return ""
        if layer not in self._notes:
            self._notes[layer] = ""
            if (path := file_of(layer)) is not None:
                self._begin(layer, path)
        return self._notes[layer]

    @property
    def is_busy(self) -> bool:
        """Whether a file is being looked at."""
        return bool(self._jobs)

    def close(self) -> None:
        """Emit nothing any more."""
        self.checked.disconnect()
        for job in self._jobs:
            job.quit()

    def _begin(self, layer: Layer, path: Path) -> None:
        # What cannot be read has been opened by another reader, and has nothing to be said of it.
        job = Job(partial(_look, levels(layer)[0], path))
        job.returned.connect(partial(self._keep, ref(layer)))
        job.finished.connect(lambda: self._jobs.remove(job))
        self._jobs.append(job)
        job.start()

    def _keep(self, layer: ref[Layer], note: str) -> None:
        if note and (checked := layer()) is not None:
            self._notes[checked] = note
            self.checked.emit()


def _look(data: Any, path: Path, progress: Progress) -> str:
    return other_look(data, path)


@dataclass(frozen=True, eq=False)
class AddFileRequest(Request):
    """Read the file of an image as viewers show it, and add it to a viewer."""

    viewer: ViewerModel

    def resolve(self, state: SessionState) -> Work:
        """Read the file that is there now."""
        path = file_of(self.image)
        if path is None:
            raise ValueError(f"The file of {self.image.name!r} is not there any more.")
        return lambda shown, progress: read_image(path)

    def finish(self, state: SessionState, result: Picture) -> None:
        """Add the picture, and make it active."""
        add_as_shown(self.viewer, self.image, result)
