"""A line of text that keeps its room: what is too long for it is cut, and whole in the tooltip."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from qtpy.QtCore import QEvent, Qt
from qtpy.QtGui import QColor, QFontMetrics, QResizeEvent, QTextLayout, QTextOption
from qtpy.QtWidgets import QLabel, QSizePolicy, QWidget

_STYLE = "QLabel { font-size: 9pt; padding: 0px; }"

_WIDE = 440
"""Pixels of width from which two lines hold what three do in a narrow dock."""

_CONTRAST = 4.5
"""What WCAG 2 asks of texts of this size."""

_SHADE = 110
"""Percent by which a color is made darker, or lighter, at a time."""


class StatusLine(QLabel):
    """Two texts in one place: what calls for attention, in a color of its own, and what is so.

    It takes as much room when there is little to say: nothing below it moves.

    Parameters
    ----------
    warning : callable
        Returns the color of what calls for attention, as "#rrggbb".
    """

    def __init__(self, warning: Callable[[], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._warning = warning
        self._news, self._is_warning, self._state, self._fit = "", False, "", ""
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.setStyleSheet(_STYLE)
        # By the mouse alone: it is no stop for the Tab key.
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Status")

    def show_texts(self, news: str, state: str, fit: str = "", *, is_warning: bool = False) -> None:
        """Show what has just happened or changed, and what is so.

        Parameters
        ----------
        news : str
            Comes first; may be empty.
        state : str
            Fills the room that is left.
        fit : str, optional
            How well that fits, which takes a while to be found out; follows the state.
        is_warning : bool, default False
            Whether the news have the color of warnings.
        """
        texts = news, state, fit, is_warning
        if texts != (self._news, self._state, self._fit, self._is_warning):
            self._news, self._state, self._fit, self._is_warning = texts
            self._lay_out()

    @property
    def news(self) -> str:
        """What has just happened or changed, in full."""
        return self._news

    @property
    def state(self) -> str:
        """What is so, in full."""
        return self._state

    @property
    def fit(self) -> str:
        """How well the clusters fit, once that is known."""
        return self._fit

    @property
    def is_warning(self) -> bool:
        """Whether the news have the color of warnings."""
        return self._is_warning

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._lay_out()

    def changeEvent(self, event: QEvent) -> None:
        """Measure again with another font, and follow the colors of another theme."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.PaletteChange):
            self._lay_out()

    def _lay_out(self) -> None:
        n_lines = 3 if self.width() < _WIDE else 2
        height = n_lines * self.fontMetrics().lineSpacing() + 2
        if height != self.minimumHeight():
            self.setFixedHeight(height)
        news, n_used = self._fitted(self._news, n_lines)
        whole_state = " ".join(text for text in (self._state, self._fit) if text)
        state, _ = self._fitted(whole_state, n_lines - n_used)
        parts = [escape(state)] if state else []
        if news:
            color = f" style='color: {self._legible()}'" if self._is_warning else ""
            parts.insert(0, f"<span{color}>{escape(news)}</span>")
        self.setText("<br>".join(parts))
        whole = "\n".join(text for text in (self._news, whole_state) if text)
        is_cut = (news, state) != (self._news, whole_state)
        self.setToolTip(whole if is_cut else "")

    def _fitted(self, text: str, n_lines: int) -> tuple[str, int]:
        """What a number of lines have room for of a text, and how many of them it takes."""
        if not text or n_lines <= 0:
            return "", 0
        layout, starts = QTextLayout(text, self.font()), []
        layout.setTextOption(_wrapping())
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(self.contentsRect().width(), 1))
            starts.append(line.textStart())
        layout.endLayout()
        if len(starts) <= n_lines:
            return text, len(starts)
        last = starts[n_lines - 1]
        metrics, room = QFontMetrics(self.font()), self.contentsRect().width() - 2
        rest = metrics.elidedText(text[last:], Qt.TextElideMode.ElideRight, room)
        return text[:last] + rest, n_lines

    def _legible(self) -> str:
        """The color of warnings, darker or lighter where it would be hard to read."""
        ground = self.palette().color(self.backgroundRole())
        color = QColor(self._warning())
        shade = color.darker if _luminance(ground) > 0.2 else color.lighter
        for step in range(20):
            shaded = shade(round(100 * (_SHADE / 100) ** step))
            if _contrast(shaded, ground) >= _CONTRAST:
                return shaded.name()
        return self.palette().color(self.foregroundRole()).name()


def _wrapping() -> QTextOption:
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    return option


def _contrast(one: QColor, other: QColor) -> float:
    """The contrast of two colors as WCAG 2 defines it, 1..21."""
    darker, lighter = sorted(_luminance(each) + 0.05 for each in (one, other))
    return lighter / darker


def _luminance(color: QColor) -> float:
    """The relative luminance of a color, 0..1."""
    channels = (color.redF(), color.greenF(), color.blueF())
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
