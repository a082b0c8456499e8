"""The palette as one bar of colors to see and click."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from qtpy.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from qtpy.QtGui import (
    QBrush,
    QColor,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from qtpy.QtWidgets import QSizePolicy, QToolTip, QWidget

from napari_colorcluster.widgets.palette.cells import FAINT
from napari_colorcluster.widgets.palette.words import ShownPalette, share_text

if TYPE_CHECKING:
    from napari_colorcluster.core.color.palette import Palette
    from napari_colorcluster.core.pixels.pixel_size import PixelSize

BAR_HEIGHT = 26
MARK_GAP = 3
MARK_HEIGHT = 3
CORNER_RADIUS = 4
ADD = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


class PaletteBar(QWidget):
    """A bar of colors, each as wide as its share.

    Parameters
    ----------
    parent : QWidget, optional
        Parent widget.

    Attributes
    ----------
    clicked : Signal(int, bool)
        Emitted with the label of the color the mouse was pressed on, or that an arrow key has
        come to, and whether Ctrl or Shift was held to add it to others.
    hovered : Signal(int)
        Emitted with the label that the mouse has come to, 0 where there is none.
    """

    clicked = Signal(int, bool)
    hovered = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._palette: Palette | None = None
        self._shown: ShownPalette | None = None
        self._selected: frozenset[int] = frozenset()
        self._hovered = 0
        self._dimmed = False
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Color palette")

    def set_palette(self, palette: Palette | None, pixel_size: PixelSize | None = None) -> None:
        """Show a palette, or an empty outline for None; tooltips show areas that are known."""
        self._shown = None if palette is None else ShownPalette(palette, pixel_size)
        self._palette = palette if palette is not None and len(palette) else None
        # Also clicked, so that the panel's shortcuts work on what it was clicked for.
        focus = Qt.FocusPolicy
        self.setFocusPolicy(focus.ClickFocus if self._palette is None else focus.StrongFocus)
        if self._palette is None:
            self.unsetCursor()
            self.setAccessibleDescription("")
        else:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            shares = zip(self._palette.names, self._palette.fractions, strict=True)
            self.setAccessibleDescription(
                ", ".join(f"{name} {share_text(share)}" for name, share in shares)
            )
        self.update()

    def set_selected(self, labels: Iterable[int]) -> None:
        """Mark these labels, and no others; those the palette does not have are ignored."""
        self._selected = frozenset(labels)
        self.update()

    def set_hovered(self, label: int) -> None:
        """Frame the color that the mouse points at somewhere; 0 for none."""
        if label != self._hovered:
            self._hovered = label
            self.update()

    def set_dimmed(self, dimmed: bool) -> None:
        """Dim the colors, or not any more."""
        if dimmed != self._dimmed:
            self._dimmed = dimmed
            self.update()

    def label_at(self, x: float) -> int | None:
        """Return the label of the color `x` pixels from the left, None where there is no color."""
        if self._palette is None:
            return None
        column = int(np.floor(x * self.devicePixelRatioF()))
        row = int(np.searchsorted(self._edges()[1:], column, side="right"))
        inside = column >= 0 and row < len(self._palette)
        return int(self._palette.labels[row]) if inside else None

    def sizeHint(self) -> QSize:
        """Ask for the bar and the marks below it."""
        return QSize(240, BAR_HEIGHT + MARK_GAP + MARK_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """It may be narrow, but not lower."""
        return QSize(80, self.sizeHint().height())

    def event(self, event: QEvent) -> bool:
        """Answer a request for a tooltip with that of the color under the mouse."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._show_tooltip(event.globalPos(), event.pos())
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Emit the color that was clicked."""
        label = self.label_at(event.position().x())
        if event.button() == Qt.MouseButton.LeftButton and label is not None:
            self.clicked.emit(label, bool(event.modifiers() & ADD))
        else:
            super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Emit the color beside the selected ones, on the side of the arrow."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(event.key())
        if step is None or self._palette is None:
            super().keyPressEvent(event)
            return
        rows = [self._palette.row_of(label) for label in self._selected]
        rows = [row for row in rows if row is not None] or [-1 if step > 0 else len(self._palette)]
        row = (min(rows) if step < 0 else max(rows)) + step
        if 0 <= row < len(self._palette):
            self.clicked.emit(int(self._palette.labels[row]), bool(event.modifiers() & ADD))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Emit the color that the mouse is on."""
        self.hovered.emit(self.label_at(event.position().x()) or 0)
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Emit that the mouse is on none."""
        self.hovered.emit(0)
        super().leaveEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the colors, the marks of the selected ones and an outline."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(FAINT if self._dimmed else 1.0)
        # From here on in the screen's own pixels: on a scaled screen a color would else end
        # between two of them, and the edge be a blend that is in no palette.
        ratio = self.devicePixelRatioF()
        painter.scale(1 / ratio, 1 / ratio)
        bar = QRectF(0, 0, self._device_width(), round(BAR_HEIGHT * ratio))
        radius = CORNER_RADIUS * ratio
        if self._palette is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QBrush(self._picture(int(bar.height()))))
            painter.drawRoundedRect(bar, radius, radius)
            self._paint_marks(painter, ratio)
            self._paint_frame(painter, ratio)
        # A faint outline holds together a bar whose last color is that of the window.
        line = max(1.0, round(ratio))
        painter.setPen(QPen(self._ink(70), line))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        inset = line / 2
        painter.drawRoundedRect(bar.adjusted(inset, inset, -inset, -inset), radius, radius)
        painter.end()

    def _paint_marks(self, painter: QPainter, ratio: float) -> None:
        """Underline the selected colors: below the bar, so it reads whatever the colors are."""
        edges = self._edges()
        top = round((BAR_HEIGHT + MARK_GAP) * ratio)
        height = round(MARK_HEIGHT * ratio)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._ink())
        for label in sorted(self._selected):
            row = self._palette.row_of(label)
            if row is None:
                continue
            left, right = edges[row], edges[row + 1]
            # A pixel's gap on each side: two selected neighbors must not look like one wide color.
            width = max(right - left - 2 * round(ratio), 2 * height)
            left = min(max((left + right - width) / 2, 0), self._device_width() - width)
            painter.drawRoundedRect(QRectF(left, top, width, height), height / 2, height / 2)

    def _paint_frame(self, painter: QPainter, ratio: float) -> None:
        """Frame the hovered color, in white on black: one of them is seen on whatever color."""
        row = self._palette.row_of(self._hovered)
        if row is None:
            return
        left, right = self._edges()[row : row + 2]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for width, color in ((4, Qt.GlobalColor.black), (2, Qt.GlobalColor.white)):
            inset = 2 * ratio
            frame = QRectF(left, 0, max(right - left, 2 * inset + 1), BAR_HEIGHT * ratio)
            painter.setPen(QPen(color, width * ratio))
            painter.drawRect(frame.adjusted(inset, inset, -inset, -inset))

    def _picture(self, height: int) -> QImage:
        pixels = np.ascontiguousarray(self._palette.bar(self._device_width(), height))
        rows, columns, _ = pixels.shape
        picture = QImage(pixels.data, columns, rows, 3 * columns, QImage.Format.Format_RGB888)
        return picture.copy()  # the picture owns its pixels; the array goes away

    def _ink(self, alpha: int = 255) -> QColor:
        color = QColor(self.palette().color(self.foregroundRole()))
        color.setAlpha(alpha)
        return color

    def _device_width(self) -> int:
        return max(round(self.width() * self.devicePixelRatioF()), 1)

    def _edges(self) -> np.ndarray:
        return self._palette.edges(self._device_width())

    def _show_tooltip(self, where: QPoint, inside: QPoint) -> None:
        label = self.label_at(inside.x())
        if label is None:
            QToolTip.hideText()
            return
        row, ratio = self._palette.row_of(label), self.devicePixelRatioF()
        left, right = (self._edges()[row : row + 2] / ratio).tolist()
        segment = QRect(int(left), 0, max(int(right - left), 1), self.height())
        QToolTip.showText(where, self._shown.describe(label), self, segment)
