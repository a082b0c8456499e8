"""sRGB as numbers: 8 bits or floats, gamma-encoded or linear in light. No other color space."""

from __future__ import annotations

import numpy as np


# IEC 61966-2-1: a straight line near black, a power of 2.4 above it. Beyond the gamut, where the
# power is not defined, the line goes on. In place, since new arrays would take most of the time.
def decode_gamma(srgb: np.ndarray) -> np.ndarray:
    """Turn sRGB, nominally in [0, 1], into linear light of the same shape."""
    linear = np.maximum(srgb, 0.0)
    linear += 0.055
    linear /= 1.055
    linear **= 2.4
    return np.divide(srgb, 12.92, out=linear, where=srgb <= 0.04045)


def encode_gamma(linear: np.ndarray) -> np.ndarray:
    """Turn linear light, nominally in [0, 1], into sRGB: the inverse of `decode_gamma`."""
    srgb = np.maximum(linear, 0.0)
    srgb **= 1 / 2.4
    srgb *= 1.055
    srgb -= 0.055
    return np.multiply(linear, 12.92, out=srgb, where=linear <= 0.0031308)


_LINEAR_LEVELS = decode_gamma(np.arange(256) / 255)


def linear_light(colors: np.ndarray) -> np.ndarray:
    """Turn sRGB, uint8 or float64 in [0, 1], into linear light in [0, 1]."""
    return decode_gamma(colors) if colors.dtype.kind == "f" else _LINEAR_LEVELS.take(colors)


def unit(colors: np.ndarray) -> np.ndarray:
    """Turn sRGB, uint8 or float64 in [0, 1], into the latter; not a copy where it is that."""
    return colors if colors.dtype.kind == "f" else colors / 255
