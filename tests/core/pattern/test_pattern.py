"""A pattern as a value: made of counts, compared, added, and its tables."""

import pickle
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy import stats
from skimage.color import deltaE_ciede2000, rgb2lab

from napari_colorcluster import Palette, Pattern, measure_pattern

HORIZONTAL = [[8, 1, 2], [1, 2, 0], [2, 0, 5]]
VERTICAL = [[6, 3, 1], [3, 4, 0], [1, 0, 2]]
PIXELS = [10, 6, 4]
COLORS = [[200, 40, 40], [40, 160, 220], [90, 90, 90]]


@pytest.fixture
def pattern():
    return Pattern(HORIZONTAL, VERTICAL, PIXELS, COLORS, (0.5, 2.0), unit="mm")


def weighted(values, weights):
    return np.average(values, weights=weights)


def test_counts_are_all_it_takes():
    pattern = Pattern(HORIZONTAL, VERTICAL, PIXELS)
    assert pattern.spacing == (1, 1)
    assert pattern.names == ("1", "2", "3")
    assert pattern.labels.tolist() == [1, 2, 3]
    assert pattern.transitions.loc["1", "3"] == 3
    assert pattern.fractions.tolist() == [0.5, 0.3, 0.2]
    indices = pattern.indices()
    assert set(indices["source"]) == {"Endler 2012", "van den Berg et al. 2020"}
    assert "dE" not in pattern.boundaries()


def test_a_pattern_does_not_change(pattern):
    for array in (pattern.horizontal, pattern.pixels, pattern.colors, pattern.pairs):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
    given = np.array(PIXELS)
    kept = Pattern(HORIZONTAL, VERTICAL, given)
    given[0] = 99
    assert kept.pixels.tolist() == PIXELS


def test_it_travels(pattern):
    arrived = pickle.loads(pickle.dumps(pattern))
    assert arrived == pattern
    assert not arrived.horizontal.flags.writeable


@pytest.mark.parametrize(
    "changed",
    [
        {"horizontal": VERTICAL}, {"pixels": [10, 6, 5]}, {"colors": None}, {"spacing": 0.5},
        {"unit": None}, {"labels": [1, 2, 4]}, {"names": ["a", "b", "c"]},
        {"luminances": [1, 2, 3]},
    ],
    ids=lambda changed: next(iter(changed)),
)  # fmt: skip
def test_what_differs_is_not_equal(pattern, changed):
    given = {
        "horizontal": HORIZONTAL, "vertical": VERTICAL, "pixels": PIXELS, "colors": COLORS,
        "spacing": (0.5, 2.0), "unit": "mm",
    }  # fmt: skip
    assert Pattern(**given) == pattern
    assert Pattern(**given | changed) != pattern
    assert pattern != PIXELS


@given(arrays.arrays(np.uint8, (9, 4), elements=st.integers(0, 3)), st.integers(1, 8))
def test_two_halves_add_up_but_for_the_pairs_between_them(labels, row):
    palette = Palette(COLORS, [0, 0, 0], "abc")
    whole = measure_pattern(labels, palette)
    upper, lower = measure_pattern(labels[:row], palette), measure_pattern(labels[row:], palette)
    both = upper + lower
    assert both.pixels.tolist() == whole.pixels.tolist()
    assert both.horizontal.tolist() == whole.horizontal.tolist()
    between = measure_pattern(labels[row - 1 : row + 1], palette).vertical
    assert (both.vertical + between).tolist() == whole.vertical.tolist()
    assert both == lower + upper


def test_only_the_same_clusters_add_up(pattern, refused):
    with refused("same clusters, colors and pixel size"):
        pattern + Pattern(HORIZONTAL, VERTICAL, PIXELS, COLORS, 0.5, unit="mm")
    with pytest.raises(TypeError):
        pattern + 3


def test_counts_that_are_none_are_refused(refused):
    with refused("horizontal must be symmetric"):
        Pattern([[1, 2], [3, 1]], [[1, 0], [0, 1]], [3, 3])
    with refused("2 clusters needs vertical of shape (2, 2)", "(3, 3)"):
        Pattern([[1, 0], [0, 1]], np.eye(3), [3, 3])
    with refused("pixels must be whole numbers", "2.5"):
        Pattern([[1, 0], [0, 1]], [[1, 0], [0, 1]], [2.5, 3])
    with refused("whole numbers from 0 on", "-1"):
        Pattern([[1, -1], [-1, 1]], [[1, 0], [0, 1]], [3, 3])
    with refused("2 clusters needs colors of shape (2, 3)"):
        Pattern([[1, 0], [0, 1]], [[1, 0], [0, 1]], [3, 3], COLORS)
    with refused("2 clusters needs 2 names"):
        Pattern([[1, 0], [0, 1]], [[1, 0], [0, 1]], [3, 3], names=["a"])


