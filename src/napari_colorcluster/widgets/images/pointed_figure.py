"""A figure in which each row of a table can be pointed at, clicked and marked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from qtpy.QtCore import Qt, Signal
from qtpy.QtGui import QCursor
from qtpy.QtWidgets import QToolTip, QWidget

from napari_colorcluster.widgets.parts.figure_view import FigureView
from napari_colorcluster.widgets.parts.notes import plain

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from napari_colorcluster.widgets.parts.figure_view import Draw


class PointedFigure(FigureView):
    """A figure of the rows of a table, such as images, that tells those under the mouse.

    Parameters
    ----------
    draw : callable
        ``draw(figure, text_color)`` clears the figure and draws.
    find : callable
        Given a mouse event of matplotlib, returns the rows there: none, one or two, of which a
        click means the first.
    describe : callable
        Given these rows, returns what is told of them.
    mark : callable
        ``mark(figure, row, text_color)`` marks a row in place of another one; None for none.
    fit : callable
        Given the figure, fits what is written in it to a new size.

    Attributes
    ----------
    clicked : Signal(int)
        Emitted with the row that is clicked.
    """

    clicked = Signal(int)

    def __init__(
        self,
        draw: Draw,
        find: Callable[[Any], tuple[int, ...]],
        describe: Callable[[tuple[int, ...]], str],
        mark: Callable[[Figure, int | None, str], None],
        fit: Callable[[Figure], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(draw, parent)
        self._find, self._describe, self._mark, self._fit = find, describe, mark, fit
        self._marked: int | None = None
        self._told: tuple[int, ...] = ()
        connect = self.canvas.mpl_connect
        connect("button_press_event", self._click)
        connect("motion_notify_event", self._point)
        connect("figure_leave_event", lambda event: self._tell(()))
        connect("resize_event", self._refit)

    def mark(self, row: int | None) -> None:
        """Mark a row in place of another one; None for none."""
        self._marked = row
        if self.figure.axes:
            self._mark(self.figure, row, self.text_color)
            self.canvas.draw_idle()

    def redraw(self) -> None:
        """Draw what there is now, once it is seen, and mark what was marked."""
        super().redraw()
        if self.isVisible():
            self.mark(self._marked)

    def _click(self, event: Any) -> None:
        rows = self._find(event)
        if rows and event.button == 1:
            self.clicked.emit(rows[0])

    def _point(self, event: Any) -> None:
        self._tell(self._find(event))

    def _tell(self, rows: tuple[int, ...]) -> None:
        if rows == self._told:
            return
        self._told = rows
        self.canvas.setCursor(
            Qt.CursorShape.PointingHandCursor if rows else Qt.CursorShape.ArrowCursor
        )
        QToolTip.showText(QCursor.pos(), plain(self._describe(rows)) if rows else "", self.canvas)

    def _refit(self, event: Any) -> None:
        if self.figure.axes:
            self._fit(self.figure)
