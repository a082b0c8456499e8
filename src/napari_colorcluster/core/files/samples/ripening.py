"""Three tomatoes that ripen day by day: how much of them is ripe on each day is known."""

from __future__ import annotations

import numpy as np

from napari_colorcluster.core.files.samples.painting import finished, grid, paint, roughness, soft
from napari_colorcluster.core.files.samples.sample import Sample, true_palette

DAYS, SHAPE = 12, (200, 520)
NAMES = ("green", "turning", "red")

_COLORS = np.array([(112, 142, 62), (150, 160, 66), (214, 158, 62), (216, 84, 40), (188, 32, 30)])
"""From unripe to ripe, at even steps of ripeness."""

_TURNS, _REDDENS = 0.25, 0.7
"""The ripeness from which a tomato is called turning, and red."""

_FRUITS = ((-1.68, 0.06, 0.74, 3.4), (0.0, 0.03, 0.80, 5.6), (1.68, 0.07, 0.70, 8.2))
"""The middle (x and y), the radius, and the day on which it is half ripe, of each."""

_CLOTH, _STALK = (70, 78, 92), (76, 106, 48)


def ripening() -> Sample:
    """Paint a time-lapse of three tomatoes, a picture a day.

    Returns
    -------
    Sample
        Its parts are what is green, turning and red of the fruits, in a stack of twelve days; the
        cloth and the stalks are background.
    """
    random = np.random.default_rng(5)
    rows, columns = grid(SHAPE)
    canvas = np.empty((*SHAPE, 3))
    canvas[:] = _CLOTH
    weave = roughness(random, SHAPE, 1) + 2 * roughness(random, SHAPE, 20)
    canvas += 2.2 * weave[..., np.newaxis]
    # What is painted on each day in other colors: which pixels, in what light, how far behind.
    cover, light = np.zeros(SHAPE), np.zeros(SHAPE)
    stalks, is_fruit = np.zeros(SHAPE, bool), np.zeros(SHAPE, bool)
    delay = 0.5 * roughness(random, SHAPE, 4, 14)
    for x, y, radius, half_ripe in _FRUITS:
        right, down = (columns - x) / radius, (rows - y) / (radius * 0.9)
        distance = np.hypot(right, down)
        inside = distance < 1 + 0.012 * np.cos(5 * np.arctan2(down, right))
        canvas *= 1 - 0.45 * soft(np.hypot(right - 0.06, down - 0.12) < 1, 7)[..., np.newaxis]
        height = np.sqrt(np.clip(1 - distance**2, 0, 1))
        facing = 0.58 * height - 0.42 * down - 0.34 * right
        light[inside] = (0.62 + 0.42 * facing)[inside]
        # Ripening begins at the lower end, which is farther from the stalk.
        delay[inside] += half_ripe - 1.3 * down[inside]
        cover = np.maximum(cover, soft(inside))
        is_fruit |= inside
        angle = np.arctan2(down + 0.52, right)
        star = 0.11 + 0.25 * np.cos(2.5 * angle + 0.6) ** 6
        stalks |= inside & (np.hypot(right, (down + 0.52) * 1.5) < star)
        stalks |= (np.abs(right - 0.1 * (down + 0.6) ** 2) < 0.035) & (np.abs(down + 0.72) < 0.22)
    days = np.arange(DAYS)[:, np.newaxis, np.newaxis]
    ripeness = 1 / (1 + np.exp(-1.15 * (days - delay)))
    labels = (1 + (ripeness >= _TURNS) + (ripeness >= _REDDENS)).astype(np.uint8)
    labels[:, ~is_fruit | stalks] = 0
    image = np.stack([_day(canvas, cover, light, each, stalks) for each in ripeness])
    return Sample(image, labels, true_palette(image, labels, NAMES), ("day", "y", "x"))


def _day(
    ground: np.ndarray,
    cover: np.ndarray,
    light: np.ndarray,
    ripeness: np.ndarray,
    stalks: np.ndarray,
) -> np.ndarray:
    steps = np.linspace(0, 1, len(_COLORS))
    skin = np.stack([np.interp(ripeness, steps, channel) for channel in _COLORS.T], axis=-1)
    skin *= light[..., np.newaxis]
    paint(skin, 0.75 * np.clip((light - 0.94) / 0.10, 0, 1) ** 2, (255, 250, 240))
    canvas = ground.copy()
    paint(canvas, cover, skin)
    paint(canvas, soft(stalks, 0.9), _STALK)
    return finished(canvas)
