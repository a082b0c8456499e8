"""Listening to one layer at a time, of those that are chosen one after another."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from weakref import ref

from napari.layers import Layer

PLACED_BY = ("scale", "translate", "rotate", "shear", "affine", "units")
"""The events of a layer that tell that its pixels lie elsewhere, or are of another size."""


class LayerWatch:
    """Calls back at events of the layer that is watched.

    Parameters
    ----------
    events : iterable of str
        Names of events; those that a kind of layer has not are left out for it.
    callback : callable
        Called with the event.
    first : bool, default False
        Whether it is called before those that listen already: they may rely on what it does.
    """

    def __init__(
        self, events: Iterable[str], callback: Callable[[Any], None], *, first: bool = False
    ) -> None:
        self._names = tuple(events)
        self._callback = callback
        self._position = "first" if first else "last"
        self._layer: ref[Layer] | None = None

    def watch(self, layer: Layer | None) -> None:
        """Listen to a layer and to no other; None for none."""
        if self._layer is not None and self._layer() is layer:
            return
        for event in self._events():
            event.disconnect(self._callback)
        self._layer = None if layer is None else ref(layer)
        for event in self._events():
            event.connect(self._callback, position=self._position)

    def _events(self) -> list[Any]:
        layer = None if self._layer is None else self._layer()
        events = None if layer is None else layer.events
        return [getattr(events, name) for name in self._names if hasattr(events, name)]
