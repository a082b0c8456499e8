"""Color ranges against the formulas of NumPy, scikit-image and matplotlib; and as JSON."""

import json
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from matplotlib.path import Path
from skimage.color import deltaE_ciede2000, rgb2lab

from napari_colorcluster import COLOR_SPACES, LassoRange, RectangularRange, SphericalRange
from napari_colorcluster.core.color.ranges.records import as_color_range

AXES = ((0.6, 0.8, 0.0), (-0.3, 0.2, 0.9))
SQUARE = ((-20, -20), (120, -20), (120, 60), (-20, 60))

COLORS = arrays(np.uint8, st.tuples(st.integers(1, 50), st.just(3)))
BYTES = st.tuples(*[st.integers(0, 255)] * 3)


@given(COLORS, BYTES, st.floats(0, 60))
def test_a_sphere_holds_the_colors_up_to_a_difference(colors, middle, radius):
    lab, center = rgb2lab(colors / 255), rgb2lab(np.array([middle]) / 255)
    apart = deltaE_ciede2000(lab, center)
    inside = SphericalRange(middle, radius)(colors)
    clear = np.abs(apart - radius) > 1e-9
    np.testing.assert_array_equal(inside[clear], (apart <= radius)[clear])


@pytest.mark.parametrize("space", COLOR_SPACES)
def test_a_sphere_of_a_space_holds_what_is_near_in_it(thumbnail, space):
    colors = thumbnail.reshape(-1, 3)
    points = COLOR_SPACES[space].from_srgb(colors)
    apart = np.linalg.norm(points - points[0], axis=1)
    radius = float(np.median(apart))
    inside = SphericalRange(colors[0], radius, space)(colors)
    clear = np.abs(apart - radius) > 1e-9
    np.testing.assert_array_equal(inside[clear], (apart <= radius)[clear])


def test_a_sphere_without_a_radius_holds_its_middle_alone():
    colors = np.array([[9, 9, 9], [9, 9, 10], [10, 9, 9]], np.uint8)
    assert SphericalRange("#090909", 0)(colors).tolist() == [True, False, False]


@pytest.mark.parametrize("space", COLOR_SPACES)
def test_a_box_holds_the_colors_within_all_limits(thumbnail, space):
    colors = thumbnail.reshape(-1, 3)
    points = COLOR_SPACES[space].from_srgb(colors)
    lower, upper = np.quantile(points, [0.2, 0.7], axis=0)
    inside = RectangularRange(lower, upper, space)(colors)
    expected = ((points >= lower) & (points <= upper)).all(axis=1)
    np.testing.assert_array_equal(inside, expected)
    assert 0 < inside.sum() < len(colors)


def test_limits_are_in_the_box_and_none_is_no_limit():
    colors = np.array([[0, 7, 9], [200, 7, 9], [255, 8, 9]], np.uint8)
    box = RectangularRange((None, 7, 9), (200, None, 9), "rgb")
    assert box(colors).tolist() == [True, True, False]


@given(st.lists(st.floats(5, 90), min_size=3, max_size=12), st.floats(0, 6))
def test_a_lasso_holds_what_its_polygon_encloses(thumbnail, radii, turn):
    colors = thumbnail[::4, ::4].reshape(-1, 3)
    flat = COLOR_SPACES["lab"].from_srgb(colors) @ np.array(AXES).T
    angles = turn + np.linspace(0, 2 * np.pi, len(radii), endpoint=False)
    corners = np.column_stack([40 + radii * np.cos(angles), 15 + radii * np.sin(angles)])
    inside = LassoRange(AXES, corners)(colors)
    expected = Path(np.vstack([corners, corners[:1]])).contains_points(flat)
    np.testing.assert_array_equal(inside, expected)


