"""Blocks of work over the machine's cores: results in order, progress and cancelling by block."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from napari_colorcluster.core.progress import Progress

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

N_THREADS = min(os.cpu_count() or 1, 8)
"""The passes over pixels are bound by memory: more threads cost tables and gain little."""


def usable_threads(n_items: int, n_threads: int | None = None) -> int:
    """How many threads there are for so many items: `n_threads` and `N_THREADS` at most."""
    return max(1, min(n_threads or N_THREADS, N_THREADS, n_items))


def map_in_threads(
    function: Callable[[_Item], _Result],
    items: Sequence[_Item],
    progress: Progress,
    what: str,
    n_threads: int | None = None,
) -> list[_Result]:
    """Apply a function that releases the interpreter to each item, on several threads.

    Parameters
    ----------
    function : callable
        What is done to an item. Called from several threads at once.
    items : sequence
        The work.
    progress : callable
        Told ``(fraction, what)`` after each item, from the calling thread. If it raises, what has
        not begun is dropped.
    what : str
        The step in words.
    n_threads : int, optional
        At most; `N_THREADS` by default.

    Returns
    -------
    list
        The results in the order of the items, whatever the number of threads.
    """
    results: list[_Result] = []
    n_threads = usable_threads(len(items), n_threads)
    if n_threads == 1:
        for item in items:
            results.append(function(item))
            progress(len(results) / len(items), what)
        return results
    with ThreadPoolExecutor(n_threads, thread_name_prefix="colorcluster") as pool:
        try:
            for result in pool.map(function, items):
                results.append(result)
                progress(len(results) / len(items), what)
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    return results
