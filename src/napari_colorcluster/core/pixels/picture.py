"""A picture: pixels, and how they are meant to be shown. Where it comes from is for others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from napari_colorcluster.core.pixels.pixel_size import PixelSize


@dataclass(frozen=True, eq=False, repr=False)
class Picture:
    """Pixels as they are stored, with what else decides how they are seen.

    Whatever takes an image takes a picture as well: `cluster_colors`, `count_colors`,
    ``clustering.predict`` and so on.

    Attributes
    ----------
    pixels : array, shape (..., 3 or 4)
        sRGB, numpy or dask.
    pixel_size : PixelSize, optional
        What a pixel covers, where that is known.
    notes : tuple of str
        What was done to the pixels or had to be assumed, a sentence each.
    contrast_limits : (float, float), optional
        The values that are shown as black and as full, as in napari; by default those of the type.
    gamma : float, default 1.0
        As napari applies it.
    lengths : mapping of str to (float, str)
        Lengths of the sides of a pixel and their units, along ``"x"``, ``"y"`` and maybe ``"z"``,
        as far as they are known.
    """

    pixels: Any
    pixel_size: PixelSize | None = None
    notes: tuple[str, ...] = ()
    contrast_limits: tuple[float, float] | None = None
    gamma: float = 1.0
    lengths: Mapping[str, tuple[float, str]] = field(default_factory=dict)

    def __repr__(self) -> str:
        size = " × ".join(map(str, self.pixels.shape))
        limits = "" if self.contrast_limits is None else f", shown from {self.contrast_limits}"
        notes = "".join(f"\n  {note}" for note in self.notes)
        return f"Picture of {size}, {self.pixels.dtype}{limits}{notes}"