def test_a_line_that_crosses_itself_leaves_out_what_it_goes_around_twice(thumbnail):
    turns = np.linspace(0, 4 * np.pi, 60)
    radii = np.where(turns < 2 * np.pi, 60, 25)
    spiral = np.column_stack([40 + radii * np.cos(turns), 15 + radii * np.sin(turns)])
    colors = thumbnail.reshape(-1, 3)
    flat = COLOR_SPACES["lab"].from_srgb(colors) @ np.array(AXES).T
    path = Path(np.vstack([spiral, spiral[:1]]))
    outer, inner = (Path(part) for part in (spiral[:30], spiral[30:]))
    inside = LassoRange(AXES, spiral)(colors)
    assert inside.any()
    np.testing.assert_array_equal(inside, outer.contains_points(flat) ^ inner.contains_points(flat))
    assert (path.contains_points(flat) | ~inside).all()


RANGES = [
    SphericalRange("#a30", 12.5),
    SphericalRange((1, 2, 3), 0.1, "oklab"),
    SphericalRange("#ffffff", 0.3, "od", (250, 245, 240.5)),
    RectangularRange((0, None, -12.25), (50, 10, None)),
    RectangularRange((0, 0, 0), (255, 128, 7), "rgb"),
    LassoRange(AXES, SQUARE, "lab"),
]


@pytest.mark.parametrize("one", RANGES)
def test_a_range_comes_back_from_json_and_pickle(thumbnail, one):
    again = as_color_range(json.loads(json.dumps(one.to_dict())))
    assert again == one
    assert hash(again) == hash(one)
    assert pickle.loads(pickle.dumps(one)) == one
    assert as_color_range(one) is one
    colors = thumbnail.reshape(-1, 3)
    np.testing.assert_array_equal(again(colors), one(colors))
    # A rule for any color: it knows nothing of the others that it is asked about.
    each = [one(colors[row : row + 1])[0] for row in range(0, len(colors), 97)]
    np.testing.assert_array_equal(each, one(colors)[::97])
    assert one(colors[:0]).shape == (0,)


def test_a_range_is_one_of_true_colors(thumbnail, calibration):
    colors = thumbnail.reshape(-1, 3)
    true = calibration.apply(colors)
    ball = SphericalRange("#884422", 25)
    found, expected = ball(colors, calibration), ball(true)
    # The true colors are rounded here, and not there.
    assert (found != expected).mean() < 0.01
    assert (found != ball(colors)).mean() > 0.05


@pytest.mark.parametrize(
    ("make", "parts"),
    [
        (lambda: SphericalRange("red", 3), ['"#rrggbb"', "'red'"]),
        (lambda: SphericalRange("#a30", -1), ["radius must be", "-1"]),
        (lambda: SphericalRange("#a30", float("nan")), ["radius must be", "nan"]),
        (lambda: SphericalRange("#a30", 3, "cmyk"), ["Unknown color_space 'cmyk'"]),
        (lambda: SphericalRange("#a30", 3, white=(9, 9, 9)), ["color_space='od'"]),
        (lambda: SphericalRange("#a30", 3, "lab", (9, 9, 9)), ["'white'", "'od'"]),
        (lambda: RectangularRange((1, 2), (3, 4, 5)), ["lower must be three", "(1, 2)"]),
        (lambda: RectangularRange((1, 2, 3), "abc"), ["upper must be three", "'abc'"]),
        (lambda: RectangularRange((1, 2, 3), (1, 1, 3)), ["lower limit of a*", "2 and 1"]),
        (lambda: LassoRange(AXES[:1], SQUARE), ["axes must be two rows"]),
        (lambda: LassoRange(AXES, SQUARE[:2]), ["polygon must be three or more"]),
        (lambda: LassoRange(AXES, [(0, 0), (1, 0), (1, float("inf"))]), ["finite numbers"]),
        (lambda: as_color_range("#a30"), ["A color range must be", "'#a30'"]),
        (lambda: as_color_range({"kind": "cubic"}), ["'spherical', 'rectangular'", "'cubic'"]),
        (lambda: as_color_range({"kind": ["lasso"]}), ["must be one of", "['lasso']"]),
        (lambda: as_color_range({"kind": "spherical", "r": 1}), ["color, radius", "'r'"]),
        (lambda: as_color_range({"kind": "spherical", "color": "#a30"}), ["needs color, radius"]),
    ],
)
def test_what_is_no_range_is_refused_in_a_sentence(refused, make, parts):
    with refused(*parts):
        make()
