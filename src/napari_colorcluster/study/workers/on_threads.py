"""The images of a study on threads of this process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock

import numpy as np

from napari_colorcluster.core.pixels.histogram import ColorHistogram, add_histograms
from napari_colorcluster.core.support.progress import Progress, silent
from napari_colorcluster.core.support.threads import map_in_threads
from napari_colorcluster.study.inputs.sources import Source
from napari_colorcluster.study.workers.outcome import Outcome, Task, attempt

N_JOBS = 2
"""Images processed at a time: while one is read or written, another is clustered."""


class OnThreads:
    """Works on several images at a time.

    Parameters
    ----------
    progress : callable
        Called with the fraction of all images done and the name of the step, by one thread at a
        time; stops the work by raising `Cancelled`.
    on_outcome : callable
        Called with each `Outcome` as it comes, possibly from several threads.
    n_jobs : int, default 2
        How many images are worked on at a time.
    """

    def __init__(
        self, progress: Progress, on_outcome: Callable[[Outcome], None], n_jobs: int = N_JOBS
    ) -> None:
        self._progress, self._on_outcome, self._n_jobs = progress, on_outcome, n_jobs

    def map(self, task: Task, sources: Sequence[Source], step: str) -> list[Outcome]:
        """Do a task with each image; outcomes are in the order of the images."""
        overall = _OverallProgress(self._progress, step, len(sources))

        def do(source: Source) -> Outcome:
            own = overall.begin()
            outcome = attempt(task, source, own)
            self._on_outcome(outcome)
            own(1.0, step)
            return outcome

        return map_in_threads(do, sources, silent, step, self._n_jobs)

    def add_up(
        self, task: Task, sources: Sequence[Source], step: str
    ) -> tuple[ColorHistogram, list[Source]]:
        """Add up the histograms that a task gives, one by one: together they may not fit in memory.

        Returns
        -------
        total, counted
            The sum, and the images that are in it.
        """
        total = ColorHistogram(np.empty((0, 3), np.uint8), np.empty(0, np.int64))
        lock = Lock()

        def add(source: Source, progress: Progress) -> None:
            nonlocal total
            histogram = task(source, progress)
            with lock:
                total = add_histograms([total, histogram])

        outcomes = self.map(add, sources, step)
        return total, [each.source for each in outcomes if each.reason is None]


class _OverallProgress:
    """The progress of all images, several of which are processed at a time."""

    def __init__(self, progress: Progress, step: str, n_images: int) -> None:
        self._progress, self._step, self._n_images = progress, step, n_images
        self._n_done = 0.0
        self._lock = Lock()

    def begin(self) -> Progress:
        """Make the progress of one more image."""
        before = 0.0

        def report(fraction: float, step: str) -> None:
            nonlocal before
            with self._lock:
                self._n_done += fraction - before
                before = fraction
                self._progress(min(self._n_done / self._n_images, 1.0), self._step)

        return report
