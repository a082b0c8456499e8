"""Which part of the image takes part: a choice of regions that tells when an outline changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from napari.layers import Labels, Layer
from psygnal import Signal

from napari_colorcluster.layers.region import Region
from napari_colorcluster.widgets.steady_choice import SteadyChoice

WHOLE_IMAGE = "whole image"

_PLACED_BY = ("scale", "translate", "rotate", "shear", "affine")
_DRAWN_BY = ("data", "paint", "labels_update")


class RegionChoice(SteadyChoice):
    """A menu of regions.

    Parameters
    ----------
    find_regions : callable
        Called without arguments for the regions to offer.
    **kwargs
        As for any magicgui widget.

    Attributes
    ----------
    region : Region or None
        None for the whole image. (``value`` has `WHOLE_IMAGE` then: of a value that is None,
        magicgui tells no change.)
    """

    outline_changed = Signal()
    """Emitted when the layer that outlines the chosen region is drawn on or moved."""

    def __init__(self, find_regions: Callable[[], list[Region]], **kwargs: Any) -> None:
        self._watched: Layer | None = None
        super().__init__(
            choices=lambda _: [
                (WHOLE_IMAGE, WHOLE_IMAGE),
                *((region.title, region) for region in find_regions()),
            ],
            **kwargs,
        )
        self.changed.connect(self._watch)

    @property
    def region(self) -> Region | None:
        return None if self.value == WHOLE_IMAGE else self.value

    @region.setter
    def region(self, region: Region | None) -> None:
        self.value = WHOLE_IMAGE if region is None else region

    def _watch(self, *_: Any) -> None:
        """Listen to the layer of the chosen region, and to no other."""
        region = self.region
        layer = None if region is None else region.layer
        if layer is self._watched:
            return
        self.stop_watching()
        self._watched = layer
        for event in self._events():
            event.connect(self._tell)
        if isinstance(layer, Labels):
            layer.events.selected_label.connect(self._take_selected)

    def stop_watching(self) -> None:
        """Listen to no layer any more."""
        for event in self._events():
            event.disconnect(self._tell)
        if isinstance(self._watched, Labels):
            self._watched.events.selected_label.disconnect(self._take_selected)
        self._watched = None

    def _events(self) -> list[Any]:
        events = () if self._watched is None else self._watched.events
        return [
            getattr(events, name) for name in (*_PLACED_BY, *_DRAWN_BY) if hasattr(events, name)
        ]

    def _tell(self, event: Any = None) -> None:
        # While a shape is dragged, napari tells before it is changed as well.
        if str(getattr(event, "action", "")).endswith("ing"):
            return
        self.outline_changed.emit()

    def _take_selected(self, event: Any = None) -> None:
        """Follow the selected label, where the region is that of a label."""
        region = self.region
        if region is None or region.label is None:
            self.reset_choices()
            return
        with self.changed.blocked():
            self.reset_choices()
            followed = Region(region.layer, region.layer.selected_label, region.outside)
            if followed in self.choices:
                self.value = followed
        self.changed.emit(self.value)
