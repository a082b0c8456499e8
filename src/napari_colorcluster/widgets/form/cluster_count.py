"""How many clusters: a slider for the usual numbers beside a box for any."""

from __future__ import annotations

from magicgui.widgets import Container, Label, Slider
from qtpy.QtCore import Qt

from napari_colorcluster.core.pixels.lookup import MAX_LABELS
from napari_colorcluster.widgets.form.whole_number import WholeNumber
from napari_colorcluster.widgets.parts.layout import name_control

USUAL = (2, 32)
"""The range of the slider: more than 32 colors are hard to tell apart in a bar."""


class ClusterCount(Container):
    """The number of clusters, k.

    Parameters
    ----------
    value : int, default 5
        The number at first.
    **kwargs
        As for any magicgui widget.

    Attributes
    ----------
    value : int
        1..65,535. ``changed`` is emitted with it, once a change.
    """

    def __init__(self, value: int = 5, **kwargs: object) -> None:
        self._slider = Slider(value=value, min=USUAL[0], max=USUAL[1], readout=False, name="slider")
        self._box = WholeNumber(value=value, min=1, max=MAX_LABELS, name="box")
        self._found = Label(value="auto")
        for part in (self._slider, self._box):
            name_control(part.native, "Number of clusters")
        # Room for the buttons and five digits; Qt would keep room for ten.
        for part in (self._box, self._found):
            part.native.setFixedWidth(96)
        self._found.native.setAlignment(Qt.AlignmentFlag.AlignCenter)
        parts = [self._slider, self._box, self._found]
        super().__init__(widgets=parts, layout="horizontal", labels=False, **kwargs)
        self.margins = (0, 0, 0, 0)
        self._purpose = self.tooltip
        self.rest("")
        # The box holds the value; what the container itself would emit is one of its parts.
        self.changed.disconnect()
        self._slider.changed.disconnect()
        self._box.changed.disconnect()
        self._slider.changed.connect(self._on_slider)
        self._box.changed.connect(self._on_box)

    @property
    def value(self) -> int:
        return self._box.value

    @value.setter
    def value(self, number: int) -> None:
        self._box.value = number

    def rest(self, reason: str) -> None:
        """Let no number be asked for where it is found, and say why; an empty reason lets it."""
        self.enabled = not reason
        self.tooltip = reason or self._purpose
        # As high as the box, or all below would jump.
        self._box.native.ensurePolished()
        self._found.native.setFixedHeight(self._box.native.sizeHint().height())
        self._box.visible, self._found.visible = not reason, bool(reason)
        for part in (self._slider, self._box, self._found):
            part.native.setToolTip(self.tooltip)

    def _on_slider(self, number: int) -> None:
        self._box.value = number

    def _on_box(self, number: int) -> None:
        with self._slider.changed.blocked():
            self._slider.value = min(max(number, USUAL[0]), USUAL[1])
        self.changed.emit(number)
