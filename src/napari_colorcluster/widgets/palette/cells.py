"""How the rows of the palette's table are sorted, painted and edited."""

from __future__ import annotations

from typing import Any

from qtpy.QtCore import QModelIndex, QRectF, QSortFilterProxyModel, Qt
from qtpy.QtGui import QColor, QPainter, QPen
from qtpy.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from napari_colorcluster.widgets.palette.model import CLOSE_ROLE, LABEL_ROLE, SWATCH_ROLE

SWATCH = 14
PADDING = 5
OWN_PADDING = PADDING - 3  # Qt keeps texts 3 pixels off the sides of a cell by itself
CLOSE = " ≈"
HOVER_ALPHA = 38
FAINT = 0.6  # a text's contrast stays above 4 in napari's themes
ARROWS = {Qt.SortOrder.AscendingOrder: " ↑", Qt.SortOrder.DescendingOrder: " ↓"}
# napari's own is higher than a row, and would have its text cut off.
EDITOR_STYLE = "QLineEdit { min-height: 0px; padding: 0px 2px; margin: 0px; border-radius: 0px; }"


class SortedPalette(QSortFilterProxyModel):
    """The sorted rows, with an arrow in the title of the column that they are sorted by."""

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        answer = super().headerData(section, orientation, role)
        if role == Qt.ItemDataRole.DisplayRole and section == self.sortColumn():
            return answer + ARROWS[self.sortOrder()]
        return answer


class PaletteCells(QStyledItemDelegate):
    """Draws the color as a rounded swatch, and no frame around a single cell: rows are the unit.

    Behind the name of a color that is close to another one stands a sign.

    Attributes
    ----------
    hovered : int
        The label that the mouse points at somewhere; its row is tinted. 0 for none.
    dimmed : bool
        Whether all is faint.
    """

    hovered = 0
    dimmed = False

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        super().initStyleOption(option, index)
        option.state &= ~QStyle.StateFlag.State_HasFocus
        if index.data(CLOSE_ROLE):
            # A name that is too long is cut here, so that the sign is not what Qt cuts off.
            metrics = option.fontMetrics
            room = option.rect.width() - 2 * PADDING - 2 - metrics.horizontalAdvance(CLOSE)
            option.text = metrics.elidedText(option.text, option.textElideMode, room) + CLOSE

    def createEditor(
        self, parent: QWidget, option: QStyleOptionViewItem, index: QModelIndex
    ) -> QWidget:
        editor = QLineEdit(parent)
        editor.setFrame(False)
        editor.setStyleSheet(EDITOR_STYLE)
        editor.setAccessibleName("Name")
        return editor

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: QModelIndex
    ) -> None:
        editor.setGeometry(option.rect)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        painter.setOpacity(FAINT if self.dimmed else 1.0)
        if self.hovered and index.data(LABEL_ROLE) == self.hovered:
            tint = QColor(option.palette.color(option.palette.ColorRole.Text))
            tint.setAlpha(HOVER_ALPHA)
            painter.fillRect(option.rect, tint)
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
