"""From measured patches to a calibration's numbers: which model, which exponents, what light."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from itertools import product

import numpy as np

from napari_colorcluster.core.color.calibration.models import MODELS, Model
from napari_colorcluster.core.color.matrices import multiplied
from napari_colorcluster.core.color.srgb import encode_gamma

_EXPONENTS = (0, 1, 3)
"""How many exponents may be fitted: none, one for all channels, one for each."""

_LIGHTS = (0, 2, 5)
"""How many numbers may describe the light over the card: none, a plane's, a paraboloid's."""

_ENOUGH = 8
"""How many patches it takes to tell the light, or the camera's curve, from their colors."""

_ENOUGH_FOR_SHADE = 12
"""How many patches it takes to tell a shadow on some of them."""

_SHADED = 0.8
"""What is left of the light on a patch that counts as shaded, at most."""

_ROUNDS = 6
"""How often patches are weighed anew by how well they fit."""

_FARTHEST = 1.5
"""How far the logarithms of exponents and the coefficients of the light may go."""


@dataclass(frozen=True, eq=False)
class Patches:
    """Patches to be fitted: what is measured, and what it should be.

    Attributes
    ----------
    linear : ndarray, shape (n, 3)
        Measured linear light, as sRGB decodes it.
    lab : ndarray, shape (n, 3)
        The reference in CIELAB.
    target : ndarray, shape (n, 3)
        The same in linear light.
    middles : ndarray, shape (n, 2)
        Where they lie on the card, in [0, 1].
    """

    linear: np.ndarray
    lab: np.ndarray
    target: np.ndarray
    middles: np.ndarray

    def __len__(self) -> int:
        return len(self.linear)

    def take(self, which: np.ndarray) -> Patches:
        """Some of the patches."""
        return Patches(*(getattr(self, each.name)[which] for each in fields(self)))

    @cached_property
    def weights(self) -> np.ndarray:
        """What makes weighted differences of those in CIELAB: shape (n, 3, 3).

        They are differences in lightness, chroma and hue, weighted as CIE94 does.
        """
        chroma = np.hypot(self.lab[:, 1], self.lab[:, 2])
        along = np.where(chroma[:, np.newaxis] > 0, self.lab[:, 1:], [1, 0])
        along = along / np.linalg.norm(along, axis=1, keepdims=True)
        across = np.column_stack([-along[:, 1], along[:, 0]])
        weights = np.zeros((len(self), 3, 3))
        weights[:, 0, 0] = 1
        weights[:, 1, 1:] = along / (1 + 0.045 * chroma)[:, np.newaxis]
        weights[:, 2, 1:] = across / (1 + 0.015 * chroma)[:, np.newaxis]
        return weights

    @cached_property
    def slopes(self) -> np.ndarray:
        """The derivative of those differences by linear light, at the reference: (n, 3, 3)."""
        step = 1e-5
        slopes = [
            (_lab(self.target + step * axis) - _lab(self.target - step * axis)) / (2 * step)
            for axis in np.eye(3)
        ]
        return self.weights @ np.stack(slopes, axis=-1)

    def seen(self, linear: np.ndarray) -> np.ndarray:
        """Linear light (n, 3) as those differences, to first order: (n, 3)."""
        return (self.slopes @ linear[:, :, np.newaxis])[:, :, 0]


