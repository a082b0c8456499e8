"""A card through cameras whose colors are known: what the fit makes of it."""

from functools import partial

import numpy as np
import pytest
from skimage.color import deltaE_ciede2000, rgb2lab
from skimage.draw import polygon

from napari_colorcluster import Calibration
from napari_colorcluster.core.color.calibration.card import find_card
from napari_colorcluster.core.color.calibration.models import MODELS
from napari_colorcluster.core.color.calibration.solving import upright_corners
from napari_colorcluster.core.color.srgb import decode_gamma

ELSEWHERE = np.random.default_rng(5).uniform(0.15, 0.85, (10, 3))
"""Ten colors that are not on the card, sRGB."""


def fitted(see_card, camera, seed, **keywords):
    model = keywords.pop("model", None)
    scene = see_card(camera, np.random.default_rng(seed), **keywords)
    return Calibration.from_card(scene.image, scene.corners, model=model)


def delta_e_elsewhere(calibration, camera):
    seen = camera.see(decode_gamma(ELSEWHERE))
    true = np.clip(calibration.transform(seen), 0, 1)
    return deltaE_ciede2000(rgb2lab(ELSEWHERE), rgb2lab(true)).mean()


@pytest.fixture(scope="module")
def cameras(random_camera):
    return [random_camera(np.random.default_rng(100 + seed)) for seed in range(20)]


def test_twenty_cameras_in_uneven_light(see_card, cameras):
    fits = [fitted(see_card, camera, seed) for seed, camera in enumerate(cameras)]
    before, after = np.array([(fit.delta_e_before, fit.delta_e) for fit in fits]).T
    everywhere = np.array([fit.patches["delta_e_after"].mean() for fit in fits])
    pairs = zip(fits, cameras, strict=True)
    elsewhere = np.array([delta_e_elsewhere(fit, camera) for fit, camera in pairs])
    assert before.mean() > 5
    assert after.max() <= 1
    assert everywhere.mean() <= 1
    assert elsewhere.mean() <= 1
    assert elsewhere.max() <= 2.5


def test_light_that_falls_off_is_told_from_the_patches_colors(see_card, cameras):
    patches = fitted(see_card, cameras[0], 1, gradient=0.3).patches
    assert np.ptp(patches["light"]) > 0.15
    even = fitted(see_card, cameras[0], 1, gradient=0, noise=0).patches
    assert np.ptp(even["light"]) < 0.02


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_card_is_found_however_it_lies(see_card, cameras, mirrored):
    for seed in range(8):
        assert fitted(see_card, cameras[seed], seed, mirrored=mirrored).delta_e < 1


@pytest.mark.parametrize("mirrored", [False, True])
def test_the_corners_are_told_apart_by_the_colors(see_card, cameras, mirrored):
    for seed in range(4):
        scene = see_card(cameras[seed], np.random.default_rng(seed), mirrored=mirrored)
        found = upright_corners(scene.image, scene.corners)
        np.testing.assert_array_equal(found, scene.upright)


def test_the_order_of_the_corners_does_not_matter(see_card, cameras):
    scene = see_card(cameras[0], np.random.default_rng(0))
    once = Calibration.from_card(scene.image, scene.corners)
    for order in ([1, 0, 3, 2], [3, 1, 0, 2]):
        assert Calibration.from_card(scene.image, scene.corners[order]).delta_e == pytest.approx(
            once.delta_e, abs=0.05
        )


@pytest.mark.parametrize(
    "shadow", [lambda x, y: (x < 0.33) & (y < 0.5), lambda x, y: x < 0.25, lambda x, y: y > 0.75]
)
def test_shaded_patches_are_named_and_left_out(see_card, cameras, shadow):
    calibration = fitted(see_card, cameras[1], 2, shadow=shadow)
    patches = calibration.patches
    x, y = find_card("ColorChecker Classic").middles.T
    in_shadow = shadow(x, y) & (patches["reason"] != "clipped")
    assert set(patches["reason"][in_shadow]) <= {"shaded", "uneven"}
    assert "shaded" in set(patches["reason"])
    assert not (patches["reason"][~in_shadow] == "shaded").any()
    assert calibration.delta_e < 1
    assert delta_e_elsewhere(calibration, cameras[1]) < 2


