"""Regions on images with their masks, computed once until something is drawn or moved."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from napari.layers import Image, Layer

from napari_colorcluster.layers.images.layer_watch import PLACED_BY, LayerWatch
from napari_colorcluster.layers.regions.region import Region, masks_of

DRAWN_BY = ("data", "paint", "labels_update")
"""The events of a layer that has been drawn on."""


class Placed:
    """A region on an image, valid until something is drawn or moved.

    Attributes
    ----------
    region : Region or None
        What outlines it; None for the whole image.
    is_current : bool
        Whether nothing has been drawn or moved since.
    """

    def __init__(self, region: Region | None, image: Image) -> None:
        self.region = region
        self.is_current = True
        self._masks: tuple[np.ndarray, ...] | None = None
        # `set_data` is emitted more often than needed, but an undone stroke has no other event.
        events = (*PLACED_BY, *DRAWN_BY, "set_data")
        # Before all other listeners: they may need the new masks at once.
        self._watches = (
            LayerWatch((*PLACED_BY, "data"), self._expire, first=True),
            LayerWatch(events, self._expire, first=True),
        )
        if region is not None:
            self._watches[0].watch(image)
            self._watches[1].watch(region.layer)

    def masks(self, image: Image) -> tuple[np.ndarray, ...] | None:
        """The masks of the image's levels, as `masks_of`, computed at the first call."""
        if self._masks is None:
            self._masks = masks_of(self.region, image)
        return self._masks

    def _expire(self, event: Any = None) -> None:
        self.is_current = False


class PlacedRegions:
    """The last region of each image."""

    def __init__(self) -> None:
        self._placed: WeakKeyDictionary[Layer, Placed] = WeakKeyDictionary()

    def of(self, region: Region | None, image: Image) -> Placed:
        """A region on an image: the same one again as long as its masks are the same."""
        placed = self._placed.get(image)
        if placed is None or placed.region != region or not placed.is_current:
            placed = self._placed[image] = Placed(region, image)
        return placed
