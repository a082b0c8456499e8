"""The distance between palettes, against scipy on one axis and by brute force, and its tables."""

import tracemalloc
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import wasserstein_distance
from skimage.color import deltaE_ciede2000, rgb2lab

from napari_colorcluster import Palette
from napari_colorcluster.core.studies.comparison import (
    compare_palettes,
    distances_to,
    palette_distance,
)
from napari_colorcluster.core.studies.transport import Transport, transport_costs


def transport_cost(costs, have, want):
    return transport_costs([Transport(costs, have, want)])[0]


def palette(colors, pixels):
    return Palette(colors, pixels, [str(at) for at in range(len(pixels))])


amounts = st.lists(st.integers(0, 50), min_size=1, max_size=7).filter(any)


@given(have=amounts, want=amounts, data=st.data())
@settings(max_examples=25)
def test_on_a_line_the_cost_is_scipys(have, want, data):
    levels = st.integers(0, 255)
    here = np.array(data.draw(st.lists(levels, min_size=len(have), max_size=len(have))))
    there = np.array(data.draw(st.lists(levels, min_size=len(want), max_size=len(want))))
    have, want = np.array(have) / sum(have), np.array(want) / sum(want)
    costs = np.abs(here[:, np.newaxis] - there).astype(float)
    expected = wasserstein_distance(here, there, have, want)
    assert transport_cost(costs, have, want) == pytest.approx(expected, abs=1e-6)


def test_images_with_a_group_are_compared_as_by_themselves(refused):
    rng = np.random.default_rng(1)
    colors = [[0, 0, 0], [255, 255, 255], [200, 0, 0]]
    palettes = {
        name: Palette(colors, rng.integers(1, 9, 3), ["black", "white", "red"]) for name in "abcde"
    }
    groups = {"a": "x", "c": "y", "e": "x", "z": "x"}
    inside = compare_palettes(palettes).grouped(groups)
    expected = compare_palettes({name: palettes[name] for name in "ace"}, groups)
    np.testing.assert_array_equal(inside.distances, expected.distances)
    assert (inside.images, inside.groups) == (expected.images, ("x", "y", "x"))
    with refused("None of the images has a group."):
        compare_palettes(palettes).grouped({"z": "x"})


def test_where_one_palette_is_a_single_color_all_the_rest_is_moved_there():
    black, white = [0, 0, 0], [255, 255, 255]
    mixed = palette([black, white], [30, 70])
    apart = deltaE_ciede2000(rgb2lab(np.zeros((1, 3)))[0], rgb2lab(np.ones((1, 3)))[0])
    assert palette_distance(mixed, palette([black], [9])) == pytest.approx(0.7 * apart)
    assert palette_distance(palette([white], [9]), mixed) == pytest.approx(0.3 * apart)


def test_equal_shares_are_moved_as_the_best_assignment_moves_them():
    generator = np.random.default_rng(3)
    one, other = generator.integers(256, size=(2, 5, 3))
    costs = deltaE_ciede2000(rgb2lab(one / 255)[:, None], rgb2lab(other / 255)[None])
    best = min(costs[range(5), order].mean() for order in permutations(range(5)))
    distance = palette_distance(palette(one, [7] * 5), palette(other, [2] * 5))
    assert distance == pytest.approx(best, abs=1e-6)


def test_the_distance_depends_on_shares_alone_and_is_0_for_equal_ones():
    colors = [[10, 20, 30], [200, 20, 30], [90, 200, 30]]
    one = palette(colors, [1, 2, 3])
    assert palette_distance(one, palette(colors, [10, 20, 30])) == pytest.approx(0, abs=1e-9)
    shuffled = palette([*colors[::-1], [9, 9, 9]], [3, 2, 1, 0])
    assert palette_distance(one, shuffled) == pytest.approx(0, abs=1e-9)


@pytest.fixture
def four():
    colors = [[0, 0, 0], [255, 255, 255], [200, 0, 0]]
    shares = {"night": [9, 1, 0], "snow": [1, 9, 0], "dusk": [8, 1, 1], "fog": [0, 9, 1]}
    return {name: palette(colors, pixels) for name, pixels in shares.items()}