@dataclass(frozen=True, eq=False)
class Fit:
    """A model with its numbers.

    Attributes
    ----------
    model : Model
        The model.
    matrix : ndarray, shape (n_features, 3)
        What its features are multiplied by.
    powers : ndarray, shape (0,), (1,) or (3,)
        The logarithms of the exponents to which linear light is raised before: none where these
        are 1, one for all channels, or one for each.
    light : ndarray, shape (0,), (2,) or (5,)
        The coefficients of the logarithm of the light over the card.
    """

    model: Model
    matrix: np.ndarray
    powers: np.ndarray
    light: np.ndarray

    @property
    def exponents(self) -> np.ndarray:
        """The exponent of each channel, shape (3,)."""
        return np.exp(np.broadcast_to(self.powers, 3)) if self.powers.size else np.ones(3)

    def light_at(self, middles: np.ndarray) -> np.ndarray:
        """The light at places on the card, shape (n,): 1 on average, geometrically."""
        return np.exp(_terms(middles)[:, : self.light.size] @ self.light)

    def features_of(self, patches: Patches) -> np.ndarray:
        """The model's features of patches, as they are in even light: (n, n_features)."""
        light = self.light_at(patches.middles)[:, np.newaxis]
        return self.model.features(patches.linear**self.exponents / light)

    def predict(self, patches: Patches) -> np.ndarray:
        """The calibrated linear light of patches, as it is in even light: (n, 3)."""
        return multiplied(self.features_of(patches), self.matrix)

    def residuals(self, patches: Patches) -> np.ndarray:
        """The weighted differences from the reference, to first order: (n, 3)."""
        return patches.seen(self.predict(patches) - patches.target)


def fit_patches(patches: Patches, model: Model | None = None) -> Fit:
    """Fit the simplest model that is as good as the best, or the one asked for.

    What is minimized is the sum of the squared differences from the reference in lightness, chroma
    and hue, linearized there and weighted as in CIE94. Models are compared by their leave-one-out
    ΔE2000; of those within one standard error of the best, the one with the fewest numbers is
    taken (L. Breiman, J. Friedman, R. Olshen and C. Stone, "Classification and Regression Trees"
    (1984)).

    Parameters
    ----------
    patches : Patches
        Those that can be used.
    model : Model, optional
        The model that is asked for: exponents and light are chosen nevertheless.

    Raises
    ------
    ValueError
        Where there are too few patches for the model.
    """
    models = tuple(MODELS.values()) if model is None else (model,)
    candidates = sorted(_candidates(models, len(patches)), key=_n_parameters)
    if not candidates:
        wanted = models[0]
        raise ValueError(
            f"Model {wanted.name!r} needs {len(wanted.free)} patches of the card that can be used, "
            f"got {len(patches)}."
        )
    fits = [fit_model(patches, *each) for each in candidates]
    if len(fits) == 1:
        return fits[0]
    errors = np.array([_left_out_differences(patches, fit) for fit in fits])
    means = errors.mean(axis=1)
    best = means.argmin()
    limit = means[best] + errors[best].std(ddof=1) / np.sqrt(len(patches))
    return fits[int(np.flatnonzero(means <= limit)[0])]


_Candidate = tuple[Model, int, int]
"""A model, with how many exponents and how many numbers for the light."""


def _candidates(models: Sequence[Model], n: int) -> Iterator[_Candidate]:
    for model in models:
        n_features = len(model.free)
        if n < max(n_features + 2, _ENOUGH):
            # Too few to compare: the simplest that they determine.
            if n >= (1 if model.name == "white_balance" else n_features):
                yield model, 0, 0
                return
        else:
            candidates = product([model], _EXPONENTS, _LIGHTS)
            # Each patch left out in turn, there must be fewer numbers than the others tell.
            yield from (each for each in candidates if _n_parameters(each) < 3 * (n - 1))


def _n_parameters(candidate: _Candidate) -> int:
    model, n_exponents, n_light = candidate
    return model.n_parameters + n_exponents + n_light


def shaded_patches(patches: Patches) -> np.ndarray:
    """Find the patches that a shadow falls on, shape (n,), bool.

    All patches are fitted robustly, by weights that become smaller the worse a patch fits.
    """
    if len(patches) < _ENOUGH_FOR_SHADE:
        return np.zeros(len(patches), bool)
    weights = np.ones(len(patches))
    # Without a light at first: a shadow on a third of the card would be taken for one.
    for n_light in (0,) * _ROUNDS + (2,) * _ROUNDS:
        fit = fit_model(patches, MODELS["3x3"], 1, n_light, weights)
        misfit = np.linalg.norm(fit.residuals(patches), axis=1)
        scale = max(1.5 * np.median(misfit), 0.5)
        weights = 1 / (1 + (misfit / scale) ** 2)
    target = patches.target
    share = (fit.predict(patches) * target).sum(axis=1) / (target**2).sum(axis=1)
    return (share < _SHADED) & (misfit > 3 * scale)


