"""What a person paints in Labels layers with napari's own tools: followed, and told apart."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from napari.layers import Labels

from napari_colorcluster.core.correcting.overlay import Overlay
from napari_colorcluster.layers.notify import report
from napari_colorcluster.layers.result.painting.painted_boxes import (
    Box,
    Part,
    Seen,
    change_of,
    stroke_of,
)

Refused = tuple[Box, np.ndarray, np.ndarray, np.ndarray]
"""A box with the pixels in it that are put back, the labels there, and what was painted."""

_MOST_NUMBERS = 3
"""How many numbers a message lists."""


@dataclass(eq=False)
class _Followed:
    """What is known of a layer that is followed."""

    data: Any = None
    name: str | None = None
    seen: Seen = field(default_factory=Seen)
    coming: list[Refused] = field(default_factory=list)
    is_paused: bool = False

    def look_at(self, data: Any) -> None:
        """Remember which array there is; a dask array that is written to has another name."""
        self.data, self.name = data, getattr(data, "name", None)

    def may_differ(self, data: Any) -> bool:
        """Whether the array may have been written to; of another one, another event tells."""
        return self.data is data and (self.name is None or self.name != data.name)


class HandPainting:
    """Tells what is painted in Labels layers: strokes, fills, and what napari undoes or redoes.

    Pixels that are painted with a number that is no cluster's are put back, and a notification
    says so.

    Parameters
    ----------
    labels_of : callable
        The numbers that may be painted in a layer beside 0; None where nothing is followed.
    taken : callable
        Called with the layer and what has changed: two overlays of the same pixels, with their
        labels before and after.
    replaced : callable
        Called with a layer whose data are another array, or are set again.
    """

    def __init__(
        self,
        labels_of: Callable[[Labels], Collection[int] | None],
        taken: Callable[[Labels, Overlay, Overlay], None],
        replaced: Callable[[Labels], None],
    ) -> None:
        self._labels_of, self._taken, self._replaced = labels_of, taken, replaced
        self._followed: WeakKeyDictionary[Labels, _Followed] = WeakKeyDictionary()

    def follow(self, layer: Labels) -> None:
        """Follow a layer from now on; napari forgets these listeners with the layer."""
        self._followed[layer] = followed = _Followed()
        followed.look_at(layer.data)
        layer.events.paint.connect(self._on_paint)
        layer.events.labels_update.connect(self._on_update)
        layer.events.set_data.connect(self._on_set_data)
        layer.events.data.connect(self._on_data)

    @contextmanager
    def showing(self, layer: Labels) -> Iterator[None]:
        """A context in which a layer is made to show something else."""
        followed = self._followed[layer]
        with _paused(followed):
            yield
        followed.look_at(layer.data)
        followed.seen.look_again(layer.data)
        followed.coming = []

    def _on_paint(self, event: Any) -> None:
        layer = event.source
        if (followed := self._active(layer)) is not None:
            box, before, after = stroke_of(layer.data, event.value)
            # What was looked at in the middle of a stroke has been told already.
            followed.seen.recall(box, before)
            # What a script paints is painted after it has been told.
            followed.coming = self._take(layer, followed, [(box, before, after)])

    def _on_update(self, event: Any) -> None:
        layer = event.source
        followed = self._active(layer)
        if followed is not None and followed.coming:
            coming, followed.coming = followed.coming, []
            self._put_back(layer, coming)

    def _on_set_data(self, event: Any) -> None:
        layer = event.source
        followed = self._active(layer)
        if followed is None or not followed.may_differ(layer.data):
            return
        followed.look_at(layer.data)
        if parts := list(followed.seen.changed(layer.data)):
            self._take(layer, followed, parts, is_undone=True)

    def _on_data(self, event: Any) -> None:
        if self._active(event.source) is not None:
            self._replaced(event.source)

    def _active(self, layer: Labels) -> _Followed | None:
        followed = self._followed.get(layer)
        is_followed = followed is not None and not followed.is_paused
        return followed if is_followed and self._labels_of(layer) is not None else None

    def _take(
        self,
        layer: Labels,
        followed: _Followed,
        parts: list[Part],
        is_undone: bool = False,
    ) -> list[Refused]:
        """Tell what has changed, but for what is refused; return what has not been put back."""
        numbers, missing, refused = [0, *self._labels_of(layer)], set[int](), []
        for box, before, after in parts:
            wrong = (before != after) & ~np.isin(after, numbers)
            if wrong.any():
                missing.update(after[wrong].tolist())
                refused.append((box, wrong, before[wrong], after[wrong]))
                after[wrong] = before[wrong]
            followed.seen.keep(box, after.copy())
        coming = self._put_back(layer, refused)
        followed.look_at(layer.data)
        before, after = change_of(tuple(map(int, layer.data.shape)), parts)
        if after.n_pixels:
            with _paused(followed):
                self._taken(layer, before, after)
        if missing:
            report(ValueError(refusal(missing, is_undone)))
        return coming

    def _put_back(self, layer: Labels, refused: list[Refused]) -> list[Refused]:
        """Put pixels back; return those where there is none to be put back yet."""
        coming = []
        for box, wrong, labels, painted in refused:
            there = np.array(layer.data[box])
            now = there[wrong]
            if not (now == painted).any():
                coming.append((box, wrong, labels, painted))
                continue
            there[wrong] = np.where(now == painted, labels, now)
            layer.data[box] = there
        if len(coming) < len(refused):
            with _paused(self._followed[layer]):
                layer.refresh()
        return coming


@contextmanager
def _paused(followed: _Followed) -> Iterator[None]:
    """A context in which what is done to a layer is not told."""
    before, followed.is_paused = followed.is_paused, True
    try:
        yield
    finally:
        followed.is_paused = before


def refusal(numbers: Iterable[int], is_undone: bool = False) -> str:
    """What to say where pixels were painted with numbers that no cluster has, or undone to them."""
    *others, last = map(str, sorted(map(int, numbers))[:_MOST_NUMBERS])
    listed = f"{', '.join(others)} or {last}" if others else last
    if is_undone:
        return f"There is no cluster {listed} any more, so napari could not undo these pixels."
    return f"No cluster is numbered {listed}: choose a row of the table to paint with its cluster."


def paint_with(layer: Labels | None, labels: Sequence[int]) -> None:
    """Let napari's tools paint with the cluster that is chosen, where it is a single one."""
    if layer is not None and len(labels) == 1:
        layer.selected_label = labels[0]