def test_clipped_patches_are_named_and_left_out(see_card, cameras):
    scene = see_card(cameras[2], np.random.default_rng(1), gradient=0)
    bright = np.clip(scene.image * 1.3, 0, 255).astype(np.uint8)
    patches = Calibration.from_card(bright, scene.corners).patches
    clipped = patches[patches["reason"] == "clipped"]
    assert "white" in set(clipped["name"])
    measured = clipped[["measured_red", "measured_green", "measured_blue"]].to_numpy()
    assert ((measured <= 1) | (measured >= 254)).any(axis=1).all()
    assert not clipped["used"].any()


def test_what_is_masked_or_outside_the_image_is_left_out(see_card, true_camera):
    scene = see_card(true_camera, np.random.default_rng(0), gradient=0)
    x, y = scene.on_card[..., 0], scene.on_card[..., 1]
    mask = ~((x < 1 / 6) & (y < 1 / 4))
    patches = Calibration.from_card(scene.image, scene.corners, mask=mask).patches
    assert patches["reason"].tolist()[0] == "masked"
    assert np.isnan(patches["measured_red"][0])
    rows = np.sort(scene.corners[:, 0])
    cut = int(rows[:2].mean() + 10)
    patches = Calibration.from_card(scene.image[cut:], scene.corners - [cut, 0]).patches
    assert "outside the image" in set(patches["reason"])
    assert patches["used"].any()


@pytest.mark.parametrize("model", ["white_balance", "3x3", "affine", "root_polynomial"])
def test_the_model_that_is_asked_for_is_fitted(see_card, cameras, model):
    calibration = fitted(see_card, cameras[3], 3, model=model)
    assert calibration.model == model
    assert calibration.delta_e < (calibration.delta_e_before if model == "white_balance" else 1)


@pytest.mark.parametrize("written", ["3×3", "3 x 3".replace(" ", ""), "3 × 3"])
def test_models_are_understood_as_people_write_them(see_card, true_camera, written):
    assert fitted(see_card, true_camera, 0, model=written).model == "3x3"


def test_a_camera_that_shows_true_colors_needs_a_simple_model(see_card, true_camera):
    calibration = fitted(see_card, true_camera, 0, gradient=0)
    assert calibration.model in ("white_balance", "3x3")
    assert calibration.delta_e < 0.6


def test_the_simplest_of_equals_is_taken_and_no_worse_than_the_others_by_much(see_card, cameras):
    chosen = fitted(see_card, cameras[4], 4)
    richest = fitted(see_card, cameras[4], 4, model="root_polynomial")
    assert len(chosen.matrix) <= len(richest.matrix)
    assert delta_e_elsewhere(chosen, cameras[4]) < delta_e_elsewhere(richest, cameras[4]) + 0.5


def test_nothing_that_can_be_used_is_said(see_card, true_camera, refused):
    scene = see_card(true_camera, np.random.default_rng(0))
    with refused("No patch of the card", "24 clipped"):
        Calibration.from_card(np.full_like(scene.image, 255), scene.corners)


def test_too_few_patches_for_a_model_are_refused(see_card, true_camera, refused):
    scene = see_card(true_camera, np.random.default_rng(0), gradient=0)
    mask = (scene.on_card[..., 1] > 0.75) & (scene.on_card[..., 0] < 0.5)
    with refused("'root_polynomial' needs 6 patches", "got 3"):
        Calibration.from_card(scene.image, scene.corners, model="root_polynomial", mask=mask)
    assert Calibration.from_card(scene.image, scene.corners, mask=mask).model == "white_balance"


@pytest.mark.parametrize("n", [5, 8, 11])
@pytest.mark.parametrize("model", [None, *MODELS])
def test_any_number_of_patches_is_fitted_or_refused_in_words(
    see_card, true_camera, n, model, refused
):
    scene = see_card(true_camera, np.random.default_rng(0), gradient=0)
    mask = np.zeros(scene.image.shape[:2], bool)
    for outline in find_card("ColorChecker Classic").outlines(scene.upright)[:n]:
        mask[polygon(*outline.T, shape=mask.shape)] = True
    find = partial(Calibration.from_card, scene.image, scene.corners, mask=mask, model=model)
    if model == "root_polynomial" and n < 6:
        with refused("needs 6 patches", "got 5"):
            find()
    else:
        calibration = find()
        assert calibration.patches["used"].sum() == n
        assert calibration.delta_e < 1.5


