"""Which colors are close, held against scikit-image on all pairs."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from skimage.color import deltaE_ciede2000, rgb2lab

from napari_colorcluster import Palette
from napari_colorcluster.core.color import differences as guard
from napari_colorcluster.core.color.differences import MIN_DELTA_E, close_pairs, min_delta_e

COLORS = arrays(np.uint8, st.tuples(st.integers(2, 12), st.just(3)))


def palette_of(colors, labels=None):
    return Palette(colors, np.ones(len(colors)), "x" * len(colors), labels)


def all_pairs(palette):
    lab = dict(zip(palette.labels.tolist(), rgb2lab(palette.colors), strict=True))
    return {
        (one, other): float(deltaE_ciede2000(lab[one], lab[other]))
        for one, other in combinations(sorted(lab), 2)
    }


@given(COLORS, st.floats(0, 100), st.randoms(use_true_random=False))
def test_the_close_pairs_are_those_of_all_pairs_that_are_closer(colors, limit, random):
    labels = random.sample(range(1, 60_000), len(colors))
    palette = palette_of(colors, labels)
    wanted = {pair: found for pair, found in all_pairs(palette).items() if found < limit - 1e-6}
    found = {(first, second): delta_e for first, second, delta_e in close_pairs(palette, limit)}
    assert {pair for pair in found if found[pair] < limit - 1e-6} == set(wanted)
    for pair, delta_e in wanted.items():
        assert found[pair] == pytest.approx(delta_e, abs=1e-6)


@given(COLORS)
def test_the_smallest_is_the_first_of_all_pairs(colors):
    palette = palette_of(colors)
    pairs = close_pairs(palette, np.inf)
    assert len(pairs) == len(colors) * (len(colors) - 1) // 2
    assert [pair.delta_e for pair in pairs] == sorted(pair.delta_e for pair in pairs)
    assert min_delta_e(palette.colors) == pairs[0].delta_e
    assert min_delta_e(palette.colors) == pytest.approx(min(all_pairs(palette).values()), abs=1e-6)


@pytest.mark.parametrize("pairs_in_block", [1, 50, 99, 1_000])
def test_blocks_change_nothing(monkeypatch, pairs_in_block):
    colors = np.random.default_rng(0).integers(0, 256, (33, 3), np.uint8)
    whole = close_pairs(palette_of(colors), 20)
    monkeypatch.setattr(guard, "_PAIRS_IN_BLOCK", pairs_in_block)
    assert len(whole) > 1
    assert close_pairs(palette_of(colors), 20) == whole


def test_two_shades_are_close_and_two_colors_are_not():
    palette = palette_of([[120, 80, 60], [20, 20, 20], [124, 82, 60]], [7, 1, 3])
    ((first, second, delta_e),) = close_pairs(palette)
    assert (first, second) == (3, 7)
    assert 0 < delta_e < MIN_DELTA_E


def test_black_and_white_are_100_apart_and_one_color_has_no_other():
    colors = [[0, 0, 0], [255, 255, 255]]
    assert min_delta_e(palette_of(colors).colors) == pytest.approx(100, abs=0.01)
    assert np.isnan(min_delta_e(palette_of(colors[:1]).colors))
    assert close_pairs(palette_of(colors[:1])) == []
