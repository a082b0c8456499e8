"""The palette as a Qt model: its columns and its cells."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from qtpy.QtCore import QAbstractTableModel, QMimeData, QModelIndex, QObject, Qt, Signal
from qtpy.QtGui import QColor

from napari_colorcluster.widgets.palette.words import ShownPalette, share_text

if TYPE_CHECKING:
    from napari_colorcluster.core.color.palette import Palette
    from napari_colorcluster.core.pixels.pixel_size import PixelSize

SORT_ROLE = int(Qt.ItemDataRole.UserRole)
SWATCH_ROLE = SORT_ROLE + 1
CLOSE_ROLE = SORT_ROLE + 2
LABEL_ROLE = SORT_ROLE + 3


@dataclass(frozen=True)
class Column:
    """What one column says about a color, given the palette and the row."""

    title: str
    text: Callable[[ShownPalette, int], str]
    sort_by: Callable[[ShownPalette, int], float | str]
    tooltip: str
    right: bool = False


def _rgb_text(shown: ShownPalette, row: int) -> str:
    return ", ".join(map(str, shown.palette.colors[row].tolist()))


def _rgb_number(shown: ShownPalette, row: int) -> float:
    return float(int(shown.palette.hex[row][1:], 16))


COLUMNS = (
    Column(
        "#",
        lambda shown, row: str(shown.palette.labels[row]),
        lambda shown, row: float(shown.palette.labels[row]),
        "The cluster's color and its label in the clusters layer. Double-click to recolor.",
        right=True,
    ),
    Column(
        "Name",
        lambda shown, row: shown.palette.names[row],
        lambda shown, row: shown.palette.names[row].casefold(),
        "The name of the color, or your own: double click to type it. ≈ marks a color that is "
        "hard to tell from another one.",
    ),
    Column(
        "Hex",
        lambda shown, row: shown.palette.hex[row],
        _rgb_number,
        "The color in sRGB, as on the web.",
    ),
    Column(
        "Share",
        lambda shown, row: share_text(shown.palette.fractions[row]),
        lambda shown, row: float(shown.palette.fractions[row]),
        "Percentage of the clustered pixels. All shares add up to 100%.",
        right=True,
    ),
    Column(
        "Area",
        lambda shown, row: shown.area_text(row),
        lambda shown, row: float(shown.palette.pixels[row]),
        "What the pixels cover, by the scale and units of the image layer.",
        right=True,
    ),
    Column(
        "Pixels",
        lambda shown, row: f"{shown.palette.pixels[row]:,}",
        lambda shown, row: float(shown.palette.pixels[row]),
        "The number of pixels.",
        right=True,
    ),
    Column(
        "RGB", _rgb_text, _rgb_number, "Red, green and blue in sRGB, each 0 to 255.", right=True
    ),
)
INDEX, NAME, HEX, SHARE, AREA, PIXELS, RGB = range(len(COLUMNS))


class PaletteModel(QAbstractTableModel):
    """A palette, one row a color in its order.

    Attributes
    ----------
    renamed : Signal(int, str)
        Emitted with a label and the other name it is given by hand. The palette itself stays.
    rows_type : str
        The MIME type of rows that are dragged: their labels, as JSON.
    """

    renamed = Signal(int, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.shown: ShownPalette | None = None
        self.rows_type = f"application/x-napari-colorcluster-rows-{id(self)}"

    @property
    def palette(self) -> Palette | None:
        """The palette; None where there is none."""
        return None if self.shown is None else self.shown.palette

    @property
    def pixel_size(self) -> PixelSize | None:
        """What a pixel covers, where it is known."""
        return None if self.shown is None else self.shown.pixel_size

    def set_palette(self, palette: Palette | None, pixel_size: PixelSize | None = None) -> None:
        """Take another palette; rows that still mean the same clusters stay the rows they are."""
        old, n_rows = self.palette, self.rowCount()
        shown = None if palette is None else ShownPalette(palette, pixel_size)
        if old and palette and _have_same_clusters(old, palette):
            self.shown = shown
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, AREA, AREA)
            self.dataChanged.emit(self.index(0, 0), self.index(n_rows - 1, len(COLUMNS) - 1))
            return
        self.beginResetModel()
        self.shown = shown
        self.endResetModel()

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Return the number of colors."""
        return 0 if self.palette is None or parent.isValid() else len(self.palette)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Return the number of columns, shown or not."""
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a role means for a cell: text, color, alignment, tooltip."""
        if not index.isValid():
            return None
        column, row = COLUMNS[index.column()], index.row()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return column.text(self.shown, row)
        if role == SORT_ROLE:
            return column.sort_by(self.shown, row)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.shown.describe(int(self.palette.labels[row]))
        if role == LABEL_ROLE:
            return int(self.palette.labels[row])
        if role == SWATCH_ROLE and index.column() == INDEX:
            return QColor(*self.palette.colors[row].tolist())
        if role == CLOSE_ROLE and index.column() == NAME:
            return self.shown.is_close(row)
        return None

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        """Let names be edited, and rows be dragged."""
        flags = super().flags(index)
        if not index.isValid():
            # Between rows, where rows are dropped.
            return flags | Qt.ItemFlag.ItemIsDropEnabled
        flags |= Qt.ItemFlag.ItemIsDragEnabled
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == NAME else flags

    def supportedDropActions(self) -> Qt.DropAction:
        """Rows are moved, not copied."""
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        """What is dragged are rows of this very model."""
        return [self.rows_type]

    def mimeData(self, indexes: Iterable[QModelIndex]) -> QMimeData:
        """Write the labels of rows that are dragged."""
        labels = sorted({int(self.palette.labels[index.row()]) for index in indexes})
        data = QMimeData()
        data.setData(self.rows_type, json.dumps(labels).encode())
        return data

    def setData(self, index: QModelIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Emit the name that was typed; the model keeps the old one until it gets a new palette."""
        editable = (
            role == Qt.ItemDataRole.EditRole and self.flags(index) & Qt.ItemFlag.ItemIsEditable
        )
        if editable and value != self.palette.names[index.row()]:
            self.renamed.emit(int(self.palette.labels[index.row()]), value)
        return False

    def title(self, column: int) -> str:
        """The title of a column: with the unit over areas."""
        if column == AREA and self.pixel_size is not None:
            return f"{self.pixel_size.quantity.capitalize()} ({self.pixel_size.unit})"
        return COLUMNS[column].title

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a column's title, what it means, or its alignment."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.title(section)
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{COLUMNS[section].tooltip}\nClick to sort, right-click to choose columns."
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(COLUMNS[section])
        return None


def _have_same_clusters(one: Palette, other: Palette) -> bool:
    return np.array_equal(one.labels, other.labels) and np.array_equal(one.pixels, other.pixels)


def _alignment(column: Column) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
