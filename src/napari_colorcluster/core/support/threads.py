"""Work on a pool of threads: results in order, with progress and cancelling after each item."""

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
"""Passes over pixels are limited by memory bandwidth: more threads would gain little."""

# On a shared machine, a process may have been given few of all cores.
_N_CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

N_THREADS = min(_N_CORES, MOST_THREADS)


def usable_threads(n_items: int, n_threads: int | None = None) -> int:
    """Return the number of threads to use for a number of items, `n_threads` at most."""
    return max(1, min(n_threads or N_THREADS, N_THREADS, n_items))


def even_cuts(n: int, n_parts: int) -> list[int]:
    """Return the n_parts + 1 bounds of parts of 0..n of about equal length.

    Where sums must not depend on the number of threads, neither may `n_parts`.
    """
    return [n * part // n_parts for part in range(n_parts + 1)]


def even_parts(starts: np.ndarray, n_parts: int) -> list[tuple[int, int]]:
    """Divide consecutive runs of items into parts with about equally many items.

    Parameters
    ----------
    starts : ndarray, shape (n_runs + 1,), integer
        The first item of each run, ascending from 0, and the end of the last.
    n_parts : int
        The number of parts; see `even_cuts`.

    Returns
    -------
    list of (int, int)
        The first run of each part, and the end of its runs.
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
    """Apply a function that releases the GIL to each item, on several threads.

    The calling thread is one of them. The others stay alive for the next call: starting them would
    take longer than many loops over all colors.

    Parameters
    ----------
    function : callable
        Called with an item, from several threads at once.
    items : sequence
        The items.
    progress : callable, optional
        Called after each item of the calling thread, and at the end. If it raises, items that have
        not been started are dropped.
    what : str, optional
        The step in words, for `progress`.
    n_threads : int, optional
        The largest number of threads; `N_THREADS` by default.

    Returns
    -------
    list
        The results in the order of the items, whatever the number of threads.

    Raises
    ------
    BaseException
        Raised by the function; that of the first item if it fails for several.
    """
    results: list[Any] = [None] * len(items)
    pending, failed = deque(enumerate(items)), list[tuple[int, BaseException]]()
    n_running = n_done = 0
    changed = Condition()

    def take() -> tuple[int, _Item] | None:
        nonlocal n_running
        with changed:
            if not pending:
                return None
            n_running += 1
            return pending.popleft()

    def finish(index: int, error: BaseException | None = None) -> None:
        nonlocal n_running, n_done
        with changed:
            n_running -= 1
            n_done += 1
            if error is not None:
                failed.append((index, error))
                pending.clear()
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

    helpers = _start_helpers(work, usable_threads(len(items), n_threads) - 1)
    try:
        work(progress)
    finally:
        with changed:
            pending.clear()
            changed.wait_for(lambda: not n_running)
        for helper in helpers:
            helper.cancel()
    if failed:
        # Items are started in order, so this one fails whatever the number of threads.
        try:
            raise min(failed, key=itemgetter(0))[1]
        finally:
            # An error refers to the frames it passed, and so to this list: break the cycle.
            failed.clear()
    if helpers:
        progress(1.0, what)
    return results


def _start_helpers(work: Callable[[Progress], None], n: int) -> list[Future[None]]:
    helpers: list[Future[None]] = []
    # No thread can be started while Python shuts down, or beyond the limit of the system. The
    # calling thread then does the work, with the helpers that have started.
    with suppress(RuntimeError):
        for _ in range(n):
            helpers.append(_pool().submit(work, silent))
    return helpers


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(MOST_THREADS, thread_name_prefix="colorcluster")


if hasattr(os, "register_at_fork"):
    # Threads do not survive in a forked process.
    os.register_at_fork(after_in_child=_pool.cache_clear)
