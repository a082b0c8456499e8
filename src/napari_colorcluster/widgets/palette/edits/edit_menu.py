"""What the menus of edits share: actions that request an edit by its name."""

from __future__ import annotations

from collections.abc import Callable

from qtpy.QtCore import QObject, Signal
from qtpy.QtGui import QAction
from qtpy.QtWidgets import QMenu, QWidget


class EditMenu(QObject):
    """A group of edits in a menu of their own.

    Parameters
    ----------
    title : str
        What the menu is called.
    parent : QWidget
        What shows the palette; dialogs belong to it.

    Attributes
    ----------
    edit_requested : Signal(str, tuple)
        Emitted with the name of an edit, as `Session.edit` takes it, and its arguments.
    menu : QMenu
        Has the actions.
    """

    edit_requested = Signal(str, tuple)

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.menu = QMenu(title, parent)
        self.menu.setToolTipsVisible(True)

    def _add(self, text: str, tooltip: str, do: Callable[[], None] | None = None) -> QAction:
        """Add an action, which does something where that is not left to others."""
        action = self.menu.addAction(text)
        action.setToolTip(tooltip)
        if do is not None:
            action.triggered.connect(lambda: do())
        return action
