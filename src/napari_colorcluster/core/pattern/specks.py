"""Removing specks: connected patches that are too small go to what surrounds them."""

from __future__ import annotations

from numbers import Integral
from typing import Any

import numpy as np

from napari_colorcluster.core.pattern.connected.regions import find_regions
from napari_colorcluster.core.pattern.connected.speck_loops import (
    absorb_specks,
    list_pixels,
    measure_patches,
    write_labels,
)
from napari_colorcluster.core.pattern.label_image import as_labels, as_planes
from napari_colorcluster.core.pixels.image import is_dask
from napari_colorcluster.core.pixels.lookup import MAX_LABELS
from napari_colorcluster.core.support.progress import Progress, silent
from napari_colorcluster.core.support.threads import map_in_threads


def remove_specks(
    labels: Any, min_pixels: int, progress: Progress = silent, n_threads: int | None = None
) -> Any:
    """Give each speck, a connected patch of fewer than `min_pixels` pixels, to a neighbor.

    Patches are connected by edges, not by corners. The smallest specks go first, those of equal
    size in the order of their first pixels. A speck takes the label with which it has the longest
    border; of equally long ones that of the largest patch, then the smallest label. The patch that
    a speck joins grows, and may be large enough then. Pixels with label 0 never change, and no
    speck becomes 0: one that has no neighbor but 0 and the edge of the image stays.

    Parameters
    ----------
    labels : array, shape (..., height, width), integer
        0..65535, numpy or dask; each plane of a stack by itself.
    min_pixels : int
        The smallest size of a patch that stays. With 1 nothing is done.
    progress : callable, optional
        Told the fraction done, plane by plane.
    n_threads : int, optional
        At most; they share the planes.

    Returns
    -------
    array, shape (..., height, width), of the type of `labels`
        A new array; lazy where `labels` is a dask array, whose planes become one chunk each. The
        labels themselves where `min_pixels` is 1.

    Raises
    ------
    ValueError
        Where `min_pixels` is no integer of at least 1, or `labels` are no planes of labels.
    """
    if not isinstance(min_pixels, Integral) or isinstance(min_pixels, bool) or min_pixels < 1:
        raise ValueError(f"min_pixels must be an integer of at least 1, got {min_pixels!r}.")
    labels = as_labels(labels)
    if min_pixels == 1:
        return labels
    if is_dask(labels):
        whole = labels.rechunk({labels.ndim - 2: -1, labels.ndim - 1: -1})
        return whole.map_blocks(
            remove_specks,
            int(min_pixels),
            n_threads=1,
            dtype=labels.dtype,
            meta=np.empty((0,) * labels.ndim, labels.dtype),
        )
    if labels.size and not 0 <= labels.min() <= labels.max() <= MAX_LABELS:
        raise ValueError(f"Labels must be in 0..{MAX_LABELS}, got {labels.min()}..{labels.max()}.")
    planes = as_planes(labels)
    cleaned = np.empty(planes.shape, labels.dtype)

    def clean(plane: int) -> None:
        cleaned[plane] = _clean_plane(planes[plane], int(min_pixels))

    map_in_threads(clean, range(len(planes)), progress, "Removing specks", n_threads)
    return cleaned.reshape(labels.shape)


def _clean_plane(plane: np.ndarray, min_pixels: int) -> np.ndarray:
    narrow = plane if plane.dtype == np.uint8 else plane.astype(np.uint16, copy=False)
    labels = np.ascontiguousarray(narrow)
    min_pixels = min(min_pixels, labels.size + 1)
    patches, n_patches = find_regions(labels, n_threads=1)
    index = patches.dtype
    parents = np.arange(n_patches, dtype=index)
    sizes = np.zeros(n_patches, index)
    label_of = np.zeros(n_patches, np.uint16)
    measure_patches(labels.ravel(), patches.ravel(), sizes, label_of)
    if not (sizes < min_pixels).any():
        return labels
    following = np.empty(labels.size, index)
    ends = np.full((2, n_patches), -1, index)
    list_pixels(patches.ravel(), sizes, min_pixels, following, ends)
    lines = np.full((2, min_pixels), -1, index)
    behind = np.full(n_patches, -1, index)
    # A border as long as the plane's own is counted without overflow: twice its pixels.
    borders, largest, touched = np.zeros((3, MAX_LABELS + 1), np.int64)
    absorb_specks(
        patches, parents, sizes, label_of, min_pixels, following, ends, lines, behind, borders,
        largest, touched,
    )  # fmt: skip
    cleaned = np.empty_like(labels)
    write_labels(patches.ravel(), parents, label_of, cleaned.ravel())
    return cleaned
