"""What the plots of this fold share: a picture to point at, a click on it, and a line of words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qtpy.QtCore import QEvent, QPointF, Qt, Signal
from qtpy.QtGui import QMouseEvent
from qtpy.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from napari_colorcluster.widgets.parts.figure_view import FigureView

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class KPlot(QWidget):
    """A plot in which each number of clusters has a place; its subclasses draw and describe it.

    Parameters
    ----------
    name : str
        Its name for screen readers.
    height : int
        The picture's height, in pixels.
    parent : QWidget, optional
        Parent widget.

    Attributes
    ----------
    k_clicked : Signal(int)
        Emitted with the number of clusters that was clicked, or stepped to by the arrow keys.
    """

    k_clicked = Signal(int)

    def __init__(self, name: str, height: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._height = height
        self._chosen: int | None = None
        self._view: FigureView | None = None
        self._status = QLabel(self)
        self._status.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._status.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._status.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self._status)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(name)

    def k_under(self, position: QPointF) -> int | None:
        """Return the number of clusters at a position in this widget, None where there is none."""
        raise NotImplementedError

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Emit the number of clusters that was clicked."""
        k = self.k_under(event.position())
        if event.button() == Qt.MouseButton.LeftButton and k is not None:
            self.k_clicked.emit(k)
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Describe the number of clusters under the mouse."""
        self._hover(self.k_under(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """Describe the chosen number of clusters again."""
        self._hover(None)
        super().leaveEvent(event)

    def _hover(self, k: int | None) -> None:
        """Point at the number of clusters under the mouse; a subclass describes it."""
        if k is None:
            self.unsetCursor()
        else:
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    def _make_view(self) -> FigureView:
        """Make the picture, when there is something to draw."""
        self._view = view = FigureView(self._draw)
        view.setFixedHeight(self._height)
        view.setMinimumWidth(120)
        # The mouse is this widget's: matplotlib would keep the wheel from the panel that scrolls.
        view.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.layout().insertWidget(0, view)
        return view

    def _draw(self, figure: Figure, text_color: str) -> None:
        raise NotImplementedError
