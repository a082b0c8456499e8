"""The light of a lamp in place of daylight."""

from __future__ import annotations

import numpy as np

from napari_colorcluster.core.color.srgb import decode_gamma, encode_gamma
from napari_colorcluster.core.files.samples.painting import finished

LAMP = (0.98, 0.74, 0.46)
"""What a lamp leaves of red, green and blue light."""


def in_light(image: np.ndarray, light: tuple[float, float, float] = LAMP) -> np.ndarray:
    """Show a picture, sRGB in 8 bits, in a light of another color."""
    levels = decode_gamma(np.arange(256) / 255)
    shown = np.empty_like(image)
    for channel, part in enumerate(light):
        shown[..., channel] = finished(255 * encode_gamma(part * levels))[image[..., channel]]
    return shown
