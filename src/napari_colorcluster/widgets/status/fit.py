"""How well the clusters that are shown fit, found out in the background once they rest."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from psygnal import Signal
from qtpy.QtCore import QTimer

from napari_colorcluster.core.support.progress import Progress
from napari_colorcluster.session.latest_job import LatestJob
from napari_colorcluster.widgets.status.words import fit_words

if TYPE_CHECKING:
    from napari_colorcluster.layers.result.segmentation import Segmentation

RESTING = 300
"""Milliseconds without another result before one is measured: while k is dragged, none is."""


@dataclass(frozen=True, eq=False)
class _FitRequest:
    """Measure how well a result fits, in words."""

    made: Segmentation

    def do(self, progress: Progress) -> str:
        return fit_words(self.made.residual_summary)


class Fit:
    """Measures the residuals of the latest result.

    Parameters
    ----------
    report : callable
        Told the exception where that fails.
    """

    found = Signal()
    """Emitted when the words of the latest result are known."""

    def __init__(self, report: Callable[[Exception], None]) -> None:
        self._made: Segmentation | None = None
        self._words = ""
        self._timer = QTimer(singleShot=True, interval=RESTING)
        self._timer.timeout.connect(self._measure)
        self._job = LatestJob()
        self._job.returned.connect(self._take)
        self._job.failed.connect(report)

    def words(self, made: Segmentation | None) -> str:
        """What is known of a result, which becomes the latest one; nothing if that is to come."""
        if made is not self._made:
            self._made, self._words = made, ""
            self._job.cancel()
            self._timer.stop()
            if made is not None:
                self._timer.start()
        return self._words

    def close(self) -> None:
        """Measure nothing any more."""
        self.found.disconnect()
        self._made = None
        self._job.close()
        with suppress(RuntimeError):
            # Of a panel in no napari window, where Python ends: the timer may be deleted first.
            self._timer.stop()

    def _measure(self) -> None:
        self._job.start(_FitRequest(self._made))

    def _take(self, request: _FitRequest, words: str) -> None:
        self._words = words
        self.found.emit()
