"""Blocks of work over the machine's cores: results in order, progress and cancelling by block."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import cache
from typing import Any, TypeVar

from napari_colorcluster.core.progress import Progress, silent

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

MOST_THREADS = 8
"""The passes over pixels are bound by memory: more threads cost tables and gain little."""

N_THREADS = min(os.cpu_count() or 1, MOST_THREADS)


def usable_threads(n_items: int, n_threads: int | None = None) -> int:
    """How many threads there are for so many items: `n_threads` and `N_THREADS` at most."""
    return max(1, min(n_threads or N_THREADS, N_THREADS, n_items))


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
    """
    results: list[Any] = [None] * len(items)
    # A deque is safe to take from in several threads, and to append to.
    left, done = deque(enumerate(items)), deque[int]()

    def work(progress: Progress) -> None:
        try:
            while left:
                try:
                    index, item = left.popleft()
                except IndexError:
                    return
                results[index] = function(item)
                done.append(index)
                progress(len(done) / len(items), what)
        except BaseException:
            left.clear()
            raise

    helpers = _call_helpers(work, usable_threads(len(items), n_threads) - 1)
    try:
        work(progress)
    finally:
        begun = [helper for helper in helpers if not helper.cancel()]
        wait(begun)
    for helper in begun:
        helper.result()
    if begun and items:
        progress(1.0, what)
    return results


def _call_helpers(work: Callable[[Progress], None], n: int) -> list[Future[None]]:
    try:
        return [_pool().submit(work, silent) for _ in range(n)]
    except RuntimeError:
        # Python is about to end, and begins no more threads: the caller is left to do it all.
        return []


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(MOST_THREADS, thread_name_prefix="colorcluster")


if hasattr(os, "register_at_fork"):
    # Threads do not live on in a forked process.
    os.register_at_fork(after_in_child=_pool.cache_clear)
