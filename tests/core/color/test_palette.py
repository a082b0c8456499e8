"""The palette as a table and as a bar."""

import pickle

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from napari_colorcluster import Palette
from napari_colorcluster.core.pixels.pixel_size import PixelSize

COLORS = [[107, 63, 42], [239, 227, 200], [0, 0, 255]]


@pytest.fixture
def palette():
    return Palette(COLORS, [50, 30, 20], ["brown", "cream", "blue"])


def distinct(pixels):
    """A palette with these counts, whose colors tell each segment from its neighbors."""
    colors = np.arange(1, 3 * len(pixels) + 1).reshape(-1, 3)
    return Palette(colors, pixels, [str(i) for i in range(len(pixels))])


def test_the_table_has_just_the_promised_columns_and_rows(palette):
    table = palette.to_dataframe()
    assert table.columns.tolist() == [
        *("index", "name", "hex"),
        *("red", "green", "blue"),
        *("pixels", "fraction"),
    ]
    assert table.to_numpy().tolist() == [
        [1, "brown", "#6b3f2a", 107, 63, 42, 50, 0.5],
        [2, "cream", "#efe3c8", 239, 227, 200, 30, 0.3],
        [3, "blue", "#0000ff", 0, 0, 255, 20, 0.2],
    ]


def test_what_a_table_asks_for_row_by_row_is_made_once(palette):
    assert palette.hex is palette.hex
    assert palette.fractions is palette.fractions
    assert not palette.fractions.flags.writeable


@pytest.mark.parametrize(("n_axes", "title"), [(2, "area"), (3, "volume")])
def test_with_the_size_of_a_pixel_the_table_has_areas(palette, n_axes, title):
    table = palette.to_dataframe(PixelSize(0.5, "mm", n_axes))
    assert table.columns.tolist()[-2:] == [title, f"{title}_unit"]
    assert table[title].tolist() == [25, 15, 10]
    assert set(table[f"{title}_unit"]) == {"mm"}


def test_changing_the_table_does_not_change_the_palette(palette):
    table = palette.to_dataframe()
    table.loc[0, ["red", "pixels"]] = 0
    assert palette == Palette(COLORS, [50, 30, 20], ["brown", "cream", "blue"])


def test_labels_may_have_gaps_and_any_order():
    palette = Palette(COLORS, [50, 30, 20], ["brown", "cream", "blue"], [7, 2, 300])
    assert palette.to_dataframe()["index"].tolist() == [7, 2, 300]
    assert [palette.row_of(label) for label in (2, 7, 300, 1, 0)] == [1, 0, 2, None, None]
    assert palette != Palette(COLORS, [50, 30, 20], ["brown", "cream", "blue"])
    again = pickle.loads(pickle.dumps(palette))
    assert again == palette
    assert not again.labels.flags.writeable


def test_without_labels_they_count_the_rows(palette):
    assert palette.labels.tolist() == [1, 2, 3]
    assert palette == Palette(COLORS, [50, 30, 20], ["brown", "cream", "blue"], [1, 2, 3])


@pytest.mark.parametrize("labels", [[1, 2], [1, 2, 2], [0, 1, 2]])
def test_labels_that_are_none_are_refused(refused, labels):
    with refused("a label of its own, at least 1, for each of its 3 colors", f"got {labels}"):
        Palette(COLORS, [50, 30, 20], ["brown", "cream", "blue"], labels)


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=40).filter(any))
def test_fractions_add_up_to_1(pixels):
    assert distinct(pixels).fractions.sum() == pytest.approx(1, abs=1e-12)


def test_a_palette_without_pixels_has_no_shares():
    empty = Palette(COLORS, [0, 0, 0], ["a", "b", "c"])
    assert empty.fractions.tolist() == [0, 0, 0]
    # A palette file without counts still is a bar to look at.
    assert empty.bar(21, 2)[0, ::7].tolist() == empty.colors.tolist()
    assert not Palette([], [], []).bar(20, 2).any()


def test_the_bar_is_an_rgb_picture_of_the_asked_size(palette):
    bar = palette.bar(width=10, height=3)
    assert bar.dtype == np.uint8
    assert bar.shape == (3, 10, 3)
    assert palette.bar().shape == (50, 300, 3)
    row = [COLORS[0]] * 5 + [COLORS[1]] * 3 + [COLORS[2]] * 2
    assert bar.tolist() == [row] * 3


@given(st.lists(st.integers(1, 10**12), min_size=1, max_size=40), st.integers(1, 2000))
@example([10**12, 1, 1, 1], 300)
@example([1, 1, 1, 10**12], 300)
@example([1] * 40, 7)
def test_segments_fill_the_bar_and_are_within_a_pixel_of_their_shares(pixels, width):
    palette = distinct(pixels)
    bar = palette.bar(width, 1)[0]
    widths = [np.count_nonzero((bar == color).all(axis=1)) for color in palette.colors]
    assert sum(widths) == width
    assert np.abs(widths - width * palette.fractions).max() <= 1 + 1e-6


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=20).filter(any), st.integers(1, 999))
def test_edges_lie_within_half_a_pixel_of_their_exact_places(pixels, width):
    exact = width * np.concatenate([[0], np.cumsum(pixels)]) / sum(pixels)
    edges = distinct(pixels).edges(width)
    assert np.abs(edges - exact).max() <= 0.5 + 1e-6
    assert (np.diff(edges) >= 0).all()


@pytest.mark.parametrize("size", [(0, 5), (5, 0), (-1, 5)])
def test_a_bar_of_no_size_is_refused_with_its_size(palette, refused, size):
    with refused("width and height must be at least 1", f"got {size[0]} and {size[1]}."):
        palette.bar(*size)


def test_columns_of_different_lengths_are_refused_with_their_lengths(refused):
    with refused("one count and one name a color", "3 colors, 2 counts and 1 names"):
        Palette(COLORS, [1, 2], ["a"])


def test_a_palette_cannot_be_changed(palette):
    with pytest.raises(ValueError, match="read-only"):
        palette.colors[0] = 0
    with pytest.raises(ValueError, match="read-only"):
        palette.pixels[0] = 0
    with pytest.raises(AttributeError):
        palette.names = ()


@pytest.mark.parametrize(
    "other",
    [
        Palette(COLORS, [50, 30, 21], ["brown", "cream", "blue"]),
        Palette(COLORS, [50, 30, 20], ["brown", "cream", "azure"]),
        Palette(COLORS[::-1], [50, 30, 20], ["brown", "cream", "blue"]),
        COLORS,
    ],
)
def test_palettes_differ_in_colors_counts_and_names(palette, other):
    assert palette != other


def test_a_palette_is_as_long_as_it_has_colors(palette):
    assert len(palette) == 3
    assert palette.n_pixels == 100
