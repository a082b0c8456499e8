"""The palette as a table to read, sort, select from and copy."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from qtpy.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    QSize,
    Qt,
    Signal,
)
from qtpy.QtGui import QDropEvent, QGuiApplication, QKeyEvent, QResizeEvent
from qtpy.QtWidgets import QFrame, QHeaderView, QSizePolicy, QTableView, QWidget

from napari_colorcluster.widgets.palette.cells import OWN_PADDING, PaletteCells, SortedPalette
from napari_colorcluster.widgets.palette.columns import PaletteColumns
from napari_colorcluster.widgets.palette.edits.order_actions import moved_before
from napari_colorcluster.widgets.palette.model import INDEX, NAME, SORT_ROLE, PaletteModel
from napari_colorcluster.widgets.parts.copied_table import CopyingTable

if TYPE_CHECKING:
    from napari_colorcluster.core.color.palette import Palette
    from napari_colorcluster.core.pixels.pixel_size import PixelSize

ROWS_BEFORE_SCROLLING = 10


class PaletteTable(CopyingTable):
    """A palette as a table: swatch, name, hex, share, and where there is room area, pixels and RGB.

    Parameters
    ----------
    parent : QWidget, optional
        Parent widget.

    Attributes
    ----------
    labels_selected : Signal(tuple)
        Emitted with the selected labels, ascending, whenever they change.
    renamed : Signal(int, str)
        Emitted with a label and the name that was typed for it. The table shows the old one until
        it gets a palette with the new.
    swatch_double_clicked : Signal(int)
        Emitted with a label.
    hovered : Signal(int)
        Emitted with the label that the mouse has come to, 0 where there is none.
    reordered : Signal(list)
        Emitted with all labels in another order, where selected rows have been dragged. The table
        shows the palette's order from then on.

    Notes
    -----
    A sign behind a name marks a color that is close to another; the tooltip says which.
    Columns that would squeeze the names are left out of a narrow table (the tooltip of a row has
    it all); the header's context menu shows or hides them for good.
    """

    labels_selected = Signal(tuple)
    renamed = Signal(int, str)
    swatch_double_clicked = Signal(int)
    hovered = Signal(int)
    reordered = Signal(list)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = PaletteModel(self)
        self._sorted = SortedPalette(self)
        self._sorted.setSourceModel(self._model)
        self._sorted.setSortRole(SORT_ROLE)
        self.setModel(self._sorted)
        self._columns = PaletteColumns(self, self._model)
        self._is_refilled = False

        self._cells = PaletteCells(self)
        self.setItemDelegate(self._cells)
        self.setMouseTracking(True)
        self.setStyleSheet(f"QTableView::item {{ padding: 0px {OWN_PADDING}px; }}")
        self.setAccessibleName("Color table")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QTableView.EditTrigger.DoubleClicked)
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableView.SelectionMode.ExtendedSelection)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setDragDropMode(QTableView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setDragDropOverwriteMode(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setSortingEnabled(True)
        self.sortByColumn(INDEX, Qt.SortOrder.AscendingOrder)
        self.selectionModel().selectionChanged.connect(self._emit_selected)
        self.doubleClicked.connect(self._double_click)
        self.entered.connect(lambda index: self.hovered.emit(self._label_of(index)))
        self.viewportEntered.connect(lambda: self.hovered.emit(0))
        self._model.renamed.connect(self.renamed)
        self._columns.measure()

    def set_palette(
        self,
        palette: Palette | None,
        keep_selection: bool = True,
        pixel_size: PixelSize | None = None,
    ) -> None:
        """Show a palette, or no rows for None; the sorting stays.

        Parameters
        ----------
        palette : Palette or None
            The palette.
        keep_selection : bool, default True
            Whether labels that are still there stay selected, as after an edit. False where the
            labels may mean other clusters now: nothing is selected then.
        pixel_size : PixelSize, optional
            What a pixel covers: there are areas then, or volumes.
        """
        before = self.selected_labels()
        current = self._label_of(self.currentIndex())
        column, scrolled = self.currentIndex().column(), self.verticalScrollBar().value()
        # Qt clears the selection of a reset model without a signal, and signals each row restored.
        self._is_refilled = True
        try:
            self._model.set_palette(palette, pixel_size)
            self._columns.measure()
            self.selectionModel().select(
                self._selection_of(before if keep_selection else ()),
                QItemSelectionModel.SelectionFlag.ClearAndSelect
                | QItemSelectionModel.SelectionFlag.Rows,
            )
            row = self._index_of(current, column) if keep_selection else QModelIndex()
            if row.isValid():
                self.selectionModel().setCurrentIndex(
                    row, QItemSelectionModel.SelectionFlag.NoUpdate
                )
            if scrolled:
                # Until the new rows are laid out there is nothing to scroll.
                self.executeDelayedItemsLayout()
                self.verticalScrollBar().setValue(scrolled)
        finally:
            self._is_refilled = False
        if before != self.selected_labels():
            self._emit_selected()

    def selected_labels(self) -> tuple[int, ...]:
        """Return the labels of the selected rows, ascending."""
        return tuple(sorted(self._model.palette.labels[row].item() for row in self._chosen_rows()))

    def select(self, labels: Iterable[int]) -> None:
        """Select the rows of these labels, and no others; labels without a row are ignored."""
        rows = self._selection_of(labels)
        flag = QItemSelectionModel.SelectionFlag
        self.selectionModel().select(rows, flag.ClearAndSelect | flag.Rows)
        if rows:
            first = rows.indexes()[0]
            self.selectionModel().setCurrentIndex(first, flag.NoUpdate)
            self.scrollTo(first)

    def show_as_saved(self) -> None:
        """Show the rows in the order of the palette, sorted by no column."""
        self.sortByColumn(-1, Qt.SortOrder.AscendingOrder)

    def dropEvent(self, event: QDropEvent) -> None:
        """Put the rows that are dropped where the line between rows is."""
        dragged = event.mimeData().data(self._model.rows_type)
        # Qt would remove the rows of a move.
        event.setDropAction(Qt.DropAction.IgnoreAction)
        event.accept()
        shown = [self._label_of(self._sorted.index(row, INDEX)) for row in range(self._n_shown)]
        chosen = set(json.loads(bytes(dragged))) & set(shown) if dragged else set()
        at = self._row_below(event.position().toPoint())
        moved = moved_before(shown, chosen, shown[at] if at < len(shown) else None)
        if chosen and moved != self._model.palette.labels.tolist():
            self.show_as_saved()
            self.reordered.emit(moved)

    @property
    def _n_shown(self) -> int:
        return self._sorted.rowCount()

    def _row_below(self, where: QPoint) -> int:
        """The row above which something is dropped; the number of rows at the end."""
        index = self.indexAt(where)
        if not index.isValid():
            return self._n_shown
        return index.row() + (where.y() > self.visualRect(index).center().y())

    @property
    def is_dimmed(self) -> bool:
        """Whether the rows are dimmed."""
        return self._cells.dimmed

    def set_dimmed(self, dimmed: bool) -> None:
        """Dim the rows, or not any more."""
        if dimmed != self._cells.dimmed:
            self._cells.dimmed = dimmed
            self.viewport().update()

    def set_hovered(self, label: int) -> None:
        """Tint the row of the label that the mouse points at somewhere; 0 for none."""
        if label != self._cells.hovered:
            self._cells.hovered = label
            self.viewport().update()

    def edit_name(self, label: int) -> None:
        """Let the name of a label be typed in its place; nothing for one without a row."""
        name = self._index_of(label, NAME)
        if name.isValid():
            flag = QItemSelectionModel.SelectionFlag
            self.selectionModel().setCurrentIndex(name, flag.ClearAndSelect | flag.Rows)
            self.edit(name)

    def copy(self) -> None:
        """Put the selected rows, or all if none is selected, on the clipboard.

        They are tab-separated text under a header, in the order shown; the columns and plain
        numbers are those of `Palette.to_dataframe`, so that a spreadsheet can compute with them.
        """
        if self._model.palette is None:
            return
        shown = (self._sorted.index(row, INDEX) for row in range(self._sorted.rowCount()))
        rows = [self._sorted.mapToSource(index).row() for index in shown]
        selected = self._chosen_rows()
        rows = [row for row in rows if not selected or row in selected]
        table = self._model.palette.to_dataframe(self._model.pixel_size).iloc[rows]
        text = table.to_csv(sep="\t", index=False, lineterminator="\n")
        QGuiApplication.clipboard().setText(text)

    def sizeHint(self) -> QSize:
        """Ask to be as high as the rows, up to where it scrolls."""
        rows = min(max(self._model.rowCount(), 1), ROWS_BEFORE_SCROLLING)
        height = self.horizontalHeader().sizeHint().height()
        height += rows * self.verticalHeader().defaultSectionSize() + 2 * self.frameWidth()
        if self._columns.scrolls:
            height += self.horizontalScrollBar().sizeHint().height()
        return QSize(260, height)

    def minimumSizeHint(self) -> QSize:
        """It may be narrow, but not lower."""
        return QSize(120, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the columns to the new width."""
        super().resizeEvent(event)
        self._columns.arrange()

    def viewportEvent(self, event: QEvent) -> bool:
        """Emit that the mouse is on no row any more; it may be on the header."""
        if event.type() == QEvent.Type.Leave:
            self.hovered.emit(0)
        return super().viewportEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Measure again what another font or theme makes wider."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._columns.measure()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Select none where Escape is pressed."""
        if event.key() == Qt.Key.Key_Escape and self.selectionModel().hasSelection():
            self.clearSelection()
        else:
            super().keyPressEvent(event)

    def _chosen_rows(self) -> set[int]:
        """The rows of the palette that are selected."""
        rows = self.selectionModel().selectedRows()
        return {self._sorted.mapToSource(row).row() for row in rows}

    def _emit_selected(self, *_: QItemSelection) -> None:
        if not self._is_refilled:
            self.labels_selected.emit(self.selected_labels())

    def _double_click(self, index: QModelIndex) -> None:
        if index.column() == INDEX:
            self.swatch_double_clicked.emit(self._label_of(index))

    def _label_of(self, index: QModelIndex) -> int | None:
        """The label of a row shown."""
        row = self._sorted.mapToSource(index).row()
        return self._model.palette.labels[row].item() if index.isValid() else None

    def _index_of(self, label: int | None, column: int) -> QModelIndex:
        """Where a label is shown; an invalid index for one without a row."""
        palette = self._model.palette
        row = None if palette is None or label is None else palette.row_of(label)
        if row is None:
            return QModelIndex()
        return self._sorted.mapFromSource(self._model.index(row, column))

    def _selection_of(self, labels: Iterable[int]) -> QItemSelection:
        rows = QItemSelection()
        for label in sorted(set(labels)):
            row = self._index_of(label, INDEX)
            if row.isValid():
                rows.select(row, row)
        return rows
