"""Contrast between clusters: distances of their colors, and means over boundaries and shares.

Knows no pattern: it is handed shares and distances.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from napari_colorcluster.core.color.spaces import COLOR_SPACES

_NO_HUE = COLOR_SPACES["lab"].noise
"""The chroma below which a color is a gray, which has no hue."""


class Spread(NamedTuple):
    """Mean and spread of values, in the units of these; not numbers where there are none.

    Attributes
    ----------
    mean, deviation, variation : float
        Mean, standard deviation, and the coefficient of variation: their ratio; of angles the
        circular variance instead, 0 for one hue and 1 for hues all around.
    """

    mean: float
    deviation: float
    variation: float


NOTHING = Spread(float("nan"), float("nan"), float("nan"))


def color_distances(colors: np.ndarray) -> dict[str, np.ndarray]:
    """How far apart colors are, in CIELAB.

    Parameters
    ----------
    colors : ndarray, shape (k, 3), uint8
        sRGB.

    Returns
    -------
    dict of str to ndarray, shape (k, k)
        ``dE``: ΔE2000; ``dS``: the chromatic distance √(Δa² + Δb²); ``dL``: the achromatic
        distance abs(ΔL).
    """
    from skimage.color import deltaE_ciede2000

    lab = COLOR_SPACES["lab"].from_srgb(colors)
    one, other = lab[:, np.newaxis], lab[np.newaxis]
    steps = one - other
    return {
        "dE": deltaE_ciede2000(one, other),
        "dS": np.hypot(steps[..., 1], steps[..., 2]),
        "dL": np.abs(steps[..., 0]),
    }


def color_values(colors: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Lightness, chroma and hue of colors in CIELAB, each of shape (k,).

    The hue is in degrees, and not a number where the color is a gray.
    """
    lightness, red_green, blue_yellow = COLOR_SPACES["lab"].from_srgb(colors).T
    chroma = np.hypot(red_green, blue_yellow)
    hue = np.degrees(np.arctan2(blue_yellow, red_green))
    return lightness, chroma, np.where(chroma < _NO_HUE, np.nan, hue)


def michelson_contrasts(luminances: np.ndarray) -> np.ndarray:
    """The difference of each two luminances by their sum, shape (k, k)."""
    one, other = luminances[:, np.newaxis], luminances[np.newaxis]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.abs(one - other) / (one + other)


def boundary_spread(distances: np.ndarray, fractions: np.ndarray) -> Spread:
    """Mean and spread over all boundaries.

    Parameters
    ----------
    distances : ndarray, shape (n,)
        The distance at each type of boundary.
    fractions : ndarray, shape (n,)
        The share of each in all boundaries; those of share 0 take no part.

    Notes
    -----
    With n types that occur, the variance is n/(n − 1) Σ t (d − m)², as QCPA takes it; 0 where
    there is one type.
    """
    distances, fractions = distances[fractions > 0], fractions[fractions > 0]
    n = len(distances)
    if n == 0:
        return NOTHING
    mean = float(fractions @ distances)
    variance = float(fractions @ (distances - mean) ** 2) * n / max(n - 1, 1)
    return _spread(mean, variance)


def share_spread(values: np.ndarray, fractions: np.ndarray) -> Spread:
    """Mean and spread of values (k,) over all pixels, of which they have these shares (k,)."""
    values, fractions = values[fractions > 0], fractions[fractions > 0]
    if len(values) == 0:
        return NOTHING
    mean = float(fractions @ values)
    return _spread(mean, float(fractions @ (values - mean) ** 2))


def circular_spread(angles: np.ndarray, fractions: np.ndarray) -> Spread:
    """The same of angles in degrees, as directions in a circle; what is no number takes no part.

    With R the length of the mean of all directions: the angle of that mean in [0, 360), the
    circular standard deviation √(−2 ln R) in degrees, and the circular variance 1 − R.
    """
    there = np.isfinite(angles) & (fractions > 0)
    if not there.any():
        return NOTHING
    weights = fractions[there] / fractions[there].sum()
    direction = weights @ np.exp(1j * np.radians(angles[there]))
    length = min(abs(direction), 1.0)
    with np.errstate(divide="ignore"):
        deviation = np.degrees(np.sqrt(-2 * np.log(length)))
    return Spread(float(np.degrees(np.angle(direction)) % 360), float(deviation), 1 - float(length))


def _spread(mean: float, variance: float) -> Spread:
    deviation = float(np.sqrt(variance))
    return Spread(mean, deviation, deviation / mean if mean else float("nan"))
