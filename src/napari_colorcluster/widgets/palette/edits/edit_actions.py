"""The edits of a palette as Qt actions for bars and menus; they emit requests."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from qtpy.QtCore import QObject, Qt, Signal
from qtpy.QtGui import QAction, QColor, QKeySequence
from qtpy.QtWidgets import QMenu, QShortcut, QWidget

from napari_colorcluster.core.support.words import counted
from napari_colorcluster.widgets.palette.words import size_text
from napari_colorcluster.widgets.parts.ask import NumberDialog, ask_color

if TYPE_CHECKING:
    from napari_colorcluster.core.color.palette import Palette
    from napari_colorcluster.core.pixels.pixel_size import PixelSize

UNDO = QKeySequence("Ctrl+Z")
REDO = (QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y"))
USUAL_PIECES = (2, 3, 4, 5)
MOST_PIECES = 99
MOST_PIXELS = 10**9
PIXELS = "pixels"


class EditActions(QObject):
    """The edits of a palette, each as an action that is enabled where it can be made.

    Parameters
    ----------
    parent : QWidget
        What shows the palette; dialogs belong to it.

    Attributes
    ----------
    edit_requested : Signal(str, tuple)
        Emitted with the name of an edit in `EDITS` and its
        arguments.
    rename_requested : Signal(int)
        Emitted with the label whose name is to be typed.
    undo_requested, redo_requested : Signal()
        Emitted where there is something to undo, or redo.
    merge, undo, redo, background, recolor, rename, absorb, renumber, clean : QAction
        The edits.
    copy, save_palette, save_svg, save_clustering, save_all, script, view : QAction
        What else can be done with a palette; who shows it connects them.
    split : QAction
        Splits in two; ``split_menu`` offers other numbers.
    """

    edit_requested = Signal(str, tuple)
    rename_requested = Signal(int)
    undo_requested = Signal()
    redo_requested = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._palette: Palette | None = None
        self._selected: tuple[int, ...] = ()
        self._percentage = 1.0
        self._min_pixels = 1
        self._area: PixelSize | None = None
        self._unit = PIXELS
        self.ask_color = ask_color
        keys = {
            name: sequence.toString(QKeySequence.SequenceFormat.NativeText)
            for name, sequence in (("undo", UNDO), ("redo", REDO[0]))
        }
        self.merge = self._action("Merge", "Merge the selected clusters into one.")
        self.split = self._action(
            "Split",
            "Split the selected cluster in two, by clustering its own colors again.\n"
            "The arrow offers other numbers.",
        )
        self.undo = self._action("Undo", f"Undo the last edit ({keys['undo']}).")
        self.redo = self._action("Redo", f"Redo the last undone edit ({keys['redo']}).")
        self.background = self._action(
            "Set as background",
            "Treat the selected clusters as background: label 0, not counted.",
        )
        self.recolor = self._action(
            "Recolor…", "Show the selected cluster in another color (or double-click its swatch)."
        )
        self.rename = self._action(
            "Rename", "Name the selected cluster yourself (or double-click its name)."
        )
        # Not the window's: the menu shows F2, and the table reacts to it.
        self.rename.setShortcut(QKeySequence(Qt.Key.Key_F2))
        self.rename.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.absorb = self._action(
            "Merge small clusters…",
            "Merge clusters below a share of the pixels into those that look most like them.",
        )
        self.renumber = self._action(
            "Renumber by share", "Number the clusters 1, 2, … by their share, the largest first."
        )
        self.clean = self._action(
            "Remove specks…",
            "Merge patches smaller than a number of pixels, or than an area where the image has "
            "units,\ninto the cluster around them.",
        )
        self.copy = self._action(
            "Copy table", "Copy the table, or its selected rows, for a spreadsheet (Ctrl+C)."
        )
        self.save_palette = self._action(
            "Save palette…",
            "Save the table as CSV or JSON, or the colors for GIMP, Adobe or the web.",
        )
        self.save_svg = self._action(
            "Save as SVG…",
            "Save the quantized image as vector graphics: one shape for each cluster, along the\n"
            "edges of its pixels and without gaps.",
        )
        self.save_clustering = self._action(
            "Save whole clustering…",
            "Save all of it as JSON, to be used again on other images, without this one.",
        )
        self.save_all = self._action(
            "Save everything…",
            "Save a folder with the quantized image, the labels, the table, the whole clustering,\n"
            "a figure and a Python script.",
        )
        self.script = self._action(
            "Copy as Python", "Copy a script that makes this result again, edits included."
        )
        self.view = self._action(
            "Color space…", "Show the image's colors as points in their color space."
        )
        self.split_menu = QMenu("Split", parent)
        self.split_menu.menuAction().setToolTip(self.split.toolTip())
        for pieces in USUAL_PIECES:
            piece = self.split_menu.addAction(f"Into {pieces}")
            piece.triggered.connect(partial(self._split, pieces))
        self.split_menu.addAction("Other…").triggered.connect(self._ask_pieces)
        self._connect()
        self._enable()
        self.set_history(False, False)

    def set_palette(self, palette: Palette | None) -> None:
        """Set the palette that is edited, or none."""
        self._palette = palette
        self._enable()

    def set_selected(self, labels: Iterable[int]) -> None:
        """Set the labels that are selected."""
        self._selected = tuple(labels)
        self._enable()

    def set_history(self, can_undo: bool, can_redo: bool) -> None:
        """Enable undo and redo."""
        self.undo.setEnabled(can_undo)
        self.redo.setEnabled(can_redo)

    def set_min_pixels(self, pixels: int, area: PixelSize | None = None) -> None:
        """Set the size in pixels of the smallest region that is no speck, and a pixel's area."""
        self._min_pixels, self._area = pixels, area
        self.clean.setText(
            "Remove specks…" if pixels <= 1 else f"Remove specks (below {pixels:,} pixels)…"
        )

    def install_shortcuts(self, widget: QWidget) -> None:
        """Let Ctrl+Z, Ctrl+Shift+Z and Ctrl+Y work while the focus is in a widget.

        Where there is nothing to undo they do nothing: napari would undo strokes on the canvas.
        """
        for keys, action in ((UNDO, self.undo), *((each, self.redo) for each in REDO)):
            shortcut = QShortcut(keys, widget)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            # An action that is disabled is not triggered.
            shortcut.activated.connect(action.trigger)

    def choose_color(self, label: int) -> None:
        """Ask for another color of a label."""
        row = self._palette.row_of(label)
        self.ask_color(
            self.parent(),
            QColor(*self._palette.colors[row].tolist()),
            f"Color of {self._palette.names[row]}",
            lambda color: self.edit_requested.emit("recolor", (label, color.name())),
        )

    def _action(self, text: str, tooltip: str) -> QAction:
        action = QAction(text, self)
        action.setToolTip(tooltip)
        return action

    def _connect(self) -> None:
        self.merge.triggered.connect(
            lambda: self.edit_requested.emit("merge", (list(self._selected),))
        )
        self.split.triggered.connect(partial(self._split, 2))
        self.undo.triggered.connect(lambda: self.undo_requested.emit())
        self.redo.triggered.connect(lambda: self.redo_requested.emit())
        self.background.triggered.connect(
            lambda: self.edit_requested.emit("set_background", (list(self._selected),))
        )
        self.recolor.triggered.connect(lambda: self.choose_color(*self._selected))
        self.rename.triggered.connect(lambda: self.rename_requested.emit(*self._selected))
        self.absorb.triggered.connect(self._ask_percentage)
        self.renumber.triggered.connect(lambda: self.edit_requested.emit("renumber", ()))
        self.clean.triggered.connect(self._ask_min_pixels)

    def _enable(self) -> None:
        n_clusters = 0 if self._palette is None else len(self._palette)
        n_selected = len(self._selected)
        self.merge.setEnabled(n_selected > 1)
        for action in (self.split, self.split_menu.menuAction(), self.recolor, self.rename):
            action.setEnabled(n_selected == 1)
        self.background.setEnabled(0 < n_selected < n_clusters)
        self.absorb.setEnabled(n_clusters > 1)
        self.renumber.setEnabled(n_clusters > 1)
        for action in (
            self.clean,
            self.copy,
            self.save_palette,
            self.save_svg,
            self.save_clustering,
            self.save_all,
            self.script,
            self.view,
        ):
            action.setEnabled(n_clusters > 0)

    def _split(self, pieces: int, *_: bool) -> None:
        [label] = self._selected
        self.edit_requested.emit("split", (label, pieces))

    def _ask_pieces(self) -> None:
        [label] = self._selected
        name = self._palette.names[self._palette.row_of(label)]
        dialog = NumberDialog(
            self.parent(), "Split", f"Split {name} into how many clusters?", 2, 2, MOST_PIECES
        )
        self._open(dialog, lambda pieces: self.edit_requested.emit("split", (label, round(pieces))))

    def _ask_percentage(self) -> None:
        def absorb(percentage: float) -> None:
            self._percentage = percentage
            self.edit_requested.emit("absorb", (_fraction(percentage),))

        dialog = NumberDialog(
            self.parent(),
            "Merge small clusters",
            "Merge clusters into others if their share is below",
            self._percentage,
            0,
            100,
            decimals=2,
            suffix="%",
            explain=self._describe_small,
        )
        self._open(dialog, absorb)

    def _describe_small(self, percentage: float) -> str:
        fractions = np.empty(0) if self._palette is None else self._palette.fractions
        small = np.count_nonzero(fractions < _fraction(percentage))
        return f"{small:,} of {counted(len(fractions), 'cluster')}."

    def _ask_min_pixels(self) -> None:
        def clean(pixels: float) -> None:
            self._unit = dialog.unit or PIXELS
            self.edit_requested.emit("clean", (round(pixels),))

        area = self._area
        if area is None:
            unit = {"suffix": f" {PIXELS}"}
        else:
            units = {PIXELS: 1.0, area.unit: area.size}
            unit = {"units": units, "unit": self._unit, "explain": partial(_describe_area, area)}
        dialog = NumberDialog(
            self.parent(),
            "Remove specks",
            "Merge patches into the cluster around them if they are smaller than",
            self._min_pixels,
            1,
            MOST_PIXELS,
            lowest="off",
            **unit,
        )
        self._open(dialog, clean)

    def _open(self, dialog: NumberDialog, then: Callable[[float], None]) -> None:
        # Not `exec`, whose event loop would hold up the caller.
        dialog.accepted.connect(lambda: then(dialog.value))
        dialog.open()


def _fraction(percentage: float) -> float:
    """A share, without the digits that dividing leaves: it is written in scripts."""
    return round(percentage / 100, 6)


def _describe_area(area: PixelSize, pixels: float) -> str:
    if pixels <= 1:
        return f"One pixel is {size_text(area.size)} {area.unit}."
    return f"{pixels:,.0f} pixels are {size_text(area.of(pixels))} {area.unit}."
