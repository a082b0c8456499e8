"""The stacked bars of objects: as long as the shares, in the clusters' colors."""

import numpy as np
import pandas as pd
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from napari_colorcluster.report.objects_figure import MAX_LABELS, draw_objects

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


def test_many_objects_are_not_all_numbered():
    rows = np.tile([0.2, 0.3, 0.5], (MAX_LABELS + 1, 1))
    axes = draw_objects(Figure(), pd.DataFrame(rows), COLORS)
    assert len(axes.get_yticks()) < MAX_LABELS
