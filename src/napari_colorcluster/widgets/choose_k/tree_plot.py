"""The top of a tree of merges, to pick the number of clusters from by cutting it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qtpy.QtCore import QPointF, Qt
from qtpy.QtGui import QKeyEvent
from qtpy.QtWidgets import QFrame, QWidget

from napari_colorcluster.report.dendrogram_figure import cut_height, draw_dendrogram
from napari_colorcluster.widgets.choose_k.k_plot import KPlot

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from napari_colorcluster.core.clustering.dendrogram import Dendrogram

PLOT_HEIGHT = 220
HINT = "Click the tree\nto cut it at that height"


class TreePlot(KPlot):
    """A dendrogram to click on: a click cuts it.

    Parameters
    ----------
    parent : QWidget, optional
        Parent widget.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Number of clusters: tree of merges", PLOT_HEIGHT, parent)
        self._dendrogram: Dendrogram | None = None
        self._status.setText(HINT)
        self._cut = QFrame(self)
        self._cut.setFixedHeight(1)
        self._cut.setStyleSheet("background: rgba(128, 128, 128, 85%);")
        self._cut.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._cut.hide()

    def set_dendrogram(self, dendrogram: Dendrogram | None, chosen: int | None = None) -> None:
        """Show a tree and where it is cut into the number of clusters in use; or nothing."""
        if dendrogram is not None and dendrogram.n_leaves < 2:
            dendrogram = None
        changed = dendrogram is not self._dendrogram or chosen != self._chosen
        self._dendrogram, self._chosen = dendrogram, chosen
        self._hover(None)
        if dendrogram is not None and self._view is None:
            self._make_view()
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

    def k_under(self, position: QPointF) -> int | None:
        """Return the number of clusters of the cut through a position."""
        return self.k_at(position.y())

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
        super()._hover(k)
        self._cut.setVisible(k is not None)
        if k is not None:
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
