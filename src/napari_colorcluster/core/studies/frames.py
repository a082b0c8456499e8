"""The shares of each cluster in every frame of a stack or a time-lapse."""

from __future__ import annotations

from numbers import Integral
from typing import TYPE_CHECKING, Any

import numpy as np

from napari_colorcluster.core.clustering.clustering import ColorClustering
from napari_colorcluster.core.pixels.blocks import PixelSource
from napari_colorcluster.core.pixels.image import is_dask
from napari_colorcluster.core.pixels.passes import as_source
from napari_colorcluster.core.pixels.pixel_size import PixelSize
from napari_colorcluster.core.support.kinds import check_kind
from napari_colorcluster.core.support.progress import Progress, silent
from napari_colorcluster.core.support.threads import map_in_threads

if TYPE_CHECKING:
    import pandas as pd

STEP = "Counting frames"
"""Name of this step in progress reports."""


def frame_shares(
    clustering: ColorClustering,
    image: Any,
    axis: int = 0,
    mask: Any = None,
    *,
    pixel_size: PixelSize | None = None,
    progress: Progress = silent,
) -> pd.DataFrame:
    """Count the pixels of each cluster in each frame of an image.

    Parameters
    ----------
    clustering : ColorClustering
        The clusters: one palette for all frames.
    image : array, shape (..., 3 or 4), or Picture
        A stack or a time-lapse, numpy or dask; read once, block by block.
    axis : int, default 0
        The axis of the frames, any but that of the channels.
    mask : array of bool, shape (...), optional
        True for the pixels to count.
    pixel_size : PixelSize, optional
        Area or volume of a pixel.
    progress : callable, optional
        Called with the fraction done.

    Returns
    -------
    pandas.DataFrame
        Tidy: one row per frame and cluster, frame by frame in the order of the palette. Columns
        ``frame`` (0, 1, ...), ``index`` (the label), ``name``, ``hex``, ``pixels`` and
        ``fraction`` of the counted pixels of the frame: these add up to 1, or are all 0 if no pixel
        counts. With a pixel size also ``area`` and ``area_unit``, or ``volume`` and
        ``volume_unit``.

    Raises
    ------
    ValueError
        If it is no clustering, or the image has no color channels or no such axis.
    """
    check_kind("clustering", clustering, ColorClustering)
    source = as_source(image, mask, clustering.min_alpha)
    n_axes = len(source.shape)
    if not isinstance(axis, Integral) or not 0 <= axis < n_axes:
        raise ValueError(
            f"axis must be one of the image's axes before the channels, 0..{n_axes - 1}, "
            f"got {axis!r}."
        )
    count = _count_chunks if is_dask(source.image) else _count_blocks
    pixels = count(clustering, source, int(axis), progress)
    table = _table(clustering, pixels[:, clustering.palette.labels])
    return table if pixel_size is None else pixel_size.added_to(table)


def _count_blocks(
    clustering: ColorClustering, source: PixelSource, axis: int, progress: Progress
) -> np.ndarray:
    """The pixels of each label in each frame, shape (n_frames, largest label + 1), int64."""
    n_labels = len(clustering.label_colors)
    blocks = list(source.slices())

    def count(where: tuple[slice, ...]) -> np.ndarray:
        return _count_labels(clustering.predict(source.part(where)), axis, n_labels)

    pixels = np.zeros((source.shape[axis], n_labels), np.int64)
    counts = map_in_threads(count, blocks, progress, STEP)
    for where, block_counts in zip(blocks, counts, strict=True):
        pixels[where[axis]] += block_counts
    return pixels


def _count_chunks(
    clustering: ColorClustering, source: PixelSource, axis: int, progress: Progress
) -> np.ndarray:
    """Like `_count_blocks`, on the active dask scheduler, all chunks of a frame together."""
    import dask

    from napari_colorcluster.core.pixels.on_dask import compute

    n_labels = len(clustering.label_colors)
    labels = clustering.predict(source)
    count = dask.delayed(_count_labels, pure=False)
    chunks = np.moveaxis(labels.to_delayed(), axis, 0)
    pixels = [np.zeros((0, n_labels), np.int64)]
    for n_done, same_frames in enumerate(chunks, start=1):
        tasks = [count(chunk, axis, n_labels) for chunk in np.ravel(same_frames).tolist()]
        pixels.append(sum(compute(*tasks)))
        progress(n_done / len(chunks), STEP)
    return np.concatenate(pixels)


def _count_labels(labels: np.ndarray, axis: int, n_labels: int) -> np.ndarray:
    frames = np.moveaxis(labels, axis, 0)
    counts = np.zeros((len(frames), n_labels), np.int64)
    for frame, row in zip(frames, counts, strict=True):
        row[:] = np.bincount(frame.ravel(), minlength=n_labels)
    return counts


def _table(clustering: ColorClustering, pixels: np.ndarray) -> pd.DataFrame:
    import pandas as pd

    palette = clustering.palette
    n_frames, n_clusters = pixels.shape
    return pd.DataFrame(
        {
            "frame": np.repeat(np.arange(n_frames), n_clusters),
            "index": np.tile(palette.labels, n_frames),
            "name": list(palette.names) * n_frames,
            "hex": list(palette.hex) * n_frames,
            "pixels": pixels.ravel(),
            "fraction": (pixels / np.maximum(pixels.sum(axis=1, keepdims=True), 1)).ravel(),
        }
    )
