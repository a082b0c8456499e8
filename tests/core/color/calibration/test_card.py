"""Cards, held against what has been published of them, and the geometry of a card in an image."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skimage.color import lab2xyz, rgb2lab

from napari_colorcluster.core.color.calibration.card import (
    card_names,
    find_card,
    ordered_corners,
)
from napari_colorcluster.core.color.srgb import encode_gamma

CLASSIC, BEFORE = "ColorChecker Classic", "ColorChecker Classic before November 2014"
SQUARE = np.array([[10, 20], [10, 80], [50, 80], [50, 20.0]])

# GretagMacbeth's chromaticities of 2005, x, y and Y for D50, which the Lab values replaced.
PUBLISHED_XYY = """
.4316 .3777 .1008  .4197 .3744 .3495  .2760 .3016 .1836  .3703 .4499 .1325  .2999 .2856 .2304
.2848 .3911 .4178  .5295 .4055 .3118  .2305 .2106 .1126  .5012 .3273 .1938  .3319 .2482 .0637
.3984 .5008 .4446  .4957 .4427 .4357  .2018 .1692 .0575  .3253 .5032 .2318  .5686 .3303 .1257
.4697 .4734 .5981  .4159 .2688 .2009  .2131 .3023 .1930  .3469 .3608 .9131  .3440 .3584 .5894
.3432 .3581 .3632  .3446 .3579 .1915  .3401 .3548 .0883  .3406 .3537 .0311
"""


def told(card):
    """The numbers in a card's file, as they were published."""
    from importlib.resources import files

    import pandas as pd

    folder = files("napari_colorcluster.core.color.calibration") / "cards"
    for each in folder.iterdir():
        if each.read_text("utf-8").startswith(f"# Card: {card}\n"):
            return pd.read_csv(str(each), comment="#")[["L", "a", "b"]].to_numpy(float)
    raise AssertionError(card)


def write(folder, text):
    path = folder / "mine.csv"
    path.write_text(text, "utf-8")
    return path


def test_the_known_cards_are_those_promised():
    assert card_names() == (CLASSIC, BEFORE, "Gray card 18%")


def test_the_older_card_has_the_chromaticities_that_were_published_before_its_lab_values():
    xyz = lab2xyz(told(BEFORE), illuminant="D50")
    xyy = np.column_stack([xyz[:, :2] / xyz.sum(axis=1, keepdims=True), xyz[:, 1]])
    published = np.array(PUBLISHED_XYY.split(), float).reshape(24, 3)
    np.testing.assert_allclose(xyy, published, atol=0.00011)


def test_the_two_classic_cards_differ_as_little_as_the_maker_says():
    differences = np.linalg.norm(told(CLASSIC) - told(BEFORE), axis=1)
    assert 0.2 < differences.min() < differences.max() < 3.5


def test_a_card_is_six_by_four_and_begins_at_dark_skin():
    card = find_card(CLASSIC)
    assert len(card) == 24
    assert (card.patches[0], card.patches[5], card.patches[23]) == (
        *("dark skin", "bluish green"),
        "black",
    )
    assert card.places[0] == (1, 1)
    assert card.places[-1] == (4, 6)


# sRGB of the older card's Lab values by the Bradford transform: B. Lindbloom's calculator.
@pytest.mark.parametrize(
    ("patch", "published"),
    [("dark skin", (115, 81, 67)), ("orange", (224, 124, 47)), ("neutral 5", (121, 121, 122))],
)
def test_colors_are_adapted_to_the_white_of_srgb(patch, published):
    card = find_card(BEFORE)
    srgb = 255 * encode_gamma(card.linear[card.patches.index(patch)])
    np.testing.assert_allclose(srgb, published, atol=0.6)


def test_lab_and_linear_light_are_the_same_colors():
    card = find_card(CLASSIC)
    np.testing.assert_allclose(rgb2lab(encode_gamma(card.linear)), card.lab, atol=0.02)


def test_the_gray_card_reflects_18_percent():
    np.testing.assert_allclose(find_card("gray card 18%").linear, 0.18, atol=2e-4)


def test_a_card_of_ones_own_in_srgb(tmp_path):
    text = "name,row,column,red,green,blue\nsky,0,0,10,20,255\nleaf,0,1,0,128,0\n"
    card = find_card(write(tmp_path, text))
    assert (card.name, card.patches) == ("mine", ("sky", "leaf"))
    srgb = 255 * encode_gamma(card.linear)
    np.testing.assert_allclose(srgb, [[10, 20, 255], [0, 128, 0]], atol=0.01)
    np.testing.assert_allclose(card.middles, [[0.25, 0.5], [0.75, 0.5]])


