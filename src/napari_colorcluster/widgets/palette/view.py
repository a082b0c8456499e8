"""The palette in the panel: bar, table and edits as one widget."""

from __future__ import annotations

from pathlib import Path

from napari.utils.notifications import show_info
from qtpy.QtCore import Signal
from qtpy.QtGui import QAction, QGuiApplication
from qtpy.QtWidgets import QVBoxLayout, QWidget

from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.files.palettes import OWN
from napari_colorcluster.core.pixels.pixel_size import PixelSize
from napari_colorcluster.core.support.file_names import as_file_name
from napari_colorcluster.layers.notify import Notices
from napari_colorcluster.widgets.palette.bar import PaletteBar
from napari_colorcluster.widgets.palette.edits.color_actions import ColorActions
from napari_colorcluster.widgets.palette.edits.edit_actions import EditActions
from napari_colorcluster.widgets.palette.edits.edit_bar import EditBar, color_space_button
from napari_colorcluster.widgets.palette.edits.order_actions import OrderActions
from napari_colorcluster.widgets.palette.edits.range_dialog import RangeActions
from napari_colorcluster.widgets.palette.edits.represent_actions import RepresentActions
from napari_colorcluster.widgets.palette.edits.shape_actions import ShapeActions
from napari_colorcluster.widgets.palette.table import PaletteTable
from napari_colorcluster.widgets.parts.ask import ask_folder, ask_path

PALETTE_KINDS = {
    f"{OWN}.csv": "Table",
    f"{OWN}.json": "Palette",
    ".gpl": "GIMP palette",
    ".ase": "Adobe swatches",
    ".aco": "Photoshop swatches",
    ".css": "CSS custom properties",
    ".tailwind.css": "Tailwind theme",
    ".scss": "SCSS variables",
    ".hex": "List of hex colors",
}
SVG_KINDS = {".svg": "Scalable vector graphics"}
CLUSTERING_KINDS = {f"{OWN}.json": "Clustering"}


