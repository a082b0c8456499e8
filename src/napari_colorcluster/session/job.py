"""One computation off the main thread, with progress, cancelling and errors."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from qtpy.QtCore import QObject, Signal
from superqt.utils import WorkerBase

from napari_colorcluster.core.support.progress import Cancelled, Progress

_SECONDS_BETWEEN_REPORTS = 0.1
"""Also before the first: each redraws the window, which would slow down a short job."""


class JobSignals(QObject):
    """The signals of a job, received in the thread that made it."""

    started = Signal()
    finished = Signal()
    _finished = Signal(object)
    returned = Signal(object)
    errored = Signal(object)
    progressed = Signal(float, str)


class Job(WorkerBase):
    """A function of a `Progress`, run in a thread of napari's pool.

    napari asks the workers in that pool to quit, and waits for them, when it closes.

    Parameters
    ----------
    function : callable
        ``function(progress)`` computes the result. `quit` makes its next report raise `Cancelled`.

    Notes
    -----
    Signals: ``returned(result)`` or ``errored(exception)``, neither after `quit`;
    ``progressed(fraction, what)``; ``finished()`` in any case, last.
    """

    def __init__(self, function: Callable[[Progress], Any]) -> None:
        super().__init__(SignalsClass=JobSignals)
        self._function = function

    def run(self) -> None:
        """Run the function and emit its outcome; called by the pool.

        Not superqt's own, which replaces the warning filters during the work: all threads share
        them, and those of the main thread were restored in the wrong order.
        """
        self._emit("started")
        self._running = True
        try:
            result = self.work()
        except Exception as error:
            self._emit("errored", error)
        else:
            if not self.abort_requested:
                self._emit("returned", result)
        self._running = False
        self._emit("finished")
        self._emit("_finished", self)

    def work(self) -> Any:
        """Do the work, with a progress that stops it after `quit`."""
        last_report = time.monotonic()

        def progress(fraction: float, what: str) -> None:
            nonlocal last_report
            if self.abort_requested:
                raise Cancelled
            now = time.monotonic()
            if now - last_report >= _SECONDS_BETWEEN_REPORTS:
                last_report = now
                if not self._emit("progressed", fraction, what):
                    raise Cancelled

        try:
            return self._function(progress)
        except Exception:
            # After `quit`, an error is of no interest.
            if self.abort_requested:
                return None
            raise

    def _emit(self, name: str, *arguments: Any) -> bool:
        """Emit a signal; False where Qt is gone already, and all listeners with it."""
        try:
            getattr(self, name).emit(*arguments)
        except RuntimeError:
            # Of the wrapper whose object Qt deleted. Slots raise none: they run in other threads.
            self.quit()
            return False
        return True
