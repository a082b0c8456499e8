"""Pictures whose colors and shares are known exactly: to learn on, and to test against."""

from __future__ import annotations

import numpy as np

from napari_colorcluster.core.color.palette import Palette

_PAINTS = (
    ("teal", (0, 121, 140), 0.32),
    ("sand", (237, 201, 150), 0.25),
    ("coral", (226, 109, 92), 0.18),
    ("moss", (106, 141, 78), 0.12),
    ("plum", (92, 52, 102), 0.08),
    ("cream", (250, 243, 224), 0.05),
)
_SHAPE = (400, 600)
_DARKEST = 0.8


def painted_patches(shaded: bool = False) -> tuple[np.ndarray, np.ndarray, Palette]:
    """Six paints in soft patches, each on exactly its share of the picture.

    Parameters
    ----------
    shaded : bool, default False
        Light the picture from the upper left: the shares stay, and each paint spreads over many
        colors.

    Returns
    -------
    image : ndarray, shape (400, 600, 3), uint8
        The picture, sRGB.
    labels : ndarray, shape (400, 600), uint8
        The paint of each pixel, 1..6 in the order of the palette.
    palette : Palette
        The paints, in flat light: teal 32%, sand 25%, coral 18%, moss 12%, plum 8%, cream 5%.
    """
    from scipy.ndimage import gaussian_filter

    names, colors, shares = zip(*_PAINTS, strict=True)
    pixels = np.rint(np.array(shares) * np.prod(_SHAPE)).astype(np.int64)
    random = np.random.default_rng(7)
    labels = np.zeros(_SHAPE, np.uint8)
    # Each paint in turn takes the top of a landscape of its own, from what is left.
    for label, wanted in enumerate(pixels, start=1):
        height = gaussian_filter(random.standard_normal(_SHAPE), 24, mode="wrap")
        height[labels > 0] = -np.inf
        labels.flat[np.argsort(height, axis=None, kind="stable")[-wanted:]] = label
    image = np.array(colors, np.uint8)[labels - 1]
    if shaded:
        down, right = np.mgrid[0 : 1 : _SHAPE[0] * 1j, 0 : 1 : _SHAPE[1] * 1j]
        light = 1 - (1 - _DARKEST) * (down + right) / 2
        image = np.rint(image * light[..., np.newaxis]).astype(np.uint8)
    return image, labels, Palette(np.array(colors), pixels, names)
