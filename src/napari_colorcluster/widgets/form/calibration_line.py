"""The calibration that is in use, in one line, with a button that removes it."""

from __future__ import annotations

from psygnal import Signal
from qtpy.QtCore import Qt
from qtpy.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from napari_colorcluster.core.color.calibration.calibration import Calibration


class CalibrationLine(QWidget):
    """Says by what colors are calibrated; hidden where they are not.

    Attributes
    ----------
    value : Calibration or None
        The calibration.
    """

    changed = Signal()
    """Emitted when the calibration is another one."""
    chosen = Signal()
    """Emitted after that where a person has chosen it, or removed one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value: Calibration | None = None
        self.label = QLabel()
        self.label.setWordWrap(True)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.button = QPushButton("Remove")
        self.button.setToolTip("Remove the calibration: use the image's own colors again.")
        self.button.clicked.connect(lambda: self.choose(None))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.label, 1)
        layout.addWidget(self.button)
        self.setVisible(False)

    @property
    def value(self) -> Calibration | None:
        return self._value

    @value.setter
    def value(self, value: Calibration | None) -> None:
        if value == self._value:
            return
        self._value = value
        if value is not None:
            self.label.setText(f"Calibrated: {value.card or 'no card'}")
            self.label.setToolTip(
                "Palette, names and areas are those of calibrated colors.\n"
                f"Mean ΔE2000 of the patches: {value.delta_e_before:.1f} before, "
                f"{value.delta_e:.1f} after."
                if value.records
                else "Palette, names and areas are those of calibrated colors."
            )
        self.setVisible(value is not None)
        self.changed.emit()

    def choose(self, value: Calibration | None) -> None:
        """Take another calibration, as a person asks."""
        if value != self._value:
            self.value = value
            self.chosen.emit()
