"""Color spaces, held against published values, scikit-image and the standard library."""

import colorsys
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from skimage.color import hed2rgb, rgb2hed, rgb2lab, rgb2xyz, xyz2rgb

from napari_colorcluster import COLOR_SPACES
from napari_colorcluster.core.color.spaces import color_space, to_8bit
from napari_colorcluster.core.color.srgb import decode_gamma, encode_gamma

GRID = np.stack(np.meshgrid(*[np.arange(0, 256, 17)] * 3), axis=-1).reshape(-1, 3).astype(np.uint8)
"""Colors all over sRGB, its corners among them."""

GRAYS = np.repeat(np.arange(256, dtype=np.uint8)[:, np.newaxis], 3, axis=1)

COLORS = arrays(np.uint8, (6, 3))

each_space = pytest.mark.parametrize("space", COLOR_SPACES.values(), ids=list(COLOR_SPACES))


def point(space, color):
    """One color, given as ``"#rrggbb"``, in a space."""
    return COLOR_SPACES[space].from_srgb(np.array([list(bytes.fromhex(color[1:]))], np.uint8))[0]


def test_the_spaces_are_those_promised_and_lab_is_the_default():
    assert list(COLOR_SPACES) == ["lab", "oklab", "rgb", "linear_rgb", "hsv", "od", "hed"]
    assert all(name == space.name for name, space in COLOR_SPACES.items())


@each_space
def test_every_color_comes_back_from_every_space(space):
    np.testing.assert_array_equal(to_8bit(space.to_srgb(space.from_srgb(GRID))), GRID)


@each_space
def test_points_are_float64_with_three_named_axes(space):
    points = space.from_srgb(GRID)
    assert points.dtype == np.float64
    assert points.shape == (len(GRID), len(space.axes))
    assert space.from_srgb(GRID[:0]).shape == (0, 3)


@each_space
def test_distinct_colors_are_distinct_points(space):
    assert len(np.unique(space.from_srgb(GRID), axis=0)) == len(GRID)


@each_space
@given(colors=COLORS, weights=arrays(float, 6, elements=st.floats(0.01, 1)))
def test_a_mean_of_colors_is_a_color_again(space, colors, weights):
    mean = np.average(space.from_srgb(colors), axis=0, weights=weights)[np.newaxis]
    assert np.isfinite(space.to_srgb(mean)).all()


# Björn Ottosson's article gives white; the others stand in the CSS Color 4 specification.
@pytest.mark.parametrize(
    ("color", "published"),
    [
        ("#ffffff", (1, 0, 0)),
        ("#000000", (0, 0, 0)),
        ("#ff0000", (0.62796, 0.22486, 0.12585)),
        ("#00ff00", (0.86644, -0.23389, 0.17950)),
        ("#0000ff", (0.45201, -0.03246, -0.31153)),
        ("#008000", (0.51975, -0.14030, 0.10768)),
    ],
)
def test_oklab_has_its_published_values(color, published):
    np.testing.assert_allclose(point("oklab", color), published, atol=1e-4)


# Bruce Lindbloom's calculator, for the white point D65.
@pytest.mark.parametrize(
    ("color", "published"),
    [
        ("#ffffff", (100, 0, 0)),
        ("#000000", (0, 0, 0)),
        ("#ff0000", (53.24, 80.09, 67.20)),
        ("#00ff00", (87.73, -86.18, 83.18)),
        ("#0000ff", (32.30, 79.19, -107.86)),
    ],
)
def test_lab_has_its_published_values(color, published):
    np.testing.assert_allclose(point("lab", color), published, atol=0.02)


def test_lab_is_scikit_images():
    np.testing.assert_allclose(COLOR_SPACES["lab"].from_srgb(GRID), rgb2lab(GRID), atol=1e-9)


def test_rgb_is_the_8_bit_value_itself():
    np.testing.assert_array_equal(COLOR_SPACES["rgb"].from_srgb(GRID), GRID)


def test_linear_rgb_is_the_light_that_scikit_image_takes_to_xyz():
    lights = COLOR_SPACES["linear_rgb"].from_srgb(GRID)
    primaries = rgb2xyz(np.eye(3))
    np.testing.assert_allclose(lights @ primaries, rgb2xyz(GRID / 255), atol=1e-9)


def test_linear_rgb_mixes_as_light_does():
    half = np.full((1, 3), 0.5)
    back = xyz2rgb(half @ rgb2xyz(np.eye(3)))
    np.testing.assert_allclose(COLOR_SPACES["linear_rgb"].to_srgb(half), back, atol=1e-4)


def test_hsv_is_a_cone_over_the_standard_librarys_hue_saturation_and_value():
    hue, saturation, value = np.array([colorsys.rgb_to_hsv(*color) for color in GRID / 255]).T
    chroma = saturation * value
    cone = [chroma * np.cos(2 * np.pi * hue), chroma * np.sin(2 * np.pi * hue), value]
    np.testing.assert_allclose(COLOR_SPACES["hsv"].from_srgb(GRID), np.transpose(cone), atol=1e-12)


