"""A sweep as a plot to pick the number of clusters from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from qtpy.QtCore import QPointF, Qt
from qtpy.QtGui import QKeyEvent
from qtpy.QtWidgets import QWidget

from napari_colorcluster.core.color.differences import MIN_DELTA_E
from napari_colorcluster.report.sweep_figure import draw_sweep, mark_chosen, marks
from napari_colorcluster.widgets.choose_k.k_plot import KPlot

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.backends.backend_qtagg import FigureCanvasQTAgg
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

    from napari_colorcluster.report.sweep_figure import Sweep

PLOT_HEIGHT = 200
# Two lines, as for a number of clusters, so that nothing moves under the mouse.
HINT = "Click a point\nto choose its number of clusters"


class SweepPlot(KPlot):
    """The SSE and the silhouette against the number of clusters, to click on.

    Parameters
    ----------
    parent : QWidget, optional
        Parent widget.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Number of clusters: error and silhouette", PLOT_HEIGHT, parent)
        self._sweep: Sweep | None = None
        self._table: pd.DataFrame | None = None
        self._hovered: int | None = None
        self._canvas: FigureCanvasQTAgg | None = None
        self._background: Any = None

    def set_sweep(self, sweep: Sweep | None, chosen: int | None = None) -> None:
        """Show a sweep.

        Parameters
        ----------
        sweep : ClusterSweep or None
            The sweep; None shows an empty plot.
        chosen : int, optional
            The number of clusters in use, which is marked.
        """
        before, self._chosen = self._sweep, chosen
        if sweep is not before:
            self._sweep, self._hovered = sweep, None
            self._table = None if sweep is None else sweep.to_dataframe().set_index("n_clusters")
        self._hover(self._hovered)
        if sweep is not None and self._view is None:
            self._canvas = self._make_view().canvas
            self._canvas.mpl_connect("draw_event", self._keep_background)
        if self._view is None:
            return
        self._view.setVisible(sweep is not None)
        if sweep is not before:
            self._view.redraw()
        else:
            self._move_marks()

    def k_at(self, x: float) -> int | None:
        """Return the number of clusters nearest to `x` pixels from the left, None off the plot."""
        if self._table is None:
            return None
        canvas = self._canvas
        if not canvas.figure.axes:
            return None
        axes = canvas.figure.axes[0]
        pixel = (x - self._view.x()) * canvas.device_pixel_ratio
        at = axes.transData.inverted().transform((pixel, 0))[0]
        left, right = axes.get_xlim()
        numbers = self._table.index.to_numpy()
        return int(numbers[np.abs(numbers - at).argmin()]) if left <= at <= right else None

    def k_under(self, position: QPointF) -> int | None:
        """Return the number of clusters nearest to a position."""
        return self.k_at(position.x())

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

    def _draw(self, figure: Figure, text_color: str) -> None:
        figure.clear()
        self._background = None
        if self._sweep is None:
            return
        draw_sweep(figure, self._sweep, self._chosen, text_color)
        for mark in self._marks():
            mark.set_animated(True)

    def _marks(self) -> list[Line2D]:
        return [mark for axes in self._canvas.figure.axes for mark in marks(axes)]

    def _keep_background(self, event: Any = None) -> None:
        """Keep the picture of all but the marks, and draw them on it: they move at each result."""
        canvas = self._canvas
        self._background = canvas.copy_from_bbox(canvas.figure.bbox)
        self._draw_marks()

    def _draw_marks(self) -> None:
        for mark in self._marks():
            mark.axes.draw_artist(mark)

    def _move_marks(self) -> None:
        if self._sweep is None or not self._canvas.figure.axes:
            return
        mark_chosen(self._canvas.figure, self._sweep, self._chosen)
        # Without a background a full draw is due anyway.
        if self._background is not None:
            self._canvas.restore_region(self._background)
            self._draw_marks()
            self._canvas.update()

    def _hover(self, k: int | None) -> None:
        """Describe the number of clusters under the mouse, or else the chosen one."""
        super()._hover(k)
        self._hovered = k
        shown = self._chosen if k is None else k
        known = self._table is not None and shown in self._table.index
        self._status.setText(_sentence(shown, self._table.loc[shown]) if known else HINT)
        self._status.setVisible(self._table is not None)


def _sentence(k: int, row: pd.Series) -> str:
    # With trailing zeros, so that all have three digits.
    sse = f"{row['sse']:#.3g}".rstrip(".").replace("e+0", "e").replace("e+", "e")
    text = f"k = {k}: SSE {sse}"
    if np.isfinite(row["silhouette"]):
        text += f", silhouette {row['silhouette']:.3f}"
    if np.isfinite(row["min_delta_e"]):
        only = "only " if row["min_delta_e"] < MIN_DELTA_E else ""
        return f"{text},\nclosest two colors {only}ΔE {row['min_delta_e']:.1f}"
    return f"{text}\n"
