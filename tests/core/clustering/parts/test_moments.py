"""Moments of groups: those of all pixels, and the same after groups are merged."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from napari_colorcluster.core.clustering.parts.moments import Moments

POINTS = np.random.default_rng(0).normal(size=(60, 3))
COUNTS = np.random.default_rng(1).integers(1, 100, 60)
OF_POINTS = np.arange(60) % 8


def moments_of(points, counts, groups):
    """The moments of groups in the order of their numbers."""
    moments, rank = Moments.ranked(points, counts, groups)
    return moments.take(rank)


@given(st.lists(st.integers(-1, 2), min_size=5, max_size=5))
def test_merged_groups_have_the_moments_of_all_their_points(groups):
    groups = np.array([*groups, 0, 1, 2])
    merged = moments_of(POINTS, COUNTS, OF_POINTS).merged(groups)
    of_points = groups[OF_POINTS]
    kept = of_points >= 0
    expected = moments_of(POINTS[kept], COUNTS[kept], of_points[kept])
    np.testing.assert_array_equal(merged.pixels, expected.pixels)
    np.testing.assert_allclose(merged.centers, expected.centers)
    np.testing.assert_allclose(merged.spread, expected.spread)


@pytest.mark.parametrize("group", range(8))
def test_moments_are_those_of_all_pixels(group):
    moments = moments_of(POINTS, COUNTS, OF_POINTS)
    inside = group == OF_POINTS
    pixels = np.repeat(POINTS[inside], COUNTS[inside], axis=0)
    assert moments.pixels[group] == len(pixels)
    np.testing.assert_allclose(moments.centers[group], pixels.mean(axis=0))
    np.testing.assert_allclose(moments.spread[group], len(pixels) * pixels.var(axis=0).sum())


def test_moments_of_many_points_are_added_up_in_parts():
    random = np.random.default_rng(7)
    n = 300_001
    points, counts = random.normal(size=(n, 3)), random.integers(1, 9, n)
    groups = random.integers(0, 4, n)
    groups[-1] = 4
    moments, rank = Moments.ranked(points, counts, groups)
    pixels = np.bincount(groups, counts)
    assert rank.tolist() == np.argsort(np.argsort(-pixels)).tolist()
    assert moments.pixels.tolist() == sorted(pixels.tolist(), reverse=True)
    for group in range(5):
        inside, row = groups == group, rank[group]
        mean = np.average(points[inside], axis=0, weights=counts[inside])
        away = ((points[inside] - mean) ** 2).sum(axis=1)
        np.testing.assert_allclose(moments.centers[row], mean)
        np.testing.assert_allclose(moments.spread[row], counts[inside] @ away, atol=1e-9)


def test_equal_shares_are_ordered_by_their_first_color():
    _, rank = Moments.ranked(np.zeros((4, 3)), np.array([1, 2, 2, 1]), np.array([2, 0, 1, 2]))
    assert rank.tolist() == [1, 2, 0]


@pytest.mark.parametrize("heavy", [1, 10**6, 10**9, 10**12, 1 << 50])
@pytest.mark.parametrize("place", [0, 30, 59])
def test_spread_is_exact_however_heavy_one_color_is(heavy, place):
    counts = np.ones(60, np.int64)
    counts[place] = heavy
    for groups in (np.zeros(60, int), OF_POINTS):
        spread = moments_of(POINTS, counts, groups).spread
        for group, found in enumerate(spread):
            mine, weights = POINTS[groups == group], counts[groups == group]
            # From the heaviest: at its side, the mean is as exact as can be.
            away = mine - mine[np.argmax(weights)]
            mean = weights @ away / weights.sum()
            assert found == pytest.approx(weights @ ((away - mean) ** 2).sum(axis=1), rel=1e-9)


@pytest.mark.parametrize("heavy", [10**3, 10**4, 10**5, 10**6])
@pytest.mark.parametrize("first", [0, 100])
def test_spread_is_right_to_ten_digits_where_the_first_color_is_far_and_light(heavy, first):
    # Beside the heavy one all others are near: only the first is far.
    points = np.random.default_rng(5).normal(95, 0.1, (1000, 3))
    points[0] = first
    counts = np.ones(1000, np.int64)
    counts[1] = heavy
    moments, _ = Moments.ranked(points, counts, np.zeros(1000, int))
    exact = [[Fraction(each) for each in point] for point in points.tolist()]
    n = sum(counts.tolist())
    weighted = list(zip(counts.tolist(), exact, strict=True))
    mean = [sum(count * point[axis] for count, point in weighted) / n for axis in range(3)]
    spread = sum(
        count * (point[axis] - mean[axis]) ** 2 for count, point in weighted for axis in range(3)
    )
    assert moments.spread[0] == pytest.approx(float(spread), rel=1e-10)


def test_means_of_whole_numbers_are_the_nearest_there_are():
    random = np.random.default_rng(2)
    points = random.integers(0, 256, (3000, 3))
    counts, groups = random.integers(1, 10_000, 3000), np.sort(random.integers(0, 40, 3000))
    found = moments_of(points.astype(float), counts, groups)
    for group in range(40):
        mine = groups == group
        sums, n = counts[mine] @ points[mine], int(counts[mine].sum())
        assert found.sums[group].tolist() == sums.tolist()
        assert found.centers[group].tolist() == [float(Fraction(int(each), n)) for each in sums]
