"""What the patches of a card look like in an image, and which of them cannot be trusted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from napari_colorcluster.core.color.calibration.card import Card, ordered_corners
from napari_colorcluster.core.pixels.passes import as_source

_INSIDE = 0.6
"""The side of what is measured of a patch, in parts of the patch's: away from its edge."""

CLIPPED = 0.1
"""The share of a patch's pixels that may hold 0 or 255 in a channel."""

_UNEVEN = 0.2
"""How much darker a tenth of a patch may be than its middle, in parts of that, beyond noise."""


@dataclass(frozen=True, eq=False)
class Measured:
    """The patches of a card, as an image shows them.

    Attributes
    ----------
    corners : ndarray, shape (4, 2), float64
        Row and column of the card's corners, in the order in which `Card.outlines` takes them.
    colors : ndarray, shape (n_patches, 3), float64
        The median of each, sRGB in 0..255; not a number where there is no pixel.
    reasons : tuple of str
        Why each cannot be used; empty where it can.
    """

    corners: np.ndarray
    colors: np.ndarray
    reasons: tuple[str, ...]

    @property
    def usable(self) -> np.ndarray:
        """Which patches can be used, shape (n_patches,), bool."""
        return np.array([not reason for reason in self.reasons])


def measure(image: Any, corners: np.ndarray, card: Card, mask: Any = None) -> list[Measured]:
    """Measure a card in each of the ways in which it may lie between four corners.

    Parameters
    ----------
    image : array, shape (rows, columns, 3 or 4)
        Read around the card alone.
    corners : array-like, shape (4, 2)
        Row and column of the card's corners, in any order.
    card : Card
        The card.
    mask : array of bool, shape (rows, columns), optional
        True where a pixel takes part.

    Returns
    -------
    list of Measured
        Of the four turns and of their mirror images, these last.

    Raises
    ------
    ValueError
        Where the image has other axes, or the corners outline nothing in it.
    """
    source = as_source(image, mask)
    shape = source.shape
    if len(shape) != 2:
        raise ValueError(
            "A card is found in an image of shape (rows, columns, 3 or 4), got "
            f"{tuple(source.image.shape)}; take one plane of a stack."
        )
    around = ordered_corners(corners)
    low = np.clip(np.floor(around.min(axis=0)), 0, shape).astype(int)
    high = np.clip(np.ceil(around.max(axis=0)) + 1, 0, shape).astype(int)
    if (high - low < 1).any():
        raise ValueError(
            f"corners lie outside the image of {shape[0]} × {shape[1]} pixels: {around.tolist()}."
        )
    where = tuple(slice(int(a), int(b)) for a, b in zip(low, high, strict=True))
    pixels = source.read(where)
    shape = tuple(high - low)
    values = pixels.values[:, :3].reshape(*shape, 3)
    keep = pixels.keep.reshape(shape) if pixels.keep.size else np.ones(shape, bool)
    return [
        Measured(way, *_measure_patches(values, keep, card.outlines(way - low, size=_INSIDE)))
        for way in _ways(around)
    ]


def _ways(corners: np.ndarray) -> Iterator[np.ndarray]:
    for mirrored in (False, True):
        around = corners[::-1] if mirrored else corners
        for turn in range(4):
            yield np.roll(around, turn, axis=0)


def _measure_patches(
    values: np.ndarray, keep: np.ndarray, outlines: list[np.ndarray]
) -> tuple[np.ndarray, tuple[str, ...]]:
    """The median of each patch, and why it cannot be used; see `Measured`."""
    colors = np.full((len(outlines), 3), np.nan)
    reasons = []
    for place, outline in enumerate(outlines):
        found, reason = _pixels_inside(values, keep, outline)
        if not reason:
            colors[place] = np.median(found, axis=0)
            reason = _doubt(found)
        reasons.append(reason)
    return colors, tuple(reasons)


def _pixels_inside(
    values: np.ndarray, keep: np.ndarray, outline: np.ndarray
) -> tuple[np.ndarray, str]:
    """The pixels of a patch, shape (n_pixels, 3); or why there is none."""
    from skimage.draw import polygon

    last = np.array(values.shape[:2]) - 1
    if (outline < -0.5).any() or (outline > last + 0.5).any():
        return values[:0, 0], "outside the image"
    rows, columns = polygon(*outline.T, shape=values.shape[:2])
    if not len(rows):
        # Of a patch as small as a pixel, that in its middle.
        rows, columns = np.clip(np.rint(outline.mean(axis=0)), 0, last).astype(int)[:, np.newaxis]
    found = values[rows, columns][keep[rows, columns]]
    return found, "" if len(found) else "masked"


def _doubt(pixels: np.ndarray) -> str:
    """Why a patch that looks like this cannot be used; empty where it can."""
    limits = ((pixels == 0) | (pixels == 255)).mean(axis=0)
    if (limits > CLIPPED).any():
        return "clipped"
    lightness = pixels.mean(axis=1)
    darkest, middle, lightest = np.quantile(lightness, [0.1, 0.5, 0.9])
    # Noise spreads to both sides alike; the edge of a shadow or of a reflection does not.
    spread = max(middle - darkest, lightest - middle)
    even = min(middle - darkest, lightest - middle)
    return "uneven" if spread - even > max(_UNEVEN * middle, 8) else ""
