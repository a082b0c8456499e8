"""The run that is likely to be asked for next, made while nobody asks for any."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event
from typing import Any

import numpy as np

from napari_colorcluster.core.support.progress import Progress
from napari_colorcluster.layers.layer_watch import LayerWatch
from napari_colorcluster.layers.segmentation import Painted
from napari_colorcluster.session.counted import Counted
from napari_colorcluster.session.job import Job
from napari_colorcluster.session.run import Run, n_pixels

MOST_PIXELS = 1 << 24
"""Of larger images nothing is made ahead: what may never be shown takes four bytes a pixel."""

_SECONDS_BETWEEN_LOOKS = 0.01
"""How often who waits for what is being made sees whether it is still wanted."""


@dataclass(frozen=True, eq=False)
class _Outcome:
    """What has come of a run so far.

    It knows no job, which knows it: what is dropped is gone at once, and its memory used again.
    """

    began: Event = field(default_factory=Event)
    ended: Event = field(default_factory=Event)
    made: list[Painted] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class _Making:
    """A run on its way, or done."""

    run: Run
    pixels: Any
    job: Job
    outcome: _Outcome


class Ahead:
    """One run that is made before it is asked for.

    While a slider is dragged, napari draws each result for longer than the next one takes to be
    made: both can be done at once.
    """

    def __init__(self) -> None:
        self._making: _Making | None = None
        # Pixels that are changed in place are told by `set_data`, once the layer is refreshed.
        self._watch = LayerWatch(("data", "set_data"), lambda event: self.drop())

    def make(self, run: Run, counted: Counted, data: list[Any]) -> None:
        """Begin with a run, in place of the one before, if its pixels are in memory and few."""
        self.drop()
        if len(data) > 1 or not isinstance(data[0], np.ndarray) or n_pixels(data[0]) > MOST_PIXELS:
            return

        outcome = _Outcome()

        def work(progress: Progress) -> None:
            outcome.began.set()
            try:
                outcome.made.append(run.do(counted, data, progress))
            finally:
                outcome.ended.set()

        self._making = _Making(run, data[0], Job(work), outcome)
        self._watch.watch(run.image)
        self._making.job.start()

    def take(self, run: Run, data: list[Any]) -> Callable[[Progress], Painted | None] | None:
        """Give what waits for a run that is made or being made; None where it is another one.

        Whatever there was is gone then. What waits gives None where the run has failed.
        """
        making = self._making
        if making is None:
            return None
        # One that has not begun may have to wait for a thread as long as who asks for it now.
        job, outcome = making.job, making.outcome
        if not (outcome.began.is_set() and making.pixels is data[0] and making.run == run):
            self.drop()
            return None
        self._making = None
        self._watch.watch()

        def wait(progress: Progress) -> Painted | None:
            try:
                while not outcome.ended.wait(_SECONDS_BETWEEN_LOOKS):
                    progress(0.0, "Clustering colors")
            except BaseException:
                job.quit()
                raise
            return outcome.made.pop() if outcome.made else None

        return wait

    def drop(self) -> None:
        """Make it no more, and keep nothing."""
        if self._making is not None:
            self._making.job.quit()
            self._making = None
            self._watch.watch()
