"""One request after another off the main thread, of which only the latest counts."""

from __future__ import annotations

from functools import partial
from typing import Any

from psygnal import Signal

from napari_colorcluster.session.job import Job


class LatestJob:
    """Does one request at a time; what is asked for later comes instead."""

    busy = Signal(bool)
    """Emitted with True when work begins and with False when it is done."""
    progressed = Signal(float, str)
    """Emitted with the fraction done and the step in words."""
    returned = Signal(object, object)
    """Emitted with a request and what came of it."""
    failed = Signal(object)
    """Emitted with the exception that ended a request."""

    def __init__(self) -> None:
        self._job: Job | None = None
        self._next: Any = None

    @property
    def is_busy(self) -> bool:
        """Whether a request is being done."""
        return self._job is not None

    def start(self, request: Any) -> None:
        """Do this, and nothing that was asked for before.

        Parameters
        ----------
        request : object
            Its method ``do(progress)``, called in another thread, returns the result.
        """
        self._next = request
        if self._job is None:
            self._begin()
        else:
            self._job.quit()

    def cancel(self) -> None:
        """Stop what is being done, and let nothing come of it."""
        self._next = None
        if self._job is not None:
            self._job.quit()

    def close(self) -> None:
        """Stop for good, and emit nothing any more."""
        for signal in (self.busy, self.progressed, self.returned, self.failed):
            signal.disconnect()
        self.cancel()

    def _begin(self) -> None:
        request, self._next = self._next, None
        self._job = job = Job(request.do)
        job.progressed.connect(self.progressed.emit)
        job.returned.connect(partial(self._return, job, request))
        job.errored.connect(partial(self._fail, job))
        job.finished.connect(self._finish)
        self.busy.emit(True)
        job.start()

    def _return(self, job: Job, request: Any, result: Any) -> None:
        if not job.abort_requested:
            self.returned.emit(request, result)

    def _fail(self, job: Job, error: Exception) -> None:
        if not job.abort_requested:
            self.failed.emit(error)

    def _finish(self) -> None:
        self._job = None
        if self._next is not None:
            self._begin()
        else:
            self.busy.emit(False)
