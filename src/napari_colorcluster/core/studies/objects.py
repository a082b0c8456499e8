"""Shares of the objects in an image: how much of each cluster is in each label of a label image."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from napari_colorcluster.core.clustering.clustering import ColorClustering
from napari_colorcluster.core.pattern.label_image import compact, read_objects
from napari_colorcluster.core.pixels.blocks import PixelSource
from napari_colorcluster.core.pixels.image import as_label_array, is_dask
from napari_colorcluster.core.pixels.passes import as_source
from napari_colorcluster.core.pixels.pixel_size import PixelSize
from napari_colorcluster.core.support.compiled import entry
from napari_colorcluster.core.support.kinds import check_kind
from napari_colorcluster.core.support.progress import Progress, silent
from napari_colorcluster.core.support.threads import map_in_threads

if TYPE_CHECKING:
    import pandas as pd

WHAT = "Counting objects"
"""The step in words."""

_LARGEST_TABLE = 1 << 18
"""Entries of a table of all objects up to the highest; beyond, they are numbered first."""

_Counted = tuple[np.ndarray, np.ndarray]
"""Objects (m,), and the pixels of each label in each of them, shape (m, largest label + 1)."""


def shares_by_label(
    clustering: ColorClustering,
    image: Any,
    labels: Any,
    mask: Any = None,
    *,
    pixel_size: PixelSize | None = None,
    progress: Progress = silent,
) -> pd.DataFrame:
    """Count how much of each cluster there is in each object of an image, in one pass.

    Parameters
    ----------
    clustering : ColorClustering
        The clusters: one palette for all objects.
    image : array, shape (..., 3 or 4), or Picture
        numpy or dask; it is read once, block by block.
    labels : array of integer, shape (...)
        The object of each pixel, such as the number of a leaf on a scan; 0 for none. An object may
        lie in several pieces, and objects may touch.
    mask : array of bool, shape (...), optional
        True where a pixel takes part.
    pixel_size : PixelSize, optional
        What a pixel covers, where it is known.
    progress : callable, optional
        Told the fraction done.

    Returns
    -------
    pandas.DataFrame
        Tidy: one row per object and cluster, objects ascending, clusters in the palette's order.
        Columns ``label`` (the object), ``index`` (the cluster's label), ``name``, ``hex``,
        ``pixels`` and ``fraction`` of the object's pixels that take part: they add up to 1, and are
        all 0 where none does. With a pixel size also ``area`` and ``area_unit``, or ``volume`` and
        ``volume_unit``.

    Raises
    ------
    ValueError
        Where it is no clustering, the image has no colors, or the labels are no integers from 0 on
        or do not fit it.
    """
    check_kind("clustering", clustering, ColorClustering)
    source = as_source(image, mask, clustering.min_alpha)
    labels = _as_objects(labels, source)
    count = _count_chunks if is_dask(source.image) else _count_blocks
    objects, pixels = _add(count(clustering, source, labels, progress), clustering)
    table = _table(clustering, objects, pixels[:, clustering.palette.labels])
    return table if pixel_size is None else pixel_size.added_to(table)


def _as_objects(labels: Any, source: PixelSource) -> Any:
    labels = as_label_array(labels)
    if np.dtype(labels.dtype).kind not in "ui":
        raise ValueError(f"The labels must be integers, got {np.dtype(labels.dtype).name}.")
    if tuple(labels.shape) != source.shape:
        raise ValueError(
            f"The labels must have the image's shape without channels, {source.shape}, got "
            f"{tuple(labels.shape)}."
        )
    return np.asarray(labels) if isinstance(source.image, np.ndarray) else labels


def _count_blocks(
    clustering: ColorClustering, source: PixelSource, labels: Any, progress: Progress
) -> list[_Counted]:
    n_labels = len(clustering.label_colors)

    def count(where: tuple[slice, ...]) -> _Counted:
        clusters = clustering.predict(source.part(where))
        return _count_labels(clusters, np.asarray(labels[where]), n_labels)

    return map_in_threads(count, list(source.slices()), progress, WHAT)


def _count_chunks(
    clustering: ColorClustering, source: PixelSource, labels: Any, progress: Progress
) -> list[_Counted]:
    """Like `_count_blocks`, chunk by chunk on the active scheduler."""
    import dask
    import dask.array as da

    from napari_colorcluster.core.pattern.on_dask import compute_each

    found = clustering.predict(source)
    objects = da.asarray(labels).rechunk(found.chunks)
    count = dask.delayed(_count_labels, pure=False)
    chunks = (np.ravel(each.to_delayed()).tolist() for each in (found, objects))
    tasks = [count(*pair, len(clustering.label_colors)) for pair in zip(*chunks, strict=True)]
    return compute_each(tasks, progress, WHAT)


def _count_labels(clusters: np.ndarray, objects: np.ndarray, n_labels: int) -> _Counted:
    if objects.size == 0:
        return np.zeros(0, np.int64), np.zeros((0, n_labels), np.int64)
    objects = read_objects(objects.reshape(1, -1), ...)
    highest = int(objects.max())
    if (highest + 1) * n_labels <= _LARGEST_TABLE:
        found = np.arange(1, highest + 1)
    else:
        found, objects = compact(objects)
    counts = np.zeros((len(found) + 1, n_labels), np.int64)
    _count_pixels(np.ascontiguousarray(clusters).reshape(-1), objects.reshape(-1), counts)
    # Label 0 has a column too, so an object is there also where none of its pixels takes part.
    there = counts[1:].any(axis=1)
    return found[there], counts[1:][there]


@entry
def _count_pixels(clusters, objects, counts):
    """Count each pixel by its object and its label, in `counts`: (m + 1, largest label + 1)."""
    for pixel in range(clusters.size):
        counts[objects[pixel], clusters[pixel]] += 1


def _add(parts: list[_Counted], clustering: ColorClustering) -> _Counted:
    nothing = np.zeros(0, np.int64)
    objects = np.unique(np.concatenate([nothing, *(found for found, _ in parts)]))
    pixels = np.zeros((len(objects), len(clustering.label_colors)), np.int64)
    for found, counts in parts:
        pixels[np.searchsorted(objects, found)] += counts
    return objects, pixels


def _table(clustering: ColorClustering, objects: np.ndarray, pixels: np.ndarray) -> pd.DataFrame:
    import pandas as pd

    palette = clustering.palette
    m, k = pixels.shape
    return pd.DataFrame(
        {
            "label": np.repeat(objects, k),
            "index": np.tile(palette.labels, m),
            "name": list(palette.names) * m,
            "hex": list(palette.hex) * m,
            "pixels": pixels.ravel(),
            "fraction": (pixels / np.maximum(pixels.sum(axis=1, keepdims=True), 1)).ravel(),
        }
    )
