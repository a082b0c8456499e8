"""A leaf beside a color card in warm light: the true colors and the place of the card are known."""

from __future__ import annotations

import numpy as np

from napari_colorcluster.core.color.calibration.card import find_card
from napari_colorcluster.core.color.srgb import encode_gamma
from napari_colorcluster.core.files.samples.leaf import SHAPE, leaf
from napari_colorcluster.core.files.samples.light import in_light
from napari_colorcluster.core.files.samples.painting import finished, paint, soft
from napari_colorcluster.core.files.samples.sample import Sample, true_palette

CORNERS = ((415.0, 164.0), (410.0, 424.0), (577.0, 435.0), (583.0, 156.0))
"""Row and column of the corners of the card's field of patches: upper left, and around."""

_BELOW, _FRAME, _PAPER = 210, (31, 31, 33), (236, 236, 231)


def leaf_with_card(severity: float = 0.15, random_state: int = 0) -> Sample:
    """Paint a leaf above a ColorChecker Classic, photographed in the light of a lamp.

    Parameters
    ----------
    severity, random_state
        As for `leaf`.

    Returns
    -------
    Sample
        As of `leaf`; it has the card's ``corners``, and the ``true_image`` in neutral light.
    """
    flat = leaf(severity, random_state)
    canvas = np.empty((SHAPE[0] + _BELOW, SHAPE[1], 3))
    canvas[: SHAPE[0]] = flat.image
    canvas[SHAPE[0] :] = _PAPER
    random = np.random.default_rng(random_state)
    canvas[SHAPE[0] :] += 1.2 * random.standard_normal((_BELOW, SHAPE[1], 1))
    _lay_card(canvas)
    true_image = finished(canvas)
    image = in_light(true_image)
    labels = np.zeros(canvas.shape[:2], np.uint8)
    labels[: SHAPE[0]] = flat.labels
    parts = true_palette(image, labels, flat.palette.names)
    return Sample(image, labels, parts, corners=np.array(CORNERS), true_image=true_image)


def _lay_card(canvas: np.ndarray) -> None:
    from skimage.draw import polygon

    card = find_card("ColorChecker Classic")
    corners = np.array(CORNERS)
    middle = corners.mean(axis=0)
    shape = canvas.shape[:2]

    def filled(outline: np.ndarray) -> np.ndarray:
        mask = np.zeros(shape, bool)
        mask[polygon(*outline.T, shape)] = True
        return mask

    board = middle + (corners - middle) * [1.10, 1.07]
    canvas *= 1 - 0.35 * soft(filled(board + 4), 5)[..., np.newaxis]
    paint(canvas, soft(filled(board), 0.6), _FRAME)
    colors = 255 * encode_gamma(np.clip(card.linear, 0, 1))
    patches, inks = np.zeros(shape, bool), canvas.copy()
    # The colors reach into the gaps: what is soft is only where they show.
    both = card.outlines(corners), card.outlines(corners, 1.1)
    for outline, wider, color in zip(*both, colors, strict=True):
        patches |= filled(outline)
        inks[filled(wider)] = color
    paint(canvas, soft(patches, 0.6), inks)
