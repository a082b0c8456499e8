"""Tasks on the images of a viewer, one after another, each a job off the main thread."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from napari.layers import Image
from psygnal import Signal

from napari_colorcluster.core.progress import Progress
from napari_colorcluster.layers.source import levels
from napari_colorcluster.widgets.job import Job

if TYPE_CHECKING:
    from napari.components import ViewerModel

PATIENCE = 0.5
"""Seconds that a run has to come to its end though another one is wanted already. Shorter ones
are shown on the way while a slider is dragged; longer ones would only keep the last waiting."""


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
    """

    image: Image
    begin: Callable[[], Callable[[list[Any], Progress], Any] | None]
    then: Callable[[Any], None]
    is_run: bool = False


class Tasks:
    """A queue of tasks.

    Parameters
    ----------
    viewer : napari.Viewer
        Where the images are.
    """

    busy = Signal(bool)
    """Emitted with True when the first task begins and with False when all have ended."""
    progressed = Signal(float, str)
    """Emitted with the fraction done and the step in words."""
    failed = Signal(object)
    """Emitted with the exception that ended a task."""

    def __init__(self, viewer: ViewerModel) -> None:
        self._viewer = viewer
        self._waiting: list[Task] = []
        self._job: Job | None = None
        self._task: Task | None = None
        self._data: Any = None
        self._began = 0.0
        self._closed = False
        viewer.layers.events.removed.connect(self._check_image)

    @property
    def is_busy(self) -> bool:
        """Whether a task is on its way."""
        return self._job is not None

    def add(self, task: Task, *, overtakes: bool = True) -> None:
        """Put a task at the end of the queue.

        A run that overtakes is done in place of those of its image that wait, and of the one that
        is on its way where that has taken long.
        """
        if task.is_run and overtakes:
            self._waiting = [
                each for each in self._waiting if not each.is_run or each.image is not task.image
            ]
            overtaken = self._task
            if (
                overtaken is not None
                and overtaken.is_run
                and overtaken.image is task.image
                and time.monotonic() - self._began > PATIENCE
            ):
                self._job.quit()
        self._waiting.append(task)
        if self._job is None:
            self._next()

    def cancel(self) -> None:
        """Drop all that waits, and ask what is on its way to stop."""
        self._waiting.clear()
        if self._job is not None:
            self._job.quit()

    def close(self) -> None:
        """Stop for good, without a word."""
        self._closed = True
        for signal in (self.busy, self.progressed, self.failed):
            signal.disconnect()
        self.cancel()
        self._viewer.layers.events.removed.disconnect(self._check_image)
        if self._task is not None:
            self._task.image.events.data.disconnect(self._check_image)

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
        if was_busy != self.is_busy:
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
