"""Noticing that a widget is taken out of its dock: napari keeps what its ✕ has taken out alive."""

from __future__ import annotations

from qtpy.QtCore import QEvent, QObject, Signal
from qtpy.QtWidgets import QWidget


class DockWatch(QObject):
    """Emits when a widget is taken out of the dock that it was in.

    Not when it floats, is hidden or goes to another dock.

    Parameters
    ----------
    widget : QWidget
        The widget.
    """

    taken_out = Signal()
    """Emitted when the widget has no parent any more."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look at the parent of the widget whenever that is another one."""
        if event.type() == QEvent.Type.ParentChange and watched.parent() is None:
            self.taken_out.emit()
        return super().eventFilter(watched, event)
