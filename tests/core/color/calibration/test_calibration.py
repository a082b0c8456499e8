"""The calibration as a value: what it does to colors, and that it stays itself."""

import json
import pickle

import dask.array as da
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from napari_colorcluster import Calibration
from napari_colorcluster.core.color.calibration.calibration import as_calibration
from napari_colorcluster.core.color.spaces import to_8bit

IDENTITY = Calibration("3x3", np.eye(3))
ALL_LEVELS = np.random.default_rng(0).integers(0, 256, (4000, 3)).astype(np.uint8)


def test_one_that_changes_nothing_changes_nothing():
    assert np.abs(255 * IDENTITY.transform(ALL_LEVELS) - ALL_LEVELS).max() < 1e-9


def test_8_bits_and_floats_are_the_same_colors_to_the_bit(calibration):
    np.testing.assert_array_equal(
        calibration.transform(ALL_LEVELS), calibration.transform(ALL_LEVELS / 255)
    )


def test_colors_do_not_depend_on_the_colors_beside_them(calibration):
    together = calibration.transform(ALL_LEVELS)
    for place in (0, 17, 3999):
        alone = calibration.transform(ALL_LEVELS[place : place + 1])
        np.testing.assert_array_equal(alone[0], together[place])


def test_a_color_may_leave_the_gamut():
    brighter = Calibration("white_balance", 2 * np.eye(3))
    assert (brighter.transform(np.full((1, 3), 255, np.uint8)) > 1).all()
    less = Calibration("affine", [*np.eye(3), [-0.1, 0, 0]])
    assert less.transform(np.zeros((1, 3), np.uint8))[0, 0] < 0


@given(arrays(np.uint8, st.tuples(st.integers(1, 5), st.integers(1, 5), st.sampled_from([3, 4]))))
def test_an_image_is_calibrated_color_by_color(image):
    calibration = Calibration("root_polynomial", np.full((6, 3), 0.1) + 0.4 * np.eye(6, 3))
    applied = calibration.apply(image)
    expected = to_8bit(calibration.transform(image[..., :3].reshape(-1, 3)))
    np.testing.assert_array_equal(applied[..., :3].reshape(-1, 3), expected)
    np.testing.assert_array_equal(applied[..., 3:], image[..., 3:])


def test_a_lazy_image_stays_lazy_and_gives_the_same(calibration, photo):
    lazy = calibration.apply(da.from_array(photo, chunks=(50, 90, 2)))
    assert isinstance(lazy, da.Array)
    assert (lazy.dtype, lazy.shape) == (np.uint8, photo.shape)
    np.testing.assert_array_equal(lazy.compute(), calibration.apply(photo))


def test_large_images_and_other_depths_are_calibrated_as_they_are_seen(calibration, coffee):
    large = np.tile(coffee, (2, 2, 1))
    applied = calibration.apply(large)
    np.testing.assert_array_equal(applied[400:, 600:], calibration.apply(coffee))
    np.testing.assert_array_equal(
        calibration.apply(coffee.astype(np.uint16) * 257), applied[:400, :600]
    )


def test_json_gives_the_same_to_the_bit(calibration):
    again = Calibration.from_dict(json.loads(json.dumps(calibration.to_dict())))
    assert again == calibration
    assert hash(again) == hash(calibration)
    np.testing.assert_array_equal(again.transform(ALL_LEVELS), calibration.transform(ALL_LEVELS))
    pd.testing.assert_frame_equal(again.patches, calibration.patches)


def test_it_travels(calibration):
    assert pickle.loads(pickle.dumps(calibration)) == calibration


def test_equality_is_that_of_the_numbers(calibration):
    assert calibration != IDENTITY
    assert Calibration("3x3", np.eye(3), (1, 1, 1)) == IDENTITY
    assert Calibration("3x3", np.eye(3), (1, 1, 1.001)) != IDENTITY


def test_the_table_tells_all_of_each_patch(calibration):
    patches = calibration.patches
    assert len(patches) == 24
    assert (patches["used"] == (patches["reason"] == "")).all()
    used = patches[patches["used"]]
    assert used["delta_e_after"].mean() == pytest.approx(calibration.delta_e)
    assert used["delta_e_before"].mean() == pytest.approx(calibration.delta_e_before)
    assert np.isnan(IDENTITY.delta_e)
    assert len(IDENTITY.patches) == 0


