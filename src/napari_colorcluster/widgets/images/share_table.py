"""A read-only table of numbers with a color on top of each column."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from qtpy.QtCore import QAbstractTableModel, QModelIndex, Qt, Signal
from qtpy.QtGui import QColor, QIcon, QPixmap
from qtpy.QtWidgets import QAbstractItemView, QHeaderView, QWidget

from napari_colorcluster.report.comparison_figure import shortened
from napari_colorcluster.widgets.parts.copied_table import CopiedTable
from napari_colorcluster.widgets.parts.notes import plain

if TYPE_CHECKING:
    import pandas as pd


_LONGEST_HEAD = 28
"""Letters of a heading: a longer one would leave no room for the numbers; its tooltip is whole."""


class ShareModel(QAbstractTableModel):
    """A data frame as a read-only Qt model.

    Parameters
    ----------
    table : pandas.DataFrame
        Numbers; its index and its columns are the headings.
    write : callable
        Gives the text of a number.
    colors : sequence of str, optional
        "#rrggbb" of each column.
    """

    def __init__(
        self, table: pd.DataFrame, write: Callable[[float], str], colors: Sequence[str] = ()
    ) -> None:
        super().__init__()
        self._table = table
        self._values = table.to_numpy()
        self._heads = [str(name) for name in table.columns]
        self._rows = [str(name) for name in table.index]
        self._write = write
        self._colors = tuple(colors)

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Number of rows."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Number of columns."""
        return 0 if parent.isValid() else len(self._heads)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The number as text, at the right."""
        if role == Qt.ItemDataRole.DisplayRole:
            return self._write(self._values[index.row(), index.column()])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """The headings, each column's with its color."""
        across = orientation == Qt.Orientation.Horizontal
        head = (self._heads if across else self._rows)[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return shortened(" ".join(head.split()), _LONGEST_HEAD)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain(head)
        if role == Qt.ItemDataRole.DecorationRole and across and self._colors:
            swatch = QPixmap(12, 12)
            swatch.fill(QColor(self._colors[section]))
            return QIcon(swatch)
        return None

    def frame(self) -> pd.DataFrame:
        """The table, with its index as the first column."""
        return self._table.reset_index(allow_duplicates=True)


class ShareTable(CopiedTable):
    """A read-only table that can mark a row.

    Attributes
    ----------
    row_selected : Signal(object)
        Emitted with the row that is selected, or None.
    """

    row_selected = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setWordWrap(False)
        # A marked row would make all of them bold, and too wide for their columns.
        self.horizontalHeader().setHighlightSections(False)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(22)

    def set_table(
        self, table: pd.DataFrame, write: Callable[[float], str], colors: Sequence[str] = ()
    ) -> None:
        """Show a data frame; the arguments are those of `ShareModel`."""
        model = ShareModel(table, write, colors)
        # Qt keeps no model alive.
        model.setParent(self)
        self.setModel(model)
        self.resizeColumnsToContents()
        self.selectionModel().selectionChanged.connect(self._emit_row)

    def mark(self, row: int) -> None:
        """Select a row and bring it in sight."""
        if self.currentIndex().row() != row:
            self.selectRow(row)

    def _emit_row(self, *_: Any) -> None:
        rows = self.selectionModel().selectedRows()
        self.row_selected.emit(rows[0].row() if rows else None)
