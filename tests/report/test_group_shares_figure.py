"""Shares by group drawn: bars are means, and each image is a point over its group."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from napari_colorcluster.report.group_shares_figure import draw_group_shares, group_shares_height

COLORS = np.array([[0, 0, 0], [255, 255, 255], [200, 0, 0]], np.uint8)


def drawn(shares, groups, height=4):
    figure = Figure(figsize=(7.5, height), layout="constrained")
    canvas = FigureCanvasAgg(figure)
    draw_group_shares(figure, shares, COLORS, groups)
    canvas.draw()
    return figure


@pytest.mark.parametrize("n_images", [4, 1000])
def test_bars_are_means_and_each_image_is_a_point(n_images):
    fractions = np.random.default_rng(0).dirichlet(np.ones(3), n_images)
    shares = pd.DataFrame(fractions, columns=["black", "white", "red"])
    groups = ["b" if at % 4 == 0 else "a" for at in range(n_images)]
    figure = drawn(shares, groups)
    expected = shares.groupby(groups).mean()
    for axes, name, color in zip(figure.axes, shares, COLORS, strict=True):
        heights = [bar.get_height() for bar in axes.patches]
        np.testing.assert_allclose(heights, expected[name])
        np.testing.assert_allclose(axes.patches[0].get_facecolor()[:3], color / 255)
        points = axes.collections[0].get_offsets()
        np.testing.assert_allclose(points[:, 1], shares[name])
        assert ["ab"[round(x)] for x in points[:, 0]] == groups
        assert axes.get_ylim()[1] > shares[name].max()
    labels = [text.get_text() for text in figure.axes[-1].get_xticklabels()]
    assert labels == [f"a ({n_images * 3 // 4})", f"b ({n_images // 4})"]


@pytest.mark.parametrize("n_groups", [2, 12])
def test_long_names_of_groups_are_inside_the_figure_and_leave_bars_their_height(n_groups):
    groups = [
        f"a group of leaves with a name that is much too long, {at}" for at in range(n_groups)
    ]
    shares = pd.DataFrame(np.full((n_groups, 3), 1 / 3), columns=["black", "white", "red"])
    figure = drawn(shares, groups, group_shares_height(3, groups))
    box = figure.bbox
    labels = figure.axes[-1].get_xticklabels()
    assert len({label.get_text() for label in labels}) == n_groups
    for label in labels:
        extent = label.get_window_extent()
        assert box.y0 <= extent.y0 < extent.y1 <= figure.axes[-1].bbox.y0
    short = drawn(shares[:2], ["a", "b"], group_shares_height(3, ["a", "b"]))
    assert figure.axes[0].bbox.height > 0.9 * short.axes[0].bbox.height
