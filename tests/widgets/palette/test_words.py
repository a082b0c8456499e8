"""What is said of a color, whatever numbers and names it has."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from napari_colorcluster.core.color.differences import close_pairs
from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.pixels.pixel_size import PixelSize
from napari_colorcluster.widgets.palette.words import (
    MOST_COMPARED,
    ShownPalette,
    share_text,
    size_text,
)


@pytest.mark.parametrize(
    ("fraction", "text"),
    [(0, "0.0%"), (1e-9, "<0.1%"), (0.0005, "0.1%"), (0.462, "46.2%"), (1, "100.0%")],
)
def test_shares_are_not_rounded_away(fraction, text):
    assert share_text(fraction) == text


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0"),
        (1.2346e-7, "1.235e-07"),
        (0.0123456, "0.01235"),
        (27.126, "27.13"),
        (1234567.8, "1,234,568"),
        (1.5e12, "1.500e+12"),
    ],
)
def test_sizes_have_the_digits_that_count(size, text):
    assert size_text(size) == text


@given(st.floats(1e-12, 1e12))
def test_a_size_that_is_read_again_is_nearly_the_same(size):
    assert float(size_text(size).replace(",", "")) == pytest.approx(size, rel=6e-4)


def test_a_tooltip_tells_the_closest_color_and_the_area():
    colors = [[100, 0, 0], [104, 0, 0], [101, 0, 0], [0, 0, 250]]
    shown = ShownPalette(Palette(colors, [4, 3, 2, 1], ["a", "b", "<c>", "d"], [7, 2, 5, 1]))
    assert 'from 5 "&lt;c&gt;"' in shown.describe(7)
    assert 'from 5 "&lt;c&gt;"' in shown.describe(2)
    assert 'from 7 "a"' in shown.describe(5)
    assert "ΔE" not in shown.describe(1)
    assert "1 pixel</p>" in shown.describe(1)
    measured = ShownPalette(shown.palette, PixelSize(0.5, "mm²"))
    assert "1 pixel · 0.5000 mm²</p>" in measured.describe(1)


@given(st.lists(st.tuples(*[st.integers(0, 255)] * 3), min_size=1, max_size=12))
def test_the_rows_that_are_marked_are_those_of_close_pairs(colors):
    palette = Palette(colors, [1] * len(colors), [""] * len(colors))
    shown = ShownPalette(palette)
    marked = {row + 1 for row in range(len(colors)) if shown.is_close(row)}
    assert marked == {label for pair in close_pairs(palette) for label in pair[:2]}


@pytest.mark.parametrize("size", [MOST_COMPARED, MOST_COMPARED + 1])
def test_no_more_colors_are_compared_than_can_be_in_time(size):
    palette = Palette(np.zeros((size, 3)), [1] * size, [""] * size)
    assert ShownPalette(palette).is_close(0) == (size <= MOST_COMPARED)
