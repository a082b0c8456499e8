"""Which way a card lies between its corners while these are dragged: a guess, to draw patches by.

Which corner is which of a card's is told by its colors, once it is fitted.
"""

from __future__ import annotations

import numpy as np

from napari_colorcluster.core.color.calibration.card import Card

_INSIDE = 0.6
"""The side of what must be even of a patch, in parts of the patch's."""

_SURELY = 0.5
"""How much more even the other way must be, lest patches jump while corners are on their way."""


def turn_by_sides(corners: np.ndarray, card: Card) -> int:
    """How many corners to begin later, 0 or 1, for the card's longer side to be the longer one."""
    sides = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    is_wide = sides[0] + sides[2] >= sides[1] + sides[3]
    return int(card.aspect != 1 and is_wide != (card.aspect > 1))


def turn_by_patches(pixels: np.ndarray, corners: np.ndarray, card: Card, before: int) -> int:
    """Which turn has patches that are even in the image, as patches are; `before` if in doubt.

    Parameters
    ----------
    pixels : ndarray, shape (rows, columns, 3 or 4)
        The image.
    corners : ndarray, shape (4, 2)
        Around the card.
    card : Card
        The card.
    before : int
        The turn so far, 0 or 1.
    """
    now, other = (
        _unevenness(pixels, np.roll(corners, -turn, axis=0), card) for turn in (before, 1 - before)
    )
    return 1 - before if other < _SURELY * now else before


def _unevenness(pixels: np.ndarray, corners: np.ndarray, card: Card) -> float:
    """How much the corners of a patch differ, in the median of the patches."""
    at = np.rint(np.array(card.outlines(corners, size=_INSIDE))).astype(int)
    rows, columns = np.clip(at, 0, np.array(pixels.shape[:2]) - 1).transpose(2, 0, 1)
    return float(np.median(np.ptp(pixels[rows, columns].astype(float), axis=1).sum(axis=1)))
