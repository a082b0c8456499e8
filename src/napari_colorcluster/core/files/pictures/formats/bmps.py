"""Colors of a BMP: an embedded profile, or gamma and primaries, which Pillow does not tell."""

from __future__ import annotations

from pathlib import Path
from struct import Struct

import numpy as np

from napari_colorcluster.core.files.pictures.formats.described import (
    Described,
    check_described,
    from_png,
)

_FILE_HEADER = 14
_V4, _V5 = 108, 124
"""Sizes of the headers that tell of colors (Windows GDI, BITMAPV4HEADER and BITMAPV5HEADER)."""

_SIZE = Struct("<I")
_SPACE = Struct("<4s9i3I")
"""What kind of color space; X, Y and Z of red, green and blue, in 2**-30; gammas, in 2**-16."""
_SPACE_AT = 56
_PROFILE = Struct("<2I")
"""Where the profile is, from the header on, and how long."""
_PROFILE_AT = 112

_CALIBRATED, _EMBEDDED = bytes(4), b"DEBM"
_MOST_PROFILE = 1 << 24


def described_by_bmp(path: Path) -> tuple[Described, tuple[str, ...]]:
    """What a BMP tells of its colors.

    Parameters
    ----------
    path : pathlib.Path
        The file.

    Returns
    -------
    described : Described
        No profile where it is sRGB, or says nothing.
    notes : tuple of str
        What of it makes no sense and is left out.
    """
    with path.open("rb") as file:
        head = file.read(_FILE_HEADER + _V5)[_FILE_HEADER:]
        size = _SIZE.unpack_from(head)[0] if len(head) >= _SIZE.size else 0
        if size not in (_V4, _V5) or len(head) < size:
            return (None, ""), ()
        kind, *numbers = _SPACE.unpack_from(head, _SPACE_AT)
        if kind == _EMBEDDED and size == _V5:
            start, length = _PROFILE.unpack_from(head, _PROFILE_AT)
            file.seek(_FILE_HEADER + start)
            return (file.read(min(length, _MOST_PROFILE)), ""), ()
    if kind != _CALIBRATED or not (any(numbers[:9]) and all(numbers[9:])):
        return (None, ""), ()
    lights = np.array(numbers[:9], float).reshape(3, 3)
    white = lights.sum(axis=0)
    corners = [xyz[:2] / (xyz.sum() or 1) for xyz in (white, *lights)]
    gamma = 2**16 / float(np.mean(numbers[9:]))
    told = {"chromaticity": tuple(np.concatenate(corners).tolist()), "gamma": gamma}
    info, notes = check_described(told)
    return from_png(info), notes
