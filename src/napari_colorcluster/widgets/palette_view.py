"""The palette as it is shown in the panel: bar, table and edits as one; nothing is edited here."""

from __future__ import annotations

from pathlib import Path

from napari.utils.notifications import show_error, show_info
from qtpy.QtCore import Signal
from qtpy.QtGui import QAction
from qtpy.QtWidgets import QFileDialog, QLabel, QVBoxLayout, QWidget

from napari_colorcluster.core.palette import Palette
from napari_colorcluster.widgets.edit_actions import EditActions
from napari_colorcluster.widgets.edit_bar import EditBar
from napari_colorcluster.widgets.palette_bar import PaletteBar
from napari_colorcluster.widgets.palette_table import PaletteTable

NOTE_STYLE = "QLabel { font-size: 9pt; padding: 0px; }"


class PaletteView(QWidget):
    """A palette's bar and table, with what can be asked of it.

    What is asked for is only told: who hears of it makes the edit, and calls `set_palette`.

    Attributes
    ----------
    labels_selected : Signal(tuple)
        Emitted with the labels that are selected.
    edit_asked : Signal(str, tuple)
        Emitted with the name of an edit in `napari_colorcluster.core.edits.EDITS` and its
        arguments, such as ``"merge", ([2, 3],)``.
    undo_asked, redo_asked : Signal()
        Emitted where `set_history` said that there is something to undo, or redo.
    clean_asked : Signal(int)
        Emitted with the smallest region that is to stay, in pixels; 1 for all.
    script_asked, view_asked : Signal()
        Emitted when a script of the result, or its color space, is to be shown.
    bar, table, edit_bar, edits
        The parts: `PaletteBar`, `PaletteTable`, `EditBar`, `EditActions`.
    """

    labels_selected = Signal(tuple)
    edit_asked = Signal(str, tuple)
    undo_asked = Signal()
    redo_asked = Signal()
    clean_asked = Signal(int)
    script_asked = Signal()
    view_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = "palette"
        self.bar = PaletteBar()
        self.note = QLabel()
        self.note.setWordWrap(True)
        self.note.setStyleSheet(NOTE_STYLE)
        self.note.hide()
        self.table = PaletteTable()
        self.edits = EditActions(self)
        self.edit_bar = EditBar(self.edits)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for part in (self.bar, self.note, self.table, self.edit_bar):
            layout.addWidget(part)
        self._add_to_table()
        self._connect()
        self.set_palette(None)

    def set_palette(
        self, palette: Palette | None, name: str = "palette", keep_selection: bool = True
    ) -> None:
        """Show a palette, or none.

        Parameters
        ----------
        palette : Palette or None
            The palette.
        name : str, default "palette"
            What a file of it is called at first.
        keep_selection : bool, default True
            Whether labels that are still there stay selected; False where they may mean other
            clusters now.
        """
        self._name = name
        self.bar.set_palette(palette)
        self.edits.set_palette(palette)
        self.table.set_palette(palette, keep_selection)
        self.edit_bar.set_usable(palette is not None)

    def set_history(self, can_undo: bool, can_redo: bool) -> None:
        """Offer to undo, and to redo, or not."""
        self.edits.set_history(can_undo, can_redo)

    def set_min_pixels(self, pixels: int) -> None:
        """Show how large a region must be to stay, in pixels; 1 where specks are left alone."""
        self.edits.set_min_pixels(pixels)

    def set_note(self, text: str) -> None:
        """Say something about the numbers in the table; nothing takes no room."""
        self.note.setText(text)
        self.note.setVisible(bool(text))

    def add_tool(self, widget: QWidget) -> None:
        """Put a widget before the buttons of the edit bar."""
        self.edit_bar.add_tool(widget)

    def install_shortcuts(self, widget: QWidget) -> None:
        """Let Ctrl+Z, Ctrl+Shift+Z and Ctrl+Y undo and redo while the focus is in a widget."""
        self.edits.install_shortcuts(widget)

    def pick(self, label: int, add: bool = False) -> None:
        """Select one label, or add it; picked again it is left out, and 0 picks none.

        Parameters
        ----------
        label : int
            A label, or 0.
        add : bool, default False
            Whether what is selected stays so.
        """
        chosen = set(self.table.selected_labels())
        if add:
            chosen ^= {label}
        else:
            chosen = set() if chosen == {label} else {label}
        self.table.select(chosen)

    def _add_to_table(self) -> None:
        edits = self.edits
        separators = [QAction(self), QAction(self)]
        for separator in separators:
            separator.setSeparator(True)
        self.table.addActions(
            [
                edits.merge,
                edits.split_menu.menuAction(),
                edits.background,
                separators[0],
                edits.recolor,
                edits.rename,
                separators[1],
                edits.copy,
            ]
        )

    def _connect(self) -> None:
        self.bar.clicked.connect(self.pick)
        self.table.labels_selected.connect(self.bar.set_selected)
        self.table.labels_selected.connect(self.edits.set_selected)
        self.table.labels_selected.connect(self.labels_selected)
        self.table.renamed.connect(lambda *named: self.edit_asked.emit("rename", named))
        self.table.swatch_double_clicked.connect(self.edits.choose_color)
        self.edits.edit_asked.connect(self.edit_asked)
        self.edits.rename_asked.connect(self.table.edit_name)
        self.edits.undo_asked.connect(self.undo_asked)
        self.edits.redo_asked.connect(self.redo_asked)
        self.edits.clean_asked.connect(self.clean_asked)
        self.edits.copy.triggered.connect(self._copy)
        self.edits.save_csv.triggered.connect(self._save)
        self.edits.script.triggered.connect(lambda: self.script_asked.emit())
        self.edits.view.triggered.connect(lambda: self.view_asked.emit())

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