class PaletteView(QWidget):
    """A palette's bar and table, with its edits.

    It edits nothing itself: it emits requests, and shows what `set_palette` gets.

    Parameters
    ----------
    notices : Notices, optional
        Where it tells that a palette was saved, or why not.

    Attributes
    ----------
    labels_selected : Signal(tuple)
        Emitted with the labels that are selected.
    edit_requested : Signal(str, tuple)
        Emitted with the name of an edit and its arguments, as `Session.edit` takes them, such as
        ``"merge", ([2, 3],)``.
    undo_requested, redo_requested : Signal()
        Emitted where there is something to undo, or redo; see `EditActions`.
    save_requested : Signal(str)
        Emitted with the path of a ``.json`` file that is to hold the whole clustering.
    svg_requested : Signal(str)
        Emitted with the path of an ``.svg`` file that is to hold the quantized image.
    everything_requested : Signal(str)
        Emitted with the path of a folder in which all files of the result are to be saved.
    script_requested, view_requested : Signal()
        Emitted when a script of the result, or its color space, is to be shown.
    bar, table, edit_bar, edits, shape, color_edits, represent, order, ranges
        The parts: `PaletteBar`, `PaletteTable`, `EditBar`, `EditActions`, `ShapeActions`,
        `ColorActions`, `RepresentActions`, `OrderActions`, `RangeActions`.
    view_button : QToolButton
        Opens the color space; it stands outside of this widget.
    """

    labels_selected = Signal(tuple)
    edit_requested = Signal(str, tuple)
    save_requested = Signal(str)
    svg_requested = Signal(str)
    everything_requested = Signal(str)
    script_requested = Signal()
    view_requested = Signal()

    def __init__(self, notices: Notices | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._notices = notices or Notices()
        self._name = "palette"
        self._palette: Palette | None = None
        self._pixel_size: PixelSize | None = None
        self.bar = PaletteBar()
        self.table = PaletteTable()
        self.edits = edits = EditActions(self)
        self.undo_requested, self.redo_requested = edits.undo_requested, edits.redo_requested
        self.shape, self.color_edits = ShapeActions(self), ColorActions(self)
        self.edit_bar = EditBar(self.edits)
        self.represent, self.order = RepresentActions(self), OrderActions(self)
        for actions in (self.shape, self.color_edits, self.represent, self.order):
            self.edit_bar.add_menu(actions.menu)
        self.ranges = RangeActions(self, self._notices)
        self.color_edits.menu.addAction(self.ranges.color_range)
        self.view_button = color_space_button(self.edits.view)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for part in (self.bar, self.table, self.edit_bar):
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
        self.shape.set_palette(palette)
        self.order.set_palette(palette)
        self.table.set_palette(palette, keep_selection, pixel_size)
        self.edit_bar.set_usable(palette is not None)

    @property
    def has_palette(self) -> bool:
        """Whether a palette is shown."""
        return self._palette is not None

    def set_current(self, is_current: bool) -> None:
        """Dim the numbers and colors where they are not those of what is asked for any more."""
        self.bar.set_dimmed(not is_current)
        self.table.set_dimmed(not is_current)

    def pick(self, label: int, add: bool = False) -> None:
        """Select one label, or none for 0.

        Parameters
        ----------
        label : int
            A label, or 0.
        add : bool, default False
            Whether what is selected stays so; the label is then left out where it was selected.
        """
        chosen = set(self.table.selected_labels())
        self.table.select(chosen ^ {label} if add else {label})

    def hover(self, label: int) -> None:
        """Point at the color of a label in bar and table; 0 for none."""
        self.bar.set_hovered(label)
        self.table.set_hovered(label)

    def copy_script(self, script: str) -> None:
        """Put a script on the clipboard, and say what it is for."""
        QGuiApplication.clipboard().setText(script)
        self._tell("Copied a script for napari's console.")

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
        self.bar.clicked.connect(self._click_bar)
        for part in (self.bar, self.table):
            part.hovered.connect(self.hover)
        self.table.labels_selected.connect(self.bar.set_selected)
        self.table.labels_selected.connect(self.edits.set_selected)
        self.table.labels_selected.connect(self.shape.set_selected)
        self.table.labels_selected.connect(self.order.set_selected)
        self.table.labels_selected.connect(self.labels_selected)
        self.table.labels_selected.connect(self.ranges.set_selected)
        self.table.renamed.connect(lambda *named: self.edit_requested.emit("rename", named))
        self.table.swatch_double_clicked.connect(self.edits.choose_color)
        for actions in (self.edits, self.shape, self.color_edits, self.represent, self.order):
            actions.edit_requested.connect(self.edit_requested)
        self.ranges.edit_requested.connect(self.edit_requested)
        self.order.edit_requested.connect(lambda *_: self.table.show_as_saved())
        self.order.as_saved.triggered.connect(self.table.show_as_saved)
        self.table.reordered.connect(lambda labels: self.edit_requested.emit("reorder", (labels,)))
        self.ranges.rows_requested.connect(self.table.select)
        self.edits.rename_requested.connect(self.table.edit_name)
        self.edits.copy.triggered.connect(self._copy)
        self.edits.save_palette.triggered.connect(self._save_palette_as)
        self.edits.save_svg.triggered.connect(self._save_svg_as)
        self.edits.save_clustering.triggered.connect(self._save_clustering_as)
        self.edits.save_all.triggered.connect(self._save_everything_in)
        self.edits.script.triggered.connect(lambda: self.script_requested.emit())
        self.edits.view.triggered.connect(lambda: self.view_requested.emit())

    def _click_bar(self, label: int, add: bool) -> None:
        """Select a label; a second click selects none, as there is no empty place to click."""
        again = not add and self.table.selected_labels() == (label,)
        self.pick(0 if again else label, add)

    def _copy(self) -> None:
        self.table.copy()
        rows = len(self.table.selected_labels())
        self._tell(f"Copied {rows or 'all'} {'row' if rows == 1 else 'rows'} of the palette.")

    def _tell(self, text: str) -> None:
        """Tell what was copied, which leaves nothing else to be seen."""
        show_info(text)
        self._notices.say(text)

    def _save_palette_as(self) -> None:
        ask_path(
            self,
            "Save palette",
            self._file_name(f" palette{OWN}.csv"),
            PALETTE_KINDS,
            self._save_palette,
        )

    def _save_svg_as(self) -> None:
        name = self._file_name(" quantized.svg")
        ask_path(self, "Save as SVG", name, SVG_KINDS, self.svg_requested.emit)

    def _save_clustering_as(self) -> None:
        ask_path(
            self,
            "Save whole clustering",
            self._file_name(f"{OWN}.json"),
            CLUSTERING_KINDS,
            self._request_save,
        )

    def _save_everything_in(self) -> None:
        ask_folder(self, "Save everything in a new folder in", self.everything_requested.emit)

    def _file_name(self, what: str) -> str:
        return as_file_name(self._name) + what

    def _save_palette(self, path: str) -> None:
        if self._palette is None:
            message = "There is no palette to save any more: cluster an image first."
            self._notices.report(ValueError(message))
            return
        with self._notices.saving("The palette", path):
            self._palette.write(path, self._pixel_size)

    def _request_save(self, path: str) -> None:
        if Path(path).suffix.lower() == ".json":
            self.save_requested.emit(path)
        else:
            # Other kinds of files hold a palette only.
            name = Path(path).name
            message = f"The file of a whole clustering must end in {OWN}.json, got {name!r}."
            self._notices.report(ValueError(message))
