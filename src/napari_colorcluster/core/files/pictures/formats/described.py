"""Colors that are described by numbers, not by a profile: gAMA and cHRM of PNG, CICP of others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from napari_colorcluster.core.support.extras import library

Described = tuple[bytes | None, str]
"""A profile that means the same, None for sRGB; and what to call it."""

_SRGB = (0.3127, 0.3290, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06)
"""White, red, green and blue, x and y of each."""

_ADOBE_RGB = (0.3127, 0.3290, 0.64, 0.33, 0.21, 0.71, 0.15, 0.06)
_ADOBE_GAMMA = 256 / 563
"""Adobe RGB (1998) Color Image Encoding, version 2005-05."""

_NEED = "Colors described by a gamma or primaries other than sRGB's need imagecodecs"

_SRGB_GAMMA = 1 / 2.2
_CLOSE = 1e-3
"""How far primaries may be from sRGB's by rounding; PNG stores five digits."""
_SAME_GAMMA = 5e-3
_GAMMA_RANGE = (0.2, 3.0)

_PRIMARIES = {
    1: ("sRGB", _SRGB),
    9: ("BT.2020", (0.3127, 0.3290, 0.708, 0.292, 0.170, 0.797, 0.131, 0.046)),
    12: ("Display P3", (0.3127, 0.3290, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060)),
}
_LIKE_SRGB = (1, 6, 13, 14, 15)
_GAMMAS = {4: 1 / 2.2, 5: 1 / 2.8, 8: 1.0}
"""Transfer characteristics by their numbers: shown as sRGB's, or a power of the light."""

_UNSPECIFIED = 2

HDR = (
    "The picture is of a high dynamic range (PQ, HLG) or rare primaries, and its numbers are taken "
    "as if they were sRGB."
)


def check_described(info: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Leave out a gAMA and a cHRM that no display can have.

    Parameters
    ----------
    info : mapping
        What Pillow has read of a PNG.

    Returns
    -------
    info : dict
        The same without these.
    notes : tuple of str
        What is left out.
    """
    kept, notes = dict(info), []
    gamma = kept.get("gamma")
    if gamma is not None and not _GAMMA_RANGE[0] <= gamma <= _GAMMA_RANGE[1]:
        del kept["gamma"]
        notes.append(f"The file's gamma of {gamma:.6g} makes no sense and is ignored.")
    if "chromaticity" in kept and not _are_primaries(kept["chromaticity"]):
        del kept["chromaticity"]
        notes.append("The file's primaries make no sense and are ignored.")
    return kept, tuple(notes)


def _are_primaries(corners: tuple[float, ...]) -> bool:
    """Whether three lights can be mixed to the white point."""
    xy = np.asarray(corners, float).reshape(4, 2)
    if (xy[:, 1] <= 0).any() or (xy < 0).any() or (xy.sum(axis=1) > 1 + _CLOSE).any():
        return False
    white, *lights = np.column_stack([xy, 1 - xy.sum(axis=1)])
    matrix = np.stack(lights, axis=1)
    if abs(np.linalg.det(matrix)) < _CLOSE:
        return False
    return bool((np.linalg.solve(matrix, white) > 0).all())


def from_png(info: Mapping[str, Any]) -> Described:
    """The profile that a PNG's gAMA and cHRM describe.

    Parameters
    ----------
    info : mapping
        What Pillow has read of the file. Its sRGB chunk counts before these.

    Notes
    -----
    A gamma of 1/2.2 with sRGB's primaries, or none, is what was written for sRGB before it had a
    chunk of its own, and is taken for that, as browsers do.
    """
    if "srgb" in info or not ("gamma" in info or "chromaticity" in info):
        return None, ""
    primaries = tuple(info.get("chromaticity", _SRGB))
    like_srgb = np.allclose(primaries, _SRGB, atol=_CLOSE)
    gamma = info.get("gamma") or _SRGB_GAMMA
    if like_srgb and abs(gamma - _SRGB_GAMMA) < _SAME_GAMMA:
        return None, ""
    whose = "sRGB's primaries" if like_srgb else "primaries of its own"
    return _profile(primaries, gamma), f"Gamma {gamma:.4g} with {whose}"


def from_cicp(primaries: int, transfer: int) -> Described:
    """The profile that code points of ITU-T H.273 describe.

    Returns
    -------
    Described
        With no profile and `HDR` for a name where there is none for them.
    """
    known = _PRIMARIES.get(1 if primaries == _UNSPECIFIED else primaries)
    if transfer == _UNSPECIFIED:
        transfer = _LIKE_SRGB[0]
    if known is None or transfer not in (*_LIKE_SRGB, *_GAMMAS):
        return None, HDR
    name, corners = known
    if transfer in _GAMMAS:
        return _profile(corners, _GAMMAS[transfer]), f"{name} of gamma {_GAMMAS[transfer]:.4g}"
    return (None, "") if name == "sRGB" else (_profile(corners, None), name)


def adobe_rgb() -> Described:
    """The profile of Adobe RGB, where a file says that it is that."""
    need = "Colors that Exif says are Adobe RGB need imagecodecs"
    return _profile(_ADOBE_RGB, _ADOBE_GAMMA, need), "Adobe RGB (told by Exif)"


def _profile(corners: tuple[float, ...], gamma: float | None, need: str = _NEED) -> bytes:
    imagecodecs = library("imagecodecs", need)
    white, *others = zip(corners[::2], corners[1::2], strict=True)
    curve = {"transferfunction": _srgb_curve()} if gamma is None else {"gamma": 1 / gamma}
    return imagecodecs.cms_profile(
        "rgb",
        whitepoint=[*white, 1.0],
        primaries=[number for corner in others for number in (*corner, 1.0)],
        **curve,
    )


def _srgb_curve() -> np.ndarray:
    """Light by number, in 4,096 steps of 16 bits (IEC 61966-2-1)."""
    number = np.linspace(0, 1, 4096)
    light = np.where(number <= 0.04045, number / 12.92, ((number + 0.055) / 1.055) ** 2.4)
    return np.rint(65535 * light).astype(np.uint16)
