"""A matplotlib figure in the colors of napari's theme, that can be saved on white."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from qtpy.QtCore import QEvent
from qtpy.QtGui import QShowEvent
from qtpy.QtWidgets import QVBoxLayout, QWidget

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    Draw = Callable[[Figure, str], None]


class FigureView(QWidget):
    """A figure that is drawn again when the theme brings other colors; nothing while it is hidden.

    Parameters
    ----------
    draw : callable
        ``draw(figure, text_color)`` clears the figure and draws.
    """

    def __init__(self, draw: Draw, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # Here and not at the top: matplotlib takes long to import, and its canvas must come after
        # the Qt binding it has to agree with.
        from matplotlib.backends.backend_qtagg import FigureCanvasQTAgg
        from matplotlib.figure import Figure

        from napari_colorcluster.widgets.parts.quiet_layout import QuietLayout

        self._draw = draw
        self._drawn_with: tuple[str, str] | None = None
        self._is_due = True
        self.canvas = FigureCanvasQTAgg(Figure(layout=QuietLayout()))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.canvas)

    @property
    def figure(self) -> Figure:
        """The figure that is shown."""
        return self.canvas.figure

    @property
    def text_color(self) -> str:
        """The color of text in this theme, "#rrggbb"."""
        return self._colors()[0]

    def redraw(self) -> None:
        """Draw what there is now, once it is seen: it takes long."""
        self._is_due = not self.isVisible()
        if self._is_due:
            return
        text, ground = self._drawn_with = self._colors()
        self._draw(self.figure, text)
        # Not left transparent: under it the canvas is white, whatever the theme.
        self.figure.set_facecolor(ground)
        self.figure.patch.set_alpha(1)
        self.canvas.draw_idle()

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what has changed while it was hidden."""
        super().showEvent(event)
        if self._is_due or self._drawn_with != self._colors():
            self.redraw()

    def save(self, path: Path) -> None:
        """Write the figure in its size as a picture, in black on white as papers want it."""
        from matplotlib.figure import Figure

        figure = Figure(figsize=self.figure.get_size_inches(), dpi=200, layout="constrained")
        self._draw(figure, "black")
        figure.savefig(path, facecolor="white")

    def changeEvent(self, event: QEvent) -> None:
        """Draw again when a theme brings other colors."""
        super().changeEvent(event)
        changed = event.type() in (QEvent.Type.StyleChange, QEvent.Type.PaletteChange)
        if changed and self._drawn_with not in (None, self._colors()):
            self.redraw()

    def _colors(self) -> tuple[str, str]:
        colors = self.palette()
        roles = self.foregroundRole(), self.backgroundRole()
        text, ground = (colors.color(role).name() for role in roles)
        return text, ground
