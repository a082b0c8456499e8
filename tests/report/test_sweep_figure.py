import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from napari_colorcluster.report.sweep_figure import curve_colors, draw_sweep


class Sweep:
    def __init__(self, numbers=range(2, 10), suggested=4, silhouette=0.4, method="exact"):
        numbers = np.array(numbers)
        self.suggested = suggested
        self.table = pd.DataFrame(
            {
                "n_clusters": numbers,
                "sse": 3.1e8 / numbers,
                "silhouette": silhouette - 0.01 * numbers,
                "min_delta_e": 40 / numbers,
                "silhouette_method": method,
            }
        )

    def to_dataframe(self):
        return self.table


def drawn(*arguments, size=(2.8, 2.0), **keywords):
    figure = Figure(figsize=size, layout="constrained")
    canvas = FigureCanvasAgg(figure)
    draw_sweep(figure, *arguments, **keywords)
    canvas.draw()
    return figure


def test_draws_both_curves_and_marks_the_chosen_on_each():
    sweep = Sweep()
    figure = drawn(sweep, chosen=6)
    sse, silhouette = figure.axes
    for axes, column, scale in ((sse, "sse", 1e-8), (silhouette, "silhouette", 1)):
        curve, chosen = axes.lines[:2]
        np.testing.assert_allclose(curve.get_ydata(), sweep.table[column] * scale)
        assert chosen.get_gid() == "chosen"
        assert chosen.get_xdata().tolist() == [6]
        assert axes.yaxis.label.get_color() == curve.get_color()
    assert "10^{8}" in sse.get_ylabel()
    assert silhouette.get_ylabel() == "silhouette"


@pytest.mark.parametrize("chosen", [3, 9])
def test_markers_are_hollow_where_colors_are_close_and_the_figure_says_so(chosen):
    sweep = Sweep()
    sweep.table["min_delta_e"] = [40, 20, 4.9, 10, 5, 8, 7, 1]
    figure = drawn(sweep, chosen=chosen)
    for axes in figure.axes:
        curve, marked, close = axes.lines[:3]
        assert curve.get_markevery().tolist() == [k not in (4, 9) for k in range(2, 10)]
        assert close.get_gid() == "close"
        assert close.get_xdata().tolist() == [k for k in (4, 9) if k != chosen]
        assert close.get_fillstyle() == "none"
        assert marked.get_fillstyle() == ("none" if chosen == 9 else "full")
    label = figure.axes[0].get_xlabel()
    assert label == "number of clusters k\nhollow: two colors < ΔE 5 apart"


@pytest.mark.parametrize("closest", [5.0, np.nan])
def test_markers_are_full_where_no_colors_are_close(closest):
    sweep = Sweep()
    sweep.table["min_delta_e"] = closest
    figure = drawn(sweep)
    assert figure.axes[0].get_xlabel() == "number of clusters k"
    assert all(line.get_xdata().size == 0 for line in figure.axes[0].lines[1:3])


def test_suggestion_is_a_dashed_line_that_says_so():
    axes = drawn(Sweep(suggested=7)).axes[0]
    (line,) = [line for line in axes.lines if line.get_linestyle() == "--"]
    assert list(line.get_xdata()) == [7, 7]
    assert [text.get_text() for text in axes.texts] == ["suggested"]


@pytest.mark.parametrize(
    ("numbers", "which"), [(range(2, 4), 0), (range(2, 33), -1), ([3], 0), ([2, 5, 20], -1)]
)
def test_everything_stays_on_a_small_figure_with_whole_numbers_below(numbers, which):
    numbers = list(numbers)
    figure = drawn(Sweep(numbers, suggested=numbers[which], method="sample of 5,000 colors"))
    ticks = figure.axes[0].get_xticks()
    assert np.array_equal(ticks, np.round(ticks))
    needed, given = figure.get_tightbbox(), figure.bbox_inches
    assert needed.x0 >= -0.01
    assert needed.y0 >= -0.01
    assert needed.x1 <= given.width + 0.01
    assert needed.y1 <= given.height + 0.01


def test_an_estimated_silhouette_says_so():
    axes = drawn(Sweep(method="sample of 5,000 colors")).axes[1]
    assert "sample of 5,000 colors" in axes.get_ylabel()


def test_without_silhouettes_there_is_one_curve():
    assert len(drawn(Sweep(silhouette=np.nan)).axes) == 1
    some = Sweep()
    some.table.loc[0, "silhouette"] = np.nan
    assert len(drawn(some).axes) == 2


def test_a_perfect_fit_has_an_error_of_zero_to_draw():
    sweep = Sweep()
    sweep.table["sse"] = 0.0
    assert drawn(sweep).axes[0].get_ylabel() == "SSE"


def test_drawing_again_starts_afresh_on_a_transparent_ground():
    figure = drawn(Sweep())
    draw_sweep(figure, Sweep(), chosen=3)
    figure.canvas.draw()
    assert len(figure.axes) == 2
    assert np.asarray(figure.canvas.buffer_rgba())[0, 0, 3] == 0


def luminance(color):
    rgb = np.array(to_rgb(color))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return linear @ (0.2126, 0.7152, 0.0722)


@pytest.mark.parametrize(("text", "ground"), [("#f0f1f2", "#23242b"), ("#1e1e21", "#ebe7e6")])
def test_curve_colors_are_readable_on_the_ground_of_napari(text, ground):
    for color in curve_colors(text):
        low, high = sorted([luminance(color), luminance(ground)])
        assert (high + 0.05) / (low + 0.05) >= 4.5


def test_importing_it_imports_neither_qt_nor_matplotlib():
    code = (
        "import sys, napari_colorcluster.report.sweep_figure;"
        "sys.exit(any(name.split('.')[0] in ('matplotlib', 'qtpy') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