def test_hue_wraps_around_at_red():
    before, after = point("hsv", "#ff0004"), point("hsv", "#ff0400")
    assert np.linalg.norm(before - after) < 0.05


def test_a_gray_has_no_hue():
    np.testing.assert_array_equal(COLOR_SPACES["hsv"].from_srgb(GRAYS)[:, :2], 0)


@each_space
def test_rounding_on_the_gray_axis_stays_below_the_spaces_noise(space):
    spreads = space.from_srgb(GRAYS).std(axis=0)
    of_lightness = 3 if space.name in {"rgb", "linear_rgb", "od", "hed"} else 1
    assert np.count_nonzero(spreads > space.noise) == of_lightness


@each_space
def test_a_lightness_axis_tells_black_from_white_and_nothing_else(space):
    if space.lightness_axis is None:
        assert space.name in {"rgb", "linear_rgb", "hsv", "od", "hed"}
    else:
        black, white = space.from_srgb(GRAYS[[0, 255]])
        assert np.flatnonzero(np.abs(white - black) > space.noise) == [space.lightness_axis]


def test_8_bit_is_clipped_and_rounded():
    assert to_8bit(np.array([-3, 0, 0.4999 / 255, 0.5001 / 255, 1, 7])).tolist() == [
        *(0, 0, 0),
        *(1, 255, 255),
    ]


@each_space
def test_floats_are_the_same_colors_as_8_bits(space):
    np.testing.assert_allclose(
        space.from_srgb(GRID / 255), space.from_srgb(GRID), rtol=1e-12, atol=1e-12
    )


@each_space
@given(colors=arrays(float, (4, 3), elements=st.floats(-0.2, 1.3)))
def test_floats_may_leave_the_gamut(space, colors):
    points = space.from_srgb(colors)
    assert np.isfinite(points).all()
    back = to_8bit(space.to_srgb(points))
    inside = ((colors >= 0) & (colors <= 1)).all(axis=1)
    np.testing.assert_allclose(back[inside], 255 * colors[inside], atol=0.51)


@given(arrays(float, 20, elements=st.floats(-0.5, 2)))
def test_the_gamma_curve_goes_both_ways_beyond_the_gamut(srgb):
    np.testing.assert_allclose(encode_gamma(decode_gamma(srgb)), srgb, atol=1e-6)


def test_optical_density_is_the_negative_logarithm_of_what_comes_through():
    lit = GRID[(GRID > 0).all(axis=1)]
    density = COLOR_SPACES["od"].from_srgb(lit)
    np.testing.assert_allclose(density, -np.log10(lit / 255), atol=1e-12)
    np.testing.assert_array_equal(point("od", "#ffffff"), 0)


def test_optical_density_adds_up_through_two_layers():
    space = COLOR_SPACES["od"]
    through = space.to_srgb(2 * space.from_srgb(np.full((1, 3), 0.5)))
    np.testing.assert_allclose(through, 0.25)


def test_optical_density_of_nothing_is_beyond_that_of_the_darkest_level():
    black, darkest = point("od", "#000000"), point("od", "#010101")
    assert (darkest < black).all()
    assert np.isfinite(black).all()


def test_the_white_point_of_optical_density_is_an_option():
    space = color_space("od", white=(240, 230, 220))
    white = np.array([[240, 230, 220]], np.uint8)
    np.testing.assert_allclose(space.from_srgb(white), 0, atol=1e-12)
    np.testing.assert_array_equal(to_8bit(space.to_srgb(space.from_srgb(GRID))), GRID)
    assert color_space("od", white=(240, 230, 220)) is space
    assert color_space("od", white=(255, 255, 255)) is COLOR_SPACES["od"]
    assert color_space("od") is color_space("od", white=None) is COLOR_SPACES["od"]
    assert pickle.loads(pickle.dumps(space)).from_srgb(white).tolist() == (
        space.from_srgb(white).tolist()
    )


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("lab", {"white": (255, 255, 255)}, ["option of color space 'od' only", "'lab'"]),
        ("od", {"black": 0}, ["'black' is no option", "no color space has it"]),
        ("cmyk", {}, ["Unknown color_space 'cmyk'", "'od'"]),
        ("od", {"white": (0, 255, 255)}, ["white must be three numbers above 0"]),
        ("od", {"white": 255}, ["white must be three numbers", "got 255"]),
        ("od", {"white": (1, 2)}, ["got (1, 2)"]),
    ],
)
def test_an_option_that_a_space_does_not_have_is_refused(name, options, words, refused):
    with refused(*words):
        color_space(name, **options)


def test_stains_are_scikit_images_where_it_does_not_clip_them():
    stains, expected = COLOR_SPACES["hed"].from_srgb(GRID), rgb2hed(GRID)
    assert (expected > 0).any(axis=0).all()
    np.testing.assert_allclose(np.maximum(stains, 0), expected, atol=1e-12)


def test_stains_come_back_as_scikit_image_combines_them():
    stains = np.random.default_rng(0).uniform(0, 0.2, (50, 3))
    np.testing.assert_allclose(COLOR_SPACES["hed"].to_srgb(stains), hed2rgb(stains), atol=1e-12)
