"""A window with a figure, a table and buttons that save them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from qtpy.QtCore import QSize, Qt
from qtpy.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from napari_colorcluster.core.support.whole_file import whole_file
from napari_colorcluster.layers.notify import Notices
from napari_colorcluster.widgets.images.share_table import ShareTable
from napari_colorcluster.widgets.parts.figure_view import FigureView

SIZE = (760, 620)


class ShareWindow(QWidget):
    """A window that is deleted when it is closed.

    Parameters
    ----------
    title : str
        Its title, and what files are called at first.
    figure : FigureView
        The figure.
    parent : QWidget
        Owner of the window, whose style it has.
    table : QTableView, optional
        The table; by default a `ShareTable`.

    Attributes
    ----------
    figure : FigureView
    table : QTableView
    notices : Notices
        Where it tells what was saved: the panel's, once it is opened by one.
    """

    def __init__(
        self,
        title: str,
        figure: FigureView,
        parent: QWidget | None,
        table: QTableView | None = None,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.figure, self.notices = figure, Notices()
        self.table = ShareTable() if table is None else table
        self._changed = QLabel()
        self._changed.setWordWrap(True)
        self._changed.setTextFormat(Qt.TextFormat.PlainText)
        self._changed.setStyleSheet("QLabel { font-weight: bold; }")
        self._changed.hide()
        self._note = QLabel()
        self._note.setWordWrap(True)
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        self._note.hide()
        self._buttons = QHBoxLayout()
        self._buttons.addStretch(1)
        self._figures, self._tables = QSplitter(), QSplitter()
        self._figures.addWidget(figure)
        self._tables.addWidget(self.table)
        parts = QSplitter(Qt.Orientation.Vertical)
        for part in (self._figures, self._tables):
            part.setChildrenCollapsible(False)
            parts.addWidget(part)
        parts.setChildrenCollapsible(False)
        parts.setSizes([400, 200])
        self._layout = layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(self._changed)
        layout.addWidget(parts, 1)
        layout.addWidget(self._note)
        layout.addLayout(self._buttons)
        self.resize_within_screen(*SIZE)

    @property
    def note(self) -> str:
        """What is said about the numbers."""
        return self._note.text()

    @property
    def changed(self) -> str:
        """What is said where it is not of the present state; empty where it is."""
        return self._changed.text()

    def set_changed(self, text: str) -> None:
        """Say above all that it is of an earlier state; an empty text where it is not."""
        self._changed.setText(text)
        self._changed.setVisible(bool(text))

    def follow(self) -> None:
        """Find out whether it is of the present state, and say so where it is not."""

    def set_note(self, text: str) -> None:
        """Say something about the numbers."""
        self._note.setText(text)
        self._note.setVisible(bool(text))

    def set_head(self, widget: QWidget) -> None:
        """Put a widget above the figure."""
        self._layout.insertWidget(1, widget)

    def add_beside(self, figure: QWidget, table: QWidget) -> None:
        """Add another figure beside the first, and a table below it."""
        for splitter, widget in ((self._figures, figure), (self._tables, table)):
            splitter.addWidget(widget)
            splitter.setSizes([600, 400] if widget is figure else [420, 580])

    def resize_within_screen(self, width: int, height: int) -> None:
        """Take a size, or as much of it as the screen has."""
        self.resize(QSize(width, height).boundedTo(self.screen().availableSize()))

    def add_save(
        self, title: str, suggestion: str, kind: str, save: Callable[[Path], None]
    ) -> QPushButton:
        """Add a button that opens a file dialog.

        Parameters
        ----------
        title : str
            What is saved.
        suggestion : str
            The file's name at first, with its suffix.
        kind : str
            The kind of file in words.
        save : callable
            Given the path, writes the file.
        """
        button = QPushButton(f"Save {title}…")

        def save_as() -> None:
            suffix = Path(suggestion).suffix
            path, _ = QFileDialog.getSaveFileName(
                self, f"Save {title}", suggestion, f"{kind} (*{suffix})"
            )
            if not path:
                return
            target = Path(path) if Path(path).suffix else Path(path).with_suffix(suffix)
            is_plain = kind == "Picture" or title == "table"
            what = f"The {title}" if is_plain else f"The table of {title}"
            with self.notices.saving(what, target), whole_file(target) as unfinished:
                save(unfinished)

        button.clicked.connect(save_as)
        self._buttons.addWidget(button)
        return button
