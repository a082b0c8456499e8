"""The pixels of an image layer as napari shows them: contrast limits and gamma included."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
from napari.layers import Image

from napari_colorcluster.core.pixels.picture import Picture
from napari_colorcluster.layers.images.layer_data import levels

LOOKS = ("contrast_limits", "gamma")
"""The events of a layer that is shown in other colors."""

SHOWN_BY = ("data", *LOOKS)
"""The events of a layer whose pixels are others, or are shown in other colors."""


@dataclass(frozen=True, eq=False)
class Shown:
    """What decides the colors of an image layer: equal for the very same arrays, shown alike.

    napari applies contrast limits and gamma to RGB layers as to any: a value v becomes
    clip((v - low) / (high - low), 0, 1) ** gamma. It leaves alpha as it is.

    Attributes
    ----------
    levels : tuple of array, shape (..., 3 or 4)
        The layer's arrays, the full resolution first; one, unless it is a pyramid.
    contrast_limits : (float, float), optional
        None where they are the range of an unsigned type.
    gamma : float, default 1.0
    """

    levels: tuple[Any, ...]
    contrast_limits: tuple[float, float] | None = None
    gamma: float = 1.0

    @classmethod
    def of(cls, layer: Image) -> Self:
        """What a layer shows now."""
        arrays = tuple(levels(layer))
        low, high = map(float, layer.contrast_limits)
        dtype = np.dtype(arrays[0].dtype)
        # Most photos: they are read as they are stored, without a table.
        as_stored = dtype.kind == "u" and (low, high) == (0, np.iinfo(dtype).max)
        return cls(arrays, None if as_stored else (low, high), float(layer.gamma))

    @cached_property
    def pictures(self) -> tuple[Picture, ...]:
        """Each level, to be read as it is shown."""
        return tuple(Picture(level, **self.look) for level in self.levels)

    @property
    def look(self) -> dict[str, Any]:
        """The contrast limits and the gamma, by name."""
        return {"contrast_limits": self.contrast_limits, "gamma": self.gamma}

    @property
    def is_as_stored(self) -> bool:
        """Whether neither contrast limits nor gamma change anything."""
        return self.contrast_limits is None and self.gamma == 1

    def has_same_data(self, other: Shown) -> bool:
        """Whether both are of the very same arrays, whatever they are shown like."""
        return tuple(map(id, self.levels)) == tuple(map(id, other.levels))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Shown):
            return NotImplemented
        return self._identity == other._identity

    def __hash__(self) -> int:
        return hash(self._identity)

    @property
    def _identity(self) -> tuple[Any, ...]:
        # The arrays are kept, so that no other one has the same id meanwhile.
        return *map(id, self.levels), self.contrast_limits, self.gamma
