"""A picture as its file stores it, before it is brought to sRGB and turned upright."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from napari_colorcluster.core.files.pictures.lengths import Lengths


@dataclass(frozen=True, eq=False)
class Stored:
    """A picture as its file stores it.

    Attributes
    ----------
    samples : array, shape (..., n)
        Numpy or dask; channels last, and rows and columns before them.
    model : {"gray", "rgb", "cmyk", "lab"}
        What the first 1, 3, 4 or 3 channels are; Lab of 8 bits has L from 0 to 255 and a and b
        signed in one byte, as TIFF has it; of floats it is as defined.
    alpha : {None, "straight", "premultiplied"}
        What the last channel is, if it is no color.
    profile : bytes or None
        The ICC profile of the colors.
    profile_name : str
        What it is called, if not as it says itself.
    orientation : int
        1..8, as Exif and TIFF number them.
    lengths : mapping of str to (float, str)
        Lengths of a pixel's sides.
    notes : tuple of str
        What had to be assumed to read it.
    """

    samples: Any
    model: str = "rgb"
    alpha: str | None = None
    profile: bytes | None = None
    profile_name: str = ""
    orientation: int = 1
    lengths: Lengths = field(default_factory=dict)
    notes: tuple[str, ...] = ()


N_COLORS = {"gray": 1, "rgb": 3, "cmyk": 4, "lab": 3}
"""How many channels of color there are in each model."""
