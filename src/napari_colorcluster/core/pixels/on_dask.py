"""Passes over dask arrays: counting on the active scheduler, lazy labeling and painting."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import dask
import dask.array as da
import dask.multiprocessing
import dask.threaded
import numpy as np
from dask.base import get_scheduler
from dask.cache import Cache
from dask.callbacks import Callback
from dask.delayed import Delayed, delayed
from dask.local import get_sync

from napari_colorcluster.core.pixels import in_memory
from napari_colorcluster.core.pixels.blocks import PixelSource
from napari_colorcluster.core.pixels.counter import ColorCounter
from napari_colorcluster.core.pixels.histogram import ColorHistogram, add_histograms
from napari_colorcluster.core.pixels.in_memory import COUNTING
from napari_colorcluster.core.pixels.lookup import LookUp
from napari_colorcluster.core.pixels.reading import Reading
from napari_colorcluster.core.support.progress import Cancelled, Progress
from napari_colorcluster.core.support.threads import N_THREADS

_IN_THIS_PROCESS = (dask.threaded.get, get_sync)
_LOCAL = (*_IN_THIS_PROCESS, dask.multiprocessing.get)

_FAN_IN = 8
"""Number of histograms that one task adds up."""

_Callback = tuple[Any, ...]
"""The functions that dask calls: start, start_state, pretask, posttask, finish."""

_ChunkTasks = dict[tuple[int, ...], Delayed]
"""The task that counts each chunk, by the index of the chunk along each axis."""


def count(source: PixelSource, progress: Progress) -> ColorHistogram:
    """Count the colors of a dask array, chunk by chunk, on the active scheduler.

    Parameters
    ----------
    source : PixelSource
        A dask array, and maybe a mask of any kind.
    progress : callable
        Told the fraction done.

    Notes
    -----
    The graph is computed in one go, so that tasks that chunks share run once. On threads, all
    chunks are counted into the same few tables. Without shared memory, each chunk has a histogram
    of its own, and further tasks add these up in a tree.

    Raises
    ------
    OSError
        If a chunk could not be read because of one.
    ValueError
        If a chunk raised anything else. Both name the chunk, with the original error as the cause.
    """
    image, mask = _aligned(source)
    chunks = image.to_delayed().ravel().tolist()
    masks = [None] * len(chunks) if mask is None else mask.to_delayed().ravel().tolist()
    indices = np.ndindex(image.numblocks[:-1])
    scheduler = get_scheduler(collections=[image])
    in_this_process = scheduler in _IN_THIS_PROCESS
    if in_this_process:
        counter = ColorCounter(N_THREADS if scheduler is dask.threaded.get else 1)
        count_chunk = delayed(_adder(counter, source.reading), name="count-colors", pure=False)
    else:
        count_chunk = delayed(partial(_count_chunk, reading=source.reading), pure=False)
    tasks = {
        index: count_chunk(chunk, chunk_mask)
        for index, chunk, chunk_mask in zip(indices, chunks, masks, strict=True)
    }
    if in_this_process:
        _compute(list(tasks.values()), tasks, scheduler, progress)
        return counter.collect()
    (total,) = _compute([_add_up(list(tasks.values()))], tasks, scheduler, progress)
    return total


def _adder(
    counter: ColorCounter, reading: Reading
) -> Callable[[np.ndarray, np.ndarray | None], None]:
    def add_chunk(chunk: np.ndarray, mask: np.ndarray | None) -> None:
        source = PixelSource(chunk, mask, reading)
        for where in source.slices():
            counter.add(source.read(where))

    return add_chunk


def _count_chunk(chunk: np.ndarray, mask: np.ndarray | None, reading: Reading) -> ColorHistogram:
    # On one thread: the scheduler runs several of these tasks at once.
    return in_memory.count(PixelSource(chunk, mask, reading), n_threads=1)


def _add_up(histograms: list[Delayed]) -> Delayed:
    add = delayed(add_histograms, pure=False)
    while len(histograms) > 1:
        starts = range(0, len(histograms), _FAN_IN)
        histograms = [add(histograms[start : start + _FAN_IN]) for start in starts]
    return histograms[0]


def compute(
    *collections: Any, scheduler: Any = None, callbacks: Sequence[_Callback] = ()
) -> tuple[Any, ...]:
    """Compute as `dask.compute` does, but without global caches.

    napari registers a `dask.cache.Cache` for all computations. It keeps the start times of tasks in
    one place, and drops all of them when any computation ends: of two computations in different
    threads, the other one then fails. A pass that reads each chunk once has no use for a cache.

    Parameters
    ----------
    *collections : dask collections
        What to compute.
    scheduler : callable, optional
        The active one by default.
    callbacks : sequence of tuple, optional
        Callbacks for this computation alone; ignored by schedulers other than dask's own.
    """
    scheduler = scheduler or get_scheduler(collections=collections)
    if scheduler not in _LOCAL:
        return dask.compute(*collections, scheduler=scheduler)
    active = [each for each in Callback.active if not any(map(_belongs_to_cache, each))]
    # Passed as an argument, they replace the global callbacks, for this computation alone.
    return dask.compute(*collections, scheduler=scheduler, callbacks=[*active, *callbacks])


def _belongs_to_cache(method: Any) -> bool:
    return isinstance(getattr(method, "__self__", None), Cache)


def _compute(results: list[Delayed], tasks: _ChunkTasks, scheduler: Any, progress: Progress) -> Any:
    """Compute results, report the tasks of their chunks, and name a chunk that fails."""
    client = _client_of(scheduler)
    if client is not None:
        return _compute_on(client, results, tasks, progress)
    if scheduler not in _LOCAL:
        return compute(*results, scheduler=scheduler)
    index_of = {task.key: index for index, task in tasks.items()}
    pending = set(index_of)
    suspects: set[tuple[int, ...]] = set()

    def report(key: Any, *_: Any) -> None:
        if key in pending:
            pending.remove(key)
            progress(1 - len(pending) / len(tasks), COUNTING)

    def find_suspects(_: Any, state: dict[str, Any], failed: bool) -> None:
        if failed:
            for key in state.get("running", ()):
                suspects.update(_first_chunk(key, state["dependents"], index_of))

    try:
        own = (None, None, None, report, find_suspects)
        return compute(*results, scheduler=scheduler, callbacks=[own])
    except Cancelled:
        raise
    except Exception:
        # dask does not tell which of the running tasks failed, so compute their chunks one by one.
        for index in sorted(suspects):
            try:
                compute(tasks[index], scheduler=scheduler)
            except Exception as error:
                raise _unreadable(index, error) from error
        raise


def _first_chunk(key: Any, dependents: Any, index_of: dict[Any, Any]) -> list[tuple[int, ...]]:
    """Return the index of the first chunk that depends on a task, in a list; empty if none does."""
    found, seen, stack = [], {key}, [key]
    while stack:
        key = stack.pop()
        if key in index_of:
            found.append(index_of[key])
        else:
            stack.extend(dependents[key] - seen)
            seen |= dependents[key]
    return sorted(found)[:1]


def _unreadable(index: tuple[int, ...], error: BaseException) -> Exception:
    # The message of an error from another process has a traceback after its first line.
    message = str(error).partition("\n")[0]
    # Ours are sentences; of what others raise, the kind says as much as the words.
    kind_of_error = "" if isinstance(error, ValueError) else f"{type(error).__name__}: "
    reason = f"{kind_of_error}{message}".rstrip(".: ") or type(error).__name__
    kind = OSError if isinstance(error, OSError) else ValueError
    return kind(f"Chunk {index} of the image could not be counted: {reason}.")


def _client_of(scheduler: Any) -> Any:
    """Return the distributed client that a scheduler belongs to, or None."""
    distributed = sys.modules.get("distributed")
    client = getattr(scheduler, "__self__", None)
    return client if distributed and isinstance(client, distributed.Client) else None


def _compute_on(client: Any, results: list[Delayed], tasks: _ChunkTasks, progress: Progress) -> Any:
    from distributed import as_completed

    index_of = {task.key: index for index, task in tasks.items()}
    futures = client.compute([*results, *tasks.values()])
    of_results, of_tasks = futures[: len(results)], futures[len(results) :]
    try:
        with _making_room():
            for n_done, future in enumerate(as_completed(of_tasks), start=1):
                if future.status == "error":
                    error = future.exception()
                    raise _unreadable(index_of[future.key], error) from error
                progress(n_done / len(tasks), COUNTING)
            return client.gather(of_results)
    except BaseException:
        # Releasing the futures cancels their tasks. Client.cancel() would fail: it asserts that
        # every intermediate sum has a client that wants it.
        for future in futures:
            future.release()
        raise


@contextmanager
def _making_room() -> Iterator[None]:
    """In a task on a worker, leave the worker's thread to the tasks that this one waits for."""
    from distributed import rejoin, secede

    try:
        secede()
    except (ValueError, AttributeError, KeyError):
        # Not in a task, or it has left its thread already.
        yield
        return
    try:
        yield
    finally:
        rejoin()


