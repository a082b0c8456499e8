"""Adobe Photoshop's color swatches: two sections of big-endian binary, the second with names."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np

from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.files.palettes.entries import complete_names
from napari_colorcluster.core.files.palettes.file_format import PaletteFormat
from napari_colorcluster.core.files.palettes.swatch_colors import (
    converted,
    from_cmyk,
    from_gray,
    from_hsb,
    from_lab,
    from_rgb,
)
from napari_colorcluster.core.pixels.pixel_size import PixelSize

_RGB = 0
_FULL = 65_535
_MOST_COLORS = 65_535
_MOST_UNITS = 1 << 16


def parse(data: bytes, cmyk_profile: bytes | None = None) -> Palette:
    """Read the swatches: those of the second section, which have names, where there is one.

    RGB is taken as sRGB. HSB, Lab (of D50) and gray are converted; CMYK is converted by the
    profile, or without one by a rule that is told.

    References
    ----------
    Adobe, "Adobe Photoshop File Formats Specification" (2019), section "Color Swatches".
    """
    version, at = _unpack(data, 0, ">H", "the version")
    if version not in (1, 2):
        raise ValueError(f"byte 0 has version {version}, but only 1 and 2 are supported.")
    found, at = _section(data, at, version)
    if version == 1 and at + 2 <= len(data) and data[at : at + 2] == b"\0\2":
        found, at = _section(data, at + 2, 2)
    if not found:
        raise ValueError("it has no colors.")
    colors = converted([swatch for *swatch, _ in found], cmyk_profile)
    names = [name for *_, name in found]
    return Palette(colors, [0] * len(colors), complete_names(colors, names))


def render(palette: Palette, title: str, pixel_size: PixelSize | None = None) -> bytes:
    """Write the colors as RGB, in both versions: older programs read only the first."""
    if len(palette) > _MOST_COLORS:
        raise ValueError(
            f"An ACO file holds at most {_MOST_COLORS:,} colors, got {len(palette):,}."
        )
    first, second = [struct.pack(">HH", 1, len(palette))], [struct.pack(">HH", 2, len(palette))]
    for color, name in zip(palette.colors.tolist(), palette.names, strict=True):
        # From 0..255 to 0..65,535.
        swatch = struct.pack(">5H", _RGB, *(257 * channel for channel in color), 0)
        text = name.encode("utf-16-be")
        first.append(swatch)
        second.append(swatch + struct.pack(">I", len(text) // 2 + 1) + text + b"\0\0")
    return b"".join(first + second)


def recognizes(head: bytes) -> bool:
    """Whether the file begins like a section: a version, and a color of a known model."""
    if len(head) < 6:
        return False
    version, n_colors, model = struct.unpack_from(">3H", head)
    return version in (1, 2) and n_colors > 0 and model in _MODELS


def _section(data: bytes, at: int, version: int) -> tuple[list[tuple[Any, ...]], int]:
    """What converts each color of a section, its values and name; and the byte after it."""
    n_colors, at = _unpack(data, at, ">H", "the number of colors")
    found = []
    for number in range(1, n_colors + 1):
        where = f"color {number} of {n_colors}"
        model, _ = _unpack(data, at, ">H", where)
        if model not in _MODELS:
            known = ", ".join(map(str, _MODELS))
            raise ValueError(
                f"byte {at} has the color model {model}, but only {known} are supported."
            )
        layout, values_of, convert = _MODELS[model]
        stored = struct.unpack(layout, data[at + 2 : at + 10].ljust(8, b"\0"))
        _, at = _unpack(data, at, ">10s", where)
        name = ""
        if version == 2:
            n_units, at = _unpack(data, at, ">I", f"the name of {where}")
            if n_units > _MOST_UNITS:
                raise ValueError(f"byte {at - 4} has a name of {n_units:,} characters.")
            text, at = _unpack(data, at, f">{2 * n_units}s", f"the name of {where}")
            name = text.decode("utf-16-be", "replace").rstrip("\0")
        found.append((convert, values_of(np.array(stored, float)), name))
    return found, at


def _unpack(data: bytes, at: int, layout: str, what: str) -> tuple[Any, int]:
    """The one value at a byte, and the byte after it."""
    end = at + struct.calcsize(layout)
    if end > len(data):
        n_left = max(len(data) - at, 0)
        raise ValueError(f"byte {at} should begin {what}, but only {n_left} bytes are left.")
    return struct.unpack_from(layout, data, at)[0], end


_MODELS = {
    _RGB: (">4H", lambda values: values[:3] / _FULL, from_rgb),
    1: (">4H", lambda values: values[:3] / _FULL, from_hsb),
    # 0 is full ink.
    2: (">4H", lambda values: 1 - values / _FULL, from_cmyk),
    7: (">H3h", lambda values: values[:3] / 100, from_lab),
    8: (">4H", lambda values: values[:1] / 10_000, from_gray),
}
"""To each color model the layout of four numbers, what these mean, and what converts that."""

FORMAT = PaletteFormat(".aco", recognizes, parse, render, takes_profile=True)