def test_what_is_no_card_is_refused(see_card, true_camera, refused):
    scene = see_card(true_camera, np.random.default_rng(0))
    gray = np.full_like(scene.image, 128)
    noise = np.random.default_rng(0).integers(0, 256, scene.image.shape).astype(np.uint8)
    for image, corners in (
        (gray, scene.corners),
        (noise, scene.corners),
        (scene.image, scene.corners[:, ::-1]),
    ):
        with refused("corners do not seem to be on the card", "give each corner as row, column"):
            Calibration.from_card(image, corners)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"card": "Kodak"}, ["Unknown card 'Kodak'"]),
        ({"model": "cubic"}, ["Unknown model 'cubic'", "'root_polynomial'"]),
        ({"corners": [[900, 900], [900, 990], [990, 990], [990, 900]]}, ["outside the image"]),
        ({"image": np.zeros((2, 240, 340, 3), np.uint8)}, ["one plane of a stack"]),
    ],
)
def test_what_cannot_be_fitted_is_refused(see_card, true_camera, change, words, refused):
    scene = see_card(true_camera, np.random.default_rng(0))
    keywords = {"image": scene.image, "corners": scene.corners, **change}
    with refused(*words):
        Calibration.from_card(**keywords)


def test_a_gray_patch_becomes_gray_and_as_light_as_it_is(true_camera):
    patch = np.full((20, 20, 3), (140, 120, 90), np.uint8)
    for keywords, lightness in (({}, 49.5), ({"lightness": 70}, 70), ({"reflectance": 0.5}, 76.07)):
        calibration = Calibration.from_gray(patch, **keywords)
        lab = rgb2lab(calibration.transform(np.array([[140, 120, 90]], np.uint8)))[0]
        np.testing.assert_allclose(lab, [lightness, 0, 0], atol=0.02)
        assert calibration.delta_e < 0.02 < calibration.delta_e_before


def test_a_gray_patch_may_stay_as_light_as_it_is():
    calibration = Calibration.from_gray(np.full((4, 4, 3), (140, 120, 90), np.uint8), None, None)
    before = decode_gamma(np.array([140, 120, 90]) / 255) @ [0.2126, 0.7152, 0.0722]
    after = decode_gamma(calibration.transform(np.array([[140, 120, 90]], np.uint8)))
    np.testing.assert_allclose(after, before, rtol=1e-9)


def test_the_gray_patch_is_where_the_mask_says():
    image = np.zeros((10, 10, 3), np.uint8)
    image[:5] = (140, 120, 90)
    mask = np.zeros((10, 10), bool)
    mask[:5] = True
    assert Calibration.from_gray(image, mask) == Calibration.from_gray(image[:5])


@pytest.mark.parametrize(
    ("color", "keywords", "words"),
    [
        (255, {}, ["The gray patch is clipped"]),
        (100, {"mask": np.zeros((3, 3), bool)}, ["no pixel"]),
        (100, {"reflectance": True}, ["reflectance must be a number above 0", "got True"]),
        (100, {"reflectance": 18}, ["reflectance must be a number above 0 and up to 1, got 18"]),
        (100, {"lightness": 0}, ["lightness must be a number above 0 and up to 100"]),
    ],
)
def test_a_gray_patch_that_cannot_be_balanced_is_refused(color, keywords, words, refused):
    with refused(*words):
        Calibration.from_gray(np.full((3, 3, 3), color, np.uint8), **keywords)


def test_a_gray_card_is_a_card_as_well():
    image = np.full((30, 30, 3), (140, 120, 90), np.uint8)
    corners = [[2, 2], [2, 27], [27, 27], [27, 2]]
    calibration = Calibration.from_card(image, corners, card="Gray card 18%")
    assert calibration.model == "white_balance"
    assert calibration.delta_e < 0.05
