"""The palette as it is shown in the panel: bar, table and edits as one; nothing is edited here."""

from __future__ import annotations

import re
from pathlib import Path

from magicgui.widgets.bases import ValueWidget
from napari.utils.notifications import show_error, show_info
from qtpy.QtCore import Signal
from qtpy.QtGui import QAction, QGuiApplication
from qtpy.QtWidgets import QLabel, QVBoxLayout, QWidget

from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.pixels.pixel_size import PixelSize
from napari_colorcluster.widgets.palette.bar import PaletteBar
from napari_colorcluster.widgets.palette.edit_actions import EditActions
from napari_colorcluster.widgets.palette.edit_bar import EditBar, color_space_button
from napari_colorcluster.widgets.palette.table import PaletteTable
from napari_colorcluster.widgets.parts.ask import ask_path
from napari_colorcluster.widgets.parts.layout import put_beside

PALETTE_KINDS = {
    ".csv": "Table",
    ".json": "Palette",
    ".gpl": "GIMP palette",
    ".ase": "Adobe swatches",
}
CLUSTERING_KINDS = {".json": "Clustering"}
NOTE_STYLE = "QLabel { font-size: 9pt; padding: 0px; }"


class PaletteView(QWidget):
    """A palette's bar and table, with what can be asked of it.

    What is asked for is only told: who hears of it makes the edit, and calls `set_palette`.

    Attributes
    ----------
    labels_selected : Signal(tuple)
        Emitted with the labels that are selected.
    edit_asked : Signal(str, tuple)
        Emitted with the name of an edit in `EDITS` and its
        arguments, such as ``"merge", ([2, 3],)``.
    undo_asked, redo_asked : Signal()
        Emitted where `set_history` said that there is something to undo, or redo.
    clean_asked : Signal(int)
        Emitted with the smallest region that is to stay, in pixels; 1 for all.
    clustering_wanted : Signal(str)
        Emitted with the path of a ``.json`` file that is to hold the whole clustering.
    script_asked, view_asked : Signal()
        Emitted when a script of the result, or its color space, is to be shown.
    bar, table, edit_bar, edits
        The parts: `PaletteBar`, `PaletteTable`, `EditBar`, `EditActions`.
    view_button : QToolButton
        Opens the color space; `put_view_button` gives it its place.
    """

    labels_selected = Signal(tuple)
    edit_asked = Signal(str, tuple)
    undo_asked = Signal()
    redo_asked = Signal()
    clean_asked = Signal(int)
    clustering_wanted = Signal(str)
    script_asked = Signal()
    view_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = "palette"
        self._palette: Palette | None = None
        self._pixel_size: PixelSize | None = None
        self.bar = PaletteBar()
        self.note = QLabel()
        self.note.setWordWrap(True)
        self.note.setStyleSheet(NOTE_STYLE)
        self.note.hide()
        self.table = PaletteTable()
        self.edits = EditActions(self)
        self.edit_bar = EditBar(self.edits)
        self.view_button = color_space_button(self.edits.view)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for part in (self.bar, self.note, self.table, self.edit_bar):
            layout.addWidget(part)
        self._add_to_table()
        self._connect()
        self.set_palette(None)

    def set_palette(
        self,
        palette: Palette | None,
        name: str = "palette",
        keep_selection: bool = True,
        pixel_size: PixelSize | None = None,
    ) -> None:
        """Show a palette, or none.

        Parameters
        ----------
        palette : Palette or None
            The palette.
        name : str, default "palette"
            The image's, for what files are called at first.
        keep_selection : bool, default True
            Whether labels that are still there stay selected; False where they may mean other
            clusters now.
        pixel_size : PixelSize, optional
            What a pixel covers, where it is known: there are areas then, or volumes.
        """
        self._name, self._palette, self._pixel_size = name, palette, pixel_size
        self.bar.set_palette(palette, pixel_size)
        self.edits.set_palette(palette)
        self.table.set_palette(palette, keep_selection, pixel_size)
        self.edit_bar.set_usable(palette is not None)

    def set_history(self, can_undo: bool, can_redo: bool) -> None:
        """Offer to undo, and to redo, or not."""
        self.edits.set_history(can_undo, can_redo)

    def set_min_pixels(self, pixels: int, area: PixelSize | None = None) -> None:
        """Show how large a region must be to stay.

        Parameters
        ----------
        pixels : int
            In pixels; 1 where specks are left alone.
        area : PixelSize, optional
            What a pixel covers in the planes that regions are in, where it is known.
        """
        self.edits.set_min_pixels(pixels, area)

    def set_note(self, text: str) -> None:
        """Say something about the numbers in the table; nothing takes no room."""
        self.note.setText(text)
        self.note.setVisible(bool(text))

    def add_tool(self, widget: QWidget) -> None:
        """Put a widget before the buttons of the edit bar."""
        self.edit_bar.add_tool(widget)

    def put_view_button(self, space: ValueWidget) -> None:
        """Put the button that opens the color space beside the widget where that is chosen."""
        put_beside(space, self.view_button)

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

    def hover(self, label: int) -> None:
        """Point at the color of a label in bar and table; 0 for none."""
        self.bar.set_hovered(label)
        self.table.set_hovered(label)

    def copy_script(self, script: str) -> None:
        """Put a script on the clipboard, and say what it is for."""
        QGuiApplication.clipboard().setText(script)
        # The first line of a notification is all that is seen of it, and is short.
        show_info("Copied a script for napari's console.")

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
        for part in (self.bar, self.table):
            part.hovered.connect(self.hover)
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
        self.edits.save_palette.triggered.connect(self._ask_palette_file)
        self.edits.save_clustering.triggered.connect(self._ask_clustering_file)
        self.edits.script.triggered.connect(lambda: self.script_asked.emit())
        self.edits.view.triggered.connect(lambda: self.view_asked.emit())

    def _copy(self) -> None:
        self.table.copy()
        rows = len(self.table.selected_labels())
        show_info(f"Copied {rows or 'all'} {'row' if rows == 1 else 'rows'} of the palette.")

    def _ask_palette_file(self) -> None:
        ask_path(
            self, "Save palette", self._file_name("palette.csv"), PALETTE_KINDS, self._save_palette
        )

    def _ask_clustering_file(self) -> None:
        ask_path(
            self,
            "Save whole clustering",
            self._file_name("clustering.json"),
            CLUSTERING_KINDS,
            self._pass_clustering_file,
        )

    def _file_name(self, what: str) -> str:
        return re.sub(r'[\\/:*?"<>|]', "_", f"{self._name} {what}")

    def _save_palette(self, path: str) -> None:
        if self._palette is None:
            show_error("There is no palette to save any more: cluster an image first.")
            return
        try:
            self._palette.write(path, self._pixel_size)
        except ValueError as error:
            show_error(str(error))
        except OSError as error:
            show_error(f"The palette could not be saved to {path}: {error.strerror or error}.")

    def _pass_clustering_file(self, path: str) -> None:
        if Path(path).suffix.lower() in CLUSTERING_KINDS:
            self.clustering_wanted.emit(path)
        else:
            # Another kind of file would get the palette alone.
            name = Path(path).name
            show_error(f"The file of a whole clustering must end in .json, got {name!r}.")
