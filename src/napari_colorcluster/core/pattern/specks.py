"""Giving speckles to the clusters around them: the one step on labels that looks at neighbors."""

from __future__ import annotations

from math import prod
from numbers import Integral
from typing import Any

import numpy as np

from napari_colorcluster.core.pixels.image import is_dask
from napari_colorcluster.core.pixels.lookup import MAX_LABELS
from napari_colorcluster.core.support.compiled import entry, inner
from napari_colorcluster.core.support.progress import Progress, silent
from napari_colorcluster.core.support.threads import map_in_threads


def clean_regions(
    labels: Any, min_pixels: int, progress: Progress = silent, n_threads: int | None = None
) -> Any:
    """Give each connected region of too few pixels to the cluster around most of it.

    Regions are connected by edges, not by corners. The smallest are given away first, those of a
    size in the order of the image. A region goes to the label that it has the longest border with;
    of equals to that of the largest region there, then to the smallest label. What takes a region
    in grows, and may be large enough then. What is left out (0) neither takes nor is taken, so a
    region stays small where nothing but 0 and the image's edge surround it.

    Parameters
    ----------
    labels : array, shape (..., height, width), integer
        0..65535, numpy or dask; each plane of a stack is cleaned by itself.
    min_pixels : int
        The smallest size of a region that stays. With 1 nothing is done.
    progress : callable, optional
        Told the fraction done, plane by plane.
    n_threads : int, optional
        At most; the planes are parted among them.

    Returns
    -------
    array, shape (..., height, width), of the type of `labels`
        A new array; lazy where `labels` is a dask array, whose planes are one chunk then. The
        labels themselves where `min_pixels` is 1.

    Raises
    ------
    ValueError
        Where `min_pixels` is no integer of at least 1, or `labels` are no planes of labels.
    """
    if not isinstance(min_pixels, Integral) or isinstance(min_pixels, bool) or min_pixels < 1:
        raise ValueError(f"min_pixels must be an integer of at least 1, got {min_pixels!r}.")
    if not is_dask(labels):
        labels = np.asarray(labels)
    if labels.ndim < 2 or labels.dtype.kind not in "ui":
        raise ValueError(
            "Labels must be integers on at least two axes, got "
            f"{labels.dtype.name} of shape {tuple(labels.shape)}."
        )
    if min_pixels == 1:
        return labels
    if is_dask(labels):
        whole = labels.rechunk({labels.ndim - 2: -1, labels.ndim - 1: -1})
        return whole.map_blocks(
            clean_regions,
            int(min_pixels),
            n_threads=1,
            dtype=labels.dtype,
            meta=np.empty((0,) * labels.ndim, labels.dtype),
        )
    if labels.size and not 0 <= labels.min() <= labels.max() <= MAX_LABELS:
        raise ValueError(f"Labels must be in 0..{MAX_LABELS}, got {labels.min()}..{labels.max()}.")
    planes = labels.reshape(prod(labels.shape[:-2]), *labels.shape[-2:])
    # An empty stack has nothing to allocate planes from.
    cleaned = np.empty(planes.shape, labels.dtype)

    def clean(plane: int) -> None:
        cleaned[plane] = _clean_plane(planes[plane], int(min_pixels))

    map_in_threads(clean, range(len(planes)), progress, "Cleaning regions", n_threads)
    return cleaned.reshape(labels.shape)


def _clean_plane(plane: np.ndarray, min_pixels: int) -> np.ndarray:
    narrow = plane if plane.dtype == np.uint8 else plane.astype(np.uint16, copy=False)
    labels = np.ascontiguousarray(narrow)
    min_pixels = min(min_pixels, labels.size + 1)
    # Half the memory where it will do, as it nearly always does.
    index = np.int32 if labels.size < 2**31 else np.int64
    regions = np.empty(labels.shape, index)
    # What is not touched of an array made here takes no memory: most planes have few regions.
    parents = np.empty(labels.size, index)
    n_regions = _part(labels, regions, parents)
    parents = parents[:n_regions]
    sizes = np.zeros(n_regions, index)
    label_of = np.zeros(n_regions, np.uint16)
    if not _measure(labels.ravel(), regions.ravel(), parents, sizes, label_of, min_pixels):
        return labels
    chains = np.empty(labels.size, index)
    ends = np.full((2, n_regions), -1, index)
    _chain(regions.ravel(), sizes, min_pixels, chains, ends)
    # A border as long as the plane's own is counted without overflow: twice its pixels.
    borders, largest = np.zeros((2, MAX_LABELS + 1), np.int64)
    _absorb(regions, parents, sizes, label_of, min_pixels, chains, ends, borders, largest)
    cleaned = np.empty_like(labels)
    _relabel(regions.ravel(), parents, label_of, cleaned.ravel())
    return cleaned


@inner
def _root(parents, region):
    while parents[region] != region:
        parents[region] = parents[parents[region]]
        region = parents[region]
    return region


@entry
def _part(labels, regions, parents):
    """Number the regions in one pass; those that meet later are united in `parents`."""
    n_regions = 0
    for row in range(labels.shape[0]):
        for column in range(labels.shape[1]):
            label = labels[row, column]
            if label == 0:
                regions[row, column] = -1
                continue
            left = column > 0 and labels[row, column - 1] == label
            above = row > 0 and labels[row - 1, column] == label
            if left:
                region = regions[row, column - 1]
                # Where the pixel left of the one above belongs too, the two have met already.
                if above and labels[row - 1, column - 1] != label:
                    one = _root(parents, region)
                    other = _root(parents, regions[row - 1, column])
                    # The smaller number is the root, so that one pass finds all roots.
                    parents[max(one, other)] = min(one, other)
            elif above:
                region = regions[row - 1, column]
            else:
                region = n_regions
                parents[region] = region
                n_regions += 1
            regions[row, column] = region
    return n_regions


