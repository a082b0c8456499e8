"""Pairs of neighbors in dask arrays: chunks by themselves, then what meets at their borders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import dask.array as da
import numpy as np
from dask.delayed import Delayed, delayed

from napari_colorcluster.core.pattern.label_image import as_planes, read_labels
from napari_colorcluster.core.pattern.pairs import (
    WHAT,
    Pairs,
    add_pairs,
    count_across,
    count_in_memory,
)
from napari_colorcluster.core.pixels.on_dask import compute
from napari_colorcluster.core.support.progress import Progress


@dataclass(frozen=True, eq=False)
class _Counted:
    """What a chunk leaves behind: its pairs, and the pixels on its border.

    Attributes
    ----------
    pairs : Pairs
        Those within it.
    first, last : tuple of ndarray, shape (1 or 2, n)
        Along y and along x: labels, and objects where there are any, of its first line of pixels
        and of its last one, plane after plane.
    """

    pairs: Pairs
    first: tuple[np.ndarray, np.ndarray]
    last: tuple[np.ndarray, np.ndarray]


def count_lazily(labels: da.Array, objects: Any, mask: Any, progress: Progress) -> Pairs:
    """Count the pairs of a dask array on the active scheduler; as `count_in_memory` does.

    Parameters
    ----------
    labels : dask array, shape (..., height, width), integer
        Each chunk is computed once, and let go when it is counted.
    objects, mask : array, of the same shape, optional
        Of any kind and in any chunks.
    progress : callable
        Told the fraction done, where the scheduler is dask's own.
    """
    others = [None if each is None else _in_chunks(each, labels.chunks) for each in (objects, mask)]
    filled = np.ix_(*(np.flatnonzero(sizes) for sizes in labels.chunks))
    parts = [None if each is None else each.to_delayed()[filled] for each in (labels, *others)]
    shape = parts[0].shape
    count = delayed(_count_chunk, pure=False)
    tasks = [
        count(*(None if part is None else part[place] for part in parts))
        for place in np.ndindex(shape)
    ]
    counted = np.empty(len(tasks), object)
    counted[:] = compute_each(tasks, progress, WHAT)
    return add_pairs([each.pairs for each in counted.tolist()] + _between(counted.reshape(shape)))


def compute_each(tasks: Sequence[Delayed], progress: Progress, what: str) -> list[Any]:
    """Compute tasks on the active scheduler, all in one go.

    Parameters
    ----------
    tasks : sequence of Delayed
        One for each chunk.
    progress : callable
        Told the fraction done after each, where the scheduler is dask's own; may stop it there.
    what : str
        The step in words.

    Returns
    -------
    list
        The results, in the order of the tasks.
    """
    if not tasks:
        return []
    left = {task.key for task in tasks}

    def report(key: Any, *_: Any) -> None:
        if key in left:
            left.remove(key)
            progress(1 - len(left) / len(tasks), what)

    return list(compute(*tasks, callbacks=[(None, None, None, report, None)]))


def _in_chunks(array: Any, chunks: tuple[tuple[int, ...], ...]) -> da.Array:
    return da.asarray(array).rechunk(chunks)


def _count_chunk(
    labels: np.ndarray, objects: np.ndarray | None, mask: np.ndarray | None
) -> _Counted:
    labels, objects, mask = (
        None if each is None else as_planes(np.asarray(each)) for each in (labels, objects, mask)
    )
    # One thread: the scheduler has its own.
    pairs = count_in_memory(labels, objects, mask, n_threads=1)

    def line(*where: Any) -> np.ndarray:
        found = [read_labels(labels, mask, where)]
        if objects is not None:
            found.append(objects[where])
        return np.stack([each.ravel() for each in found])

    everywhere = slice(None)
    first, last = ((line(everywhere, end), line(everywhere, everywhere, end)) for end in (0, -1))
    return _Counted(pairs, first, last)


def _between(grid: np.ndarray) -> list[Pairs]:
    """The pairs across the borders of chunks that follow each other along y and along x."""
    found = []
    for axis in (0, 1):
        lines = np.moveaxis(grid, grid.ndim - 2 + axis, -1)
        for line in lines.reshape(-1, lines.shape[-1]).tolist():
            found += [count_across(a.last[axis], b.first[axis], axis) for a, b in pairwise(line)]
    return found
