"""The wheel over a control that has not got the focus: it scrolls, and changes nothing."""

from __future__ import annotations

from qtpy.QtCore import QEvent, Qt
from qtpy.QtWidgets import QAbstractSlider, QAbstractSpinBox, QComboBox, QScrollBar, QWidget

from napari_colorcluster.widgets.parts.descendants import Descendants

_TURNED = (QAbstractSlider, QAbstractSpinBox, QComboBox)
"""What the wheel changes the value of."""


class WheelGuard(Descendants):
    """Leaves the wheel to what scrolls, unless a control was clicked or reached by a key before.

    A person who scrolls a panel would otherwise change whatever comes under the mouse.
    """

    def met(self, widget: QWidget) -> None:
        """Let the wheel not give the focus: it would have it before it turns."""
        if _is_turned(widget) and widget.focusPolicy() == Qt.FocusPolicy.WheelFocus:
            widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def heard(self, widget: QWidget, event: QEvent) -> bool:
        """Pass the wheel on to what the control is in."""
        if event.type() == QEvent.Type.Wheel and _is_turned(widget) and not widget.hasFocus():
            event.ignore()
            return True
        return False


def _is_turned(widget: QWidget) -> bool:
    return isinstance(widget, _TURNED) and not isinstance(widget, QScrollBar)
