"""What there is to read in a palette, as texts and as a Qt model; how it looks is for the views."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
from qtpy.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, Signal
from qtpy.QtGui import QColor

if TYPE_CHECKING:
    from napari_colorcluster.core.palette import Palette

SORT_ROLE = int(Qt.ItemDataRole.UserRole)
SWATCH_ROLE = SORT_ROLE + 1


def share_text(fraction: float) -> str:
    """Write a share as people read it, ``"46.2 %"``, and never "0.0 %" for what is there."""
    return "<0.1 %" if 0 < fraction < 0.0005 else f"{100 * fraction:.1f} %"


def describe(palette: Palette, label: int) -> str:
    """Say all there is to say about one color of a palette, as the rich text of a tooltip.

    Parameters
    ----------
    palette : Palette
        The palette.
    label : int
        Label of one of its colors.
    """
    row = palette.row_of(label)
    red, green, blue = palette.colors[row].tolist()
    return (
        f"<p style='white-space: pre'><b>{escape(palette.names[row])}</b><br>"
        f"{palette.hex[row]} · RGB {red}, {green}, {blue}<br>"
        f"{share_text(palette.fractions[row])} · {palette.pixels[row]:,} pixels</p>"
    )


@dataclass(frozen=True)
class Column:
    """What one column says about a color, given the palette and the row."""

    title: str
    text: Callable[[Palette, int], str]
    sort_by: Callable[[Palette, int], float | str]
    right: bool = False


def _rgb_text(palette: Palette, row: int) -> str:
    return ", ".join(map(str, palette.colors[row].tolist()))


def _rgb_number(palette: Palette, row: int) -> float:
    return float(int(palette.hex[row][1:], 16))


COLUMNS = (
    Column(
        "#",
        lambda palette, row: str(palette.labels[row]),
        lambda palette, row: float(palette.labels[row]),
        right=True,
    ),
    Column(
        "Name",
        lambda palette, row: palette.names[row],
        lambda palette, row: palette.names[row].casefold(),
    ),
    Column("Hex", lambda palette, row: palette.hex[row], _rgb_number),
    Column(
        "Share",
        lambda palette, row: share_text(palette.fractions[row]),
        lambda palette, row: float(palette.fractions[row]),
        right=True,
    ),
    Column(
        "Pixels",
        lambda palette, row: f"{palette.pixels[row]:,}",
        lambda palette, row: float(palette.pixels[row]),
        right=True,
    ),
    Column("RGB", _rgb_text, _rgb_number, right=True),
)
INDEX, NAME, HEX, SHARE, PIXELS, RGB = range(len(COLUMNS))


class PaletteModel(QAbstractTableModel):
    """A palette, one row a color in its order.

    Attributes
    ----------
    renamed : Signal(int, str)
        Emitted with a label and the other name it is given by hand. The palette itself stays.
    """

    renamed = Signal(int, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.palette: Palette | None = None

    def set_palette(self, palette: Palette | None) -> None:
        """Take another palette; rows that still mean the same clusters stay the rows they are."""
        old, n_rows = self.palette, self.rowCount()
        if old and palette and _have_same_clusters(old, palette):
            self.palette = palette
            self.dataChanged.emit(self.index(0, 0), self.index(n_rows - 1, len(COLUMNS) - 1))
            return
        self.beginResetModel()
        self.palette = palette
        self.endResetModel()

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Return the number of colors."""
        return 0 if self.palette is None or parent.isValid() else len(self.palette)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Return the number of columns, shown or not."""
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text of a cell, or what else of it the role asks for."""
        if not index.isValid():
            return None
        column, row = COLUMNS[index.column()], index.row()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return column.text(self.palette, row)
        if role == SORT_ROLE:
            return column.sort_by(self.palette, row)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return describe(self.palette, int(self.palette.labels[row]))
        if role == SWATCH_ROLE and index.column() == INDEX:
            return QColor(*self.palette.colors[row].tolist())
        return None

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        """Let names be edited, and no more."""
        editable = index.isValid() and index.column() == NAME
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if editable else flags

    def setData(self, index: QModelIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Tell that another name was typed; it is not taken here, so nothing is set."""
        editable = (
            role == Qt.ItemDataRole.EditRole and self.flags(index) & Qt.ItemFlag.ItemIsEditable
        )
        if editable and value != self.palette.names[index.row()]:
            self.renamed.emit(int(self.palette.labels[index.row()]), value)
        return False

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a column's title, or its alignment."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(COLUMNS[section])
        return None


def _have_same_clusters(one: Palette, other: Palette) -> bool:
    return np.array_equal(one.labels, other.labels) and np.array_equal(one.pixels, other.pixels)


def _alignment(column: Column) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
