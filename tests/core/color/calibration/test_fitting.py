"""The fit, held against refits without a patch and against what the models promise."""

import numpy as np
import pytest
from skimage.color import deltaE_ciede2000

from napari_colorcluster.core.color.calibration.card import find_card
from napari_colorcluster.core.color.calibration.fitting import (
    Patches,
    _left_out_differences,
    fit_model,
)
from napari_colorcluster.core.color.calibration.models import MODELS

each_model = pytest.mark.parametrize("model", MODELS.values(), ids=list(MODELS))


@pytest.fixture(scope="module")
def patches(random_camera):
    card = find_card("ColorChecker Classic")
    camera = random_camera(np.random.default_rng(0))
    light = np.exp(0.1 * (card.middles @ [1, -1]))[:, np.newaxis]
    linear = np.clip(card.linear * light @ camera.matrix.T, 1e-4, 1) ** 1.05
    linear *= np.random.default_rng(1).normal(1, 0.01, linear.shape)
    return Patches(linear, np.array(card.lab), card.linear, card.middles)


@each_model
def test_leaving_out_is_as_refitting_without(patches, model):
    expected = []
    for place in range(len(patches)):
        others = np.arange(len(patches)) != place
        fit = fit_model(patches.take(others), model)
        residual = fit.residuals(patches)[place]
        lab = patches.lab[place] + np.linalg.solve(patches.weights[place], residual)
        expected.append(deltaE_ciede2000(patches.lab[place], lab))
    found = _left_out_differences(patches, fit_model(patches, model))
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_leaving_out_is_nearly_so_with_exponents_and_light(patches):
    model, expected = MODELS["3x3"], []
    for place in range(len(patches)):
        fit = fit_model(patches.take(np.arange(len(patches)) != place), model, 1, 2)
        residual = fit.residuals(patches)[place]
        lab = patches.lab[place] + np.linalg.solve(patches.weights[place], residual)
        expected.append(deltaE_ciede2000(patches.lab[place], lab))
    found = _left_out_differences(patches, fit_model(patches, model, 1, 2))
    np.testing.assert_allclose(found, expected, rtol=0.1, atol=0.02)


@each_model
def test_a_camera_of_the_models_own_kind_is_undone(model):
    rng = np.random.default_rng(2)
    linear = rng.uniform(0.05, 0.9, (30, 3))
    matrix = np.where(model.free, rng.uniform(-0.1, 0.1, (len(model.free), 3)), 0)
    matrix[:3] += 0.8 * np.eye(3)
    target = model.features(linear) @ matrix
    from napari_colorcluster.core.color.calibration.fitting import _lab

    patches = Patches(linear, _lab(target), target, rng.uniform(size=(30, 2)))
    np.testing.assert_allclose(fit_model(patches, model).matrix, matrix, atol=1e-6)


@each_model
def test_more_light_is_more_light_but_for_the_affine_model(model):
    linear = np.random.default_rng(0).uniform(0, 0.5, (9, 3))
    twice, features = model.features(2 * linear), model.features(linear)
    assert np.allclose(twice, 2 * features) == (model.name != "affine")


def test_models_are_listed_from_the_simplest():
    numbers = [model.n_parameters for model in MODELS.values()]
    assert numbers == [3, 9, 12, 18]
