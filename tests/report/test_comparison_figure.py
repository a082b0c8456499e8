from itertools import pairwise

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.text import Text

from napari_colorcluster import Palette
from napari_colorcluster.core.studies.comparison import compare_palettes
from napari_colorcluster.report.comparison_figure import (
    MAX_NUMBERS,
    draw_comparison,
    fit_texts,
    mark_row,
)

COLORS = [[0, 0, 0], [255, 255, 255], [200, 0, 0]]


def compared(n_images):
    pixels = np.random.default_rng(0).integers(1, 9, size=(n_images, 3))
    palettes = [Palette(COLORS, each, ["black", "white", "red"]) for each in pixels]
    return compare_palettes({f"image {at}": each for at, each in enumerate(palettes)})


def drawn(comparison):
    figure = Figure(figsize=(7, 4), layout="constrained")
    canvas = FigureCanvasAgg(figure)
    draw_comparison(figure, comparison)
    canvas.draw()
    return figure


def test_rows_are_in_the_order_of_the_tree_in_all_three_parts():
    comparison = compared(6)
    figure = drawn(comparison)
    tree, heat, bars = figure.axes[:3]
    order = comparison.order
    shown = heat.images[0].get_array()
    np.testing.assert_array_equal(shown, comparison.distances[np.ix_(order, order)])
    assert len(tree.lines) == 5
    names = [tick.get_text() for tick in bars.get_yticklabels()]
    assert names == [comparison.images[row] for row in order]
    widths = np.array([bar.get_width() for bar in bars.patches]).reshape(6, 3)
    fractions = [comparison.palettes[name].fractions for name in names]
    np.testing.assert_allclose(widths, fractions)
    assert [to_hex(bar.get_facecolor()) for bar in bars.patches[:3]] == [
        *("#000000", "#ffffff", "#c80000")
    ]
    for axes in (tree, heat, bars):
        assert axes.get_ylim() == (5.5, -0.5)


def test_a_leaf_of_the_tree_is_beside_its_row():
    comparison = compared(5)
    tree = drawn(comparison).axes[0]
    ends = np.concatenate([line.get_xydata()[[0, 3]] for line in tree.lines])
    leaves = np.sort(ends[ends[:, 0] == 0][:, 1])
    np.testing.assert_allclose(leaves, range(5))


@pytest.mark.parametrize("n_images", [1, 2, MAX_NUMBERS, MAX_NUMBERS + 1])
def test_numbers_are_written_while_there_is_room(n_images):
    heat = drawn(compared(n_images)).axes[1]
    assert len(heat.texts) == (n_images**2 if n_images <= MAX_NUMBERS else 0)


@pytest.mark.parametrize("n_images", [23, 60, 100])
def test_as_many_names_are_written_as_do_not_overlap(n_images):
    comparison = compared(n_images)
    figure = drawn(comparison)
    counts = []
    for height in (4, 2.5, 9):
        figure.set_size_inches(7, height)
        fit_texts(figure, comparison)
        figure.canvas.draw()
        ticks = figure.axes[2].get_yticks()
        names = figure.axes[2].get_yticklabels()
        counts.append(len(names))
        for place, name in zip(ticks, names, strict=True):
            assert name.get_text() == comparison.images[comparison.order[place]]
        boxes = sorted((name.get_window_extent() for name in names), key=lambda box: box.y0)
        assert all(low.y1 <= high.y0 for low, high in pairwise(boxes))
        assert figure.axes[2].get_ylim() == (n_images - 0.5, -0.5)
    assert counts[1] <= counts[0] <= counts[2]
    assert n_images > 60 or counts[2] == n_images


def test_numbers_are_hidden_where_they_would_overlap():
    comparison = compared(12)
    figure = drawn(comparison)
    figure.set_size_inches(3, 3)
    fit_texts(figure, comparison)
    assert not any(text.get_visible() for text in figure.axes[1].texts)
    figure.set_size_inches(12, 6)
    fit_texts(figure, comparison)
    figure.canvas.draw()
    boxes = [text.get_window_extent() for text in figure.axes[1].texts if text.get_visible()]
    assert len(boxes) == 144
    assert all(box.count_overlaps(boxes) == 1 for box in boxes)


def test_a_row_is_marked_in_place_of_another():
    figure = drawn(compared(6))
    n_patches = [len(axes.patches) for axes in figure.axes]
    for place in (2, 4):
        mark_row(figure, place)
        for at in (1, 2):
            [mark] = figure.axes[at].patches[n_patches[at] :]
            assert (mark.get_y(), mark.get_height()) == (place - 0.5, 1)
            assert figure.axes[at].get_ylim() == (5.5, -0.5)
    mark_row(figure, None)
    assert [len(axes.patches) for axes in figure.axes] == n_patches


@pytest.mark.parametrize("length", [40, 150])
def test_long_names_leave_room_and_titles_are_not_cut(length):
    values = compared(3).palettes.values()
    palettes = {each * length: value for each, value in zip("abc", values, strict=True)}
    figure = drawn(compare_palettes(palettes))
    boxes = title_boxes(figure)
    for box in boxes:
        assert 0 <= box.x0 < box.x1 <= figure.bbox.x1
    assert figure.axes[2].bbox.width > figure.bbox.width / 8
    names = [tick.get_text() for tick in figure.axes[2].get_yticklabels()]
    assert {len(name) for name in names} == {40}
    assert {name[0] + name[-1] for name in names} == {"aa", "bb", "cc"}


def test_titles_do_not_overlap_in_half_of_a_narrow_window():
    figure = Figure(figsize=(4, 4), layout="constrained")
    draw_comparison(figure, compared(3))
    figure.draw_without_rendering()
    left, middle, right = title_boxes(figure)
    assert left.x1 < middle.x0 < middle.x1 < right.x0


def title_boxes(figure):
    titles = ("average\nlinkage", "distance\n(ΔE2000)", "shares")
    shown = {text.get_text(): text for text in figure.findobj(Text) if text.get_text() in titles}
    return [shown[title].get_window_extent() for title in titles]


@pytest.mark.parametrize("width", [2.8, 3.5])
def test_in_a_narrow_figure_names_are_short_and_nothing_is_written_over_another(width):
    values = compared(3).palettes.values()
    palettes = {each * 40: value for each, value in zip("abc", values, strict=True)}
    comparison = compare_palettes(palettes)
    figure = drawn(comparison)
    figure.set_size_inches(width, 3.5)
    fit_texts(figure, comparison)
    figure.canvas.draw()
    bars = figure.axes[2]
    assert bars.bbox.width > figure.bbox.width / 8
    assert all(0 <= box.x0 < box.x1 <= figure.bbox.x1 for box in title_boxes(figure))
    written = [*title_boxes(figure), *(tick.get_window_extent() for tick in bars.get_xticklabels())]
    assert all(box.count_overlaps(written) == 1 for box in written)
    names = [tick.get_text() for tick in bars.get_yticklabels()]
    assert sorted((name[0], name[-1]) for name in names) == [(each, each) for each in "abc"]
    figure.set_size_inches(12, 5)
    fit_texts(figure, comparison)
    assert {len(tick.get_text()) for tick in bars.get_yticklabels()} == {40}
    assert len(bars.get_xticks()) == 3
