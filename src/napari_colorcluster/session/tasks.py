"""Tasks on the images of a viewer, one after another, each a job off the main thread."""

from __future__ import annotations

import atexit
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import ref

from napari.layers import Image
from psygnal import Signal
from qtpy.QtCore import QTimer

from napari_colorcluster.core.support.progress import Progress
from napari_colorcluster.layers.layer_data import levels
from napari_colorcluster.session.job import Job

if TYPE_CHECKING:
    from napari.components import ViewerModel

PATIENCE = 0.5
"""Seconds that a run has to come to its end though another one is wanted already. Shorter ones
are shown on the way while a slider is dragged; longer ones would only keep the last waiting."""

_SECONDS_BETWEEN_LOOKS = 0.05
"""And after that time, how often it is seen whether a run is still at what the next one needs."""

_viewers: list[ref[ViewerModel]] = []
"""Those that tasks were ever for."""


@dataclass(frozen=True, eq=False)
class Task:
    """Something to be done with an image.

    Attributes
    ----------
    image : Image
        The image layer.
    begin : callable
        Called in the main thread when its turn comes: gives ``work(levels, progress)``, which is
        called in another, or None where there is nothing to be done. May raise `ValueError`.
    then : callable
        Called in the main thread with what the work gave.
    is_run : bool, default False
        Whether the next run of the same image makes it needless.
    follows : Task, optional
        The task that is to be done before, as a first look at the same.
    basis : object, optional
        What it is made from: while `is_on_basis`, it is of use to another run with an equal basis.
    is_on_basis : callable
        Called in the main thread: whether the work is at what all runs with its basis need.
    """

    image: Image
    begin: Callable[[], Callable[[list[Any], Progress], Any] | None]
    then: Callable[[Any], None]
    is_run: bool = False
    follows: Task | None = None
    basis: Any = None
    is_on_basis: Callable[[], bool] = lambda: False


class Tasks:
    """A queue of tasks.

    Parameters
    ----------
    viewer : napari.Viewer
        Where the images are.
    """

    busy = Signal(bool)
    """Emitted with True when a task begins and with False when all have ended."""
    progressed = Signal(float, str)
    """Emitted with the fraction done and the step in words."""
    failed = Signal(object)
    """Emitted with the exception that ended a task."""

    def __init__(self, viewer: ViewerModel) -> None:
        self._viewer = viewer
        # By identity: to compare viewers takes napari long.
        gone = {id(None), id(viewer)}
        _viewers[:] = [*(known for known in _viewers if id(known()) not in gone), ref(viewer)]
        self._waiting: list[Task] = []
        self._job: Job | None = None
        self._task: Task | None = None
        self._data: Any = None
        self._patience = QTimer(singleShot=True)
        self._patience.timeout.connect(self._lose_patience)
        self._began = 0.0
        self._closed = False
        viewer.layers.events.removed.connect(self._check_image)

    @property
    def is_busy(self) -> bool:
        """Whether a task is on its way."""
        return self._job is not None

    @property
    def is_more_asked(self) -> bool:
        """Whether a task waits for its turn."""
        return bool(self._waiting)

    def add(self, task: Task) -> None:
        """Put a task at the end of the queue.

        A run is done in place of those of its image that wait, and of the one that is on its way
        where that has taken long; but for the task that it follows.
        """
        if task.is_run and task.follows is None:
            self._waiting = [
                each for each in self._waiting if not each.is_run or each.image is not task.image
            ]
        self._waiting.append(task)
        if self._job is None:
            self._next()
        else:
            self._lose_patience()

    def has_run(self, image: Image) -> bool:
        """Whether a run of an image waits or is on its way, and nobody has stopped it."""
        tasks = list(self._waiting)
        if self._task is not None and not self._job.abort_requested:
            tasks.append(self._task)
        return any(each.is_run and each.image is image for each in tasks)

    def cancel(self) -> None:
        """Drop all that waits, and ask what is on its way to stop."""
        self._waiting.clear()
        if self._job is not None:
            self._job.quit()

    def close(self) -> None:
        """Stop for good, without a word."""
        self._closed = True
        with suppress(RuntimeError):
            # Of a panel in no napari window, where Python ends: the timer may be deleted first.
            self._patience.stop()
        for signal in (self.busy, self.progressed, self.failed):
            signal.disconnect()
        self.cancel()
        self._viewer.layers.events.removed.disconnect(self._check_image)
        if self._task is not None:
            self._task.image.events.data.disconnect(self._check_image)

    def _lose_patience(self) -> None:
        """Stop a run that is overtaken, or see to it again: not before it has had its time."""
        task = self._task
        if task is None or not task.is_run or self._job.abort_requested:
            return
        overtaking = (each for each in self._waiting if each.is_run and each.image is task.image)
        following = next(overtaking, None)
        # The exact run that waits behind a first look is asked for by the same person at once.
        if following is None or following.follows is task:
            return
        left = PATIENCE - (time.monotonic() - self._began)
        if left <= 0 and not (following.basis == task.basis and task.is_on_basis()):
            self._job.quit()
        else:
            self._patience.start(round(1000 * max(left, _SECONDS_BETWEEN_LOOKS)))

    def _next(self) -> None:
        """Begin the next task that there is something to do for."""
        was_busy = self._job is not None
        self._job = self._task = self._data = None
        while self._waiting and not self._closed:
            task = self._waiting.pop(0)
            if task.image not in self._viewer.layers:
                continue
            try:
                work = task.begin()
            except ValueError as error:
                self.failed.emit(error)
                continue
            if work is not None:
                self._start(task, work)
                break
        if self.is_busy or was_busy:
            self.busy.emit(self.is_busy)
        if self._job is not None:
            self._job.start()

    def _start(self, task: Task, work: Callable[[list[Any], Progress], Any]) -> None:
        data = levels(task.image)
        job = Job(lambda progress: work(data, progress))
        self._job, self._task, self._data = job, task, task.image.data
        self._began = time.monotonic()
        task.image.events.data.connect(self._check_image)

        def returned(result: Any) -> None:
            self._check_image()
            if not job.abort_requested:
                task.then(result)

        def failed(error: Exception) -> None:
            # The image may have got other data after the work began and before this is heard.
            self._check_image()
            if not job.abort_requested:
                self.failed.emit(error)

        job.progressed.connect(self.progressed.emit)
        job.returned.connect(returned)
        job.errored.connect(failed)
        job.finished.connect(self._finish)

    def _check_image(self, event: Any = None) -> None:
        """Drop the task whose image is gone or has got other data."""
        if self._task is None:
            return
        image = self._task.image
        if image not in self._viewer.layers or image.data is not self._data:
            self._job.quit()

    def _finish(self) -> None:
        if not self._closed:
            self._task.image.events.data.disconnect(self._check_image)
        self._next()


@atexit.register
def _close_viewers() -> None:
    """Close napari where Python ends with it open; that waits for the jobs.

    Else Qt would delete what the windows hold in no order, under threads that still run.
    """
    for viewer in (known() for known in _viewers):
        if hasattr(viewer, "close"):
            # One whose window was closed by hand has nothing left to close.
            with suppress(RuntimeError):
                viewer.close()
