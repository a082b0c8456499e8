"""Boxes of a label image that have been painted: what napari tells of them, what was there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from napari_colorcluster.core.correcting.overlay import Overlay

Box = tuple[slice, ...]
"""A slice of each axis, with its start and its stop."""

Part = tuple[Box, np.ndarray, np.ndarray]
"""A box of a label image, with its labels before and after a change."""

_MOST_BOXES = 200
"""napari undoes up to 100 strokes, and has up to 100 to be redone."""


def stroke_of(data: Any, steps: Iterable[tuple[Any, ...]]) -> Part:
    """What a stroke changes, from what the event ``paint`` of a Labels layer tells.

    Parameters
    ----------
    data : array
        The layer's data. napari tells of strokes of the mouse when they are painted, of what is
        painted from a script just before.
    steps : iterable of tuple
        The event's value: the steps of the stroke, in order. Those of napari's tools hold a box,
        a mask of the pixels in it (None for all), their labels before, and the label that is
        painted; those of ``data_setitem`` indices of pixels, and their labels before and after.

    Returns
    -------
    Part
        The box around the stroke.
    """
    places = [_place(step, data.shape) for step in steps]
    starts = np.min([[axis.start for axis in box] for box, *_ in places], axis=0).tolist()
    stops = np.max([[axis.stop for axis in box] for box, *_ in places], axis=0).tolist()
    around = tuple(map(slice, starts, stops))
    after = np.array(data[around])
    for box, which, _, new in places:
        _shared(after, around, box)[which] = new
    before = after.copy()
    for box, which, old, _ in reversed(places):
        _shared(before, around, box)[which] = old
    return around, before, after


def _place(step: tuple[Any, ...], shape: tuple[int, ...]) -> tuple[Box, Any, Any, Any]:
    """The box of a step, which of its pixels are painted, and their labels before and after."""
    if len(step) == 4:
        box, mask, old, new = step
        return box, ... if mask is None else mask, old, new
    indices, old, new = step
    indices = [np.asarray(index) % size for index, size in zip(indices, shape, strict=True)]
    box = tuple(slice(int(index.min()), int(index.max()) + 1) for index in indices)
    inside = tuple(index - axis.start for index, axis in zip(indices, box, strict=True))
    return box, inside, old, new


class Seen:
    """What a label image held where it has been painted, when that was looked at last.

    napari's undo does not tell what it paints, but it paints where a stroke has been.
    """

    def __init__(self) -> None:
        self._boxes: list[tuple[Box, np.ndarray]] = []

    def recall(self, box: Box, labels: np.ndarray) -> None:
        """Write what is known of a box into its labels."""
        for other, known in self._boxes:
            if (common := _common(box, other)) is not None:
                _shared(labels, box, common)[...] = _shared(known, other, common)

    def keep(self, box: Box, labels: np.ndarray) -> None:
        """Remember the labels of a box."""
        kept = []
        for other, known in self._boxes:
            common = _common(box, other)
            if common is not None:
                _shared(known, other, common)[...] = _shared(labels, box, common)
            if common != other:
                kept.append((other, known))
        self._boxes = [*kept, (box, labels)][-_MOST_BOXES:]

    def look_again(self, data: Any) -> None:
        """Take what is there now as known."""
        inside = tuple(slice(0, size) for size in data.shape)
        self._boxes = [
            (box, np.array(data[box])) for box, _ in self._boxes if _common(box, inside) == box
        ]

    def changed(self, data: Any) -> Iterator[Part]:
        """The boxes whose labels are others now, in the order in which they were painted."""
        for box, known in self._boxes:
            labels = np.asarray(data[box])
            if not np.array_equal(labels, known):
                yield box, known.copy(), labels.copy()


def change_of(shape: tuple[int, ...], parts: Iterable[Part]) -> tuple[Overlay, Overlay]:
    """The pixels that have changed in parts of a label image: as they were, and as they are."""
    pixels, old, new = [], [], []
    for box, before, after in parts:
        place = np.nonzero(before != after)
        whole = tuple(index + axis.start for index, axis in zip(place, box, strict=True))
        pixels.append(np.ravel_multi_index(whole, shape))
        old.append(before[place])
        new.append(after[place])
    flat = np.concatenate(pixels)
    return tuple(Overlay.from_pixels(shape, flat, np.concatenate(each)) for each in (old, new))


def _common(one: Box, other: Box) -> Box | None:
    """The part that two boxes have in common, if any."""
    common = tuple(
        slice(max(a.start, b.start), min(a.stop, b.stop)) for a, b in zip(one, other, strict=True)
    )
    return common if all(axis.start < axis.stop for axis in common) else None


def _shared(labels: np.ndarray, box: Box, part: Box) -> np.ndarray:
    """A view of a part of the labels of a box."""
    moved = (slice(b.start - a.start, b.stop - a.start) for a, b in zip(box, part, strict=True))
    return labels[tuple(moved)]
