"""The top of a tree of merges, to pick the number of clusters from by cutting it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qtpy.QtCore import QEvent, Qt, Signal
from qtpy.QtGui import QKeyEvent, QMouseEvent
from qtpy.QtWidgets import QFrame, QLabel, QSizePolicy, QVBoxLayout, QWidget

from napari_colorcluster.report.dendrogram_figure import cut_height, draw_dendrogram
from napari_colorcluster.widgets.parts.figure_view import FigureView

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from napari_colorcluster.core.clustering.dendrogram import Dendrogram

PLOT_HEIGHT = 220
HINT = "Click the tree\nto cut it at that height"


class TreePlot(QWidget):
    """A dendrogram to click on: a click cuts it.

    Parameters
    ----------
    parent : QWidget, optional
        Parent widget.

    Attributes
    ----------
    k_clicked : Signal(int)
        Emitted with the number of clusters of a cut that was clicked, or stepped to by the arrow
        keys.
    """

    k_clicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dendrogram: Dendrogram | None = None
        self._chosen: int | None = None
        self._view: FigureView | None = None
        self._status = QLabel(HINT)
        self._status.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._status.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._status.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._cut = QFrame(self)
        self._cut.setFixedHeight(1)
        self._cut.setStyleSheet("background: rgba(128, 128, 128, 85%);")
        self._cut.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._cut.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self._status)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName("Number of clusters: tree of merges")

    def set_dendrogram(self, dendrogram: Dendrogram | None, chosen: int | None = None) -> None:
        """Show a tree and where it is cut into the number of clusters in use; or nothing."""
        if dendrogram is not None and dendrogram.n_leaves < 2:
            dendrogram = None
        changed = dendrogram is not self._dendrogram or chosen != self._chosen
        self._dendrogram, self._chosen = dendrogram, chosen
        self._hover(None)
        if dendrogram is not None and self._view is None:
            self._view = FigureView(self._draw)
            self._view.setFixedHeight(PLOT_HEIGHT)
            self._view.setMinimumWidth(120)
            # The mouse is this widget's: matplotlib would keep the wheel from the panel.
            self._view.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            self.layout().insertWidget(0, self._view)
            self._cut.raise_()
        if self._view is not None and changed:
            self._view.redraw()

    def k_at(self, y: float) -> int | None:
        """Return the number of clusters of a cut `y` pixels from the top, None off the tree."""
        if self._dendrogram is None or not self._view.figure.axes:
            return None
        axes, canvas = self._view.figure.axes[0], self._view.canvas
        pixel = (self._view.y() + canvas.height() - y) * canvas.device_pixel_ratio
        height = axes.transData.inverted().transform((0, pixel))[1]
        lowest, highest = axes.get_ylim()
        return self._dendrogram.n_clusters_at(height) if lowest <= height <= highest else None

    def y_of(self, k: int) -> float:
        """Return how many pixels from the top a cut into k clusters is drawn."""
        axes, canvas = self._view.figure.axes[0], self._view.canvas
        pixel = axes.transData.transform((0, cut_height(self._dendrogram, k)))[1]
        return self._view.y() + canvas.height() - pixel / canvas.device_pixel_ratio

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Emit the number of clusters of the cut that was clicked."""
        k = self.k_at(event.position().y())
        if event.button() == Qt.MouseButton.LeftButton and k is not None:
            self.k_clicked.emit(k)
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show and describe the cut under the mouse."""
        self._hover(self.k_at(event.position().y()))

    def leaveEvent(self, event: QEvent) -> None:
        """Describe the cut in use again."""
        self._hover(None)
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Cut the tree lower, for one more cluster, or higher."""
        step = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Down: 1,
        }.get(event.key())
        k = (self._chosen or 1) + (step or 0)
        if step is None or self._dendrogram is None:
            super().keyPressEvent(event)
        elif 1 <= k <= self._dendrogram.n_leaves:
            self.k_clicked.emit(k)

    def _draw(self, figure: Figure, text_color: str) -> None:
        figure.clear()
        if self._dendrogram is not None:
            draw_dendrogram(figure, self._dendrogram, self._chosen, text_color)

    def _hover(self, k: int | None) -> None:
        """Show and describe the cut under the mouse, or else describe the one in use."""
        self._cut.setVisible(k is not None)
        if k is None:
            self.unsetCursor()
        else:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self._cut.setGeometry(0, round(self.y_of(k)), self.width(), 1)
        self._status.setText(self._sentence(self._chosen if k is None else k))

    def _sentence(self, k: int | None) -> str:
        tree = self._dendrogram
        if tree is None or k is None or not 1 <= k <= tree.n_leaves:
            return HINT
        low, high = tree.heights_of(k)
        if k == 1:
            return f"k = 1: all colors in one cluster,\nmerged at a distance of {_short(low)}"
        if k == tree.n_leaves:
            return f"k = {k}: the lowest cut shown here;\nthe next merge is at {_short(high)}"
        return f"k = {k}: cut at a distance\nbetween {_short(low)} and {_short(high)}"


def _short(height: float) -> str:
    """Write a distance with three digits that count."""
    return f"{height:,.0f}" if height >= 100 else f"{height:.3g}"
