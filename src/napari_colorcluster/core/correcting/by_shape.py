"""Corrections by shape: clusters grow, shrink, lose their holes or get smooth outlines.

In all of them label 0 counts as what lies beyond the edge of the image: it never changes, and no
pixel becomes 0. Each plane of a stack is by itself, and a length is one within the plane.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

import numpy as np

from napari_colorcluster.core.correcting.checks import check_clusters, check_distance
from napari_colorcluster.core.correcting.nearest_loops import nearest_in_columns, take_nearest
from napari_colorcluster.core.pattern.connected.regions import find_regions
from napari_colorcluster.core.pattern.counts import as_spacing
from napari_colorcluster.core.pattern.label_image import compact
from napari_colorcluster.core.pattern.planes import map_planes
from napari_colorcluster.core.pixels.lookup import MAX_LABELS
from napari_colorcluster.core.support.numbers import is_integer
from napari_colorcluster.core.support.progress import Progress, silent

MOST_SMOOTHED = 1000
"""Clusters in a plane, up to which it can be smoothed: all are counted around each pixel."""


def grow_clusters(
    labels: Any,
    clusters: Iterable[int],
    distance: float,
    spacing: Any = 1.0,
    progress: Progress = silent,
) -> Any:
    """Let clusters take the pixels around them from all other clusters.

    A pixel of another cluster goes to the nearest of these whose pixels are within the distance,
    measured between the centers of pixels; of equally near ones to the smallest label. Nothing is
    taken from one of these clusters by another, nor from label 0.

    Parameters
    ----------
    labels : array, shape (..., height, width), integer
        0..65535, numpy or dask; each plane of a stack by itself.
    clusters : iterable of int
        The labels that grow.
    distance : float
        How far they reach, in pixels, or in the unit of `spacing`.
    spacing : float or (float, float), default 1.0
        Size of a pixel, along rows and columns of the array where it has two.
    progress : callable, optional
        Told the fraction done, plane by plane.

    Returns
    -------
    array, shape (..., height, width), of the type of `labels`
        A new array; lazy where `labels` is a dask array.

    Raises
    ------
    ValueError
        Where there is no cluster, `distance` or `spacing` is not above 0, or `labels` are no
        planes of labels.

    See Also
    --------
    skimage.segmentation.expand_labels : Labels that grow into 0 alone.
    """
    selected, others = _selected_and_others(clusters)
    return _spread(labels, selected, others, distance, spacing, progress, "Growing clusters")


def shrink_clusters(
    labels: Any,
    clusters: Iterable[int],
    distance: float,
    spacing: Any = 1.0,
    progress: Progress = silent,
) -> Any:
    """Let clusters lose the pixels along their borders to the clusters around them.

    All other clusters grow into these, as in `grow_clusters`: a pixel goes to the nearest of the
    others within the distance, of equally near ones to the smallest label. Where two of these
    clusters meet, where they meet label 0, and at the edge of the image they stay as they are.

    Parameters
    ----------
    labels, distance, spacing, progress
        As `grow_clusters` takes them.
    clusters : iterable of int
        The labels that shrink.

    Returns
    -------
    array, shape (..., height, width), of the type of `labels`
        A new array; lazy where `labels` is a dask array.

    Raises
    ------
    ValueError
        As by `grow_clusters`.
    """
    selected, others = _selected_and_others(clusters)
    return _spread(labels, others, selected, distance, spacing, progress, "Shrinking clusters")


def fill_holes(
    labels: Any,
    clusters: Iterable[int],
    max_pixels: int | None = None,
    progress: Progress = silent,
) -> Any:
    """Let clusters take what they enclose.

    A hole in a cluster is a region of pixels that are not of it, connected by edges, which reaches
    neither the edge of the image nor label 0. Its pixels go to the cluster that encloses it, but
    for those of others of these clusters. A pixel in holes of several goes to that of the smallest
    hole; of equally large ones to the smallest label.

    Parameters
    ----------
    labels, progress
        As `grow_clusters` takes them.
    clusters : iterable of int
        The labels whose holes are filled.
    max_pixels : int, optional
        The largest hole that is filled; by default all are.

    Returns
    -------
    array, shape (..., height, width), of the type of `labels`
        A new array; lazy where `labels` is a dask array.

    Raises
    ------
    ValueError
        Where there is no cluster, `max_pixels` is no integer of at least 1, or `labels` are no
        planes of labels.
    """
    if max_pixels is not None and not (is_integer(max_pixels) and max_pixels >= 1):
        raise ValueError(f"max_pixels must be an integer of at least 1, got {max_pixels!r}.")
    fill = partial(_fill_plane, clusters=check_clusters(clusters), max_pixels=max_pixels)
    return map_planes(fill, labels, progress, "Filling holes")


def smooth_clusters(
    labels: Any,
    clusters: Iterable[int],
    distance: float,
    spacing: Any = 1.0,
    progress: Progress = silent,
) -> Any:
    """Smooth the outlines of clusters: each pixel goes to the majority around it.

    The majority filter is the median filter of a mask, for any number of labels: corners become
    round, and what is thinner than the disc, be it a line, a gap or a speck, goes; straight borders
    stay where they are. A pixel changes only where it was or becomes one of these clusters. Of
    labels that are equally frequent around it, the smallest is taken; label 0 is not counted.

    Parameters
    ----------
    labels, spacing, progress
        As `grow_clusters` takes them.
    clusters : iterable of int
        The labels whose outlines are smoothed.
    distance : float
        The radius of the disc that is looked at around each pixel, in pixels, or in the unit of
        `spacing`.

    Returns
    -------
    array, shape (..., height, width), of the type of `labels`
        A new array; lazy where `labels` is a dask array.

    Raises
    ------
    ValueError
        As by `grow_clusters`, or where a plane has more than 1,000 clusters.

    See Also
    --------
    skimage.filters.rank.majority : The filter.
    """
    selected = _table_of(check_clusters(clusters))
    disc = {"distance": check_distance(distance), "spacing": as_spacing(spacing)}
    smooth = partial(_smooth_plane, selected=selected, **disc)
    return map_planes(smooth, labels, progress, "Smoothing clusters")


def _selected_and_others(clusters: Iterable[int]) -> tuple[np.ndarray, np.ndarray]:
    """Whether each possible label is one of these clusters, and whether it is another one."""
    selected = _table_of(check_clusters(clusters))
    others = ~selected
    others[0] = False
    return selected, others


def _table_of(clusters: list[int]) -> np.ndarray:
    """Whether each possible label is one of these clusters."""
    table = np.zeros(MAX_LABELS + 1, np.bool_)
    table[clusters] = True
    return table


def _spread(
    labels: Any,
    sources: np.ndarray,
    takers: np.ndarray,
    distance: float,
    spacing: Any,
    progress: Progress,
    what: str,
) -> Any:
    height, width = as_spacing(spacing)
    # In widths of a pixel: what is equally far by symmetry is so to the bit where pixels are
    # square.
    reach, row_height = check_distance(distance) / width, height / width
    spread = partial(
        _spread_plane, sources=sources, may_change=takers, reach=reach, row_height=row_height
    )
    return map_planes(spread, labels, progress, what)


def _spread_plane(
    labels: np.ndarray,
    sources: np.ndarray,
    may_change: np.ndarray,
    reach: float,
    row_height: float,
) -> np.ndarray:
    near = np.empty(labels.shape, np.uint16)
    away = np.empty(labels.shape, np.int32)
    rows = int(min(reach / row_height * (1 + 1e-9), labels.shape[0]))
    nearest_in_columns(labels, sources, rows, near, away)
    taken = np.empty_like(labels)
    take_nearest(labels, may_change, near, away, row_height, reach, taken)
    return taken


def _fill_plane(labels: np.ndarray, clusters: list[int], max_pixels: int | None) -> np.ndarray:
    if not labels.size:
        return labels
    filled, no_hole = labels.copy(), labels.size + 1
    may_change = ~_table_of([0, *clusters])[labels]
    index = np.int32 if no_hole < 2**31 else np.int64
    smallest = np.full(labels.shape, min(max_pixels or labels.size, labels.size) + 1, index)
    for cluster in clusters:
        regions, n_regions = find_regions((labels != cluster).view(np.uint8), n_threads=1)
        # What is of the cluster itself is in region -1, counted in the last place.
        sizes = np.roll(np.bincount(regions.ravel() + 1, minlength=n_regions + 1), -1).astype(index)
        sizes[-1] = no_hole
        for open_ones in (regions[[0, -1]], regions[:, [0, -1]], regions[labels == 0]):
            sizes[open_ones] = no_hole
        size_of = sizes[regions]
        inside = may_change & (size_of < smallest)
        filled[inside] = cluster
        smallest[inside] = size_of[inside]
    return filled


def _smooth_plane(
    labels: np.ndarray, selected: np.ndarray, distance: float, spacing: tuple[float, float]
) -> np.ndarray:
    # scikit-image's filters take long to import: only who smooths waits for them.
    from skimage.filters import rank

    if not labels.any():
        return labels
    found, numbers = compact(labels)
    if len(found) > MOST_SMOOTHED:
        raise ValueError(
            f"At most {MOST_SMOOTHED:,} clusters can be smoothed together, got {len(found):,}."
        )
    is_there = labels != 0
    disc = _disc(distance, spacing, labels.shape)
    winners = rank.majority(numbers.astype(np.uint16), disc, mask=is_there)
    smoothed = np.concatenate([[0], found]).astype(labels.dtype)[winners]
    changes = is_there & (selected[labels] | selected[smoothed])
    return np.where(changes, smoothed, labels)


def _disc(distance: float, spacing: tuple[float, float], shape: tuple[int, int]) -> np.ndarray:
    """A mask of the pixels within a distance of the middle one, as far as a plane reaches."""
    reach = distance * (1 + 1e-9)
    offsets = []
    for step, size in zip(spacing, shape, strict=True):
        most = int(min(reach / step, size))
        offsets.append(np.arange(-most, most + 1) * step)
    squared = offsets[0][:, np.newaxis] ** 2 + offsets[1] ** 2
    return (squared <= reach**2).astype(np.uint8)