def test_boundaries_are_as_long_as_the_edges_of_their_pixels(pattern):
    table = pattern.boundaries()
    assert table["first"].tolist() == [1, 1, 2]
    assert table["second"].tolist() == [2, 3, 3]
    assert table["pairs"].tolist() == [4, 3, 0]
    assert table["fraction"].tolist() == [4 / 7, 3 / 7, 0]
    assert table["length"].tolist() == [1 * 0.5 + 3 * 2, 2 * 0.5 + 1 * 2, 0]
    assert set(table["length_unit"]) == {"mm"}
    lab = rgb2lab(np.array(COLORS, np.uint8))
    for row in table.itertuples():
        one, other = lab[row.first - 1], lab[row.second - 1]
        assert row.dE == pytest.approx(deltaE_ciede2000(one, other))
        assert row.dS == pytest.approx(np.hypot(*(one - other)[1:]))
        assert row.dL == pytest.approx(abs(one[0] - other[0]))


def test_boundary_strength_is_the_mean_over_all_boundaries(pattern):
    found = pattern.indices().set_index("index")["value"]
    table = pattern.boundaries()
    for name in ("dE", "dS", "dL"):
        mean = weighted(table[name], table["fraction"])
        spread = np.sqrt(2 / 1 * weighted((table[name] - mean) ** 2, table["fraction"]))
        assert found[f"m_{name}"] == pytest.approx(mean)
        assert found[f"s_{name}"] == pytest.approx(spread)
        assert found[f"cv_{name}"] == pytest.approx(spread / mean)


def test_overall_contrast_is_that_of_all_pixels(pattern):
    found = pattern.indices().set_index("index")["value"]
    lab = np.repeat(rgb2lab(np.array(COLORS, np.uint8)), PIXELS, axis=0)
    for name, values in (("lightness", lab[:, 0]), ("chroma", np.hypot(lab[:, 1], lab[:, 2]))):
        assert found[f"m_{name}"] == pytest.approx(values.mean())
        assert found[f"s_{name}"] == pytest.approx(values.std())
        assert found[f"cv_{name}"] == pytest.approx(values.std() / values.mean())
    # The last color is a gray, which has no hue.
    hues = np.arctan2(lab[:16, 2], lab[:16, 1])
    assert found["m_hue"] == pytest.approx(np.degrees(stats.circmean(hues)))
    assert found["s_hue"] == pytest.approx(np.degrees(stats.circstd(hues)))
    assert found["var_hue"] == pytest.approx(stats.circvar(hues))


def test_grays_alone_have_no_hue():
    found = Pattern([[3, 1], [1, 3]], [[3, 1], [1, 3]], [5, 5], [[9] * 3, [200] * 3]).indices()
    found = found.set_index("index")["value"]
    assert found[["m_hue", "s_hue", "var_hue"]].isna().all()
    assert found[["m_lightness", "m_chroma", "m_dE"]].notna().all()


def test_distances_and_values_may_be_given(pattern, refused):
    distances = {"dS": [[0, 1, 5], [1, 0, 9], [5, 9, 0]], "jnd": np.ones((3, 3))}
    found = pattern.indices(distances=distances).set_index("index")["value"]
    assert found["m_dS"] == pytest.approx((4 * 1 + 3 * 5) / 7)
    assert found["m_jnd"] == 1
    assert found["s_jnd"] == 0
    assert found["m_dE"] == pattern.indices().set_index("index")["value"]["m_dE"]
    assert pattern.boundaries(distances)["dS"].tolist() == [1, 5, 9]
    plain = Pattern(HORIZONTAL, VERTICAL, PIXELS)
    assert plain.boundaries(distances)["jnd"].tolist() == [1, 1, 1]
    with refused("dS of a pattern of 3 clusters", "(3, 3)", "(2, 2)"):
        pattern.indices(distances={"dS": np.ones((2, 2))})
    with refused("sat of a pattern of 3 clusters", "(3,)", "(4,)"):
        pattern.indices(values={"sat": np.ones(4)})


def test_luminances_are_added_to_what_was_measured(pattern):
    found = replace(pattern, luminances=[1, 3, 0]).indices().set_index("index")["value"]
    assert found["VCA:ML"] == pytest.approx(0.5 * 1 + 0.3 * 3)
    assert found["BSA:BML"] == pytest.approx((4 * 0.5 + 3 * 1) / 7)
    assert "VCA:ML" not in set(pattern.indices()["index"])


def test_counts_alone_have_no_patches(pattern, refused):
    labels = np.array([[1, 1], [2, 3]])
    both = measure_pattern(labels) + measure_pattern(labels)
    for each in (pattern, both):
        with refused("counts alone", "patches", "measure_pattern"):
            each.patches()
        with refused("counts alone"):
            each.patch_summary()
