"""The note under the choice of the image: on how napari has read the active or the chosen one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from napari_colorcluster.layers.images.channels import make_rgb, possible_channels
from napari_colorcluster.layers.images.layer_data import unwrapped
from napari_colorcluster.session.requests.from_file import AddFileRequest, FileChecks
from napari_colorcluster.widgets.parts.notes import NoteWithAction

if TYPE_CHECKING:
    from napari.components import ViewerModel

    from napari_colorcluster.session.session import Session
    from napari_colorcluster.widgets.form.form import SettingsForm

ADD = (
    "Add as viewers show it",
    "Read the file again, upright and in sRGB, and add it as a new layer.",
)
MAKE_RGB = (
    "Make it RGB",
    "Add the image again as RGB, with its channels on the last axis, and hide this layer.",
)
"""Titles and tooltips of the button."""


class ImageNote:
    """Says where napari has taken colors for grayscale, or ignored what a file says of its colors.

    Parameters
    ----------
    viewer : napari.Viewer
        Where the layers are.
    session : Session
        Reads files.
    form : SettingsForm
        Has the choice of the image.

    Attributes
    ----------
    line : NoteWithAction
        The note, and what can be done at once.
    """

    def __init__(self, viewer: ViewerModel, session: Session, form: SettingsForm) -> None:
        self._viewer, self._session, self._form = viewer, session, form
        self.line = NoteWithAction()
        self.line.setToolTip("How napari has read the image, where it may be meant otherwise.")
        form.native.layout().insertWidget(1, self.line)
        self._checks = FileChecks()
        self._checks.checked.connect(self.mirror)

    def mirror(self, *_: Any) -> None:
        """Say what there is to say now."""
        image, active = self._form.image.value, unwrapped(self._viewer.layers.selection.active)
        channels = possible_channels(self._viewer, active)
        if channels is not None and channels.axis is not None:
            make = partial(make_rgb, self._viewer, active, channels.axis)
            self.line.say(channels.note, *MAKE_RGB, make)
        elif channels is not None and image is None:
            self.line.say(channels.note)
        elif note := self._checks.note_of(image):
            add = partial(self._session.submit, AddFileRequest(image, self._viewer))
            self.line.say(f"Other viewers show this file differently. {note}", *ADD, add)
        else:
            self.line.say("")

    def close(self) -> None:
        """Check no more files."""
        self._checks.close()
