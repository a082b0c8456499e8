"""The images of a study on the workers of a dask cluster."""

from __future__ import annotations

import warnings
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from time import monotonic
from typing import Any

import numpy as np
from distributed import Client, Future, KilledWorker, wait

from napari_colorcluster.core.pixels.histogram import ColorHistogram, add_histograms
from napari_colorcluster.core.support.progress import Progress, silent
from napari_colorcluster.study.inputs.sources import Source
from napari_colorcluster.study.workers.outcome import Outcome, Task, attempt, reason_of

_FAN_IN = 8
"""Number of histograms that one task adds up."""

_LEAST_WAITING, _WAITING_PER_THREAD = 32, 4
"""How many tasks are handed over at a time: enough that no worker waits, and few to cancel."""

_MOST_TOGETHER, _BATCHES_PER_THREAD = 16, 16
"""Images of one task, for which dask takes some milliseconds; and how many tasks a thread gets at
least, so that all end at about the same time."""

_A_WHILE = 1.0
"""Seconds after which a task begins no other image, since dask ends none that runs."""

_POLL = 0.5
"""Seconds after which the progress is told again, which may cancel the study."""

_ENDED = ("finished", "error", "cancelled")
"""How dask calls a task that runs no more."""


class OnDask:
    """Spreads images over workers, which write the results; large ones are spread by chunk.

    An image is sent to another worker where the one that has it dies.

    Parameters
    ----------
    client : distributed.Client
        Of the cluster, whose workers reach the images and the folder of the results by the same
        paths.
    progress : callable
        Called with the fraction of the images done and the name of the step; stops the work by
        raising `Cancelled`.
    on_outcome : callable
        Called with each `Outcome` as it comes.

    Raises
    ------
    ValueError
        Where the client is none, or is not connected.
    """

    def __init__(
        self, client: Client, progress: Progress, on_outcome: Callable[[Outcome], None]
    ) -> None:
        _check(client)
        self._client, self._progress, self._on_outcome = client, progress, on_outcome

    def map(self, task: Task, sources: Sequence[Source], step: str) -> list[Outcome]:
        """Do a task with each image; outcomes are in the order of the images."""
        outcomes: dict[Source, Outcome] = {}
        # A cluster that is still starting has no threads, and any number of them later.
        n_tasks = _BATCHES_PER_THREAD * self._n_threads or len(sources)
        most = max(1, min(_MOST_TOGETHER, len(sources) // max(1, n_tasks)))
        waiting = deque(sources[start : start + most] for start in range(0, len(sources), most))

        def tell() -> None:
            self._progress(len(outcomes) / len(sources), step)

        for batch, future in self._finished(_attempt, task, waiting, tell):
            failure = _failure(batch[0], future)
            # Of several, nobody knows which one failed.
            failed = [failure] if len(batch) == 1 else []
            done = future.result() if failure is None else failed
            # Alone from now on: they take long, or one of them has killed the workers.
            waiting.extendleft([source] for source in reversed(batch[len(done) :]))
            for outcome in done:
                self._on_outcome(outcome)
                outcomes[outcome.source] = outcome
        return [outcomes[source] for source in sources]

    def add_up(
        self, task: Task, sources: Sequence[Source], step: str
    ) -> tuple[ColorHistogram, list[Source]]:
        """Add up the histograms that a task gives, in a tree, where they are.

        Returns
        -------
        total, counted
            The sum, and the images that are in it.
        """
        tree, is_counted = _Tree(self._client), dict[Source, bool]()

        def tell() -> None:
            self._progress(len(is_counted) / len(sources), step)

        waiting = deque([source] for source in sources)
        for (source,), future in self._finished(_count, task, waiting, tell):
            failure = _failure(source, future)
            is_counted[source] = failure is None
            if failure is None:
                tree.add(future)
            else:
                self._on_outcome(failure)
        return tree.total(), [source for source in sources if is_counted[source]]

    def _finished(
        self,
        function: Callable[..., Any],
        task: Task,
        waiting: deque[Sequence[Source]],
        tell: Callable[[], None],
    ) -> Iterator[tuple[Sequence[Source], Future]]:
        """Call a function with the task and each batch of images on a worker.

        Batches are yielded as they finish; what is put into `waiting` meanwhile is handed over as
        well. `tell` is called from time to time.
        """
        # A task of its own: sent once, and there again where the worker that has it dies.
        with warnings.catch_warnings():
            # The palette of a pool may have millions of colors, but is sent to each worker once.
            warnings.filterwarnings("ignore", "Sending large graph", UserWarning)
            sent = self._client.submit(_same, task, pure=False)
        running = dict[Future, Sequence[Source]]()
        try:
            while waiting or running:
                # Anew each time: a cluster may grow.
                most = max(_LEAST_WAITING, _WAITING_PER_THREAD * self._n_threads)
                while waiting and len(running) < most:
                    batch = waiting.popleft()
                    running[self._client.submit(function, sent, batch, pure=False)] = batch
                for future in self._next(list(running)):
                    yield running.pop(future), future
                tell()
        finally:
            # Nothing is left, unless the work was stopped.
            self._client.cancel(list(running))

    @property
    def _n_threads(self) -> int:
        return sum(self._client.nthreads().values())

    def _next(self, futures: list[Future]) -> list[Future]:
        try:
            # It asks for the current client, which this one need not be.
            with self._client.as_current():
                wait(futures, timeout=_POLL, return_when="FIRST_COMPLETED")
        except TimeoutError:
            return []
        # What is lost with its worker is done again, and not done yet.
        return [future for future in futures if future.status in _ENDED]


class _Tree:
    """Adds up histograms on the workers, a few at a time, so that few are kept."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._levels: list[list[Future]] = []

    def add(self, histogram: Future, level: int = 0) -> None:
        """Add one, and further up the sums that are complete with it."""
        if level == len(self._levels):
            self._levels.append([])
        self._levels[level].append(histogram)
        if len(self._levels[level]) == _FAN_IN:
            together, self._levels[level] = self._levels[level], []
            self.add(self._sum(together), level + 1)

    def total(self) -> ColorHistogram:
        """The sum of all."""
        rest = [each for level in self._levels for each in level]
        if not rest:
            return ColorHistogram(np.empty((0, 3), np.uint8), np.empty(0, np.int64))
        while len(rest) > 1:
            starts = range(0, len(rest), _FAN_IN)
            together = [rest[start : start + _FAN_IN] for start in starts]
            rest = [self._sum(each) if len(each) > 1 else each[0] for each in together]
        return rest[0].result()

    def _sum(self, histograms: list[Future]) -> Future:
        return self._client.submit(add_histograms, histograms, pure=False)


def _check(client: Any) -> None:
    if not isinstance(client, Client):
        raise ValueError(
            f"client must be a distributed.Client, such as Client('tcp://host:8786'), got "
            f"{repr(client)[:80]}."
        )
    if client.asynchronous:
        raise ValueError("client must not be asynchronous: make one with Client(...) alone.")
    if client.status != "running":
        raise ValueError(
            f"client must be connected to its scheduler, got one that is {client.status}: make a "
            "new distributed.Client."
        )


def _same(task: Task) -> Task:
    return task


def _attempt(task: Task, sources: Sequence[Source]) -> list[Outcome]:
    """Do a task with one image after another for a while, with the first of them in any case."""
    end, outcomes = monotonic() + _A_WHILE, list[Outcome]()
    for source in sources:
        outcomes.append(attempt(task, source, silent))
        if monotonic() >= end:
            break
    return outcomes


def _count(task: Task, sources: Sequence[Source]) -> ColorHistogram:
    (source,) = sources
    return task(source, silent)


def _failure(source: Source, future: Future) -> Outcome | None:
    """That a task has failed, where it has."""
    if future.status == "cancelled":
        return Outcome(source, reason="The cluster has dropped it.")
    if future.status != "error":
        return None
    error = future.exception()
    if isinstance(error, KilledWorker):
        return Outcome(source, reason="The workers that tried it died: they may need more memory.")
    return Outcome(source, reason=reason_of(error))