def test_a_card_of_ones_own_tells_name_illuminant_and_geometry(tmp_path):
    text = (
        "# Card: Mine\n# Illuminant: D65\nname, row, column, L, a, b, x, y, width, height\n"
        "p, 1, 1, 50, 10, -20, 0.3, 0.4, 0.1, 0.2\n"
    )
    card = find_card(write(tmp_path, text))
    assert (card.name, card.boxes) == ("Mine", ((0.3, 0.4, 0.1, 0.2),))
    np.testing.assert_allclose(card.lab, [[50, 10, -20]], atol=1e-6)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name,row,column\np,1,1\n", ["mine.csv", "L, a, b or red, green, blue"]),
        ("name,row,column,L,a,b\n", ["has no patch"]),
        ("name,row,column,L,a,b\np,1,1,x,0,0\n", ["column L must hold a number"]),
        ("name,row,column,L,a,b\np,1,1,,0,0\n", ["column L must hold a number"]),
        ("name,row,column,L,a,b,x\np,1,1,5,0,0,0.5\n", ["all of x, y, width and height"]),
        ("# Illuminant: A\nname,row,column,L,a,b\np,1,1,5,0,0\n", ["D50 or D65, got 'A'"]),
        ("", ["is no table"]),
        ("name,Row,L,a,b\n", ["it has name, Row, L, a, b"]),
        ("name,row,column,L,a,b,l\np,1,1,5,0,0,5\n", ["two columns of one title"]),
        ("name,row,column,L,a,b\np,-1,1,5,0,0\n", ["column row must hold whole numbers", "got -1"]),
        ("name,row,column,L,a,b\np,1,1.5,5,0,0\n", ["column column", "whole", "got 1.5"]),
        ("name,row,column,L,a,b\np,1,2,5,0,0\nq,1,2,9,0,0\n", ["row 1, column 2 is given to two"]),
        (
            "name,row,column,L,a,b\np,1,1,5,0,0\nsky,1,2,195,0,0\n",
            ["L must lie in 0..100, got 195 in row 1, column 2 (sky)"],
        ),
        ("name,row,column,L,a,b\np,1,1,-1,0,0\n", ["L must lie in 0..100, got -1"]),
        ("name,row,column,L,a,b\np,1,1,5,0,-300\n", ["b must lie in -200..200, got -300"]),
        ("name,row,column,Red,green,blue\np,1,1,256,0,0\n", ["Red must lie in 0..255, got 256"]),
    ],
)
def test_a_malformed_card_is_refused(tmp_path, text, words, refused):
    path = write(tmp_path, text)
    with refused("Cannot read the card", *words):
        find_card(path)


def test_a_card_that_is_no_text_is_refused(tmp_path, refused):
    path = tmp_path / "mine.csv"
    path.write_bytes(b"\xff\xfe")
    with refused("Cannot read the card 'mine.csv': it is no text in UTF-8."):
        find_card(path)


@pytest.mark.parametrize("card", [None, 3, b"mine.csv"])
def test_what_names_no_card_is_refused(card, refused):
    with refused("card must be the name of a card", repr(card)):
        find_card(card)


def test_an_unknown_card_is_refused(refused):
    with refused("Unknown card 'Kodak'", CLASSIC, ".csv"):
        find_card("Kodak")


@given(st.permutations(range(4)))
def test_corners_in_any_order_lead_around_the_card(order):
    around = ordered_corners(SQUARE[list(order)])
    sides = np.linalg.norm(np.roll(around, -1, axis=0) - around, axis=1)
    assert sorted(sides.round(6)) == [40, 40, 60, 60]


@pytest.mark.parametrize(
    "corners",
    [
        SQUARE[:3],
        [[0, 0], [0, 10], [10, 10], [np.nan, 0]],
        [[0, 0], [0, 10], [10, 10], [1, 9]],
        [[0, 0], [0, 5], [0, 10], [10, 10]],
        [[0, 0], [0, 10], [10, 10], [10]],
        "abc",
        None,
    ],
)
def test_corners_of_no_card_are_refused(corners, refused):
    with refused("corners must be"):
        ordered_corners(corners)


def test_outlines_tile_an_upright_card():
    outlines = find_card(CLASSIC).outlines(SQUARE)
    middles = np.array([outline.mean(axis=0) for outline in outlines]).reshape(4, 6, 2)
    np.testing.assert_allclose(middles[:, 0, 0], [15, 25, 35, 45])
    np.testing.assert_allclose(middles[0, :, 1], [25, 35, 45, 55, 65, 75])
    np.testing.assert_allclose(np.ptp(outlines[0], axis=0), [8.6, 8.6])


def test_straight_rows_stay_straight_from_an_angle():
    corners = [[10, 20], [0, 80], [60, 70], [50, 20]]
    middles = np.array([each.mean(axis=0) for each in find_card(CLASSIC).outlines(corners, 1e-6)])
    for row in middles.reshape(4, 6, 2):
        assert np.linalg.matrix_rank(np.column_stack([row, np.ones(6)]), tol=1e-6) == 2


def test_a_card_is_as_wide_as_its_square_patches_make_it():
    assert find_card("ColorChecker Classic").aspect == pytest.approx(1.5)


def test_a_card_may_tell_its_width(tmp_path):
    path = tmp_path / "mine.csv"
    table = "name,row,column,red,green,blue\nred,1,1,200,0,0\ngray,1,2,128,128,128\n"
    path.write_text(table)
    assert find_card(path).width is None
    path.write_text(f"# Width: 62.5 mm\n{table}")
    assert find_card(path).width == 62.5


@pytest.mark.parametrize("told", ["wide", "-3 mm", "0", "inf"])
def test_a_width_that_is_none_is_refused(tmp_path, refused, told):
    path = tmp_path / "mine.csv"
    path.write_text(f"# Width: {told}\nname,row,column,red,green,blue\nred,1,1,200,0,0\n")
    with refused("Cannot read the card 'mine.csv': its width must be a number", repr(told)):
        find_card(path)
