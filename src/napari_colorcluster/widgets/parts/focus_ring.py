"""A ring around the control that has the keyboard: napari's themes show no focus."""

from __future__ import annotations

from qtpy.QtCore import QEvent, QObject, QPoint, QRectF, Qt
from qtpy.QtGui import QColor, QPainter, QPaintEvent, QPen
from qtpy.QtWidgets import QApplication, QWidget

WIDTH = 2
RADIUS = 3
_MOVES = (
    QEvent.Type.Move,
    QEvent.Type.Resize,
    QEvent.Type.Show,
    QEvent.Type.Hide,
    QEvent.Type.LayoutRequest,
)


class FocusRing(QWidget):
    """Lies over a column and frames the control in it that has the focus.

    A control that was clicked has none: the mouse shows where that is.

    Parameters
    ----------
    column : QWidget
        What the controls are in.
    """

    def __init__(self, column: QWidget) -> None:
        super().__init__(column)
        self._column = column
        self._framed: QWidget | None = None
        self._watched: list[QWidget] = []
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setStyleSheet("background: transparent;")
        self.hide()
        QApplication.instance().focusChanged.connect(self._follow)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move along with the control, and with whatever it is in."""
        if event.type() in _MOVES:
            self._place()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ring in the theme's colors of texts and ground: one is seen on any color."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        column = self._column
        inner, outer = column.backgroundRole(), column.foregroundRole()
        for role, line, inset in ((inner, 1.0, WIDTH + 0.5), (outer, WIDTH, WIDTH / 2)):
            painter.setPen(QPen(QColor(column.palette().color(role)), line))
            frame = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
            painter.drawRoundedRect(frame, RADIUS, RADIUS)
        painter.end()

    def _follow(self, before: QWidget | None, now: QWidget | None) -> None:
        for each in self._watched:
            each.removeEventFilter(self)
        self._watched, self._framed = [], None
        inside = now is not None and self._column.isAncestorOf(now)
        if inside and QApplication.mouseButtons() == Qt.MouseButton.NoButton:
            self._framed = now
            while now is not self._column:
                self._watched.append(now)
                now.installEventFilter(self)
                now = now.parentWidget()
        self._place()

    def _place(self) -> None:
        framed = self._framed
        if framed is None or not framed.isVisibleTo(self._column):
            self.hide()
            return
        corner = framed.mapTo(self._column, QPoint(0, 0))
        around = framed.rect().translated(corner).adjusted(-WIDTH, -WIDTH, WIDTH, WIDTH)
        self.setGeometry(around & self._column.rect())
        self.raise_()
        self.show()
