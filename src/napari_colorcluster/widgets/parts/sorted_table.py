"""A read-only table: sorted by a click on a heading, with words and colors on each row."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from qtpy.QtCore import QAbstractTableModel, QItemSelectionModel, QModelIndex, Qt, Signal
from qtpy.QtGui import QColor, QPainter, QPixmap
from qtpy.QtWidgets import QAbstractItemView, QHeaderView, QWidget

from napari_colorcluster.widgets.parts.copied_table import CopiedTable
from napari_colorcluster.widgets.parts.notes import plain

if TYPE_CHECKING:
    import pandas as pd

_SWATCH = 12


def number_text(value: float) -> str:
    """A number with four digits that count, whole ones in full; blank where it is none."""
    if isinstance(value, str):
        return value
    if math.isnan(value):
        return "–"
    if float(value).is_integer() and abs(value) < 1e15:
        return f"{value:,.0f}"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.4g}"


@dataclass(frozen=True, eq=False)
class Shown:
    """A data frame as it is shown.

    Attributes
    ----------
    table : pandas.DataFrame
        All of it, with the index 0, 1, ...
    heads : mapping of str to str
        The columns that are shown, each with its heading.
    colors : callable, optional
        Given a row's number, its colors, "#rrggbb", which its first column shows.
    explain : callable, optional
        Given a row's number, what its tooltip says.
    write : mapping of str to callable, optional
        To a column what gives the text of its values; by default `number_text`.
    head_colors : mapping of str to str, optional
        To a column the color, "#rrggbb", in its heading.
    """

    table: pd.DataFrame
    heads: Mapping[str, str]
    colors: Callable[[int], Sequence[str]] | None = None
    explain: Callable[[int], str] | None = None
    write: Mapping[str, Callable[[Any], str]] = field(default_factory=dict)
    head_colors: Mapping[str, str] = field(default_factory=dict)


class SortedModel(QAbstractTableModel):
    """A data frame as a read-only Qt model that can be sorted.

    Parameters
    ----------
    shown : Shown
        What is shown.
    """

    def __init__(self, shown: Shown) -> None:
        super().__init__()
        self._shown = shown
        self._columns = [shown.table[name].to_numpy() for name in shown.heads]
        self._heads = list(shown.heads.items())
        self._order = np.arange(len(shown.table))

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The text of a cell, its words, and the color of its row."""
        row, column = int(self._order[index.row()]), self._columns[index.column()]
        is_number = column.dtype.kind in "iuf"
        if role == Qt.ItemDataRole.DisplayRole:
            name, _ = self._heads[index.column()]
            return self._shown.write.get(name, number_text)(column[row])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if is_number else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ToolTipRole and self._shown.explain is not None:
            return plain(self._shown.explain(row))
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 0:
            return None if self._shown.colors is None else _swatch(self._shown.colors(row))
        return None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        across = orientation == Qt.Orientation.Horizontal
        if not across:
            return None
        name, head = self._heads[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            # As the numbers below, but beside a color, which stands at the left.
            is_number = self._columns[section].dtype.kind in "iuf"
            is_right = is_number and name not in self._shown.head_colors
            side = Qt.AlignmentFlag.AlignRight if is_right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return head if role == Qt.ItemDataRole.DisplayRole else plain(head)
        if role == Qt.ItemDataRole.DecorationRole and name in self._shown.head_colors:
            return _swatch([self._shown.head_colors[name]])
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; what is not a number comes last, and a column below 0 sorts nothing."""
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        rows = [int(self._order[index.row()]) for index in before]
        self._order = np.arange(len(self._order))
        if 0 <= column < len(self._columns):
            values = self._columns[column]
            _, ranks = np.unique(
                values.astype(str) if values.dtype == object else values, return_inverse=True
            )
            ranks = -ranks if order == Qt.SortOrder.DescendingOrder else ranks
            if values.dtype.kind == "f":
                ranks = np.where(np.isnan(values), len(values), ranks)
            self._order = np.argsort(ranks, kind="stable")
        after = [
            self.index(self.place_of(row), index.column())
            for row, index in zip(rows, before, strict=True)
        ]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def frame(self) -> pd.DataFrame:
        """What is shown, in this order, under these headings."""
        shown = self._shown.table.iloc[self._order][list(self._shown.heads)]
        return shown.rename(columns=dict(self._shown.heads))

    def row_at(self, place: int) -> int:
        """Which row of the table is shown at a place."""
        return int(self._order[place])

    def place_of(self, row: int) -> int:
        """Where a row of the table is shown."""
        return int(np.flatnonzero(self._order == row)[0])


class SortedTable(CopiedTable):
    """A read-only table that a click on a heading sorts, and in which one row can be selected.

    Attributes
    ----------
    row_selected : Signal(object)
        Emitted with the row of the table that a person has selected, or None.
    """

    row_selected = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(22)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)

    def set_shown(self, shown: Shown, *, sort_by: int = -1, stretch: bool = False) -> None:
        """Show a data frame.

        Parameters
        ----------
        shown : Shown
            The data frame.
        sort_by : int, default -1
            The column by which it is sorted at first, the largest on top; by none below 0.
        stretch : bool, default False
            Whether the last column takes the room that is left, in as many lines as it needs.
        """
        model = SortedModel(shown)
        # Qt keeps no model alive.
        model.setParent(self)
        before = self.model()
        self.setModel(model)
        if before is not None:
            before.deleteLater()
        self.setSortingEnabled(False)
        self.horizontalHeader().setSortIndicator(sort_by, Qt.SortOrder.DescendingOrder)
        self.setSortingEnabled(True)
        self.horizontalHeader().setStretchLastSection(stretch)
        self.resizeColumnsToContents()
        if stretch:
            self.setWordWrap(True)
            self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.selectionModel().selectionChanged.connect(self._emit_row)

    def selected_row(self) -> int | None:
        """The row of the table that is selected."""
        rows = [] if self.selectionModel() is None else self.selectionModel().selectedRows()
        return self.model().row_at(rows[0].row()) if rows else None

    def select(self, row: int | None) -> None:
        """Select a row of the table and bring it in sight; None selects none."""
        if row is None:
            self.clearSelection()
            return
        index = self.model().index(self.model().place_of(row), 0)
        both = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(index, both.ClearAndSelect | both.Rows)
        self.scrollTo(index)

    def _emit_row(self, *_: Any) -> None:
        self.row_selected.emit(self.selected_row())


def _swatch(colors: Sequence[str]) -> QPixmap:
    """A square of each color, side by side."""
    swatch = QPixmap(_SWATCH * len(colors), _SWATCH)
    painter = QPainter(swatch)
    for at, color in enumerate(colors):
        painter.fillRect(at * _SWATCH, 0, _SWATCH, _SWATCH, QColor(color))
    painter.end()
    return swatch
