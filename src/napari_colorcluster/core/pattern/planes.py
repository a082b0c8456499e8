"""Functions of a plane of labels, applied to label images of any number of axes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from napari_colorcluster.core.pattern.label_image import as_labels, as_planes
from napari_colorcluster.core.pixels.image import is_dask
from napari_colorcluster.core.pixels.lookup import MAX_LABELS
from napari_colorcluster.core.support.progress import Progress, silent
from napari_colorcluster.core.support.threads import map_in_threads


def map_planes(
    function: Callable[[np.ndarray], np.ndarray],
    labels: Any,
    progress: Progress = silent,
    what: str = "",
    n_threads: int | None = None,
) -> Any:
    """Apply a function to each plane of a label image.

    Parameters
    ----------
    function : callable
        Given labels of shape (height, width), uint8 or uint16 and C-contiguous, which it must not
        change, returns others of that shape. Called from several threads at once.
    labels : array, shape (..., height, width), integer
        0..65535, numpy or dask; each plane of a stack by itself.
    progress : callable, optional
        Told the fraction done, plane by plane.
    what : str, optional
        The step in words, for `progress`.
    n_threads : int, optional
        At most; they share the planes.

    Returns
    -------
    array, shape (..., height, width), of the type of `labels`
        A new array; lazy where `labels` is a dask array, whose planes become one chunk each.

    Raises
    ------
    ValueError
        Where `labels` are no planes of labels.
    """
    labels = as_labels(labels)
    if is_dask(labels):
        whole = labels.rechunk({labels.ndim - 2: -1, labels.ndim - 1: -1})
        return whole.map_blocks(
            _map_chunk,
            function,
            dtype=labels.dtype,
            meta=np.empty((0,) * labels.ndim, labels.dtype),
        )
    if labels.size and not 0 <= labels.min() <= labels.max() <= MAX_LABELS:
        raise ValueError(f"Labels must be in 0..{MAX_LABELS}, got {labels.min()}..{labels.max()}.")
    planes = as_planes(labels)
    mapped = np.empty(planes.shape, labels.dtype)

    def map_plane(place: int) -> None:
        mapped[place] = function(as_narrow(planes[place]))

    map_in_threads(map_plane, range(len(planes)), progress, what, n_threads)
    return mapped.reshape(labels.shape)


def as_narrow(plane: np.ndarray) -> np.ndarray:
    """Labels up to 65535 as compiled loops take them: uint8 or uint16, C-contiguous."""
    narrow = plane if plane.dtype == np.uint8 else plane.astype(np.uint16, copy=False)
    return np.ascontiguousarray(narrow)


def _map_chunk(labels: np.ndarray, function: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    return map_planes(function, labels, n_threads=1)
