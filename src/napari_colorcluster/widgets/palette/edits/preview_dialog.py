"""A dialog for the number of an edit, which shows what would be left of the palette."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from qtpy.QtCore import QSignalBlocker, Qt
from qtpy.QtWidgets import QSlider, QVBoxLayout, QWidget

from napari_colorcluster.widgets.palette.bar import PaletteBar
from napari_colorcluster.widgets.parts.ask import NumberDialog

if TYPE_CHECKING:
    from napari_colorcluster.core.color.palette import Palette

    Preview = Callable[[float], tuple[str, Palette | None]]


class PreviewDialog(NumberDialog):
    """A number to drag or to type, a sentence that follows it, and the palette that it leaves.

    Parameters
    ----------
    parent : QWidget
        The window that is blocked meanwhile.
    title, question : str
        The title, and a sentence above the number.
    value, low, high : float
        The number at first, and the range it may have.
    preview : callable
        Given the number, returns the sentence and the palette, or None to show no bar.
    decimals : int, default 1
        How many decimals.
    suffix : str, optional
        The unit, shown after the number.

    Attributes
    ----------
    slider, bar
        The widgets beside those of a `NumberDialog`.
    """

    def __init__(
        self,
        parent: QWidget,
        title: str,
        question: str,
        value: float,
        low: float,
        high: float,
        preview: Preview,
        *,
        decimals: int = 1,
        suffix: str = "",
    ) -> None:
        super().__init__(
            *(parent, title, question, value, low, high), decimals=decimals, suffix=suffix
        )
        self._preview, self._steps = preview, 10**decimals
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(round(low * self._steps), round(high * self._steps))
        self.slider.setPageStep(self._steps)
        self.slider.setAccessibleName(question)
        self.bar = PaletteBar()
        # It is to be looked at alone.
        self.bar.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        layout: QVBoxLayout = self.layout()
        at = layout.indexOf(self.explanation)
        layout.insertWidget(at, self.slider)
        layout.insertWidget(at + 2, self.bar)
        # Two lines, so that nothing moves under the mouse.
        self.explanation.setMinimumHeight(2 * self.explanation.fontMetrics().lineSpacing())
        self.explanation.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.explanation.setVisible(True)
        self.setMinimumWidth(320)
        self.slider.valueChanged.connect(lambda steps: self.box.setValue(steps / self._steps))
        self.box.valueChanged.connect(self._follow)
        self._follow(self.box.value())

    def _follow(self, number: float) -> None:
        """Show a number on the slider, what it leaves in the bar, and say it."""
        # Or else the slider would write the number again, while it is being typed.
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(number * self._steps))
        sentence, palette = self._preview(number)
        self.explanation.setText(sentence)
        self.bar.setVisible(palette is not None)
        self.bar.set_palette(palette)
