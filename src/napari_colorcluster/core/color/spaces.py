"""Color spaces in which distances are measured: each one entry, from 8-bit sRGB and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

LUMA = (0.299, 0.587, 0.114)
"""How bright red, green and blue are, by ITU-R BT.601, of gamma-encoded sRGB."""


@dataclass(frozen=True)
class ColorSpace:
    """A color space with three axes.

    Attributes
    ----------
    name : str
        The key in ``COLOR_SPACES``.
    title : str
        How menus write it.
    axes : tuple of str
        The axes' names.
    from_srgb : callable
        Colors (n, 3), uint8 sRGB, to points (n, 3), float64.
    to_srgb : callable
        Points (n, 3), float64, to sRGB (n, 3), float64, nominally in [0, 1]; what lies outside
        the gamut may leave it.
    lightness_axis : int or None
        Which axis is a perceptual lightness, if one is.
    noise : float
        Spread below which an axis holds rounding and no color: not to be scaled up.
    """

    name: str
    title: str
    axes: tuple[str, str, str]
    from_srgb: Callable[[np.ndarray], np.ndarray]
    to_srgb: Callable[[np.ndarray], np.ndarray]
    lightness_axis: int | None = None
    noise: float = 1e-9


def to_8bit(srgb: np.ndarray) -> np.ndarray:
    """Clip sRGB to [0, 1] and round it to uint8."""
    return np.rint(np.clip(srgb, 0, 1) * 255).astype(np.uint8)


# IEC 61966-2-1: a straight line near black, a power of 2.4 above it.
def _decode_gamma(srgb: np.ndarray) -> np.ndarray:
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def _encode_gamma(linear: np.ndarray) -> np.ndarray:
    # Beyond the gamut a power is not defined; such colors are clipped in the end.
    linear = np.maximum(linear, 0)
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)


_LINEAR_LEVELS = _decode_gamma(np.arange(256) / 255)


def _rgb_from_srgb(colors: np.ndarray) -> np.ndarray:
    return colors.astype(np.float64)


def _rgb_to_srgb(points: np.ndarray) -> np.ndarray:
    return points / 255


def _linear_from_srgb(colors: np.ndarray) -> np.ndarray:
    return _LINEAR_LEVELS[colors]


def _lab_from_srgb(colors: np.ndarray) -> np.ndarray:
    from skimage.color import rgb2lab

    return rgb2lab(colors / 255)


def _lab_to_srgb(points: np.ndarray) -> np.ndarray:
    from skimage.color import lab2xyz, xyz2rgb

    # Far outside the gamut, z would drop below 0, where scikit-image warns.
    lightness, red_green, blue_yellow = np.asarray(points, float).T
    blue_yellow = np.minimum(blue_yellow, 200 * (lightness + 16) / 116)
    return xyz2rgb(lab2xyz(np.column_stack([lightness, red_green, blue_yellow])))


# Björn Ottosson, "A perceptual color space for image processing" (2020), matrices as published.
_OKLAB_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_OKLAB_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def _oklab_from_srgb(colors: np.ndarray) -> np.ndarray:
    return np.cbrt(_linear_from_srgb(colors) @ _OKLAB_LMS.T) @ _OKLAB_LAB.T


def _oklab_to_srgb(points: np.ndarray) -> np.ndarray:
    cones = (points @ np.linalg.inv(_OKLAB_LAB).T) ** 3
    return _encode_gamma(cones @ np.linalg.inv(_OKLAB_LMS).T)


def _hsv_cone_from_srgb(colors: np.ndarray) -> np.ndarray:
    from skimage.color import rgb2hsv

    hue, saturation, value = rgb2hsv(colors / 255).T
    angle, chroma = 2 * np.pi * hue, saturation * value
    return np.column_stack([chroma * np.cos(angle), chroma * np.sin(angle), value])


def _hsv_cone_to_srgb(points: np.ndarray) -> np.ndarray:
    from skimage.color import hsv2rgb

    along, across, value = np.asarray(points, float).T
    chroma = np.hypot(along, across)
    hue = np.arctan2(across, along) / (2 * np.pi) % 1
    saturation = np.divide(chroma, value, out=np.zeros_like(value), where=value > 0)
    return hsv2rgb(np.column_stack([hue, np.clip(saturation, 0, 1), np.clip(value, 0, 1)]))


_SPACES = (
    ColorSpace(
        "lab",
        "CIELAB",
        ("L*", "a*", "b*"),
        _lab_from_srgb,
        _lab_to_srgb,
        lightness_axis=0,
        noise=0.05,  # scikit-image's grays are off the axis by up to 0.01
    ),
    ColorSpace(
        "oklab",
        "Oklab",
        ("L", "a", "b"),
        _oklab_from_srgb,
        _oklab_to_srgb,
        lightness_axis=0,
        noise=1e-4,
    ),
    ColorSpace("rgb", "sRGB", ("red", "green", "blue"), _rgb_from_srgb, _rgb_to_srgb),
    ColorSpace(
        "linear_rgb", "Linear RGB", ("red", "green", "blue"), _linear_from_srgb, _encode_gamma
    ),
    ColorSpace(
        "hsv",
        "HSV cone",
        ("chroma × cos hue", "chroma × sin hue", "value"),
        _hsv_cone_from_srgb,
        _hsv_cone_to_srgb,
    ),
)

COLOR_SPACES: Mapping[str, ColorSpace] = MappingProxyType({space.name: space for space in _SPACES})
"""The color spaces by name; the first is the default."""
