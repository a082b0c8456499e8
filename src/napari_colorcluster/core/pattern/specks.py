"""Removing specks: connected patches that are too small go to what surrounds them."""

from __future__ import annotations

from functools import partial
from numbers import Integral
from typing import Any

import numpy as np

from napari_colorcluster.core.pattern.connected.absorbing import PlanePatches
from napari_colorcluster.core.pattern.label_image import as_labels
from napari_colorcluster.core.pattern.planes import map_planes
from napari_colorcluster.core.support.progress import Progress, silent


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
    if min_pixels == 1:
        return as_labels(labels)
    clean = partial(_clean_plane, min_pixels=int(min_pixels))
    return map_planes(clean, labels, progress, "Removing specks", n_threads)


def _clean_plane(labels: np.ndarray, min_pixels: int) -> np.ndarray:
    return PlanePatches.of(labels).absorbed(min_pixels)
