"""A striped beetle as a collection's camera sees it: how much of it is each color is known."""

from __future__ import annotations

import numpy as np

from napari_colorcluster.core.files.samples.painting import finished, grid, paint, roughness, soft
from napari_colorcluster.core.files.samples.sample import Sample, true_palette

SHAPE = (480, 480)
NAMES = ("yellow", "black", "orange")

_YELLOW, _BLACK, _ORANGE = (233, 196, 92), (38, 30, 30), (196, 104, 42)
_CARD = (222, 225, 228)

_STRIPES = (0.045, 0.26, 0.46, 0.65, 0.84)
"""The middles of the stripes of a wing case, in parts of its width."""

# x and y of the middle, and the radius, of each spot on the neck shield; all are there twice.
_SPOTS = ((0.055, -0.37, 0.032), (0.14, -0.42, 0.028), (0.17, -0.31, 0.03), (0.24, -0.36, 0.026))

# Where each leg and feeler leaves the body, bends and ends, x and y; all are there twice.
_LEGS = (
    ((0.25, -0.34), (0.47, -0.50), (0.55, -0.66)),
    ((0.38, 0.02), (0.66, -0.06), (0.78, 0.08)),
    ((0.36, 0.34), (0.60, 0.48), (0.66, 0.70)),
)
_FEELERS = ((0.09, -0.60), (0.22, -0.76), (0.36, -0.78))


def beetle() -> Sample:
    """Paint a beetle: yellow wing cases with black stripes, an orange neck shield with spots.

    Returns
    -------
    Sample
        Its parts are what is yellow, black and orange, legs and feelers included.
    """
    rows, columns = grid(SHAPE)
    random = np.random.default_rng(3)
    labels, height = _body(rows, columns)
    canvas = _card(labels > 0, random)
    colors = np.array([_CARD, _YELLOW, _BLACK, _ORANGE], float)
    body = np.empty((*SHAPE, 3))
    body[:] = _YELLOW
    for label in (3, 2):
        paint(body, soft(labels == label, 0.9), colors[label])
    body *= _light(height, random)[..., np.newaxis]
    shine = np.exp(-(((rows + 0.16) / 0.30) ** 2) - (((np.abs(columns + 0.01) - 0.2) / 0.055) ** 2))
    paint(body, 0.34 * shine, (255, 252, 244))
    paint(canvas, soft(labels > 0), body)
    image = finished(canvas)
    return Sample(image, labels, true_palette(image, labels, NAMES))


def _body(rows: np.ndarray, columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The parts, and how high each pixel of the body lies over the card, 0..1."""
    beside = np.abs(columns)
    labels = np.zeros(SHAPE, np.uint8)
    height = np.zeros(SHAPE)
    for ends in (*_LEGS, _FEELERS):
        is_leg = ends is not _FEELERS
        widths = (0.028, 0.019) if is_leg else (0.015, 0.012)
        for one, other, width in zip(ends[:-1], ends[1:], widths, strict=True):
            labels[_apart(beside, rows, one, other) < width] = 3 if is_leg else 2
    parts = (
        (3, beside / 0.155, (rows + 0.54) / 0.13),  # head
        (3, beside / 0.335, (rows + 0.36) / 0.165),  # neck shield
    )
    for label, x, y in parts:
        inside = np.abs(x) ** 2.4 + np.abs(y) ** 2.4
        labels[inside < 1] = label
        np.maximum(height, np.clip(1 - inside, 0, 1) * 0.8, out=height)
    dark = [np.hypot(beside - x, rows - y) < radius for x, y, radius in _SPOTS]
    dark.append(np.hypot(beside / 0.055, (rows + 0.60) / 0.05) < 1)
    labels[np.logical_or.reduce(dark)] = 2
    labels[np.hypot(beside - 0.145, rows + 0.56) < 0.03] = 2

    y = (rows - 0.17) / 0.48
    half = 0.42 * np.sqrt(np.clip(1 - np.abs(y) ** 2.3, 0, 1)) * (1 + 0.07 * y)
    wings = (half > 0) & (beside < half)
    labels[wings] = 1
    # Stripes run from the shoulder and meet behind, each as wide as the wing leaves it room.
    place = beside / np.maximum(half, 1e-9)
    end = np.clip((0.9 - y) / 0.25, 0, 1) * np.clip((y + 1) / 0.14, 0, 1)
    near = np.min([np.abs(place - stripe) for stripe in _STRIPES], axis=0)
    labels[wings & (near < 0.052 * np.sqrt(end))] = 2
    np.maximum(height, np.where(wings, 1 - place**2 * 0.8 - 0.2 * y**2, 0), out=height)
    return labels, height


def _apart(
    x: np.ndarray, y: np.ndarray, one: tuple[float, float], other: tuple[float, float]
) -> np.ndarray:
    """The distance of each pixel from a line between two points, (x, y) each."""
    run, rise = other[0] - one[0], other[1] - one[1]
    part = ((x - one[0]) * run + (y - one[1]) * rise) / (run**2 + rise**2)
    part = np.clip(part, 0, 1)
    return np.hypot(x - one[0] - part * run, y - one[1] - part * rise)


def _light(height: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """How bright each pixel is: light from the upper left, on a body that is round and pitted."""
    from scipy.ndimage import gaussian_filter

    down, right = np.gradient(gaussian_filter(height, 3))
    slope = -(down + right) * 14
    pits = 0.05 * roughness(random, SHAPE, 1, 3)
    return np.clip(0.86 + 0.16 * height - 0.22 * np.tanh(-slope) + pits, 0.55, 1.12)


def _card(is_body: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """The card that it is pinned on, with its shadow."""
    from scipy.ndimage import shift

    canvas = np.empty((*SHAPE, 3))
    canvas[:] = _CARD
    canvas += 1.5 * roughness(random, SHAPE, 1, 12)[..., np.newaxis]
    shadow = shift(soft(is_body, 9), (10, 8), order=1)
    canvas *= 1 - 0.30 * shadow[..., np.newaxis]
    return canvas
