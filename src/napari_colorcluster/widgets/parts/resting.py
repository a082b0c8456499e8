"""How controls look that cannot be used: at rest, with texts that can be read all the same."""

from __future__ import annotations

from qtpy.QtCore import QEvent, QObject
from qtpy.QtGui import QColor
from qtpy.QtWidgets import QWidget

TEXT_ALPHA = 0.66
"""How much of the texts' color is left: in napari's own style a third, too little to read."""

_STYLE = """
QWidget:disabled {{ color: rgba({0}, {1:.0%}); }}
QSlider::handle:horizontal:disabled {{ background-color: rgba({0}, 8%); }}
QSlider::groove:horizontal:disabled {{ background-color: rgba({0}, 8%); }}
QSlider::sub-page:horizontal:disabled, QSlider::add-page:horizontal:disabled {{
    background: transparent;
}}
QCheckBox::indicator:disabled {{ background-color: rgba({0}, 14%); }}
"""


class RestingLook(QObject):
    """Styles what is disabled in a widget, in the colors of napari's theme.

    Parameters
    ----------
    root : QWidget
        The widget, which has no style sheet of its own, and keeps this alive.
    """

    def __init__(self, root: QWidget) -> None:
        super().__init__(root)
        self._root, self._color = root, ""
        root.installEventFilter(self)
        self._apply()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the colors of another theme."""
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.Polish):
            self._apply()
        return False

    def _apply(self) -> None:
        color = QColor(self._root.palette().color(self._root.foregroundRole()))
        text = f"{color.red()}, {color.green()}, {color.blue()}"
        if text != self._color:
            self._color = text
            self._root.setStyleSheet(_STYLE.format(text, TEXT_ALPHA))