def label(look_up: LookUp, source: PixelSource, label_of: np.ndarray | None = None) -> da.Array:
    """Return the labels of a dask array, as a lazy one with the same chunks.

    Notes
    -----
    The look-up is a node of the graph, so that it is sent to a worker once and not with each task,
    and makes its table there once. `label_of` is small, and sent with each task.
    """
    dtype = look_up.dtype if label_of is None else label_of.dtype
    image, mask = _aligned(source)
    arrays = [image] if mask is None else [image, mask[..., np.newaxis]]
    return da.map_blocks(
        _label_chunk,
        *arrays,
        look_up=delayed(look_up, name=f"look-up-{look_up.token}", traverse=False),
        label_of=label_of,
        reading=source.reading,
        dtype=dtype,
        drop_axis=image.ndim - 1,
        chunks=image.chunks[:-1],
        meta=np.empty((0,) * (image.ndim - 1), dtype),
    )


def _label_chunk(
    chunk: np.ndarray,
    mask: np.ndarray | None = None,
    *,
    look_up: LookUp,
    label_of: np.ndarray | None,
    reading: Reading,
) -> np.ndarray:
    labels = np.empty(chunk.shape[:-1], look_up.dtype if label_of is None else label_of.dtype)
    source = PixelSource(chunk, None if mask is None else mask[..., 0], reading)
    in_memory.label(look_up, source, labels=labels, label_of=label_of, n_threads=1)
    return labels


def paint(labels: da.Array, colors: np.ndarray) -> da.Array:
    """Return the colors of a dask array of labels, as a lazy one with the same chunks."""
    return labels.map_blocks(
        _paint_chunk,
        colors,
        dtype=np.uint8,
        new_axis=labels.ndim,
        chunks=(*labels.chunks, (colors.shape[1],)),
        meta=np.empty((0,) * (labels.ndim + 1), np.uint8),
    )


def _paint_chunk(labels: np.ndarray, colors: np.ndarray) -> np.ndarray:
    painted = np.empty((*labels.shape, colors.shape[1]), np.uint8)
    in_memory.paint(labels, colors, painted, n_threads=1)
    return painted


def _aligned(source: PixelSource) -> tuple[da.Array, da.Array | None]:
    """Rechunk the image to have all channels in one chunk, and the mask to match the image."""
    image, mask = source.image, source.mask
    image = image.rechunk({image.ndim - 1: -1})
    return image, None if mask is None else da.asarray(mask).rechunk(image.chunks[:-1])
