"""Tables that are copied by the usual keys, for a spreadsheet."""

from __future__ import annotations

from qtpy.QtCore import QEvent
from qtpy.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from qtpy.QtWidgets import QTableView

COPY = QKeySequence.StandardKey.Copy


class CopyingTable(QTableView):
    """A table with a copy of its own, where Qt would copy a single cell."""

    def copy(self) -> None:
        """Put what is copied on the clipboard."""
        raise NotImplementedError

    def event(self, event: QEvent) -> bool:
        """Accept the keys that copy, before a shortcut of the window takes them."""
        if event.type() == QEvent.Type.ShortcutOverride and event.matches(COPY):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy where the keys for it are pressed."""
        if event.matches(COPY):
            self.copy()
        else:
            super().keyPressEvent(event)


class CopiedTable(CopyingTable):
    """A table that is copied as a whole.

    Its model has a method ``frame()``, which returns a data frame of what is shown: numbers in
    full, and headings as columns.
    """

    def copy(self) -> None:
        """Put the table on the clipboard: tab-separated text under a header."""
        if self.model() is not None:
            text = self.model().frame().to_csv(sep="\t", index=False, lineterminator="\n")
            QGuiApplication.clipboard().setText(text)
