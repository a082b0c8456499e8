"""Shares by group drawn: bars are means, and each image is a point over its group."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from napari_colorcluster.report.group_shares_figure import draw_group_shares

COLORS = np.array([[0, 0, 0], [255, 255, 255], [200, 0, 0]], np.uint8)


def drawn(shares, groups):
    figure = Figure(figsize=(5, 4), layout="constrained")
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
