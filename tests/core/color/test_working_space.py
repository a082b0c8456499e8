"""The scaled axes, held against scikit-learn's ``StandardScaler`` on weighted points."""

import numpy as np
import pytest
from sklearn.preprocessing import StandardScaler

from napari_colorcluster import COLOR_SPACES, Calibration, ColorHistogram, count_colors
from napari_colorcluster.core.color.working_space import WorkingSpace

each_space = pytest.mark.parametrize("space", COLOR_SPACES.values(), ids=list(COLOR_SPACES))


@pytest.fixture(scope="module")
def histogram(photo):
    return count_colors(photo)


@each_space
def test_standardizing_is_scikit_learns_on_all_pixels(space, histogram, photo):
    standardized = WorkingSpace.for_histogram(space, histogram, standardize=True)
    pixels = space.from_srgb(photo.reshape(-1, 3))
    scaler = StandardScaler(with_mean=False).fit(pixels)
    np.testing.assert_allclose(
        standardized.points(photo.reshape(-1, 3)), scaler.transform(pixels), rtol=1e-9, atol=1e-12
    )


@each_space
def test_standardizing_is_scikit_learns_on_weighted_colors(space, histogram):
    standardized = WorkingSpace.for_histogram(space, histogram, standardize=True)
    scaler = StandardScaler().fit(space.from_srgb(histogram.colors), sample_weight=histogram.counts)
    np.testing.assert_allclose(1 / standardized.scale, scaler.scale_, rtol=1e-9)


@each_space
def test_as_it_comes_a_working_space_is_the_space_itself(space, histogram):
    plain = WorkingSpace.for_histogram(space, histogram)
    np.testing.assert_array_equal(plain.points(histogram.colors), space.from_srgb(histogram.colors))


@pytest.mark.parametrize("name", ["lab", "oklab"])
def test_the_lightness_weight_multiplies_lightness_after_standardizing(name, histogram):
    space = COLOR_SPACES[name]
    plain = WorkingSpace.for_histogram(space, histogram, standardize=True)
    weighted = WorkingSpace.for_histogram(space, histogram, standardize=True, lightness_weight=0.25)
    np.testing.assert_allclose(weighted.scale / plain.scale, [0.25, 1, 1])


@each_space
@pytest.mark.parametrize("standardize", [False, True])
def test_colors_come_back_from_scaled_axes(space, histogram, standardize):
    weight = 3.0 if space.lightness_axis is not None else 1.0
    scaled = WorkingSpace.for_histogram(
        space, histogram, standardize=standardize, lightness_weight=weight
    )
    np.testing.assert_array_equal(scaled.colors(scaled.points(histogram.colors)), histogram.colors)


@each_space
def test_a_single_color_has_no_spread_to_scale(space):
    one = ColorHistogram([[10, 200, 30]], [7])
    assert WorkingSpace.for_histogram(space, one, standardize=True).scale.tolist() == [1, 1, 1]


@pytest.mark.parametrize("name", ["lab", "oklab", "hsv"])
def test_grays_are_not_torn_apart_by_the_rounding_of_their_hue(name):
    grays = ColorHistogram(np.repeat(np.arange(256), 3).reshape(-1, 3), np.ones(256, int))
    scale = WorkingSpace.for_histogram(COLOR_SPACES[name], grays, standardize=True).scale
    assert np.count_nonzero(scale != 1) == 1


def test_a_point_outside_the_gamut_is_clipped_into_it(histogram):
    lab = WorkingSpace.for_histogram(COLOR_SPACES["lab"], histogram)
    assert lab.colors([[150, 0, 0], [-20, 0, 0]]).tolist() == [[255, 255, 255], [0, 0, 0]]


WARM = Calibration("affine", [[1.05, 0, 0], [0, 0.95, 0.02], [0, 0.05, 0.8], [0.01, 0, -0.02]])


@each_space
def test_points_are_those_of_the_calibrated_colors(space, histogram):
    calibrated = WorkingSpace(space, np.array([1.0, 2, 0.5]), WARM)
    true = np.clip(WARM.transform(histogram.colors), 0, 1)
    points = calibrated.points(histogram.colors)
    expected = space.from_srgb(true) * [1, 2, 0.5]
    if space.from_linear is None:
        np.testing.assert_array_equal(points, expected)
    # Linear light is not encoded and decoded again: sRGB's published numbers round at 1e-8.
    np.testing.assert_allclose(points, expected, rtol=1e-9, atol=1e-6)
    # In floating point: not those of the nearest 8-bit colors.
    rounded = WorkingSpace(space, calibrated.scale).points(WARM.apply(histogram.colors))
    assert np.abs(points - rounded).max() > 1e-4
    np.testing.assert_array_equal(calibrated.colors(points), WARM.apply(histogram.colors))


@each_space
def test_axes_are_scaled_to_the_calibrated_colors(space, histogram):
    scaled = WorkingSpace.for_histogram(space, histogram, standardize=True, calibration=WARM)
    points = scaled.points(histogram.colors)
    scaler = StandardScaler().fit(points, sample_weight=histogram.counts)
    np.testing.assert_allclose(scaler.scale_, 1, rtol=1e-9)


@each_space
def test_one_color_is_calibrated_as_among_others(space, histogram):
    calibrated = WorkingSpace(space, np.ones(3), WARM)
    np.testing.assert_array_equal(
        calibrated.points(histogram.colors[:1])[0], calibrated.points(histogram.colors)[0]
    )


@each_space
@pytest.mark.parametrize(
    "calibration",
    [
        WARM,
        Calibration("white_balance", 1.5 * np.eye(3)),  # clips a part
        Calibration("3x3", [[0.2] * 3, [0.7] * 3, [0.1] * 3]),  # leaves gray alone
    ],
    ids=["some", "clipped", "gray"],
)
def test_distinct_points_are_those_that_numpy_counts(space, calibration, histogram):
    calibrated = WorkingSpace(space, np.array([1.0, 2, 0.5]), calibration)
    points = calibrated.points(histogram.colors)
    assert calibrated.n_distinct(points) == len(np.unique(points, axis=0))
    assert calibrated.n_distinct(points[:1]) == 1
    assert calibrated.n_distinct(points[:0]) == 0


def test_many_colors_are_calibrated_as_few(histogram):
    # Of many, levels are looked up: the numbers are the same.
    bent = Calibration("root_polynomial", np.eye(6, 3), (1.1, 1, 0.9))
    few = np.vstack([bent.transform(histogram.colors[i : i + 9]) for i in range(0, 900, 9)])
    np.testing.assert_array_equal(few, bent.transform(histogram.colors[:900]))
