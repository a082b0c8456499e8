"""How indices change with the picture, and where they are not defined."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from napari_colorcluster import Palette, Pattern, measure_pattern
from napari_colorcluster.core.pattern.counts import SHARES

PALETTE = Palette(
    [[200, 30, 40], [20, 160, 60], [40, 50, 210], [128, 128, 128]], np.zeros(4, int), tuple("abcd")
)

images = arrays.arrays(
    np.uint8,
    arrays.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=14),
    elements=st.integers(0, 4),
)

SWAPPED = {"m_r": "m_c", "PT_x": "PT_y", "St_x": "St_y", "C_x": "C_y", "Sc_x": "Sc_y"}
SWAPPED |= {other: one for one, other in SWAPPED.items()}


def values_of(labels, palette=PALETTE, shares="pixels", spacing=1.0):
    table = measure_pattern(labels, palette, spacing=spacing).indices(shares)
    return table.set_index("index")["value"]


def assert_equal_but(found, expected, *others):
    names = [name for name in expected.index if name not in others]
    np.testing.assert_allclose(found[names], expected[names], rtol=1e-12, atol=1e-9)


@given(images, st.sampled_from(SHARES))
def test_turned_by_90_degrees_rows_are_columns(labels, shares):
    before = values_of(labels, shares=shares, spacing=(0.5, 2.0))
    after = values_of(np.rot90(labels), shares=shares, spacing=(2.0, 0.5))
    assert_equal_but(after, before.rename(SWAPPED), "Asp", "A")
    if 0 < before["Asp"] < 1:
        assert after["Asp"] == pytest.approx(1 - before["Asp"])
    if before["A"] > 0:
        assert after["A"] == pytest.approx(1 / before["A"])


@given(images, st.sampled_from([0, 1]), st.sampled_from(SHARES))
def test_mirrored_nothing_changes(labels, axis, shares):
    assert measure_pattern(np.flip(labels, axis), PALETTE) == measure_pattern(labels, PALETTE)
    before, after = values_of(labels, shares=shares), values_of(np.flip(labels, axis), None, shares)
    names = [name for name in after.index if name not in ("k", "Jc", "Qc", "Jt", "Scpl", "Qcpl")]
    np.testing.assert_array_equal(after[names], before[names])


@given(images, st.integers(2, 5))
def test_enlarged_patches_grow_and_shares_stay(labels, n):
    enlarged = np.kron(labels, np.ones((n, n), np.uint8))
    before = measure_pattern(labels, PALETTE, spacing=float(n))
    after = measure_pattern(enlarged, PALETTE)
    two = ~np.eye(4, dtype=bool)
    np.testing.assert_array_equal(after.pairs[two], n * before.pairs[two])
    np.testing.assert_array_equal(after.pixels, n**2 * before.pixels)
    # Of n lines of pixels where there was one, each has the old pairs, and n - 1 new ones a pixel.
    within = n * np.diagonal(before.horizontal) + n * (n - 1) * before.pixels
    np.testing.assert_array_equal(np.diagonal(after.horizontal), within)
    before, after = (each.indices().set_index("index")["value"] for each in (before, after))
    assert_equal_but(after, before, "N", "C", "C_x", "C_y", "PT", "PT_x", "PT_y", "Asp")
    for name in ("PT", "PT_x", "PT_y"):
        assert np.isnan(before[name]) or after[name] > before[name]
    for name in ("C", "C_x", "C_y"):
        assert np.isnan(before[name]) or after[name] <= before[name]


@given(images, st.permutations([1, 2, 3, 4]), st.sampled_from(SHARES))
def test_which_label_a_cluster_has_does_not_matter(labels, order, shares):
    to = np.array([0, *order])
    palette = Palette(PALETTE.colors, PALETTE.pixels, PALETTE.names, to[PALETTE.labels])
    assert_equal_but(values_of(to[labels], palette, shares), values_of(labels, shares=shares))
    # Nor the order of the palette's rows.
    rows = np.array(order) - 1
    sorted_palette = Palette(
        PALETTE.colors[rows], PALETTE.pixels, [PALETTE.names[row] for row in rows], order
    )
    assert_equal_but(values_of(labels, sorted_palette, shares), values_of(labels, shares=shares))


@given(images)
def test_indices_stay_in_their_range(labels):
    found = values_of(labels)
    for name in ("Jc", "Qc", "Jt", "Qt", "Scpl", "Qcpl", "C", "Asp", "var_hue"):
        assert np.isnan(found[name]) or -1e-12 <= found[name] <= 1 + 1e-12, name
    assert np.isnan(found["Sc"]) or 1 - 1e-12 <= found["Sc"] <= 4 + 1e-12
    assert np.isnan(found["St"]) or 1 - 1e-12 <= found["St"] <= 6 + 1e-12


def test_of_one_cluster_what_needs_two_is_not_a_number():
    found = values_of(np.ones((5, 6), np.uint8), None)
    assert found["Sc"] == found["Jc"] == 1
    assert found["Hc"] == found["C"] == found["m_r"] == found["m_c"] == found["m"] == 0
    undefined = {"Qc", "St", "Jt", "Ht", "Qt", "Scpl", "Qcpl", "PT", "PT_x", "PT_y", "Asp", "A"}
    assert set(found.index[found.isna()]) == undefined | {"St_x", "St_y"}


@pytest.mark.parametrize("labels", [np.zeros((4, 5), np.uint8), np.zeros((0, 3), np.uint8)])
def test_of_no_pixel_nothing_is_a_number_but_how_many(labels):
    for palette in (None, PALETTE):
        found = values_of(labels, palette)
        assert set(found.index[found.notna()]) == {"k", "N"}
        assert found["N"] == 0


def test_evenness_is_1_where_all_is_equal():
    found = values_of(np.array([[1, 2], [3, 1], [2, 3], [1, 2]], np.uint8)[:3], None)
    assert found["Jc"] == found["Qc"] == pytest.approx(1)


def test_each_index_has_a_line_of_words_and_a_source():
    pattern = measure_pattern(np.array([[1, 2, 3, 4]]), PALETTE, unit="mm")
    table = Pattern(
        pattern.horizontal, pattern.vertical, pattern.pixels, PALETTE.colors, unit="mm",
        luminances=[1, 2, 3, 4],
    ).indices("pairs")  # fmt: skip
    assert table.columns.tolist() == ["index", "value", "definition", "source"]
    assert table["index"].is_unique
    assert table["value"].dtype == float
    assert not table["definition"].str.contains(r"\n|\{|\}").any()
    assert table["definition"].str.len().between(10, 110).all()
    assert set(table["source"]) == {
        *("Endler 2012", "van den Berg et al. 2020"),
        *("Endler, Cole & Kranz 2018", "Endler & Mielke 2005"),
    }
    densities = table.set_index("index").loc[["m_r", "m_c", "m"], "definition"]
    assert densities.str.contains("per mm").all()


def test_shares_are_counted_in_pixels_or_in_pairs(refused):
    pattern = Pattern([[8, 1], [1, 2]], [[6, 0], [0, 4]], [10, 30])
    pixels, pairs = (
        pattern.indices(shares).set_index("index")["value"] for shares in ("pixels", "pairs")
    )
    assert pattern.indices().equals(pattern.indices("pixels"))
    assert pixels["Sc"] == pytest.approx(1 / (0.25**2 + 0.75**2))
    assert pairs["Sc"] == pytest.approx(1 / (0.7**2 + 0.3**2))
    assert pairs["Sc_x"] == pytest.approx(1 / (0.8**2 + 0.2**2))
    assert pairs["Sc_y"] == pytest.approx(1 / (0.6**2 + 0.4**2))
    assert "Sc_x" not in pixels
    with refused("shares must be 'pixels' or 'pairs'", "'area'"):
        pattern.indices("area")
