"""The run that is likely to be requested next, made beforehand."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from threading import Event
from typing import Any

import numpy as np

from napari_colorcluster.core.support.progress import Progress
from napari_colorcluster.layers.images.layer_data import n_pixels
from napari_colorcluster.layers.images.layer_watch import LayerWatch
from napari_colorcluster.layers.images.shown import SHOWN_BY, Shown
from napari_colorcluster.layers.result.segmentation import Painted
from napari_colorcluster.session.counted import Counted
from napari_colorcluster.session.job import Job
from napari_colorcluster.session.run import Run

MAX_PIXELS = 1 << 24
"""Larger images are not prefetched: what may never be shown takes four bytes a pixel."""

_POLL_SECONDS = 0.01
"""How often a request that waits for a prefetched run checks whether it has been cancelled."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """What has come of a run so far.

    It has no reference to its job, which has one to it: without a circle, what is dropped is freed
    at once.
    """

    started: Event = field(default_factory=Event)
    ended: Event = field(default_factory=Event)
    painted: list[Painted] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class PrefetchedRun:
    """A run that is being made or done, and what the image showed that it is of."""

    run: Run
    shown: Shown
    job: Job
    outcome: Outcome

    def wait(self, progress: Progress) -> Painted | None:
        """Wait for the run in another thread; None where it has failed."""
        try:
            while not self.outcome.ended.wait(_POLL_SECONDS):
                progress(0.0, "Clustering colors")
        except BaseException:
            self.job.quit()
            raise
        return self.outcome.painted.pop() if self.outcome.painted else None


class Prefetch:
    """At most one run, made before it is requested.

    While a slider is dragged, napari takes longer to draw a result than the next one takes to be
    made: both can be done at once.

    Attributes
    ----------
    current : PrefetchedRun or None
        The run.
    """

    def __init__(self) -> None:
        self.current: PrefetchedRun | None = None
        # Pixels that are changed in place are announced by `set_data`, when the layer is refreshed.
        self._watch = LayerWatch((*SHOWN_BY, "set_data"), self.drop)

    def start(self, run: Run, counted: Counted, shown: Shown) -> None:
        """Begin a run in place of the one before, if its pixels are in memory and not too many."""
        self.drop()
        full, *coarse = shown.levels
        if coarse or not isinstance(full, np.ndarray) or n_pixels(full) > MAX_PIXELS:
            return
        outcome = Outcome()
        job = Job(partial(_make, run, counted, shown, outcome))
        self.current = PrefetchedRun(run, shown, job, outcome)
        self._watch.watch(run.image)
        job.start()

    def take(self, run: Run, shown: Shown) -> PrefetchedRun | None:
        """Hand the run over, if it is this one and has started; otherwise drop it."""
        current = self.current
        if current is None:
            return None
        self._forget()
        # One that has not started may wait for a thread as long as the request itself would.
        same = (current.shown, current.run) == (shown, run)
        if same and current.outcome.started.is_set():
            return current
        current.job.quit()
        return None

    def drop(self, event: Any = None) -> None:
        """Stop the run, and keep nothing."""
        if self.current is not None:
            self.current.job.quit()
            self._forget()

    def _forget(self) -> None:
        self.current = None
        self._watch.watch()


def _make(run: Run, counted: Counted, shown: Shown, outcome: Outcome, progress: Progress) -> None:
    outcome.started.set()
    try:
        outcome.painted.append(run.do(counted, shown, progress))
    finally:
        outcome.ended.set()
