"""From an image of a card, or of a gray patch, to the numbers of a calibration."""

from __future__ import annotations

import os
from collections import Counter
from numbers import Real
from typing import Any, NamedTuple

import numpy as np

from napari_colorcluster.core.color.calibration.card import Card, find_card
from napari_colorcluster.core.color.calibration.fitting import (
    Fit,
    Patches,
    fit_model,
    fit_patches,
    shaded_patches,
)
from napari_colorcluster.core.color.calibration.measuring import CLIPPED, Measured, measure
from napari_colorcluster.core.color.calibration.models import MODELS, find_model
from napari_colorcluster.core.color.calibration.records import Patch, Triple, mean_delta_e
from napari_colorcluster.core.color.srgb import decode_gamma, encode_gamma
from napari_colorcluster.core.pixels.passes import as_source


class Solution(NamedTuple):
    """What a `Calibration` is made of; see there."""

    model: str
    matrix: np.ndarray
    exponents: np.ndarray
    card: str
    records: tuple[Patch, ...]


def solve_card(
    image: Any, corners: np.ndarray, card: str | os.PathLike[str] | Card, model: Any, mask: Any
) -> Solution:
    """Measure a card and fit it; what is behind `Calibration.from_card`."""
    card = find_card(card)
    wanted = None if model is None else find_model(model)
    measured, patches = _upright(measure(image, corners, card, mask), card)
    reasons = np.array(measured.reasons, object)
    used = np.flatnonzero(reasons == "")
    reasons[used[shaded_patches(patches.take(used))]] = "shaded"
    used = np.flatnonzero(reasons == "")
    if not len(used):
        counted = Counter(reasons.tolist()).most_common()
        raise ValueError(
            f"No patch of the card {card.name!r} can be used: "
            + ", ".join(f"{count} {reason}" for reason, count in counted)
            + "."
        )
    fit = fit_patches(patches.take(used), wanted)
    records = _records(card, measured.colors, patches, fit, reasons.tolist())
    difference = mean_delta_e(records, "delta_e_after")
    if not difference <= _HOPELESS:
        raise ValueError(
            "The corners do not seem to be on the card: the mean color difference after the fit "
            f"is {difference:.1f}; give each corner as row, column."
        )
    return Solution(fit.model.name, fit.matrix, fit.exponents, card.name, records)


def upright_corners(
    image: Any,
    corners: np.ndarray,
    card: str | os.PathLike[str] | Card = "ColorChecker Classic",
    mask: Any = None,
) -> np.ndarray:
    """Tell which corner of a card in an image is which, by its colors.

    Parameters
    ----------
    image, corners, card, mask
        As `Calibration.from_card` takes them.

    Returns
    -------
    ndarray, shape (4, 2), float64
        Row and column of the upper left, upper right, lower right and lower left corner, as the
        card is read: what `Card.outlines` takes.

    Raises
    ------
    ValueError
        Where the card is unknown, or the corners outline nothing in the image.
    """
    card = find_card(card)
    measured, _ = _upright(measure(image, corners, card, mask), card)
    return measured.corners


def solve_gray(
    image: Any, mask: Any, reflectance: float | None, lightness: float | None
) -> Solution:
    """Measure a gray patch and balance it; what is behind `Calibration.from_gray`."""
    if lightness is not None:
        _check("lightness", lightness, 100)
        reflectance = _reflectance(lightness)
    elif reflectance is not None:
        _check("reflectance", reflectance, 1)
    color = _median(image, mask)
    linear = decode_gamma(color / 255)
    luminance = float(linear @ _LUMINANCE)
    level = luminance if reflectance is None else float(reflectance)
    gains = level / linear
    lab = np.array([[_lightness(level), 0.0, 0.0]])
    target = np.full((1, 3), level)
    patches = Patches(linear[np.newaxis], lab, target, np.full((1, 2), 0.5))
    fit = Fit(MODELS["white_balance"], np.diag(gains), np.empty(0), np.empty(0))
    card = Card("gray patch", ("gray",), ((1, 1),), (tuple(lab[0].tolist()),), ((0.5, 0.5, 1, 1),))
    records = _records(card, color[np.newaxis], patches, fit, [""])
    return Solution("white_balance", fit.matrix, fit.exponents, card.name, records)


_LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
"""How much of the luminance red, green and blue are, by IEC 61966-2-1."""


_HOPELESS = 10.0
"""The mean ΔE2000 after the fit beyond which what was measured is not the card."""

_MOST_MISFIT = 30.0
"""The ΔE from which on a patch is taken for another one."""


def _check(what: str, value: Any, highest: float) -> None:
    if isinstance(value, bool) or not isinstance(value, Real) or not 0 < value <= highest:
        raise ValueError(f"{what} must be a number above 0 and up to {highest}, got {value!r}.")


def _lightness(reflectance: float) -> float:
    from skimage.color import rgb2lab

    return float(rgb2lab(encode_gamma(np.full((1, 3), reflectance)))[0, 0])


def _reflectance(lightness: float) -> float:
    from skimage.color import lab2xyz

    return float(lab2xyz(np.array([[lightness, 0.0, 0.0]]))[0, 1])


def _median(image: Any, mask: Any) -> np.ndarray:
    """The median of the pixels that take part, shape (3,), from counts: of an image of any size."""
    source = as_source(image, mask)
    counts = np.zeros((3, 256), np.int64)
    for where in source.slices():
        pixels = source.read(where)
        values = pixels.values[pixels.keep] if pixels.keep.size else pixels.values
        counts += [np.bincount(channel, minlength=256) for channel in values[:, :3].T]
    n_pixels = counts[0].sum()
    if not n_pixels:
        raise ValueError("The gray patch has no pixel that takes part.")
    if (counts[:, [0, 255]] > CLIPPED * n_pixels).any():
        raise ValueError(
            "The gray patch is clipped, with pixels at 0 or 255 in a channel: take another patch "
            "or another exposure."
        )
    reached = np.cumsum(counts, axis=1)
    low, high = ((reached > rank).argmax(axis=1) for rank in ((n_pixels - 1) // 2, n_pixels // 2))
    return (low + high) / 2


def _upright(ways: list[Measured], card: Card) -> tuple[Measured, Patches]:
    """Of the ways in which a card may lie, the one whose patches are most like the reference."""
    found = [(way, _patches(way, card)) for way in ways]
    misfits = [_misfit(way, patches) for way, patches in found]
    return found[int(np.argmin(misfits))]


def _misfit(measured: Measured, patches: Patches) -> float:
    """How badly a way fits, whatever camera there was: without any light over the card or curve.

    A shadow on some patches does not turn the card around: no patch counts for more than those
    that cannot be used, as between two patches.
    """
    used = np.flatnonzero(measured.usable)
    misfits = np.full(len(patches), _MOST_MISFIT)
    if len(used):
        usable = patches.take(used)
        model = MODELS["3x3" if len(used) > 3 else "white_balance"]
        found = np.linalg.norm(fit_model(usable, model).residuals(usable), axis=1)
        misfits[used] = np.minimum(found, _MOST_MISFIT)
    return float(misfits.mean())


def _patches(measured: Measured, card: Card) -> Patches:
    # What could not be measured is never used.
    colors = np.nan_to_num(measured.colors)
    return Patches(decode_gamma(colors / 255), np.array(card.lab), card.linear, card.middles)


def _records(
    card: Card, colors: np.ndarray, patches: Patches, fit: Fit, reasons: list[str]
) -> tuple[Patch, ...]:
    from skimage.color import deltaE_ciede2000, rgb2lab

    light = fit.light_at(patches.middles)
    before = deltaE_ciede2000(patches.lab, rgb2lab(np.nan_to_num(colors) / 255))
    after = deltaE_ciede2000(patches.lab, rgb2lab(encode_gamma(fit.predict(patches))))
    reference = 255 * encode_gamma(patches.target)
    known = np.isfinite(colors).all(axis=1)
    return tuple(
        Patch(
            name,
            *card.places[i],
            _triple(colors[i]) if known[i] else None,
            _triple(reference[i]),
            _triple(patches.lab[i]),
            float(light[i]) if known[i] else None,
            float(before[i]) if known[i] else None,
            float(after[i]) if known[i] else None,
            reasons[i],
        )
        for i, name in enumerate(card.patches)
    )


def _triple(values: np.ndarray) -> Triple:
    return tuple(map(float, values))
