"""Parts of colors: what is known of them joins as if it were worked out anew."""

import pickle
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from napari_colorcluster import COLOR_SPACES, count_colors
from napari_colorcluster.core.clustering.partition import Moments, Partition
from napari_colorcluster.core.color.working_space import WorkingSpace
from napari_colorcluster.core.methods import METHODS, Grouping

POINTS = np.random.default_rng(0).normal(size=(60, 3))
COUNTS = np.random.default_rng(1).integers(1, 100, 60)
OF_POINTS = np.arange(60) % 8


def moments_of(points, counts, groups):
    """Those of the groups in the order of their numbers."""
    moments, rank = Moments.by_share(points, counts, groups)
    return moments.take(rank)


class OneGroup:
    """A method that finds one cluster whatever it is asked."""

    def prepare(self, points, weights, codes, *, random_state, progress):
        return lambda n_clusters, progress: Grouping(np.zeros(len(points), int), None)


@pytest.fixture(scope="module")
def partition(thumbnail):
    histogram = count_colors(thumbnail)
    space = WorkingSpace(COLOR_SPACES["rgb"], np.ones(3))
    points = space.points(histogram.colors)
    bright = np.digitize(points.sum(axis=1), [200, 400, 600])
    return Partition.from_grouping(histogram, space, points, Grouping(bright, None))


@given(st.lists(st.integers(-1, 2), min_size=5, max_size=5))
def test_joined_groups_are_known_as_if_they_had_never_been_apart(groups):
    groups = np.array([*groups, 0, 1, 2])
    joined = moments_of(POINTS, COUNTS, OF_POINTS).joined(groups)
    of_points = groups[OF_POINTS]
    kept = of_points >= 0
    expected = moments_of(POINTS[kept], COUNTS[kept], of_points[kept])
    np.testing.assert_array_equal(joined.pixels, expected.pixels)
    np.testing.assert_allclose(joined.centers, expected.centers)
    np.testing.assert_allclose(joined.spread, expected.spread)


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
    moments, rank = Moments.by_share(points, counts, groups)
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
    _, rank = Moments.by_share(np.zeros((4, 3)), np.array([1, 2, 2, 1]), np.array([2, 0, 1, 2]))
    assert rank.tolist() == [1, 2, 0]


def test_a_method_that_finds_too_few_gives_way_to_kmeans(partition):
    same = np.arange(partition.n_parts + 1)
    found = partition.split(same, 2, 3, OneGroup(), 0)
    expected = partition.split(same, 2, 3, METHODS["kmeans"](), 0)
    np.testing.assert_array_equal(found.parts, expected.parts)
    assert found.n_parts == partition.n_parts + 2


def test_a_splits_moments_are_those_of_its_parts(partition):
    split = partition.split(np.array([0, 1, 2, 1, 3]), 1, 3, METHODS["kmeans"](), 0)
    points = split.space.points(split.histogram.colors)
    expected = moments_of(points, split.histogram.counts, split.parts.astype(int) - 1)
    np.testing.assert_array_equal(split.moments.pixels, expected.pixels)
    np.testing.assert_allclose(split.moments.centers, expected.centers)
    np.testing.assert_allclose(split.moments.spread, expected.spread)
    others = split.parts[np.isin(partition.parts, [2, 4])]
    assert set(others) == {2, 3}


def test_a_partition_that_travelled_labels_the_same(partition):
    again = pickle.loads(pickle.dumps(partition))
    np.testing.assert_array_equal(again.parts, partition.parts)
    assert not again.parts.flags.writeable
    assert again.look_up.token == partition.look_up.token


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
    moments, _ = Moments.by_share(points, counts, np.zeros(1000, int))
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
