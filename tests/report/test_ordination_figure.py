"""The ordination drawn: a point for each image, told apart by group."""

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from napari_colorcluster import Palette
from napari_colorcluster.core.studies.comparison import compare_palettes
from napari_colorcluster.report.comparison_figure import draw_comparison
from napari_colorcluster.report.ordination_figure import (
    MAX_NAMES,
    draw_ordination,
    fit_texts,
    mark_point,
)

COLORS = [[0, 0, 0], [255, 255, 255], [200, 0, 0]]


def compared(n_images, n_groups=0):
    pixels = np.random.default_rng(0).integers(1, 9, size=(n_images, 3))
    palettes = {
        f"image {at}": Palette(COLORS, each, ["black", "white", "red"])
        for at, each in enumerate(pixels)
    }
    groups = (
        {name: f"group {at % n_groups}" for at, name in enumerate(palettes)} if n_groups else None
    )
    return compare_palettes(palettes, groups)


def drawn(comparison):
    figure = Figure(figsize=(5, 4), layout="constrained")
    canvas = FigureCanvasAgg(figure)
    draw_ordination(figure, comparison)
    canvas.draw()
    return figure


def test_each_group_has_its_images_and_their_middle():
    comparison = compared(9, 3)
    figure = drawn(comparison)
    [axes] = figure.axes
    points = comparison.ordination.coordinates
    of_groups = axes.collections[::2]
    middles = axes.collections[1::2]
    for at, (images, middle) in enumerate(zip(of_groups, middles, strict=True)):
        np.testing.assert_allclose(images.get_offsets(), points[at::3])
        np.testing.assert_allclose(middle.get_offsets()[0], points[at::3].mean(axis=0))
    texts = [text.get_text() for text in figure.legends[0].get_texts()]
    assert texts == ["group 0 (3)", "group 1 (3)", "group 2 (3)"]
    assert len({tuple(each.get_facecolor()[0]) for each in of_groups}) == 3


def test_without_groups_there_is_no_legend():
    figure = drawn(compared(5))
    [axes] = figure.axes
    assert not figure.legends
    assert [text.get_text() for text in axes.texts] == [f"image {at}" for at in range(5)]


@pytest.mark.parametrize("n_images", [1, 2, MAX_NAMES + 1])
def test_few_and_many_images_can_be_drawn(n_images):
    [axes] = drawn(compared(n_images)).axes
    assert len(axes.collections[0].get_offsets()) == n_images
    assert len(axes.texts) == (n_images if n_images <= MAX_NAMES else 0)


def test_each_group_has_its_own_look_and_no_group_has_none():
    comparison = compared(48, 24)
    [axes] = drawn(comparison).axes
    looks = {
        (tuple(each.get_facecolor()[0]), each.get_paths()[0].vertices.tobytes())
        for each in axes.collections[::2]
    }
    assert len(looks) == 24
    groups = ["", "", *["a"] * 23, *["b"] * 23]
    figure = drawn(replace(comparison, groups=tuple(groups)))
    texts = [text.get_text() for text in figure.legends[0].get_texts()]
    assert texts == ["a (23)", "b (23)", "no group (2)"]
    last = figure.axes[0].collections[-1]
    assert len(last.get_facecolor()) == 0
    assert not drawn(replace(comparison, groups=tuple(map(str, range(48))))).legends


@pytest.mark.parametrize("n_images", [5, MAX_NAMES])
def test_names_that_are_seen_do_not_lie_on_each_other(n_images):
    comparison = compared(n_images, 2)
    figure = drawn(comparison)
    counts = []
    for size in ((5, 4), (2, 2), (15, 12)):
        figure.set_size_inches(size)
        fit_texts(figure)
        figure.canvas.draw()
        names = [text for text in figure.axes[0].texts if text.get_visible()]
        boxes = [name.get_window_extent() for name in names]
        assert all(box.count_overlaps(boxes) == 1 for box in boxes)
        for row in (1, n_images - 2):
            mark_point(figure, comparison, row)
            figure.canvas.draw()
            seen = [each for each in figure.axes[0].texts if each.get_visible()]
            boxes = [name.get_window_extent() for name in seen]
            assert all(box.count_overlaps(boxes) == 1 for box in boxes)
            assert comparison.images[row] in [each.get_text() for each in seen]
        mark_point(figure, comparison, None)
        counts.append(len(names))
        legend = figure.legends[-1].get_window_extent()
        assert figure.bbox.x0 <= legend.x0 < legend.x1 <= figure.bbox.x1
        assert len(figure.legends) == 1
    assert 0 < counts[1] <= counts[0] <= counts[2]


def test_long_names_leave_a_narrow_figure_room_for_the_points():
    values = compared(5).palettes.values()
    palettes = {each * 50: value for each, value in zip("abcde", values, strict=True)}
    comparison = compare_palettes(palettes)
    figure = drawn(comparison)
    figure.set_size_inches(1.9, 3.3)
    fit_texts(figure)
    figure.canvas.draw()
    [axes] = figure.axes
    assert axes.bbox.width > figure.bbox.width / 2
    assert not any(text.get_visible() for text in axes.texts)
    box = axes.xaxis.label.get_window_extent()
    assert figure.bbox.x0 <= box.x0 < box.x1 <= figure.bbox.x1
    figure.set_size_inches(12, 9)
    fit_texts(figure)
    assert any(text.get_visible() for text in axes.texts)


def test_names_are_no_formulas():
    values = compared(4).palettes.values()
    palettes = dict(zip(["a$^$", "b", "c", "$d$"], values, strict=True))
    comparison = compare_palettes(palettes, {"a$^$": "$x^$", "b": "$x^$", "c": "y", "$d$": "y"})
    figure = drawn(comparison)
    mark_point(figure, comparison, 0)
    draw_comparison(figure, comparison)
    figure.canvas.draw()
    assert "a$^$" in [label.get_text() for label in figure.axes[2].get_yticklabels()]


def test_an_image_is_marked_in_place_of_another():
    comparison = compared(40, 2)
    figure = drawn(comparison)
    [axes] = figure.axes
    before = len(axes.get_children()), axes.get_xlim(), axes.get_ylim()
    for row in (3, 30):
        mark_point(figure, comparison, row)
        assert [text.get_text() for text in axes.texts] == [comparison.images[row]]
        [ring] = [line for line in axes.lines if line.get_gid() == "mark"]
        np.testing.assert_allclose(
            np.ravel(ring.get_data()), comparison.ordination.coordinates[row]
        )
    mark_point(figure, comparison, None)
    assert (len(axes.get_children()), axes.get_xlim(), axes.get_ylim()) == before
