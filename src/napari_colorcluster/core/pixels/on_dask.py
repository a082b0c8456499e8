"""dask arrays: counted by the scheduler that is active, labeled and painted only when asked."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
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
"""How many histograms are added in one task."""

_Callback = tuple[Any, ...]
"""What dask calls: at the start, before and after each task, and in the end."""

_Steps = dict[tuple[int, ...], Delayed]
"""What counts each chunk, by its place among the chunks."""


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
    The graph is computed in one go, so that what chunks share is computed once. On threads all
    chunks are counted into the same few tables. Where tasks share no memory, each chunk gives a
    histogram of its own, and these are added by tasks as well, a few at a time.

    Raises
    ------
    OSError
        Where that is why a chunk could not be read.
    ValueError
        Where a chunk raised anything else. Both name the chunk, and come from what was raised.
    """
    image, mask = _aligned(source)
    chunks = image.to_delayed().ravel().tolist()
    masks = [None] * len(chunks) if mask is None else mask.to_delayed().ravel().tolist()
    places = np.ndindex(image.numblocks[:-1])
    scheduler = get_scheduler(collections=[image])
    in_this_process = scheduler in _IN_THIS_PROCESS
    if in_this_process:
        counter = ColorCounter(N_THREADS if scheduler is dask.threaded.get else 1)
        step = delayed(_adder(counter, source.reading), name="count-colors", pure=False)
    else:
        step = delayed(partial(_count_chunk, reading=source.reading), pure=False)
    steps = {place: step(*both) for place, *both in zip(places, chunks, masks, strict=True)}
    tasks = list(steps.values())
    if in_this_process:
        _compute(tasks, steps, scheduler, progress)
        return counter.collect()
    (total,) = _compute([_add_up(tasks)], steps, scheduler, progress)
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
    # One thread: the scheduler has its own.
    return in_memory.count(PixelSource(chunk, mask, reading), n_threads=1)


def _add_up(histograms: list[Delayed]) -> Delayed:
    add = delayed(add_histograms, pure=False)
    while len(histograms) > 1:
        starts = range(0, len(histograms), _FAN_IN)
        histograms = [add(histograms[start : start + _FAN_IN]) for start in starts]
    return histograms[0]


def compute(*wanted: Any, scheduler: Any = None, own: Sequence[_Callback] = ()) -> tuple[Any, ...]:
    """Compute as `dask.compute` does, but past caches that listen to all computations.

    napari has one, for what it shows. It notes when tasks begin in one place for all computations,
    and forgets all of that as soon as any of them ends: of two in different threads, the other one
    fails. Nor would it have a use for what is read once.

    Parameters
    ----------
    *wanted : dask collections
        What to compute.
    scheduler : callable, optional
        The one that is active, by default.
    own : sequence of tuple, optional
        Callbacks of this computation alone, where its scheduler is dask's own.
    """
    scheduler = scheduler or get_scheduler(collections=wanted)
    if scheduler not in _LOCAL:
        return dask.compute(*wanted, scheduler=scheduler)
    active = [each for each in Callback.active if not any(map(_is_of_a_cache, each))]
    # Given by name, so that they hear of this computation alone, and it is heard by them for sure.
    return dask.compute(*wanted, scheduler=scheduler, callbacks=[*active, *own])


def _is_of_a_cache(method: Any) -> bool:
    return isinstance(getattr(method, "__self__", None), Cache)


def _compute(wanted: list[Delayed], steps: _Steps, scheduler: Any, progress: Progress) -> Any:
    """Compute what is wanted, report each of the steps that leads there, name one that fails."""
    client = _client_of(scheduler)
    if client is not None:
        return _compute_on(client, wanted, steps, progress)
    if scheduler not in _LOCAL:
        return compute(*wanted, scheduler=scheduler)
    place_of = {step.key: place for place, step in steps.items()}
    left = set(place_of)
    suspects: set[tuple[int, ...]] = set()

    def report(key: Any, *_: Any) -> None:
        if key in left:
            left.remove(key)
            progress(1 - len(left) / len(steps), COUNTING)

    def suspect(_: Any, state: dict[str, Any], failed: bool) -> None:
        if failed:
            for key in state.get("running", ()):
                suspects.update(_first_place(key, state["dependents"], place_of))

    try:
        return compute(*wanted, scheduler=scheduler, own=[(None, None, None, report, suspect)])
    except Cancelled:
        raise
    except Exception:
        # dask does not tell which of the tasks that were running has failed: asked again, one by
        # one, it does so.
        for place in sorted(suspects):
            try:
                compute(steps[place], scheduler=scheduler)
            except Exception as error:
                raise _unreadable(place, error) from error
        raise


def _first_place(key: Any, dependents: Any, place_of: dict[Any, Any]) -> list[tuple[int, ...]]:
    """The place of the first step that a task leads to, if it leads to one."""
    found, seen, ahead = [], {key}, [key]
    while ahead:
        key = ahead.pop()
        if key in place_of:
            found.append(place_of[key])
        else:
            ahead.extend(dependents[key] - seen)
            seen |= dependents[key]
    return sorted(found)[:1]


def _unreadable(place: tuple[int, ...], error: BaseException) -> Exception:
    # What a process raises elsewhere carries its traceback behind the first line.
    why = f"{type(error).__name__}: {str(error).partition(chr(10))[0]}".rstrip(".: ")
    kind = OSError if isinstance(error, OSError) else ValueError
    return kind(f"Chunk {place} of the image could not be counted: {why}.")


def _client_of(scheduler: Any) -> Any:
    """The distributed client whose scheduler this is, if it is one's."""
    distributed = sys.modules.get("distributed")
    client = getattr(scheduler, "__self__", None)
    return client if distributed and isinstance(client, distributed.Client) else None


def _compute_on(client: Any, wanted: list[Delayed], steps: _Steps, progress: Progress) -> Any:
    from distributed import as_completed

    place_of = {step.key: place for place, step in steps.items()}
    futures = client.compute([*wanted, *steps.values()])
    results, futures = futures[: len(wanted)], futures[len(wanted) :]
    try:
        for done, future in enumerate(as_completed(futures), start=1):
            if future.status == "error":
                error = future.exception()
                raise _unreadable(place_of[future.key], error) from error
            progress(done / len(steps), COUNTING)
        return client.gather(results)
    except BaseException:
        # What nobody wants any more is dropped. Client.cancel() would fail: it asserts that each
        # sum on the way is wanted by somebody.
        for future in (*results, *futures):
            future.release()
        raise


def label(look_up: LookUp, source: PixelSource, label_of: np.ndarray | None = None) -> da.Array:
    """Label a dask array, chunk by chunk, when it is computed.

    Notes
    -----
    The look-up is a node of the graph by itself: it is sent once to a worker, not with each task,
    and makes its table there once. What `label_of` makes of its labels is told to each task.
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
    """Paint a dask array of labels, chunk by chunk, when it is computed."""
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
    """Bring all channels into one chunk, and the mask into the image's chunks."""
    image, mask = source.image, source.mask
    image = image.rechunk({image.ndim - 1: -1})
    return image, None if mask is None else da.asarray(mask).rechunk(image.chunks[:-1])
