"""How well the clusters that are shown fit, found out in the background once they rest."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from psygnal import Signal
from qtpy.QtCore import QObject, QTimer

from napari_colorcluster.session.latest_job import LatestJob
from napari_colorcluster.widgets.status.words import fit_words

if TYPE_CHECKING:
    from napari_colorcluster.layers.result.segmentation import Segmentation

RESTING = 300
"""Milliseconds without another result before one is measured: while k is dragged, none is."""


class Fit:
    """Measures the residuals of the latest result.

    Parameters
    ----------
    parent : QObject
        What shows the words.
    """

    found = Signal()
    """Emitted when the words of the latest result are known."""

    def __init__(self, parent: QObject) -> None:
        self._made: Segmentation | None = None
        self._words = ""
        self._timer = QTimer(singleShot=True, interval=RESTING)
        self._timer.timeout.connect(self._measure)
        self._job = LatestJob(parent)
        self._job.returned.connect(self._take)

    def words(self, made: Segmentation | None) -> str:
        """What is known of a result, which becomes the latest one; nothing if that is to come."""
        if made is not self._made:
            self._made, self._words = made, ""
            self._job.drop()
            self._timer.stop()
            if made is not None:
                self._timer.start()
        return self._words

    def close(self) -> None:
        """Measure nothing any more."""
        self.found.disconnect()
        self._made = None
        self._job.drop()
        with suppress(RuntimeError):
            # Of a panel in no napari window, where Python ends: the timer may be deleted first.
            self._timer.stop()

    def _measure(self) -> None:
        made = self._made
        self._job.ask(lambda: fit_words(made.residual_summary))

    def _take(self, words: str) -> None:
        self._words = words
        self.found.emit()
