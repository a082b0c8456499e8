"""Lengths of the sides of pixels, as files and people write them, and the pixel sizes they give."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

from napari_colorcluster.core.pixels.pixel_size import PixelSize

Lengths = Mapping[str, tuple[float, str]]
"""Length and unit of a pixel's side along ``"x"``, ``"y"`` and, of a voxel, ``"z"``."""

_SPELLINGS = {
    "Å": ("Å", "angstrom"),
    "nm": ("nm", "nanometer", "nanometre"),
    # The Greek letter, the micro sign, and ImageJ's way to write it.
    "µm": ("µm", "μm", "um", "\\u00b5m", "micron", "microns", "micrometer", "micrometre"),
    "mm": ("mm", "millimeter", "millimetre"),
    "cm": ("cm", "centimeter", "centimetre"),
    "m": ("m", "meter", "metre"),
}
_UNITS = {spelling: unit for unit, spellings in _SPELLINGS.items() for spelling in spellings}
_MICROMETERS = {"Å": 1e-4, "nm": 1e-3, "µm": 1.0, "mm": 1e3, "cm": 1e4, "m": 1e6, "": 1.0}

_NUMBER = r"(\d+\.?\d*(?:e[+-]?\d+)?|\.\d+)"
_WRITTEN = re.compile(rf"{_NUMBER}(?:x{_NUMBER})?(?:x{_NUMBER})?\s*(\D*)", re.IGNORECASE)


def length_of(value: Any, unit: Any) -> tuple[float, str] | None:
    """A length that a file tells, or None where it is none: no number above 0, or no known unit.

    Inches are not known on purpose: where they stand in a file, they tell how large a photo is to
    be printed.
    """
    unit = _UNITS.get(str(unit).strip()) or _UNITS.get(str(unit).strip().lower())
    try:
        value = float(value)
    except (TypeError, ValueError):
        return None
    return (value, unit) if unit and math.isfinite(value) and value > 0 else None


def known_lengths(told: Iterable[tuple[str, Any, Any]]) -> Lengths:
    """Of what a file tells, as ``(axis, value, unit)``, that which is a length; by axis."""
    lengths = ((axis, length_of(value, unit)) for axis, value, unit in told)
    return {axis: length for axis, length in lengths if length is not None}


def parse_lengths(text: str) -> Lengths:
    """Understand the lengths that a person writes.

    Parameters
    ----------
    text : str
        One length for the sides of a square pixel, two for x and y, or three for x, y and z, with
        a unit or without: ``"0.5"``, ``"0.5um"``, ``"0.5x0.5x2 µm"``.

    Raises
    ------
    ValueError
        Where it is none of these.
    """
    found = _WRITTEN.fullmatch(text.strip())
    x, y, z, unit = found.groups() if found else (None, None, None, "")
    lengths = {"x": x, "y": y or x} | ({"z": z} if z else {})
    given = unit.strip() if unit else ""
    # Any known unit checks the numbers where none is given.
    known = known_lengths((axis, value, given or "m") for axis, value in lengths.items())
    if known.keys() != lengths.keys():
        raise ValueError(
            "A pixel size must be one length above 0, or two (x and y) or three (x, y and z), "
            f"with one of the units {', '.join(_SPELLINGS)} or none, as in 0.5, 0.5um or "
            f"0.5x0.5x2um, got {text!r}."
        )
    return known if given else {axis: (length, "") for axis, (length, _) in known.items()}


def pixel_size_of(lengths: Lengths, deep: bool) -> PixelSize | None:
    """The area of a pixel, or the volume of a voxel.

    Parameters
    ----------
    lengths : mapping of str to (float, str)
        What is known of its sides.
    deep : bool
        Whether the image is a volume: it has several planes along z.

    Returns
    -------
    PixelSize or None
        In the unit of x: a volume where the image is deep and z is known, else an area; None where
        x or y is not known.
    """
    if not {"x", "y"} <= lengths.keys():
        return None
    unit = lengths["x"][1]
    axes = "xyz" if deep and "z" in lengths else "xy"
    size = 1.0
    for axis in axes:
        length, own = lengths[axis]
        size *= length * (_MICROMETERS[own] / _MICROMETERS[unit])
    return PixelSize(size, unit and unit + {2: "²", 3: "³"}[len(axes)], len(axes))


def per_centimeter(lengths: Lengths) -> tuple[float, float] | None:
    """How many pixels there are in a centimeter, along x and y; None where that is not known."""
    known = [lengths[axis] for axis in "xy" if axis in lengths and lengths[axis][1]]
    if len(known) < 2:
        return None
    across, down = (_MICROMETERS["cm"] / (side * _MICROMETERS[unit]) for side, unit in known)
    return across, down
