"""Palettes as Adobe's programs exchange them: swatches in blocks of bytes, big-endian."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np

from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.color.spaces import to_8bit
from napari_colorcluster.core.files.palettes.entries import names_of
from napari_colorcluster.core.files.palettes.file_format import PaletteFormat
from napari_colorcluster.core.pixels.pixel_size import PixelSize

_SIGNATURE = b"ASEF"
_COLOR = 0x0001  # 0xC001 and 0xC002 begin and end a group
_NORMAL = 2  # neither global (0) nor a spot color (1)
_LONGEST_NAME = 0xFFFF - 1

# Bradford's adaptation of XYZ from D50, which Adobe's Lab refers to, to sRGB's D65: B. Lindbloom,
# "Chromatic Adaptation" (2017).
_D65_FROM_D50 = np.array(
    [
        [0.9555766, -0.0230393, 0.0631636],
        [-0.0282895, 1.0099416, 0.0210077],
        [0.0122982, -0.0204830, 1.3299098],
    ]
)


def parse(data: bytes) -> Palette:
    """Read all swatches, those in groups in their place among the others.

    Lab is turned into sRGB by way of D50, gray and RGB are taken as sRGB's own, and CMYK without
    a profile: ``red = (1 - cyan) (1 - black)``.

    References
    ----------
    C. Camera, "ASE File Specification" (2006), http://iamacamera.org/default.aspx?id=109

    O. Berten, "Adobe Swatch Exchange", http://www.selapa.net/swatches/colors/fileformats.php
    """
    if data[:4] != _SIGNATURE:
        raise ValueError(f"byte 0 must begin with {_SIGNATURE.decode()!r}.")
    major, minor, n_blocks = _unpack(data, 4, len(data), ">HHI", "the header")
    if major != 1:
        raise ValueError(f"byte 4 has version {major}.{minor}, where 1.0 is known.")
    at = 12
    colors, names = [], []
    for number in range(1, n_blocks + 1):
        kind, size = _unpack(data, at, len(data), ">HI", f"block {number} of {n_blocks}")
        begin, end = at + 6, at + 6 + size
        if end > len(data):
            raise ValueError(f"byte {at} begins a block of {size:,} bytes that the file ends in.")
        if kind == _COLOR:
            color, name = _color(data, begin, end)
            colors.append(color)
            names.append(name)
        at = end
    if not colors:
        raise ValueError("there is no color in it.")
    return Palette(colors, [0] * len(colors), names_of(colors, names))


def render(palette: Palette, title: str, pixel_size: PixelSize | None = None) -> bytes:
    """Write the colors as RGB, in the order of the palette and in no group, with their names."""
    blocks = [_SIGNATURE, struct.pack(">HHI", 1, 0, len(palette))]
    for color, name in zip(palette.colors.tolist(), palette.names, strict=True):
        text = name.encode("utf-16-be")
        if len(text) // 2 > _LONGEST_NAME:
            raise ValueError(
                f"A name in an ASE file must have at most {_LONGEST_NAME:,} characters, got "
                f"{len(text) // 2:,}."
            )
        block = struct.pack(">H", len(text) // 2 + 1) + text + b"\0\0"
        block += b"RGB " + struct.pack(">3fH", *(each / 255 for each in color), _NORMAL)
        blocks.append(struct.pack(">HI", _COLOR, len(block)) + block)
    return b"".join(blocks)


def claims(head: bytes) -> bool:
    """Whether the file begins with the signature; models of 3ds Max have the same suffix."""
    return head.startswith(_SIGNATURE)


def _color(data: bytes, begin: int, end: int) -> tuple[np.ndarray, str]:
    """The sRGB color and the name that the block between these bytes holds."""
    (n_units,) = _unpack(data, begin, end, ">H", "a name")
    at = begin + 2 + 2 * n_units
    if at > end:
        raise ValueError(f"byte {begin} begins a name that its block ends in.")
    name = data[begin + 2 : at].decode("utf-16-be", "replace").rstrip("\0")
    (model,) = _unpack(data, at, end, ">4s", "a color model")
    if model not in _MODELS:
        known = ", ".join(repr(each.decode()) for each in _MODELS)
        raise ValueError(
            f"byte {at} has the color model {model.decode('latin-1')!r}, where {known} are known."
        )
    n_values, to_srgb = _MODELS[model]
    values = np.array(_unpack(data, at + 4, end, f">{n_values}f", "a color"))
    if not np.isfinite(values).all():
        raise ValueError(f"byte {at + 4} begins a color that is not finite.")
    return to_8bit(to_srgb(values)), name


def _unpack(data: bytes, at: int, end: int, layout: str, what: str) -> tuple[Any, ...]:
    if at + struct.calcsize(layout) > end:
        raise ValueError(f"byte {at} should begin {what}, but there are {max(end - at, 0)} left.")
    return struct.unpack_from(layout, data, at)


def _from_rgb(values: np.ndarray) -> np.ndarray:
    return values


def _from_gray(values: np.ndarray) -> np.ndarray:
    return np.repeat(values, 3)


def _from_cmyk(values: np.ndarray) -> np.ndarray:
    ink = np.clip(values, 0, 1)
    return (1 - ink[:3]) * (1 - ink[3])


def _from_lab(values: np.ndarray) -> np.ndarray:
    from skimage.color import lab2xyz, xyz2rgb

    # Lightness is in 0..1 here, the others are as they are everywhere.
    lab = np.clip(values * [100, 1, 1], [0, -128, -128], [100, 128, 128])
    # From 200 on, z would drop below 0, where scikit-image warns.
    lab[2] = min(lab[2], 199.999 * (lab[0] + 16) / 116)
    xyz = lab2xyz(lab, illuminant="D50")
    return xyz2rgb(_D65_FROM_D50 @ xyz)


_MODELS = {
    b"RGB ": (3, _from_rgb),
    b"CMYK": (4, _from_cmyk),
    b"LAB ": (3, _from_lab),
    b"Gray": (1, _from_gray),
    b"GRAY": (1, _from_gray),
}
FORMAT = PaletteFormat(".ase", claims, parse, render)
