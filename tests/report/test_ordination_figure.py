"""The ordination drawn: a point for each image, told apart by group."""

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from napari_colorcluster import Palette
from napari_colorcluster.core.studies.comparison import compare_palettes
from napari_colorcluster.report.ordination_figure import MAX_NAMES, draw_ordination

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
    [axes] = drawn(comparison).axes
    points = comparison.ordination.coordinates
    of_groups = axes.collections[::2]
    middles = axes.collections[1::2]
    for at, (images, middle) in enumerate(zip(of_groups, middles, strict=True)):
        np.testing.assert_allclose(images.get_offsets(), points[at::3])
        np.testing.assert_allclose(middle.get_offsets()[0], points[at::3].mean(axis=0))
    texts = [text.get_text() for text in axes.get_legend().get_texts()]
    assert texts == ["group 0 (3)", "group 1 (3)", "group 2 (3)"]
    assert len({tuple(each.get_facecolor()[0]) for each in of_groups}) == 3


def test_without_groups_there_is_no_legend():
    [axes] = drawn(compared(5)).axes
    assert axes.get_legend() is None
    assert [text.get_text() for text in axes.texts] == [f"image {at}" for at in range(5)]


@pytest.mark.parametrize("n_images", [1, 2, MAX_NAMES + 1])
def test_few_and_many_images_can_be_drawn(n_images):
    [axes] = drawn(compared(n_images)).axes
    assert len(axes.collections[0].get_offsets()) == n_images
    assert len(axes.texts) == (n_images if n_images <= MAX_NAMES else 0)