def test_tables_and_order(four):
    comparison = compare_palettes(four)
    table = comparison.shares_table()
    assert table.index.tolist() == ["night", "snow", "dusk", "fog"]
    np.testing.assert_allclose(table.sum(axis=1), 1)
    assert table.loc["snow", "1"] == 0.9
    distances = comparison.distance_table()
    np.testing.assert_array_equal(distances, distances.T)
    assert distances.loc["night", "dusk"] == palette_distance(four["night"], four["dusk"])
    ordered = [comparison.images[row] for row in comparison.order]
    assert {*ordered[:2]} in ({"night", "dusk"}, {"snow", "fog"})


def test_one_palette_is_a_comparison_too(four):
    comparison = compare_palettes({"night": four["night"]})
    assert comparison.distances.tolist() == [[0.0]]
    assert comparison.order.tolist() == [0]


def test_palettes_of_their_own_clusters_have_distances_but_no_common_table(four, refused):
    other = Palette([[1, 2, 3]], [5], ["ink"])
    comparison = compare_palettes({**four, "ink": other})
    assert comparison.distances.shape == (5, 5)
    with refused("the same clusters", "'ink'"):
        comparison.shares_table()


def test_refusals(four, refused):
    with refused("At least one palette"):
        compare_palettes({})
    with refused("No palette has pixels to compare, got void"):
        compare_palettes({"void": palette([[0, 0, 0]], [0])})


def test_an_image_without_pixels_is_left_out(four):
    comparison = compare_palettes({"void": palette([[0, 0, 0]], [0]), **four})
    assert comparison.left_out == ("void",)
    assert comparison.images == tuple(four)
    np.testing.assert_array_equal(comparison.distances, compare_palettes(four).distances)


def test_memory_grows_as_the_costs_do():
    generator = np.random.default_rng(0)
    n = 150
    costs, have, want = generator.random((n, n)), *np.full((2, n), 1 / n)
    tracemalloc.start()
    transport_cost(costs, have, want)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # Dense constraints alone would take 300 times as much.
    assert peak < 60 * costs.nbytes


def grouped():
    colors = [[10, 20, 30], [200, 20, 30], [90, 200, 30]]
    shares = {"a1": (60, 30, 10), "a2": (50, 40, 10), "b1": (5, 15, 80), "b2": (0, 1, 9)}
    groups = {"b2": "b", "a1": "a", "a2": "a", "b1": "b", "unused": "c"}
    return {name: palette(colors, pixels) for name, pixels in shares.items()}, groups


def test_groups_are_given_by_the_images_names():
    comparison = compare_palettes(*grouped())
    assert comparison.groups == ("a", "a", "b", "b")
    table = comparison.group_tests(n_permutations=99)
    assert table.loc["all groups", "r_squared"] > 0.9
    assert comparison.ordination.coordinates.shape == (4, 2)


def test_each_image_counts_the_same_in_the_mean_of_its_group():
    means = compare_palettes(*grouped()).mean_palettes()
    assert list(means) == ["a", "b"]
    assert np.allclose(means["a"].fractions, [0.55, 0.35, 0.10])
    # 100 and 10 pixels, of which shares are rounded.
    assert np.allclose(means["b"].fractions, [0.025, 0.125, 0.85], atol=1 / 110)
    assert means["b"].n_pixels == pytest.approx(110, abs=2)


def test_an_image_without_pixels_needs_no_group():
    palettes, groups = grouped()
    palettes["empty"] = palette([[10, 20, 30], [200, 20, 30], [90, 200, 30]], [0, 0, 0])
    assert compare_palettes(palettes, groups).groups == ("a", "a", "b", "b")


def test_missing_groups_are_named(refused):
    palettes, groups = grouped()
    del groups["b1"]
    with refused("Each image needs a group", "b1"):
        compare_palettes(palettes, groups)
    with refused("Each image needs a group, got none for a0, a1, a2, a3, a4 and 7 more."):
        compare_palettes({f"a{at}": palettes["a1"] for at in range(12)}, {})
    with refused("The images have no groups"):
        compare_palettes(palettes).group_tests()


def test_many_distances_at_once_are_those_one_by_one():
    generator = np.random.default_rng(1)
    colors = generator.integers(256, size=(6, 3))
    pool = palette(colors, generator.integers(1, 99, size=6))
    many = [palette(colors[:5], generator.integers(1, 99, size=5)) for _ in range(70)]
    many[3] = palette(colors[:2], [0, 0])
    many[4] = palette(colors[:1], [5])
    expected = [palette_distance(each, pool) if each.n_pixels else np.nan for each in many]
    np.testing.assert_allclose(distances_to(many, pool), expected, atol=1e-9)
    assert np.isnan(distances_to([pool], palette(colors, [0] * 6))).all()
