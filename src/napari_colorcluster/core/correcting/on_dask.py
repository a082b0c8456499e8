"""Dask arrays in boxes, one for each chunk: worked on lazily, or computed where there is need."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import dask.array as da
import numpy as np
from dask.delayed import delayed

from napari_colorcluster.core.pixels.on_dask import compute

Box = tuple[tuple[int, ...], tuple[int, ...]]
"""The first pixel of a chunk, and its shape."""


def map_boxes(
    function: Callable[[np.ndarray, tuple[int, ...], Any], np.ndarray],
    array: da.Array,
    given: Any,
    dtype: np.dtype,
) -> da.Array:
    """Apply a function to each chunk of an array, lazily.

    Parameters
    ----------
    function : callable
        Called with a chunk, its first pixel and what is given; returns a chunk of the same shape.
    array : dask array
        The array.
    given : object
        What the function works with; a node of the graph, sent to a worker once.
    dtype : dtype
        Of the result.
    """
    return array.map_blocks(
        _map_chunk,
        given=delayed(given, traverse=False),
        function=function,
        dtype=dtype,
        meta=np.empty((0,) * array.ndim, dtype),
    )


def _map_chunk(
    chunk: np.ndarray, given: Any, function: Callable[..., np.ndarray], block_info: Any = None
) -> np.ndarray:
    first = tuple(start for start, _ in block_info[0]["array-location"])
    return function(chunk, first, given)


def compute_boxes(
    function: Callable[..., Any], arrays: Sequence[Any], is_needed: Callable[[Box], bool]
) -> list[Any]:
    """Compute a function of some chunks on the active scheduler, all in one go.

    Parameters
    ----------
    function : callable
        Called with the first pixel and the chunk of each array there.
    arrays : sequence of array
        Of the same shape; the chunks are those of the first.
    is_needed : callable
        Whether a chunk is computed at all, by its box.

    Returns
    -------
    list
        The results of the chunks that were computed.
    """
    first, *others = map(da.asarray, arrays)
    blocks = [each.rechunk(first.chunks).to_delayed() for each in (first, *others)]
    ends = [np.cumsum(sizes) for sizes in first.chunks]
    task, tasks = delayed(function, pure=False), []
    for place in np.ndindex(first.numblocks):
        shape = tuple(sizes[at] for sizes, at in zip(first.chunks, place, strict=True))
        start = tuple(int(end[at]) - size for end, at, size in zip(ends, place, shape, strict=True))
        if is_needed((start, shape)):
            tasks.append(task(start, *(each[place] for each in blocks)))
    return list(compute(*tasks)) if tasks else []
