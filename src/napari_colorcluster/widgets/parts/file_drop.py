"""Files that are dropped on a widget, where it takes them; others go on to napari's window."""

from __future__ import annotations

from collections.abc import Callable

from qtpy.QtCore import QEvent, QObject, Signal
from qtpy.QtGui import QDropEvent
from qtpy.QtWidgets import QWidget


class FileDrop(QObject):
    """Takes one file that is dropped anywhere on a widget.

    Parameters
    ----------
    widget : QWidget
        The widget.
    takes : callable
        Given a path, whether such a file is taken.

    Attributes
    ----------
    dropped : Signal(str)
        Emitted with the path of a file.
    """

    dropped = Signal(str)

    def __init__(self, widget: QWidget, takes: Callable[[str], bool]) -> None:
        super().__init__(widget)
        self._takes = takes
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Accept what is taken; ignore the rest, so that it goes on."""
        kinds = (QEvent.Type.DragEnter, QEvent.Type.DragMove, QEvent.Type.Drop)
        if event.type() not in kinds:
            return False
        path = self._path(event)
        if path is None:
            event.ignore()
            return True
        event.acceptProposedAction()
        if event.type() == QEvent.Type.Drop:
            self.dropped.emit(path)
        return True

    def _path(self, event: QDropEvent) -> str | None:
        paths = [url.toLocalFile() for url in event.mimeData().urls()]
        return paths[0] if len(paths) == 1 and paths[0] and self._takes(paths[0]) else None
