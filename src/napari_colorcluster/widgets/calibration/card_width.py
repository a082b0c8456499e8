"""The row that gives pixels a size by the width of the placed card."""

from __future__ import annotations

from qtpy.QtCore import Signal
from qtpy.QtWidgets import QDoubleSpinBox, QHBoxLayout, QPushButton, QWidget

WIDEST = 10_000.0


class CardWidth(QWidget):
    """A box for the card's width, and a button that gives the pixels their size by it.

    Attributes
    ----------
    size_requested : Signal(float)
        Emitted with the width in millimeters by which the pixels are to get their size.
    width_box : QDoubleSpinBox
        The width, in millimeters.
    button : QPushButton
        Requests the size.
    """

    size_requested = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.width_box = QDoubleSpinBox()
        self.width_box.setRange(0.0, WIDEST)
        self.width_box.setDecimals(1)
        self.width_box.setSuffix(" mm")
        self.width_box.setSpecialValueText("card width")
        self.width_box.setToolTip(
            "The width of the field of patches on your card, between the corners of the outline.\n"
            "Measure it with a ruler."
        )
        self.width_box.setAccessibleName("Card width in millimeters")
        self.button = QPushButton("Set pixel size")
        self.button.clicked.connect(lambda: self.size_requested.emit(self.width_box.value()))
        self.width_box.valueChanged.connect(self._enable)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.width_box, 1)
        row.addWidget(self.button, 1)
        self._has_size = False
        self._enable()

    def set_width(self, width: float | None) -> None:
        """Offer a width that a card's file tells; keep what is there where it tells none."""
        if width is not None:
            self.width_box.setValue(width)

    def set_has_size(self, has_size: bool) -> None:
        """Tell whether the pixels have a size that is not the card's."""
        self._has_size = has_size
        self._enable()

    def _enable(self, *_: float) -> None:
        self.button.setEnabled(self.width_box.value() > 0 and not self._has_size)
        self.button.setToolTip(
            "This image already has a pixel size."
            if self._has_size
            else "Set the size of a pixel, so that areas and lengths are in millimeters."
        )
