"""Blocks of work over the machine's cores: results in order, progress and cancelling by block."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from itertools import pairwise
from operator import itemgetter
from threading import Condition
from typing import Any, TypeVar

import numpy as np

from napari_colorcluster.core.support.progress import Progress, silent

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

MOST_THREADS = 8
"""The passes over pixels are bound by memory: more threads cost tables and gain little."""

N_THREADS = min(os.cpu_count() or 1, MOST_THREADS)


def usable_threads(n_items: int, n_threads: int | None = None) -> int:
    """How many threads there are for so many items: `n_threads` and `N_THREADS` at most."""
    return max(1, min(n_threads or N_THREADS, N_THREADS, n_items))


def even_cuts(n: int, n_parts: int) -> list[int]:
    """Where to cut 0..n into parts of about one size: n_parts + 1 places.

    Sums must not depend on the number of threads: then `n_parts` does not depend on it either.
    """
    return [n * part // n_parts for part in range(n_parts + 1)]


def even_parts(starts: np.ndarray, n_parts: int) -> list[tuple[int, int]]:
    """Part runs of items that follow each other into some with about as many items.

    Parameters
    ----------
    starts : ndarray, shape (n_runs + 1,), integer
        Where each run begins, in ascending order from 0; and where the last one ends.
    n_parts : int
        How many parts. Like that of `even_cuts`, it does not depend on the number of threads.

    Returns
    -------
    list of (int, int)
        The first run of each part, and the one after its last.
    """
    cuts = np.searchsorted(starts, even_cuts(int(starts[-1]), n_parts))
    return list(pairwise(cuts.tolist()))


def map_in_threads(
    function: Callable[[_Item], _Result],
    items: Sequence[_Item],
    progress: Progress = silent,
    what: str = "",
    n_threads: int | None = None,
) -> list[_Result]:
    """Apply a function that releases the interpreter to each item, on several threads.

    The calling thread is one of them. The others are kept for the next call: to begin them would
    take longer than many a loop over all colors.

    Parameters
    ----------
    function : callable
        What is done to an item. Called from several threads at once.
    items : sequence
        The work.
    progress : callable, optional
        Told ``(fraction, what)`` after each item of the calling thread, and at the end. If it
        raises, what has not begun is dropped.
    what : str, optional
        The step in words.
    n_threads : int, optional
        At most; `N_THREADS` by default.

    Returns
    -------
    list
        The results in the order of the items, whatever the number of threads.

    Raises
    ------
    BaseException
        What the function raised, for the first of the items for which it did.
    """
    results: list[Any] = [None] * len(items)
    left, failed = deque(enumerate(items)), list[tuple[int, BaseException]]()
    n_running = n_done = 0
    changed = Condition()

    def take() -> tuple[int, _Item] | None:
        nonlocal n_running
        with changed:
            if not left:
                return None
            n_running += 1
            return left.popleft()

    def finish(index: int, error: BaseException | None = None) -> None:
        nonlocal n_running, n_done
        with changed:
            n_running -= 1
            n_done += 1
            if error is not None:
                failed.append((index, error))
                left.clear()
            changed.notify()

    def work(progress: Progress) -> None:
        while (taken := take()) is not None:
            index, item = taken
            try:
                results[index] = function(item)
            except BaseException as error:
                finish(index, error)
            else:
                finish(index)
                progress(n_done / len(items), what)

    helpers = _call_helpers(work, usable_threads(len(items), n_threads) - 1)
    try:
        work(progress)
    finally:
        with changed:
            left.clear()
            changed.wait_for(lambda: not n_running)
        for helper in helpers:
            helper.cancel()
    if failed:
        # They were begun in order, so this one fails whatever the number of threads.
        try:
            raise min(failed, key=itemgetter(0))[1]
        finally:
            # An error holds the frames that it came through, and these hold what they worked on.
            failed.clear()
    if helpers:
        progress(1.0, what)
    return results


def _call_helpers(work: Callable[[Progress], None], n: int) -> list[Future[None]]:
    helpers: list[Future[None]] = []
    # Where Python is about to end no more threads are begun, nor where there are too many: then
    # those that came have to do, and the caller.
    with suppress(RuntimeError):
        for _ in range(n):
            helpers.append(_pool().submit(work, silent))
    return helpers


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(MOST_THREADS, thread_name_prefix="colorcluster")


if hasattr(os, "register_at_fork"):
    # Threads do not live on in a forked process.
    os.register_at_fork(after_in_child=_pool.cache_clear)