def fit_model(
    patches: Patches,
    model: Model,
    n_exponents: int = 0,
    n_light: int = 0,
    weights: np.ndarray | None = None,
) -> Fit:
    """Fit a model: exponents and light step by step, the matrix for each of them at once."""
    from scipy.optimize import least_squares

    scales = np.ones((len(patches), 1)) if weights is None else np.sqrt(weights)[:, np.newaxis]
    empty = np.zeros((len(model.free), 3))

    def fit_at(numbers: np.ndarray) -> Fit:
        numbers = np.clip(numbers, -_FARTHEST, _FARTHEST)
        unsolved = Fit(model, empty, numbers[:n_exponents], numbers[n_exponents:])
        return _solved(patches, unsolved, scales)

    def residuals(numbers: np.ndarray) -> np.ndarray:
        return (fit_at(numbers).residuals(patches) * scales).ravel()

    numbers = np.zeros(n_exponents + n_light)
    if numbers.size:
        numbers = least_squares(residuals, numbers, method="lm", xtol=1e-6, ftol=1e-6).x
    return fit_at(numbers)


def _solved(patches: Patches, fit: Fit, scales: np.ndarray) -> Fit:
    """The fit with the matrix that is best for its exponents and light."""
    design = _design(patches, fit) * scales[:, :, np.newaxis]
    wanted = patches.seen(patches.target) * scales
    solution = np.linalg.lstsq(design.reshape(wanted.size, -1), wanted.ravel(), rcond=None)[0]
    matrix = fit.matrix.copy()
    matrix[np.array(fit.model.free)] = solution
    return replace(fit, matrix=matrix)


def _design(patches: Patches, fit: Fit) -> np.ndarray:
    """How the weighted differences depend on the matrix's free numbers: (n, 3, n_free)."""
    design = (
        patches.slopes[:, :, np.newaxis, :] * fit.features_of(patches)[:, np.newaxis, :, np.newaxis]
    )
    return design[:, :, np.array(fit.model.free)]


def _left_out_differences(patches: Patches, fit: Fit) -> np.ndarray:
    """The ΔE2000 of each patch from what the others predict for it, shape (n,).

    The residuals of linear least squares without a row follow from those with it: exact in the
    matrix, to first order in the exponents and the light.
    """
    from skimage.color import deltaE_ciede2000

    residuals = fit.residuals(patches)
    step = 1e-6
    slopes = [
        (replace(fit, **{what: getattr(fit, what) + step * axis}).residuals(patches) - residuals)
        / step
        for what in ("powers", "light")
        for axis in np.eye(getattr(fit, what).size)
    ]
    design = np.concatenate(
        [_design(patches, fit), *(each[:, :, np.newaxis] for each in slopes)], axis=2
    )
    basis = np.linalg.qr(design.reshape(residuals.size, -1))[0].reshape(design.shape)
    without = np.eye(3) - basis @ basis.transpose(0, 2, 1)
    left_out = np.linalg.solve(
        patches.weights, np.linalg.pinv(without) @ residuals[:, :, np.newaxis]
    )
    return deltaE_ciede2000(patches.lab, patches.lab + left_out[:, :, 0])


def _terms(middles: np.ndarray) -> np.ndarray:
    """The terms of the light's logarithm, shape (n, 5): those of a plane, then the squares.

    Each is 0 on average over the card, whichever patches are left out.
    """
    x, y = 2 * middles.T - 1
    return np.column_stack([x, y, x * x - 1 / 3, x * y, y * y - 1 / 3])


def _lab(linear: np.ndarray) -> np.ndarray:
    from skimage.color import rgb2lab

    return rgb2lab(encode_gamma(linear))
