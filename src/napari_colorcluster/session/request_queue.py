"""A queue of requests about the images of a viewer, each done off the main thread."""

from __future__ import annotations

import atexit
import time
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any
from weakref import ref

from napari.layers import Image
from psygnal import Signal
from qtpy.QtCore import QTimer

from napari_colorcluster.core.support.progress import Progress
from napari_colorcluster.layers.images.layer_watch import LayerWatch
from napari_colorcluster.layers.images.shown import SHOWN_BY, Shown
from napari_colorcluster.layers.result.segmentation import Segmentation
from napari_colorcluster.session.job import Job
from napari_colorcluster.session.libraries import load_libraries
from napari_colorcluster.session.requests.request import Request, Work
from napari_colorcluster.session.state import SessionState

if TYPE_CHECKING:
    from napari.components import ViewerModel

PATIENCE = 0.5
"""Seconds that a run has to finish though it is superseded already. Shorter runs are shown on the
way while a slider is dragged; longer ones would only keep the last one waiting."""

_POLL_SECONDS = 0.05
"""How often it is checked, after that time, whether a run is at what the next one needs."""

_viewers: list[ref[ViewerModel]] = []
"""All viewers that have had a queue."""


class RequestQueue:
    """Does one request after another.

    Parameters
    ----------
    viewer : napari.Viewer
        Where the images are.
    state : SessionState
        What requests are resolved by, and where they put their results.
    """

    busy = Signal(bool)
    """Emitted with True when work begins and with False when all of it is done."""
    progressed = Signal(float, str)
    """Emitted with the fraction done and the step in words."""
    finished = Signal(object, float)
    """Emitted with a request whose result is shown, and the seconds that it took."""
    failed = Signal(object)
    """Emitted with the exception that ended a request."""
    dropped = Signal()
    """Emitted when a request is stopped because its image shows something else by now."""

    def __init__(self, viewer: ViewerModel, state: SessionState) -> None:
        self._viewer, self._state = viewer, state
        # By identity: napari takes long to compare viewers.
        gone = {id(None), id(viewer)}
        _viewers[:] = [*(known for known in _viewers if id(known()) not in gone), ref(viewer)]
        self._waiting: list[Request] = []
        self._request: Request | None = None
        self._job: Job | None = None
        self._shown: Shown | None = None
        self._present: Segmentation | None = None
        # Before all other listeners: they may add a request for what is shown now.
        self._watch = LayerWatch(SHOWN_BY, self._check_image, first=True)
        self._patience = QTimer(singleShot=True)
        self._patience.timeout.connect(self._stop_superseded)
        self._began = 0.0
        self._closed = False
        viewer.layers.events.removed.connect(self._check_image)

    @property
    def is_busy(self) -> bool:
        """Whether a request is being done."""
        return self._job is not None

    @property
    def has_waiting(self) -> bool:
        """Whether another request waits for its turn."""
        return bool(self._waiting)

    def add(self, request: Request) -> None:
        """Put a request at the end of the queue.

        A run supersedes the runs of its image that wait, and the one that is being done once that
        has taken long; but not the request that it follows.
        """
        if request.is_run and request.follows is None:
            self._waiting = [
                each for each in self._waiting if not (each.is_run and each.image is request.image)
            ]
        self._waiting.append(request)
        if self._job is None:
            self._next()
        else:
            self._stop_superseded()

    def last_run(self, image: Image) -> Request | None:
        """The last run of an image that waits or is being done, and has not been stopped."""
        requests = list(self._waiting)
        if self._request is not None and not self._job.abort_requested:
            requests.insert(0, self._request)
        runs = (each for each in reversed(requests) if each.is_run and each.image is image)
        return next(runs, None)

    def cancel(self) -> None:
        """Drop all that waits, and stop what is being done."""
        self._waiting.clear()
        if self._job is not None:
            self._job.quit()

    def close(self) -> None:
        """Stop for good, and emit nothing any more."""
        self._closed = True
        with suppress(RuntimeError):
            # Of a panel in no napari window, where Python ends: the timer may be deleted first.
            self._patience.stop()
        for signal in (self.busy, self.progressed, self.finished, self.failed, self.dropped):
            signal.disconnect()
        self.cancel()
        self._viewer.layers.events.removed.disconnect(self._check_image)
        self._watch.watch()

    def _stop_superseded(self) -> None:
        """Stop a run that is superseded, once its time is over; until then check again later."""
        request = self._request
        if request is None or not request.is_run or self._job.abort_requested:
            return
        runs = (each for each in self._waiting if each.is_run and each.image is request.image)
        superseding = next(runs, None)
        # The exact run that follows a first look was requested together with it.
        if superseding is None or superseding.follows is request:
            return
        left = PATIENCE - (time.monotonic() - self._began)
        if left <= 0 and not request.is_shared_with(superseding):
            self._job.quit()
        else:
            self._patience.start(round(1000 * max(left, _POLL_SECONDS)))

    def _next(self) -> None:
        """Begin the next request that there is something to do for."""
        was_busy = self._job is not None
        self._job = self._request = self._shown = self._present = None
        while self._waiting and not self._closed:
            request = self._waiting.pop(0)
            if request.image not in self._viewer.layers:
                continue
            self._began = time.monotonic()
            try:
                work = request.resolve(self._state)
            except ValueError as error:
                self.failed.emit(error)
                continue
            if work is not None:
                self._prepare(request, work)
                break
        if self.is_busy or was_busy:
            self.busy.emit(self.is_busy)
        if self._job is not None:
            self._job.start()

    def _prepare(self, request: Request, work: Work) -> None:
        self._request, self._shown = request, Shown.of(request.image)
        self._present = self._state.latest(request.image)
        self._job = job = Job(partial(_do, work, self._shown))
        self._watch.watch(request.image)
        job.progressed.connect(self.progressed.emit)
        job.returned.connect(self._return)
        job.errored.connect(self._fail)
        job.finished.connect(self._finish)

    def _return(self, result: Any) -> None:
        # Drawing may process events, and with them begin the next request.
        request, began = self._request, self._began
        self._check_image()
        if self._job.abort_requested:
            return
        if request.is_step and self._state.latest(request.image) is not self._present:
            self._repeat(request)
            return
        request.finish(self._state, result)
        for following in request.then(result):
            self.add(following)
        self.finished.emit(request, time.monotonic() - began)

    def _repeat(self, request: Request) -> None:
        """Do a request again, unless it is a run that another one supersedes."""
        runs = (each for each in self._waiting if each.is_run and each.image is request.image)
        superseding = next(runs, None) if request.is_run else None
        if superseding is None or superseding.follows is request:
            self._waiting.insert(0, request)

    def _fail(self, error: Exception) -> None:
        # The image may have changed since the work ended.
        self._check_image()
        if not self._job.abort_requested:
            self.failed.emit(error)

    def _check_image(self, event: Any = None) -> None:
        """Stop the work on an image that is gone or shows something else."""
        if self._request is None:
            return
        image = self._request.image
        is_there = image in self._viewer.layers
        if is_there and Shown.of(image) == self._shown:
            return
        if is_there and not self._job.abort_requested:
            self.dropped.emit()
        self._job.quit()

    def _finish(self) -> None:
        self._watch.watch()
        self._next()


def _do(work: Work, shown: Shown, progress: Progress) -> Any:
    # Showing the result needs them, and would wait for a thread that is importing them.
    load_libraries()
    return work(shown, progress)


@atexit.register
def _close_viewers() -> None:
    """Close napari where Python ends with it open; that waits for the jobs.

    Otherwise Qt would delete what the windows hold in no order, under threads that still run.
    """
    for viewer in (known() for known in _viewers):
        if hasattr(viewer, "close"):
            # One whose window was closed by hand has nothing left to close.
            with suppress(RuntimeError):
                viewer.close()
