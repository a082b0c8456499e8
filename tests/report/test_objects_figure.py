"""The stacked bars of objects: as long as the shares, in the clusters' colors."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from napari_colorcluster.report.objects_figure import draw_objects, fit_numbers

COLORS = ["#aa0000", "#00aa00", "#0000aa"]
SHARES = pd.DataFrame([[0.5, 0.25, 0.25], [0.0, 1.0, 0.0]], [3, 70], ["a", "b", "c"])


def test_each_object_has_a_bar_of_its_shares():
    figure = Figure()
    axes = draw_objects(figure, SHARES, COLORS)
    for column, (bars, color) in enumerate(zip(axes.containers, COLORS, strict=True)):
        widths = [bar.get_width() for bar in bars]
        np.testing.assert_allclose(widths, SHARES.iloc[:, column])
        assert {to_hex(bar.get_facecolor()) for bar in bars} == {color}
    ends = [bar.get_x() + bar.get_width() for bar in axes.containers[-1]]
    np.testing.assert_allclose(ends, 1)
    assert [label.get_text() for label in axes.get_yticklabels()] == ["3", "70"]
    # The first object is on top.
    assert axes.get_ylim() == (1.5, -0.5)


@pytest.mark.parametrize("n_objects", [10, 100])
def test_numbers_are_those_of_the_objects_and_do_not_overlap(n_objects):
    shares = pd.DataFrame(np.tile([0.2, 0.3, 0.5], (n_objects, 1)), 3 * np.arange(n_objects))
    figure = Figure(figsize=(5, 3), layout="constrained")
    canvas = FigureCanvasAgg(figure)
    axes = draw_objects(figure, shares, COLORS)
    for height in (3, 8):
        figure.set_size_inches(5, height)
        fit_numbers(figure, shares)
        canvas.draw()
        labels = axes.get_yticklabels()
        assert [int(each.get_text()) for each in labels] == [3 * at for at in axes.get_yticks()]
        boxes = sorted((each.get_window_extent() for each in labels), key=lambda box: box.y0)
        assert all(low.y1 <= high.y0 for low, high in pairwise(boxes))
        assert len(labels) == n_objects or len(labels) >= 12
