"""A leaf with the lesions of a disease on white paper: how much of it is diseased is known."""

from __future__ import annotations

import numpy as np

from napari_colorcluster.core.files.samples.light import in_light
from napari_colorcluster.core.files.samples.painting import (
    finished,
    grid,
    highest,
    paint,
    roughness,
    soft,
)
from napari_colorcluster.core.files.samples.sample import Sample, true_palette

SHAPE = (400, 600)
NAMES = ("healthy", "yellow halo", "brown lesion")

_LENGTH, _WIDTH, _TILT = 2.5, 0.66, 0.16
_VEINS = 0.27
"""How far apart the veins on each side leave the midrib."""

_PAPER, _GREEN, _VEIN = (236, 236, 231), (70, 122, 52), (143, 172, 96)
_HALO, _BROWN, _RIM = (199, 182, 70), (121, 78, 47), (82, 50, 34)


def leaf(severity: float = 0.15, random_state: int = 0, lamp: bool = False) -> Sample:
    """Paint a leaf with lesions, brown with yellow halos.

    Parameters
    ----------
    severity : float, default 0.15
        The share of the leaf that is diseased, from 0 to 0.6: half of it brown, half halo.
    random_state : int, default 0
        Another number makes another leaf.
    lamp : bool, default False
        Photograph it in the warm light of the sample with a color card.

    Returns
    -------
    Sample
        Its parts are the healthy leaf, the halos and the lesions; the paper is background. In the
        light of a lamp, ``true_image`` is the picture in neutral light.

    Raises
    ------
    ValueError
        Where the severity is not in that range.
    """
    if not 0 <= severity <= 0.6:
        raise ValueError(f"severity must be from 0 to 0.6, got {severity!r}.")
    random = np.random.default_rng(random_state)
    along, across = _axes(random)
    is_leaf, labels = _outline(along, across), np.zeros(SHAPE, np.uint8)
    labels[is_leaf] = 1
    sickness = np.where(is_leaf, _lesions(along, across, random), -np.inf)
    n_diseased = round(severity * int(is_leaf.sum()))
    labels[highest(sickness, n_diseased)] = 2
    labels[highest(sickness, n_diseased // 2)] = 3
    image = true_image = _painted(along, across, labels, random)
    if lamp:
        image = in_light(true_image)
    parts = true_palette(image, labels, NAMES)
    return Sample(image, labels, parts, true_image=true_image if lamp else None)


def _axes(random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Where each pixel is along the leaf, 0 at its base and 1 at its tip, and beside its midrib."""
    rows, columns = grid(SHAPE)
    tilt = _TILT * random.uniform(0.4, 1.3)
    right = columns * np.cos(tilt) - rows * np.sin(tilt)
    down = rows * np.cos(tilt) + columns * np.sin(tilt)
    along = (right + _LENGTH / 2) / _LENGTH
    return along, down + 0.16 * random.uniform(0.5, 1.2) * (along - 0.5) ** 2


def _outline(along: np.ndarray, across: np.ndarray) -> np.ndarray:
    inside = np.clip(along, 0, 1)
    half = _WIDTH * np.sin(np.pi * inside**0.82) ** 0.85 * (1 - 0.22 * inside)
    teeth = 1 - 0.035 * ((inside * 26 - np.abs(across)) % 1)
    return (along > 0) & (along < 1) & (np.abs(across) < half * teeth)


def _veins(along: np.ndarray, across: np.ndarray) -> np.ndarray:
    """How far along the way from one vein to the next each pixel is, -0.5..0.5; 0 on a vein."""
    beside = np.abs(across)
    start = along * _LENGTH - 0.62 * beside - 0.32 * beside**2
    shift = 0.5 * (across > 0)
    return (start / _VEINS + shift) % 1 - 0.5


def _lesions(along: np.ndarray, across: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """How near each pixel is to the middle of a lesion; lesions have ragged edges."""
    ragged = 0.16 * roughness(random, SHAPE, 3, 9)
    best = np.full(SHAPE, -np.inf)
    for _ in range(26):
        middle = random.uniform(0.06, 0.94), random.uniform(-0.55, 0.55)
        size = random.gamma(4, 0.028) + 0.02
        apart = np.hypot((along - middle[0]) * _LENGTH * 0.9, across - middle[1])
        np.maximum(best, size - apart * (1 + ragged), out=best)
    return best


def _painted(
    along: np.ndarray, across: np.ndarray, labels: np.ndarray, random: np.random.Generator
) -> np.ndarray:
    from scipy.ndimage import shift

    canvas = np.empty((*SHAPE, 3))
    canvas[:] = _PAPER
    canvas += 1.2 * random.standard_normal(SHAPE)[..., np.newaxis]
    covered = soft(labels > 0)
    shadow = shift(soft(labels > 0, 7), (5, 4), order=1)
    canvas *= 1 - 0.30 * shadow[..., np.newaxis]
    stalk = np.abs(across - 0.9 * np.minimum(along, 0) ** 2) < 0.022 - 0.03 * along
    paint(canvas, soft(stalk & (along < 0.02) & (along > -0.035)), (128, 150, 78))

    tissue = np.empty((*SHAPE, 3))
    tissue[:] = _GREEN
    way = _veins(along, across)
    beside = np.abs(across)
    paint(tissue, 0.85 * np.exp(-((way / (0.075 - 0.05 * beside)) ** 2)), _VEIN)
    sick = soft(labels >= 2, 1.3)
    paint(tissue, sick * 0.94, _HALO)
    paint(tissue, soft(labels == 3, 1.1), _BROWN)
    rim = soft(labels == 3, 2.5)
    paint(tissue, 0.55 * np.clip(4 * rim * (1 - rim), 0, 1) * soft(labels == 3, 0.7), _RIM)
    paint(tissue, np.exp(-((across / np.clip(0.03 - 0.022 * along, 0.006, 1)) ** 2)), _VEIN)
    # Between its veins a leaf is arched, and light comes from the upper left.
    arch = np.sin(2 * np.pi * way) * np.sign(across)
    light = 1 + 0.055 * arch - 0.10 * across + 0.045 * roughness(random, SHAPE, 1, 4, 30)
    tissue *= np.clip(light, 0.6, 1.3)[..., np.newaxis]
    paint(canvas, covered, tissue)
    return finished(canvas)
