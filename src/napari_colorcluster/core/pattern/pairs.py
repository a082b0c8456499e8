"""Pairs of neighboring pixels, counted by their labels: of arrays in memory, strip by strip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from napari_colorcluster.core.pattern.label_image import (
    as_planes,
    compact,
    read_labels,
    read_objects,
)
from napari_colorcluster.core.pattern.pair_loops import (
    count_corners,
    count_pairs,
    count_pairs_within,
)
from napari_colorcluster.core.support.progress import Progress, silent
from napari_colorcluster.core.support.threads import map_in_threads

WHAT = "Counting neighbors"
"""The step in words."""

MAX_CLUSTERS = 1024
"""Labels whose pairs are counted at most: the tables grow with their square."""

_STRIP_PIXELS = 1 << 19
"""Pixels that are counted at once: what is made of them stays in a core's cache."""

_FEW = 17
"""Labels, 0 included, up to which the table of their corners stays in a core's first cache."""


@dataclass(frozen=True, eq=False)
class Pairs:
    """How often each pair of labels lies side by side, for each object.

    Attributes
    ----------
    labels : ndarray, shape (k,), int64
        The labels, without 0; ascending as they are counted.
    objects : ndarray, shape (m,), int64
        The objects, likewise; ``[1]`` where the whole image is one.
    horizontal, vertical : ndarray, shape (m, k, k), int64
        Pairs along x, by the left and the right pixel; along y, by the upper and the lower one.
    pixels : ndarray, shape (m, k), int64
        Pixels of each label.
    """

    labels: np.ndarray
    objects: np.ndarray
    horizontal: np.ndarray
    vertical: np.ndarray
    pixels: np.ndarray


def count_in_memory(
    labels: np.ndarray,
    objects: np.ndarray | None = None,
    mask: np.ndarray | None = None,
    progress: Progress = silent,
    n_threads: int | None = None,
) -> Pairs:
    """Count the pairs of neighbors in each plane of a stack.

    Parameters
    ----------
    labels : ndarray, shape (..., height, width), integer
        0..65535; 0 is left out.
    objects : ndarray, of the same shape, integer, optional
        Which object a pixel is of; 0 is left out. Pairs are counted within an object.
    mask : ndarray, of the same shape, bool, optional
        True where a pixel takes part.
    progress : callable, optional
        Told the fraction done.
    n_threads : int, optional
        At most.

    Raises
    ------
    ValueError
        Where a label is out of range or there are too many.
    """
    planes, of_objects, masks = (
        None if each is None else as_planes(each) for each in (labels, objects, mask)
    )
    n_planes, height, width = planes.shape
    n_rows = max(1, _STRIP_PIXELS // max(width, 1))
    strips = [
        (plane, start) for plane in range(n_planes if width else 0)
        for start in range(0, height, n_rows)
    ]  # fmt: skip

    def count(strip: tuple[int, int]) -> Pairs:
        plane, start = strip
        # One more: pairs with the next strip's first row are counted here.
        where = plane, slice(start, start + n_rows + 1)
        n_counted = min(n_rows, height - start)
        return _count(read_labels(planes, masks, where), read_objects(of_objects, where), n_counted)

    return add_pairs(map_in_threads(count, strips, progress, WHAT, n_threads))


def count_across(first: np.ndarray, second: np.ndarray, axis: int) -> Pairs:
    """Count the pairs between two lines of pixels that lie side by side.

    Parameters
    ----------
    first, second : ndarray, shape (1 or 2, n), integer
        Labels, and objects where there are any, of the line that is first along the axis and of
        the other one.
    axis : 0 or 1
        Along which axis the two follow each other: 0 for y, 1 for x.
    """
    labels, *objects = np.stack([first, second], axis=1)
    pairs = _count(labels, objects[0] if objects else None, 1)
    across, none = pairs.vertical, np.zeros_like(pairs.vertical)
    horizontal, vertical = (none, across) if axis == 0 else (across, none)
    return replace(
        pairs, horizontal=horizontal, vertical=vertical, pixels=np.zeros_like(pairs.pixels)
    )


def _count(labels: np.ndarray, objects: np.ndarray | None, n_rows: int) -> Pairs:
    """Count `n_rows` rows; one more row is there for the pairs with it."""
    if objects is not None:
        labels = np.where(objects > 0, labels, labels.dtype.type(0))
    found, labels = compact(labels)
    check_number(found)
    labels, k = np.ascontiguousarray(labels), len(found) + 1
    if objects is None:
        found_objects, n_objects = np.ones(1, np.int64), 1
    else:
        found_objects, objects = compact(objects)
        objects, n_objects = objects.astype(np.int32, copy=False), len(found_objects) + 1
    horizontal, vertical = np.zeros((2, n_objects, k, k), np.int64)
    pixels = np.zeros((n_objects, k), np.int64)
    if objects is not None:
        count_pairs_within(labels, objects, n_rows, horizontal, vertical, pixels)
        horizontal, vertical, pixels = horizontal[1:], vertical[1:], pixels[1:]
    elif k <= _FEW:
        corners = np.zeros((2, k, k, k), np.int32)
        count_corners(labels, n_rows, corners)
        both = corners.sum(axis=0, dtype=np.int64)
        horizontal[0], vertical[0] = both.sum(axis=2), both.sum(axis=1)
        pixels[0] = vertical[0].sum(axis=1)
    else:
        count_pairs(labels, n_rows, horizontal[0], vertical[0], pixels[0])
    inner = (slice(None), slice(1, None), slice(1, None))
    return Pairs(found, found_objects, horizontal[inner], vertical[inner], pixels[:, 1:])


def check_number(labels: np.ndarray) -> None:
    """Refuse labels of which there are too many to count pairs of."""
    if len(labels) > MAX_CLUSTERS:
        raise ValueError(
            f"Pairs of at most {MAX_CLUSTERS:,} labels can be counted, got {len(labels):,}: labels "
            "that number single objects are given as objects."
        )


def add_pairs(parts: Sequence[Pairs]) -> Pairs:
    """Add the counts of parts of an image, whatever labels and objects occur in each."""
    nothing = np.zeros(0, np.int64)
    labels = np.unique(np.concatenate([nothing, *(part.labels for part in parts)]))
    objects = np.unique(np.concatenate([nothing, *(part.objects for part in parts)]))
    check_number(labels)
    return arrange(parts, labels, objects)


def arrange(parts: Sequence[Pairs], labels: np.ndarray, objects: np.ndarray) -> Pairs:
    """Add counts up in a given order of labels and objects, all of which they include.

    Parameters
    ----------
    parts : sequence of Pairs
        May lack some of the labels and objects, but have no others.
    labels : ndarray, shape (k,), int64
        In any order.
    objects : ndarray, shape (m,), int64
        Likewise.
    """
    m, k = len(objects), len(labels)
    horizontal, vertical = np.zeros((2, m, k, k), np.int64)
    pixels = np.zeros((m, k), np.int64)
    for part in parts:
        rows, columns = _places(part.objects, objects), _places(part.labels, labels)
        where = np.ix_(rows, columns, columns)
        horizontal[where] += part.horizontal
        vertical[where] += part.vertical
        pixels[np.ix_(rows, columns)] += part.pixels
    return Pairs(labels, objects, horizontal, vertical, pixels)


def _places(values: np.ndarray, among: np.ndarray) -> np.ndarray:
    """Where each value stands in an array that has them all."""
    order = np.argsort(among)
    return order[np.searchsorted(among, values, sorter=order)]
