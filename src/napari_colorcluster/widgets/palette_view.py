"""The palette as it is shown in the panel: bar above table, selecting in one marks the other."""

from __future__ import annotations

from pathlib import Path

from napari.utils.notifications import show_error, show_info
from qtpy.QtCore import Signal
from qtpy.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from napari_colorcluster.core.palette import Palette
from napari_colorcluster.widgets.palette_bar import PaletteBar
from napari_colorcluster.widgets.palette_table import PaletteTable


class PaletteView(QWidget):
    """A palette's bar and table, with buttons to copy and to save it.

    Attributes
    ----------
    labels_selected : Signal(tuple)
        Emitted with the labels that are selected.
    """

    labels_selected = Signal(tuple)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = "palette"
        self.bar = PaletteBar()
        self.table = PaletteTable()
        self.copy_button = QPushButton("Copy")
        self.copy_button.setToolTip("Copy the table, or its selected rows, for a spreadsheet.")
        self.save_button = QPushButton("Save CSV…")
        self.save_button.setToolTip("Save the table as a CSV file.")
        buttons = QHBoxLayout()
        buttons.addWidget(self.copy_button)
        buttons.addWidget(self.save_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.bar)
        layout.addWidget(self.table)
        layout.addLayout(buttons)
        self.bar.clicked.connect(self._select_one)
        self.table.labels_selected.connect(self.bar.set_selected)
        self.table.labels_selected.connect(self.labels_selected)
        self.copy_button.clicked.connect(self._copy)
        self.save_button.clicked.connect(self._save)
        self.set_palette(None)

    def set_palette(self, palette: Palette | None, name: str = "palette") -> None:
        """Show a palette, or none; `name` is what a file of it is called at first."""
        self._name = name
        self.bar.set_palette(palette)
        self.table.set_palette(palette)
        for button in (self.copy_button, self.save_button):
            button.setEnabled(palette is not None)

    def _select_one(self, label: int) -> None:
        chosen = self.table.selected_labels()
        self.table.select(() if chosen == (label,) else (label,))

    def _copy(self) -> None:
        self.table.copy()
        rows = len(self.table.selected_labels())
        show_info(f"Copied {rows or 'all'} {'row' if rows == 1 else 'rows'} of the palette.")

    def _save(self) -> None:
        suggestion = f"{self._name} palette.csv"
        path, _ = QFileDialog.getSaveFileName(self, "Save palette", suggestion, "CSV (*.csv)")
        if not path:
            return
        target = Path(path) if Path(path).suffix else Path(path).with_suffix(".csv")
        try:
            self.table.save_csv(target)
        except OSError as error:
            show_error(f"The palette could not be saved to {target}: {error.strerror or error}.")
