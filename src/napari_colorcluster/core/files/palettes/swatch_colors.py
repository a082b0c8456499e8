"""The color models of Adobe's swatch files, each to sRGB in [0, 1]."""

from __future__ import annotations

import colorsys

import numpy as np

# Bradford adaptation of XYZ from D50, the white of Adobe's Lab, to D65, that of sRGB: B. Lindbloom,
# "Chromatic Adaptation" (2017).
_D65_FROM_D50 = np.array(
    [
        [0.9555766, -0.0230393, 0.0631636],
        [-0.0282895, 1.0099416, 0.0210077],
        [0.0122982, -0.0204830, 1.3299098],
    ]
)


def from_gray(values: np.ndarray) -> np.ndarray:
    """Gray, 0 for black and 1 for white, is taken as that of sRGB."""
    return np.repeat(values, 3)


def from_hsb(values: np.ndarray) -> np.ndarray:
    """Hue, saturation and brightness, each in [0, 1]."""
    return np.array(colorsys.hsv_to_rgb(*values))


def from_cmyk(values: np.ndarray) -> np.ndarray:
    """Amounts of ink, 1 for full, without a profile: ``red = (1 - cyan) (1 - black)``.

    What inks look like depends on the press and the paper. The files do not tell which, and
    LittleCMS can build no profile of inks by itself.
    """
    ink = np.clip(values, 0, 1)
    return (1 - ink[:3]) * (1 - ink[3])


def from_lab(values: np.ndarray) -> np.ndarray:
    """CIELAB of D50, L* in 0..100."""
    from skimage.color import lab2xyz, xyz2rgb

    lab = np.clip(values, [0, -128, -128], [100, 128, 128])
    # Beyond this b, Z would be negative, and scikit-image would warn.
    lab[2] = min(lab[2], 199.999 * (lab[0] + 16) / 116)
    xyz = lab2xyz(lab, illuminant="D50")
    return xyz2rgb(_D65_FROM_D50 @ xyz)
