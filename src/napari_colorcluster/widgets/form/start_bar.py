"""What starts and stops the work: the button, the live box and a line of progress."""

from __future__ import annotations

from qtpy.QtCore import QTimer, Signal
from qtpy.QtGui import QMouseEvent
from qtpy.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from napari_colorcluster.widgets.parts.layout import ProgressLine

UNNOTICED = 250
"""Milliseconds that work may take in live mode before it is shown."""


class StartButton(QPushButton):
    """A button that a double click presses once: what the first press starts, it would cancel."""

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Take the second press of a double click for none; to Qt it is a press as any other."""


class StartBar(QWidget):
    """The row with which the work is started, and what is going on.

    Attributes
    ----------
    button : QPushButton
        Starts the work, or cancels it.
    live : QCheckBox
        Whether every change is clustered at once.
    progress : ProgressLine
        How far the work is.
    busy_shown : Signal()
        Emitted when it is shown that work has begun or ended.
    """

    busy_shown = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._action, self._busy = "Cluster", False
        self.button = StartButton(self._action)
        self.button.setToolTip(
            "Cluster with the settings above, or cancel the run.\n"
            "The result is shown as layers above the image; clustering again updates them."
        )
        self.live = QCheckBox("Live")
        self.live.setToolTip("Cluster again at every change, even while a slider is dragged.")
        self.progress = ProgressLine()
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._show_busy)
        row = QHBoxLayout()
        row.addWidget(self.button, 1)
        row.addWidget(self.live)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(row)
        layout.addWidget(self.progress)

    def set_action(self, action: str) -> None:
        """Name what the button starts while nothing is going on."""
        self._action = action
        if not self._busy:
            self.button.setText(action)

    def set_busy(self, busy: bool) -> None:
        """Show that work has begun or ended; in live mode only after a while.

        Most live runs are over at once, and each change here redraws the window.
        """
        self._busy = busy
        if not (busy and self.live.isChecked()):
            self._timer.stop()
            self._show_busy()
        elif not self._timer.isActive():
            self._timer.start(UNNOTICED)

    def show_stopping(self) -> None:
        """Show that the work has been canceled and has not ended yet."""
        self.button.setText("Stopping…")
        self.button.setEnabled(False)

    def _show_busy(self) -> None:
        self.button.setText("Cancel" if self._busy else self._action)
        self.button.setEnabled(True)
        self.progress.set(0.0)
        self.busy_shown.emit()
