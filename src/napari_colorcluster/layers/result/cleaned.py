"""The labels of an image without specks, and of which size they can be cleaned or corrected."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from napari_colorcluster.core.clustering.clustering import ColorClustering
from napari_colorcluster.core.pixels.image import is_dask
from napari_colorcluster.core.pixels.picture import Picture
from napari_colorcluster.core.support.progress import Progress, part
from napari_colorcluster.layers.images.layer_data import level_centers, n_pixels

MAX_CLEANED = 1 << 28
"""Pixels of a dask image that specks are removed from, or that is corrected by place or shape: its
labels are kept in memory for specks, and each plane takes some 12 bytes a pixel meanwhile."""


def labels_without_specks(
    clustering: ColorClustering,
    levels: Sequence[Any],
    mask: np.ndarray | None,
    min_pixels: int,
    progress: Progress,
) -> list[np.ndarray]:
    """Label the full resolution, remove specks, and take coarser levels from that.

    Parameters
    ----------
    clustering : ColorClustering
        What tells the labels.
    levels : sequence of array, shape (..., 3 or 4), or Picture
        The image, full resolution first.
    mask : ndarray of bool, optional
        Which pixels of the full resolution take part.
    min_pixels : int
        Patches of fewer pixels are specks.
    progress : callable
        Called with the fraction done.

    Raises
    ------
    ValueError
        Where a dask image has more than `MAX_CLEANED` pixels.
    """
    full, *coarse = map(_pixels, levels)
    _check_size("Specks can be removed from", full, n_pixels(full))
    labels = clustering.predict(levels[0], mask, progress=part(progress, 0.0, 0.3))
    labels = _cleaned(labels, min_pixels, progress)
    shapes = [level.shape[:-1] for level in coarse]
    return [labels, *(labels[level_centers(labels.shape, shape)] for shape in shapes)]


def _cleaned(labels: Any, min_pixels: int, progress: Progress) -> np.ndarray:
    """Remove specks; of a dask array plane by plane."""
    from napari_colorcluster.core.pattern.specks import remove_specks

    if not is_dask(labels):
        return remove_specks(labels, min_pixels, part(progress, 0.3, 0.8))
    cleaned = np.empty(labels.shape, labels.dtype)
    planes = list(np.ndindex(labels.shape[:-2]))
    for done, plane in enumerate(planes):
        progress(0.8 * done / len(planes), "Cleaning regions")
        cleaned[plane] = remove_specks(np.asarray(labels[plane]), min_pixels)
    return cleaned


def _pixels(image: Any) -> Any:
    return image.pixels if isinstance(image, Picture) else image


def check_correctable(labels: Any) -> None:
    """Refuse labels of a dask image that is too large to be corrected by place or shape."""
    _check_size("Patches and shapes can be corrected in", labels, prod(labels.shape))


def _check_size(what: str, image: Any, size: float) -> None:
    """Refuse what would keep the labels of a dask image in memory, where it has many pixels."""
    if is_dask(image) and size > MAX_CLEANED:
        raise ValueError(
            f"{what} dask images of up to {MAX_CLEANED / 1e6:,.0f} megapixels, got "
            f"{size / 1e6:,.0f}."
        )