@entry
def _measure(labels, regions, parents, sizes, label_of, min_pixels):
    """Give each pixel its region's root, and each root its size and label; count the small."""
    for region in range(parents.size):
        parents[region] = parents[parents[region]]
    for pixel in range(regions.size):
        if regions[pixel] >= 0:
            root = parents[regions[pixel]]
            regions[pixel] = root
            sizes[root] += 1
            label_of[root] = labels[pixel]
    n_small = 0
    for region in range(parents.size):
        n_small += 0 < sizes[region] < min_pixels
    return n_small


@entry
def _chain(regions, sizes, min_pixels, chains, ends):
    """List the pixels of each small region: its first and last, and what follows on each."""
    for pixel in range(regions.size):
        region = regions[pixel]
        if region < 0 or sizes[region] >= min_pixels:
            continue
        chains[pixel] = -1
        if ends[0, region] < 0:
            ends[0, region] = pixel
        else:
            chains[ends[1, region]] = pixel
        ends[1, region] = pixel


@inner
def _neighbor(regions, parents, pixel, side):
    """The root of the region on one side of a pixel; -1 where there is none."""
    height, width = regions.shape
    row, column = pixel // width, pixel % width
    if side == 0:
        row -= 1
    elif side == 1:
        column -= 1
    elif side == 2:
        column += 1
    else:
        row += 1
    if row < 0 or column < 0 or row == height or column == width or regions[row, column] < 0:
        return -1
    return _root(parents, regions[row, column])


@entry
def _absorb(regions, parents, sizes, label_of, min_pixels, chains, ends, borders, largest):
    """Give the small regions away, the smallest first.

    They wait in a line for each size. One that has grown meanwhile goes to the end of its new
    line when its turn comes. The one whose turn it is has no smaller neighbor, so it at least
    doubles: no pixel is looked at more than log2(min_pixels) times.
    """
    lines = np.full((2, min_pixels), -1, parents.dtype)
    behind = np.full(parents.size, -1, parents.dtype)
    touched = np.empty(borders.size, np.int64)
    for region in range(parents.size):
        if 0 < sizes[region] < min_pixels:
            _queue(region, sizes[region], lines, behind)
    for size in range(1, min_pixels):
        while lines[0, size] >= 0:
            region = lines[0, size]
            lines[0, size] = behind[region]
            if parents[region] != region or sizes[region] >= min_pixels:
                continue
            if sizes[region] > size:
                _queue(region, sizes[region], lines, behind)
                continue
            n_touched = 0
            pixel = ends[0, region]
            while pixel >= 0:
                for side in range(4):
                    other = _neighbor(regions, parents, pixel, side)
                    if other >= 0 and other != region:
                        label = label_of[other]
                        if borders[label] == 0:
                            touched[n_touched] = label
                            n_touched += 1
                        borders[label] += 1
                        largest[label] = max(largest[label], sizes[other])
                pixel = chains[pixel]
            if n_touched == 0:
                continue
            taker = touched[0]
            for i in range(1, n_touched):
                label = touched[i]
                if borders[label] != borders[taker]:
                    better = borders[label] > borders[taker]
                elif largest[label] != largest[taker]:
                    better = largest[label] > largest[taker]
                else:
                    better = label < taker
                if better:
                    taker = label
            size_of_taker = largest[taker]
            for i in range(n_touched):
                borders[touched[i]] = 0
                largest[touched[i]] = 0
            _unite(
                regions, parents, sizes, label_of, min_pixels, chains, ends,
                region, taker, size_of_taker,
            )  # fmt: skip


@inner
def _queue(region, size, lines, behind):
    behind[region] = -1
    if lines[0, size] < 0:
        lines[0, size] = region
    else:
        behind[lines[1, size]] = region
    lines[1, size] = region


@inner
def _unite(
    regions, parents, sizes, label_of, min_pixels, chains, ends, region, taker, size_of_taker
):
    """Make a region one with all its neighbors of a label; the largest of them is the root."""
    root = parents.size
    pixel = ends[0, region]
    while pixel >= 0:
        for side in range(4):
            other = _neighbor(regions, parents, pixel, side)
            taken = other >= 0 and other != region and label_of[other] == taker
            if taken and sizes[other] == size_of_taker:
                root = min(root, other)
        pixel = chains[pixel]
    pixel = ends[0, region]
    while pixel >= 0:
        for side in range(4):
            other = _neighbor(regions, parents, pixel, side)
            taken = other >= 0 and other != region and label_of[other] == taker
            if taken and other != root:
                parents[other] = root
                _append(other, root, sizes, min_pixels, chains, ends)
        pixel = chains[pixel]
    parents[region] = root
    _append(region, root, sizes, min_pixels, chains, ends)


@inner
def _append(region, root, sizes, min_pixels, chains, ends):
    # Nobody asks for the pixels of what is large enough.
    if sizes[root] < min_pixels and sizes[region] < min_pixels:
        chains[ends[1, root]] = ends[0, region]
        ends[1, root] = ends[1, region]
    sizes[root] += sizes[region]


@entry
def _relabel(regions, parents, label_of, labels):
    for pixel in range(regions.size):
        region = regions[pixel]
        labels[pixel] = 0 if region < 0 else label_of[_root(parents, region)]
