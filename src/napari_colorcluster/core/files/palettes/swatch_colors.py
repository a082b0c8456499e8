"""The color models of Adobe's swatch files, each to sRGB in [0, 1]."""

from __future__ import annotations

import colorsys
from collections.abc import Callable, Sequence
from warnings import warn

import numpy as np

from napari_colorcluster.core.color.devices.inks import RULE, from_inks
from napari_colorcluster.core.color.devices.profiles import FromProfile
from napari_colorcluster.core.color.spaces import to_8bit

_FULL = 65_535
"""The most of 16 bits."""

# Bradford adaptation of XYZ from D50, the white of Adobe's Lab, to D65, that of sRGB: B. Lindbloom,
# "Chromatic Adaptation" (2017).
_D65_FROM_D50 = np.array(
    [
        [0.9555766, -0.0230393, 0.0631636],
        [-0.0282895, 1.0099416, 0.0210077],
        [0.0122982, -0.0204830, 1.3299098],
    ]
)


def from_rgb(values: np.ndarray) -> np.ndarray:
    """Red, green and blue, each in [0, 1], are taken as those of sRGB."""
    return values


def from_gray(values: np.ndarray) -> np.ndarray:
    """Gray, 0 for black and 1 for white, is taken as that of sRGB."""
    return np.repeat(values, 3)


def from_hsb(values: np.ndarray) -> np.ndarray:
    """Hue, saturation and brightness, each in [0, 1]."""
    return np.array(colorsys.hsv_to_rgb(*values))


def from_cmyk(values: np.ndarray, profile: bytes | None = None) -> np.ndarray:
    """Amounts of ink (..., 4), 1 for full: by an ICC profile, or else as `from_inks` has it.

    What inks look like depends on the press and the paper. The files do not tell which.
    """
    ink = np.clip(values, 0, 1).reshape(-1, 4)
    if profile is None:
        found = from_inks(ink)
    else:
        deep = np.rint(ink * _FULL).astype(np.uint16)
        found = FromProfile(profile, "cmyk")(deep) / _FULL
    return found.reshape(*values.shape[:-1], 3)


def from_lab(values: np.ndarray) -> np.ndarray:
    """CIELAB of D50, L* in 0..100."""
    from skimage.color import lab2xyz, xyz2rgb

    lab = np.clip(values, [0, -128, -128], [100, 128, 128])
    # Beyond this b, Z would be negative, and scikit-image would warn.
    lab[2] = min(lab[2], 199.999 * (lab[0] + 16) / 116)
    xyz = lab2xyz(lab, illuminant="D50")
    return xyz2rgb(_D65_FROM_D50 @ xyz)


def converted(
    swatches: Sequence[tuple[Callable[[np.ndarray], np.ndarray], np.ndarray]],
    cmyk_profile: bytes | None = None,
) -> np.ndarray:
    """Convert the colors of a file, and tell where inks are read without a profile.

    Parameters
    ----------
    swatches : sequence of (callable, ndarray)
        For each color one of the functions above, and the values that it takes.
    cmyk_profile : bytes, optional
        An ICC profile for CMYK.

    Returns
    -------
    ndarray, shape (n_colors, 3), uint8
        sRGB.
    """
    are_inks = np.array([convert is from_cmyk for convert, _ in swatches])
    colors = np.empty((len(swatches), 3))
    if are_inks.any():
        if cmyk_profile is None:
            warn(f"The palette has colors in CMYK without a profile: {RULE}.", stacklevel=2)
        # All at once: to set a profile up takes longer than to apply it.
        inks = np.array([values for convert, values in swatches if convert is from_cmyk])
        colors[are_inks] = from_cmyk(inks, cmyk_profile)
    for row in np.flatnonzero(~are_inks).tolist():
        convert, values = swatches[row]
        colors[row] = convert(values)
    return to_8bit(colors)
