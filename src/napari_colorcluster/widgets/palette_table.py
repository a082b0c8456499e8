"""The palette as a table to read, sort, select from and copy; edits are made elsewhere."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from qtpy.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QRectF,
    QSize,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from qtpy.QtGui import (
    QAction,
    QColor,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPen,
    QResizeEvent,
)
from qtpy.QtWidgets import (
    QFrame,
    QHeaderView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from napari_colorcluster.widgets.palette_model import (
    COLUMNS,
    HEX,
    INDEX,
    NAME,
    PIXELS,
    RGB,
    SHARE,
    SORT_ROLE,
    SWATCH_ROLE,
    PaletteModel,
)

if TYPE_CHECKING:
    from napari_colorcluster.core.palette import Palette

COPY = QKeySequence.StandardKey.Copy
ROWS_BEFORE_SCROLLING = 10
SWATCH = 14
PADDING = 5
OWN_PADDING = PADDING - 3  # Qt keeps texts 3 pixels off the sides of a cell by itself
COMFORTABLE_NAME = 116
NARROWEST_NAME = 60
ARROWS = {Qt.SortOrder.AscendingOrder: " ↑", Qt.SortOrder.DescendingOrder: " ↓"}
# A flat header, whose titles stand over the texts of the cells. Its arrow is part of the title:
# the one Qt draws lies on top of a title that is aligned to the right.
HEADER_STYLE = f"""
QHeaderView {{ padding: 0px; }}
QHeaderView::section {{ border: none; padding: 3px {PADDING}px; }}
QHeaderView::up-arrow, QHeaderView::down-arrow {{ image: none; width: 0px; height: 0px; }}
"""


class _SortedPalette(QSortFilterProxyModel):
    """The rows in the order asked for, with an arrow in the title of the column they follow."""

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        answer = super().headerData(section, orientation, role)
        if role == Qt.ItemDataRole.DisplayRole and section == self.sortColumn():
            return answer + ARROWS[self.sortOrder()]
        return answer


class _Cells(QStyledItemDelegate):
    """Draws the color as a rounded swatch, and no frame around a single cell: rows are the unit."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        super().initStyleOption(option, index)
        option.state &= ~QStyle.StateFlag.State_HasFocus

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        super().paint(painter, option, index)
        color = index.data(SWATCH_ROLE)
        if color is None:
            return
        outline = QColor(option.palette.color(option.palette.ColorRole.Text))
        outline.setAlpha(90)
        top = option.rect.top() + (option.rect.height() - SWATCH) // 2
        square = QRectF(option.rect.left() + PADDING, top, SWATCH, SWATCH)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(outline, 1))
        painter.setBrush(color)
        painter.drawRoundedRect(square.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        painter.restore()


class PaletteTable(QTableView):
    """A palette as a table: swatch, name, hex, share, and where there is room pixels and RGB.

    Parameters
    ----------
    parent : QWidget, optional
        Parent widget.

    Attributes
    ----------
    labels_selected : Signal(tuple)
        Emitted with the selected labels, ascending, whenever they change, by whatever hand.

    Notes
    -----
    Columns that would squeeze the names are left out of a narrow table (the tooltip of a row has
    it all); the header's context menu shows or hides them for good.
    """

    labels_selected = Signal(tuple)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = PaletteModel(self)
        self._sorted = _SortedPalette(self)
        self._sorted.setSourceModel(self._model)
        self._sorted.setSortRole(SORT_ROLE)
        self.setModel(self._sorted)
        self._widths = [0] * len(COLUMNS)
        self._wanted: dict[int, bool] = {}

        self.setItemDelegate(_Cells(self))
        self.setStyleSheet(f"QTableView::item {{ padding: 0px {OWN_PADDING}px; }}")
        self.setAccessibleName("Color table")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableView.SelectionMode.ExtendedSelection)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setHighlightSections(False)
        header.setStyleSheet(HEADER_STYLE)
        header.setMinimumSectionSize(20)
        self.setSortingEnabled(True)
        self.sortByColumn(INDEX, Qt.SortOrder.AscendingOrder)
        self._add_actions()
        self.selectionModel().selectionChanged.connect(self._emit_selected)
        self._measure()

    def set_palette(self, palette: Palette | None) -> None:
        """Show a palette, or no rows for None.

        The sorting stays. The selection stays if the pixel counts do, as after a new name or a new
        color; else the labels may mean other clusters, and nothing is selected.
        """
        before = self.selected_labels()
        self._model.set_palette(palette)
        self._measure()
        # Qt empties the selection of a reset model without a word.
        if before != self.selected_labels():
            self._emit_selected()

    def selected_labels(self) -> tuple[int, ...]:
        """Return the labels of the selected rows, ascending."""
        return tuple(sorted(self._model.palette.labels[row].item() for row in self._chosen_rows()))

    def select(self, labels: Iterable[int]) -> None:
        """Select the rows of these labels, and no others; labels without a row are ignored."""
        rows = QItemSelection()
        palette = self._model.palette
        for label in sorted(set(labels)):
            at = None if palette is None else palette.row_of(label)
            if at is not None:
                row = self._sorted.mapFromSource(self._model.index(at, INDEX))
                rows.select(row, row)
        flag = QItemSelectionModel.SelectionFlag
        self.selectionModel().select(rows, flag.ClearAndSelect | flag.Rows)
        if rows:
            self.scrollTo(rows.indexes()[0])

    def copy(self) -> None:
        """Put the selected rows, or all if none is selected, on the clipboard.

        They are tab-separated text under a header, in the order shown; the columns and plain
        numbers are those of `Palette.to_dataframe`, so that a spreadsheet can reckon with them.
        """
        if self._model.palette is None:
            return
        shown = (self._sorted.index(row, INDEX) for row in range(self._sorted.rowCount()))
        rows = [self._sorted.mapToSource(index).row() for index in shown]
        selected = self._chosen_rows()
        rows = [row for row in rows if not selected or row in selected]
        table = self._model.palette.to_dataframe().iloc[rows]
        text = table.to_csv(sep="\t", index=False, lineterminator="\n")
        QGuiApplication.clipboard().setText(text)

    def save_csv(self, path: str | os.PathLike[str]) -> None:
        """Write the palette to a CSV file, whole or not at all.

        Parameters
        ----------
        path : path-like
            The file; one that is there already is replaced.
        """
        if self._model.palette is None:
            raise ValueError("There is no palette to save: cluster an image first.")
        path = Path(path)
        unfinished = path.with_name(f".{path.name}.{uuid4().hex}")
        try:
            self._model.palette.to_dataframe().to_csv(unfinished, index=False, encoding="utf-8")
            os.replace(unfinished, path)
        finally:
            unfinished.unlink(missing_ok=True)

    def sizeHint(self) -> QSize:
        """Ask to be as high as the rows, up to where it scrolls."""
        rows = min(max(self._model.rowCount(), 1), ROWS_BEFORE_SCROLLING)
        height = self.horizontalHeader().sizeHint().height()
        height += rows * self.verticalHeader().defaultSectionSize() + 2 * self.frameWidth()
        # Of itself the table takes what fits; only columns asked for can need to be scrolled to.
        if self._wanted and self.horizontalHeader().length() > self.viewport().width():
            height += self.horizontalScrollBar().sizeHint().height()
        return QSize(260, height)

    def minimumSizeHint(self) -> QSize:
        """Bear being narrow, but no less high."""
        return QSize(120, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the columns to the new width."""
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        """Measure again what another font or theme makes wider."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._measure()

    def event(self, event: QEvent) -> bool:
        """Claim the keys that copy, before a shortcut of the window takes them."""
        if event.type() == QEvent.Type.ShortcutOverride and event.matches(COPY):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy rows, where Qt would copy a single cell."""
        if event.matches(COPY):
            self.copy()
        else:
            super().keyPressEvent(event)

    def _add_actions(self) -> None:
        copy = QAction("Copy", self)
        copy.triggered.connect(self.copy)
        self.addAction(copy)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

        header = self.horizontalHeader()
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        for column in (HEX, SHARE, PIXELS, RGB):
            action = QAction(COLUMNS[column].title, header)
            action.setCheckable(True)
            action.setData(column)
            action.triggered.connect(self._want_column)
            header.addAction(action)
        fit = QAction("Fit columns to width", header)
        fit.triggered.connect(self._want_what_fits)
        header.addAction(fit)

    def _want_column(self, wanted: bool) -> None:
        self._wanted[self.sender().data()] = wanted
        self._arrange()

    def _want_what_fits(self) -> None:
        self._wanted.clear()
        self._arrange()

    def _chosen_rows(self) -> set[int]:
        """The rows of the palette that are selected."""
        rows = self.selectionModel().selectedRows()
        return {self._sorted.mapToSource(row).row() for row in rows}

    def _emit_selected(self, *_: QItemSelection) -> None:
        self.labels_selected.emit(self.selected_labels())

    def _measure(self) -> None:
        """Find the width each column needs, of all its rows: Qt measures only those in view."""
        header = self.horizontalHeader()
        self.ensurePolished()
        header.ensurePolished()
        metrics = self.fontMetrics()
        self.verticalHeader().setDefaultSectionSize(max(metrics.height() + 8, 23))
        for column, spec in enumerate(COLUMNS):
            texts = [spec.text(self._model.palette, row) for row in range(self._model.rowCount())]
            widest = max(map(metrics.horizontalAdvance, texts), default=0)
            if column == INDEX:
                widest += SWATCH + PADDING
            title = header.fontMetrics().horizontalAdvance(spec.title + max(ARROWS.values()))
            self._widths[column] = max(widest, title) + 2 * PADDING + 2
        self._arrange()

    def _arrange(self) -> None:
        """Leave out the columns there is no room for, and give the names what is left."""
        name = min(self._widths[NAME], COMFORTABLE_NAME)
        left = self.viewport().width() - self._widths[INDEX] - name
        for action in self.horizontalHeader().actions():
            column = action.data()
            if column is None:
                continue
            fits = self._widths[column] <= left
            wanted = self._wanted.get(column, fits or column in (HEX, SHARE))
            left -= self._widths[column] if wanted else 0
            action.setChecked(wanted)
            self.setColumnHidden(column, not wanted)
            self.setColumnWidth(column, self._widths[column])
        self.setColumnWidth(INDEX, self._widths[INDEX])
        self.setColumnWidth(NAME, max(name + left, NARROWEST_NAME))
        self.updateGeometry()
