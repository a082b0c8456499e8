"""A sweep as a plot to pick the number of clusters from; it computes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from qtpy.QtCore import QEvent, Qt, Signal
from qtpy.QtGui import QKeyEvent, QMouseEvent
from qtpy.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from napari_colorcluster.core.guard import MIN_DELTA_E

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.backends.backend_qtagg import FigureCanvasQTAgg

    from napari_colorcluster.report.sweep_figure import Sweep

PLOT_HEIGHT = 200
# As many lines as there are about a number of clusters, so that nothing moves under the mouse.
HINT = "Click a point\nto choose its number of clusters"


class SweepPlot(QWidget):
    """The SSE and the silhouette against the number of clusters, to click on.

    Parameters
    ----------
    parent : QWidget, optional
        Parent widget.

    Attributes
    ----------
    k_clicked : Signal(int)
        Emitted with the number of clusters nearest to a click, or stepped to by the arrow keys.
    """

    k_clicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sweep: Sweep | None = None
        self._table: pd.DataFrame | None = None
        self._chosen: int | None = None
        self._hovered: int | None = None
        self._canvas: FigureCanvasQTAgg | None = None
        self._drawn_with = ""

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
        self.setAccessibleName("Number of clusters: error and silhouette")

    def set_sweep(self, sweep: Sweep | None, chosen: int | None = None) -> None:
        """Show a sweep.

        Parameters
        ----------
        sweep : ClusterSweep or None
            The sweep; None shows an empty plot.
        chosen : int, optional
            The number of clusters in use, which is marked.
        """
        self._sweep, self._chosen, self._hovered = sweep, chosen, None
        self._table = None if sweep is None else sweep.to_dataframe().set_index("n_clusters")
        if sweep is not None and self._canvas is None:
            self._canvas = self._make_canvas()
            self.layout().insertWidget(0, self._canvas)
        self._draw()

    def k_at(self, x: float) -> int | None:
        """Return the number of clusters nearest to `x` pixels from the left, None off the plot."""
        if self._table is None:
            return None
        axes = self._canvas.figure.axes[0]
        pixel = (x - self._canvas.x()) * self._canvas.device_pixel_ratio
        at = axes.transData.inverted().transform((pixel, 0))[0]
        left, right = axes.get_xlim()
        numbers = self._table.index.to_numpy()
        return int(numbers[np.abs(numbers - at).argmin()]) if left <= at <= right else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tell which number of clusters was pressed."""
        k = self.k_at(event.position().x())
        if event.button() == Qt.MouseButton.LeftButton and k is not None:
            self.k_clicked.emit(k)
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell about the number of clusters under the mouse."""
        self._hover(self.k_at(event.position().x()))

    def leaveEvent(self, event: QEvent) -> None:
        """Tell about the chosen number of clusters again."""
        self._hover(None)
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step to the next smaller or larger number of clusters."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(event.key())
        if step is None or self._table is None:
            super().keyPressEvent(event)
            return
        numbers = self._table.index.tolist()
        start = self._sweep.suggested if self._chosen is None else self._chosen
        beyond = [k for k in numbers if (k - start) * step > 0]
        if beyond:
            self.k_clicked.emit(min(beyond) if step > 0 else max(beyond))

    def changeEvent(self, event: QEvent) -> None:
        """Draw again when a theme brings another text color."""
        super().changeEvent(event)
        changed = event.type() in (QEvent.Type.StyleChange, QEvent.Type.PaletteChange)
        if changed and self._drawn_with != self._text_color():
            self._draw()

    def _make_canvas(self) -> FigureCanvasQTAgg:
        # Here and not at the top: matplotlib takes long to import, and its canvas must come after
        # the Qt binding it has to agree with.
        from matplotlib.backends.backend_qtagg import FigureCanvasQTAgg
        from matplotlib.figure import Figure

        canvas = FigureCanvasQTAgg(Figure(layout="constrained"))
        canvas.setFixedHeight(PLOT_HEIGHT)
        canvas.setMinimumWidth(120)
        # The mouse is this widget's: matplotlib would keep the wheel from the panel that scrolls.
        canvas.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        return canvas

    def _draw(self) -> None:
        self._hover(self._hovered)
        if self._canvas is None:
            return
        self._canvas.setVisible(self._sweep is not None)
        if self._sweep is None:
            return
        from napari_colorcluster.report.sweep_figure import draw_sweep

        self._drawn_with = self._text_color()
        draw_sweep(self._canvas.figure, self._sweep, self._chosen, self._drawn_with)
        # Not left transparent: under it the canvas is white, whatever the theme.
        self._canvas.figure.set_facecolor(self.palette().color(self.backgroundRole()).name())
        self._canvas.figure.patch.set_alpha(1)
        self._canvas.draw_idle()

    def _hover(self, k: int | None) -> None:
        """Tell about the number of clusters under the mouse, or else about the chosen one."""
        self._hovered = k
        if k is None:
            self.unsetCursor()
        else:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        shown = self._chosen if k is None else k
        known = self._table is not None and shown in self._table.index
        self._status.setText(_sentence(shown, self._table.loc[shown]) if known else HINT)
        self._status.setVisible(self._table is not None)

    def _text_color(self) -> str:
        return self.palette().color(self.foregroundRole()).name()


def _sentence(k: int, row: pd.Series) -> str:
    # With its zeros, so that all are told to the same three digits.
    sse = f"{row['sse']:#.3g}".rstrip(".").replace("e+0", "e").replace("e+", "e")
    text = f"k = {k}: SSE {sse}"
    if np.isfinite(row["silhouette"]):
        text += f", silhouette {row['silhouette']:.3f}"
    if np.isfinite(row["min_delta_e"]):
        only = "only " if row["min_delta_e"] < MIN_DELTA_E else ""
        return f"{text},\nclosest two colors {only}ΔE {row['min_delta_e']:.1f}"
    return f"{text}\n"
