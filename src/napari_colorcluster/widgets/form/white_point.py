"""The color of the empty slide: a button in that color, for spaces that ask for it."""

from __future__ import annotations

from magicgui.widgets import Container, PushButton
from psygnal import Signal
from qtpy.QtGui import QColor

from napari_colorcluster.core.color.spaces import WHITE
from napari_colorcluster.widgets.parts.ask import ask_color


class WhitePoint(Container):
    """A button that shows a color, and asks for another one.

    Attributes
    ----------
    white : tuple of float or None
        8-bit sRGB; None for the default, white.
    """

    white_changed = Signal()

    def __init__(self) -> None:
        self._white: tuple[float, float, float] | None = None
        tooltip = "The color of the empty slide, where no stain absorbs light. Click to choose it."
        self.button = PushButton(text="", tooltip=tooltip)
        super().__init__(
            widgets=[self.button],
            labels=False,
            layout="horizontal",
            label="White point",
            tooltip=tooltip,
        )
        self.margins = (0, 0, 0, 0)
        self.button.native.setAccessibleName("White point")
        self.button.changed.connect(self._ask)
        self._show()

    @property
    def white(self) -> tuple[float, float, float] | None:
        return self._white

    @white.setter
    def white(self, white: tuple[float, float, float] | None) -> None:
        white = None if white is None else tuple(map(float, white))
        if white != self._white:
            self._white = white
            self._show()
            self.white_changed.emit()

    def _color(self) -> QColor:
        return QColor(*(round(value) for value in self._white or WHITE))

    def _show(self) -> None:
        color = self._color()
        text = "black" if color.lightnessF() > 0.5 else "white"
        self.button.text = color.name()
        self.button.native.setStyleSheet(
            f"QPushButton {{ background: {color.name()}; color: {text}; }}"
        )

    def _ask(self) -> None:
        ask_color(self.button.native, self._color(), "White point", self._take)

    def _take(self, color: QColor) -> None:
        # Light of none has no density.
        white = tuple(float(max(value, 1)) for value in color.getRgb()[:3])
        self.white = None if white == WHITE else white
