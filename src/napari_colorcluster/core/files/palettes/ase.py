"""Adobe Swatch Exchange: the palettes of Adobe's programs, in big-endian binary blocks."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

import numpy as np

from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.files.palettes.entries import complete_names
from napari_colorcluster.core.files.palettes.file_format import PaletteFormat
from napari_colorcluster.core.files.palettes.swatch_colors import (
    converted,
    from_cmyk,
    from_gray,
    from_lab,
    from_rgb,
)
from napari_colorcluster.core.pixels.pixel_size import PixelSize

_SIGNATURE = b"ASEF"
_COLOR, _GROUP_BEGINS, _GROUP_ENDS = 0x0001, 0xC001, 0xC002
_NORMAL = 2  # neither global (0) nor a spot color (1)
_MAX_NAME_LENGTH = 0xFFFF - 1


def parse(data: bytes, cmyk_profile: bytes | None = None) -> Palette:
    """Read all swatches in their order, inside and outside of groups.

    Lab is converted to sRGB, adapted from D50; gray and RGB are taken as sRGB; CMYK is converted by
    the profile, or without one by a rule that is told.

    References
    ----------
    C. Camera, "ASE File Specification" (2006), http://iamacamera.org/default.aspx?id=109

    O. Berten, "Adobe Swatch Exchange", http://www.selapa.net/swatches/colors/fileformats.php
    """
    if data[:4] != _SIGNATURE:
        raise ValueError(f"byte 0 should begin the signature {_SIGNATURE.decode()!r}.")
    major, minor, n_blocks = _unpack(data, 4, len(data), ">HHI", "the header")
    if major != 1:
        raise ValueError(f"byte 4 has version {major}.{minor}, but only 1.0 is supported.")
    at = 12
    swatches, names = [], []
    for number in range(1, n_blocks + 1):
        kind, size = _unpack(data, at, len(data), ">HI", f"block {number} of {n_blocks}")
        begin, end = at + 6, at + 6 + size
        if end > len(data):
            raise ValueError(
                f"byte {at} begins a block of {size:,} bytes, which runs past the end of the file."
            )
        if kind == _COLOR:
            *swatch, name = _color(data, begin, end)
            swatches.append(swatch)
            names.append(name)
        at = end
    if not swatches:
        raise ValueError("it has no colors.")
    colors = converted(swatches, cmyk_profile)
    return Palette(colors, [0] * len(colors), complete_names(colors, names))


def render(palette: Palette, title: str, pixel_size: PixelSize | None = None) -> bytes:
    """Write the colors as RGB with their names, in the order of the palette, in one group."""
    group = _text(title[:_MAX_NAME_LENGTH])
    blocks = [_SIGNATURE, struct.pack(">HHI", 1, 0, len(palette) + 2)]
    blocks.append(struct.pack(">HI", _GROUP_BEGINS, len(group)) + group)
    for color, name in zip(palette.colors.tolist(), palette.names, strict=True):
        text = name.encode("utf-16-be")
        if len(text) // 2 > _MAX_NAME_LENGTH:
            raise ValueError(
                f"A name in an ASE file must have at most {_MAX_NAME_LENGTH:,} characters, got "
                f"{len(text) // 2:,}."
            )
        block = (
            _text(name)
            + b"RGB "
            + struct.pack(">3fH", *(channel / 255 for channel in color), _NORMAL)
        )
        blocks.append(struct.pack(">HI", _COLOR, len(block)) + block)
    blocks.append(struct.pack(">HI", _GROUP_ENDS, 0))
    return b"".join(blocks)


def _text(text: str) -> bytes:
    """A text with its length in units of UTF-16, the closing 0 included."""
    encoded = text.encode("utf-16-be", "replace") + b"\0\0"
    return struct.pack(">H", len(encoded) // 2) + encoded


def recognizes(head: bytes) -> bool:
    """Whether the file begins with the signature; 3ds Max models have the same suffix."""
    return head.startswith(_SIGNATURE)


def _color(
    data: bytes, begin: int, end: int
) -> tuple[Callable[[np.ndarray], np.ndarray], np.ndarray, str]:
    """What converts the color in the block between these bytes, its values and its name."""
    (n_units,) = _unpack(data, begin, end, ">H", "a name")
    at = begin + 2 + 2 * n_units
    if at > end:
        raise ValueError(f"byte {begin} begins a name longer than its block.")
    name = data[begin + 2 : at].decode("utf-16-be", "replace").rstrip("\0")
    (model,) = _unpack(data, at, end, ">4s", "a color model")
    if model not in _MODELS:
        known = ", ".join(repr(name.decode()) for name in _MODELS)
        raise ValueError(
            f"byte {at} has the color model {model.decode('latin-1')!r}, but only {known} are "
            "supported."
        )
    n_values, convert = _MODELS[model]
    values = np.array(_unpack(data, at + 4, end, f">{n_values}f", "a color"))
    if not np.isfinite(values).all():
        raise ValueError(f"byte {at + 4} begins a color that is not finite.")
    return convert, values, name


def _unpack(data: bytes, at: int, end: int, layout: str, what: str) -> tuple[Any, ...]:
    if at + struct.calcsize(layout) > end:
        n_left = max(end - at, 0)
        raise ValueError(f"byte {at} should begin {what}, but only {n_left} bytes are left.")
    return struct.unpack_from(layout, data, at)


def _from_unit_lab(values: np.ndarray) -> np.ndarray:
    # Lightness is stored in 0..1, a and b as usual.
    return from_lab(values * [100, 1, 1])


_MODELS = {
    b"RGB ": (3, from_rgb),
    b"CMYK": (4, from_cmyk),
    b"LAB ": (3, _from_unit_lab),
    b"Gray": (1, from_gray),
    b"GRAY": (1, from_gray),
}
FORMAT = PaletteFormat(".ase", recognizes, parse, render, takes_profile=True)
