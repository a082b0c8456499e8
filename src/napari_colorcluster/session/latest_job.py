"""One computation after another off the main thread, of which only the latest counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qtpy.QtCore import QObject, Signal

from napari_colorcluster.layers.notify import report
from napari_colorcluster.session.job import Job


class LatestJob(QObject):
    """Computes what is asked, one at a time; of what waits meanwhile, the last is computed.

    Parameters
    ----------
    parent : QObject
        What shows the results: none come once it is gone.

    Attributes
    ----------
    returned : Signal(object)
        Emitted with the result of what was asked last.
    """

    returned = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._job: Job | None = None
        self._waiting: Callable[[], Any] | None = None
        self._is_wanted = False

    def ask(self, function: Callable[[], Any]) -> None:
        """Compute something, in place of what was asked before."""
        self._waiting, self._is_wanted = function, False
        if self._job is None:
            self._start()

    def drop(self) -> None:
        """Let nothing come of what was asked."""
        self._waiting, self._is_wanted = None, False

    def _start(self) -> None:
        function, self._waiting, self._is_wanted = self._waiting, None, True
        self._job = Job(lambda progress: function())
        self._job.returned.connect(self._on_result)
        self._job.errored.connect(report)
        self._job.finished.connect(self._finish)
        self._job.start()

    def _on_result(self, result: Any) -> None:
        if self._is_wanted:
            self.returned.emit(result)

    def _finish(self) -> None:
        self._job = None
        if self._waiting is not None:
            self._start()