def test_the_light_takes_part_in_the_patches_colors_afterwards(calibration):
    from skimage.color import deltaE_ciede2000, rgb2lab

    patches = calibration.patches
    measured = patches[["measured_red", "measured_green", "measured_blue"]].to_numpy() / 255
    lab = patches[["reference_L", "reference_a", "reference_b"]].to_numpy()
    before = deltaE_ciede2000(lab, rgb2lab(measured))
    np.testing.assert_allclose(before, patches["delta_e_before"], rtol=1e-9)
    in_its_light = deltaE_ciede2000(lab, rgb2lab(calibration.transform(measured)))
    assert calibration.delta_e < in_its_light[patches["used"]].mean() < 3


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Calibration("4x4", np.eye(3)), ["Unknown model '4x4'"]),
        (lambda: Calibration("affine", np.eye(3)), ["needs 4 rows"]),
        (lambda: Calibration("3x3", np.eye(3), (1, 0, 1)), ["exponents must be three numbers"]),
        (lambda: Calibration("3x3", np.eye(3), "abc"), ["exponents must be three", "got 'abc'"]),
        (lambda: Calibration("3x3", "abc"), ["needs 3 rows of three finite numbers, got 'abc'"]),
        (lambda: Calibration("3x3", [[1], [1, 2]]), ["needs 3 rows", "got [[1], [1, 2]]"]),
        (lambda: Calibration("3x3", np.full((3, 3), np.nan)), ["finite numbers, got [[nan"]),
        (lambda: Calibration.from_dict({}), ["napari-colorcluster/calibration/1", "got None"]),
        (lambda: as_calibration("card.json"), ["calibration must be a Calibration", "card.json"]),
    ],
)
def test_what_is_no_calibration_is_refused(make, words, refused):
    with refused(*words):
        make()


@pytest.mark.parametrize("missing", ["model", "matrix", "exponents", "card", "patches"])
def test_a_stored_one_that_lacks_a_part_is_refused(calibration, missing, refused):
    stored = calibration.to_dict()
    del stored[missing]
    with refused(missing):
        Calibration.from_dict(stored)


def test_what_may_be_given_as_one(calibration):
    assert as_calibration(None) is None
    assert as_calibration(calibration) is calibration
    assert as_calibration(calibration.to_dict()) == calibration


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"measured": "x"}, ["measured of a stored patch must be three numbers, got 'x'"]),
        ({"light": [1, 2]}, ["light of a stored patch must be a number, got [1, 2]"]),
        ({"row": None}, ["row of a stored patch must be a number, got None"]),
        ({"name": 3}, ["name of a stored patch must be text, got 3"]),
        ({"other": 3}, ["A stored patch needs name, row, column"]),
    ],
)
def test_a_stored_patch_that_is_none_is_refused(calibration, change, words, refused):
    stored = calibration.to_dict()
    stored["patches"][0] |= change
    with refused(*words):
        Calibration.from_dict(stored)


def test_stored_patches_that_are_no_list_are_refused(calibration, refused):
    with refused("patches must be a list, got 5"):
        Calibration.from_dict(calibration.to_dict() | {"patches": 5})


@pytest.mark.parametrize(
    ("colors", "words"),
    [
        ("x", ["colors must be rows of red, green and blue", "got 'x'"]),
        (np.zeros((3, 4)), ["colors must be rows", "got (3, 4)"]),
        (np.zeros((5, 6, 3), np.uint8), ["got (5, 6, 3)", "`apply` takes a whole image"]),
        (np.full((1, 3), 30000, np.uint16), ["8 bits or floats in [0, 1], got uint16"]),
        ([[0, 0, 256]], ["8 bits or floats in [0, 1], got int64"]),
    ],
)
def test_what_is_no_list_of_colors_is_refused(colors, words, refused):
    with refused(*words):
        IDENTITY.transform(colors)


def test_a_list_of_integers_is_of_8_bits():
    np.testing.assert_allclose(255 * IDENTITY.transform([[10, 20, 255]]), [[10, 20, 255]])


def test_it_is_shown_in_a_few_lines(calibration):
    model, card, difference = repr(calibration).split("\n  ")
    assert model.startswith("Calibration: ")
    assert card.startswith("card: ColorChecker Classic, ")
    assert card.endswith(" of 24 patches used")
    after = f"{calibration.delta_e_before:.1f} before, {calibration.delta_e:.1f} after"
    assert difference == f"mean ΔE2000: {after}"
    assert repr(IDENTITY) == "Calibration: 3 × 3 model"
