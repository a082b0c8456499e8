"""Listening to layers that change, such as the one that is chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from weakref import ref

from napari.layers import Layer

PLACED_BY = ("scale", "translate", "rotate", "shear", "affine", "units")
"""The events of a layer whose pixels have moved, or have got another size."""


class LayerWatch:
    """Calls back at events of the layers that are watched.

    Parameters
    ----------
    events : iterable of str
        Names of events; a layer is not watched for those that its kind does not have.
    callback : callable
        Called with the event.
    first : bool, default False
        Whether it is called before listeners that are connected already: they may rely on it.
    """

    def __init__(
        self, events: Iterable[str], callback: Callable[[Any], None], *, first: bool = False
    ) -> None:
        self._names = tuple(events)
        self._callback = callback
        self._position = "first" if first else "last"
        self._layers: tuple[ref[Layer], ...] = ()

    def watch(self, *layers: Layer | None) -> None:
        """Listen to these layers and to no others; None is none."""
        new = [layer for layer in layers if layer is not None]
        watched = [layer for each in self._layers if (layer := each()) is not None]
        for event in self._events(layer for layer in watched if layer not in new):
            event.disconnect(self._callback)
        for event in self._events(layer for layer in new if layer not in watched):
            event.connect(self._callback, position=self._position)
        self._layers = tuple(map(ref, new))

    def _events(self, layers: Iterable[Layer]) -> list[Any]:
        return [
            getattr(layer.events, name)
            for layer in layers
            for name in self._names
            if hasattr(layer.events, name)
        ]
