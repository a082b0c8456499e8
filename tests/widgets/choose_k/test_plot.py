import numpy as np
import pandas as pd
import pytest
from qtpy.QtCore import QEvent, QPoint, Qt
from qtpy.QtGui import QColor, QPalette
from qtpy.QtWidgets import QApplication, QScrollArea, QVBoxLayout, QWidget

from napari_colorcluster.widgets.choose_k.plot import (
    HINT,
    PLOT_HEIGHT,
    SweepPlot,
    _sentence,
)

NUMBERS = [2, 3, 4, 5, 8, 12]


class Sweep:
    suggested = 4

    def to_dataframe(self):
        numbers = np.array(NUMBERS)
        return pd.DataFrame(
            {
                "n_clusters": numbers,
                "sse": 6.15e8 / numbers,
                "silhouette": 0.46 - 0.01 * numbers,
                "min_delta_e": 36.5 / numbers,
                "silhouette_method": "exact",
            }
        )


@pytest.fixture
def plot(qtbot):
    widget = SweepPlot()
    qtbot.addWidget(widget)
    widget.resize(280, 260)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def settle(plot):
    """Let the layout and the drawing happen: where a point lies is known after them."""
    QApplication.processEvents()
    canvas = plot._canvas
    if canvas._draw_pending:
        canvas.draw()


def place_of(plot, k):
    """The pixel of a point of the SSE curve, found as matplotlib places it."""
    settle(plot)
    canvas = plot._canvas
    axes = canvas.figure.axes[0]
    curve = axes.lines[0]
    x, y = axes.transData.transform((k, curve.get_ydata()[NUMBERS.index(k)]))
    ratio = canvas.device_pixel_ratio
    return QPoint(round(x / ratio), round(canvas.height() - y / ratio))


def test_matplotlib_waits_for_the_first_sweep(plot):
    assert plot._view is None
    plot.set_sweep(Sweep())
    assert plot._view.isVisible()
    assert plot._view.height() == PLOT_HEIGHT


def test_a_click_on_a_point_tells_its_number(plot, qtbot):
    heard = []
    plot.k_clicked.connect(heard.append)
    plot.set_sweep(Sweep())
    for k in NUMBERS:
        qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=place_of(plot, k))
    assert heard == NUMBERS


def test_a_click_beside_a_point_takes_the_nearest(plot, qtbot):
    plot.set_sweep(Sweep())
    with qtbot.waitSignal(plot.k_clicked) as signal:
        qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=place_of(plot, 8) + QPoint(-12, 30))
    assert signal.args == [8]


def test_a_click_off_the_plot_takes_nothing(plot, qtbot):
    with qtbot.assertNotEmitted(plot.k_clicked):
        qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    plot.set_sweep(Sweep())
    settle(plot)
    with qtbot.assertNotEmitted(plot.k_clicked):
        qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=QPoint(3, 100))
        qtbot.mouseClick(plot, Qt.MouseButton.RightButton, pos=place_of(plot, 4))


def test_arrow_keys_step_through_what_was_swept(plot, qtbot):
    heard = []
    plot.k_clicked.connect(heard.append)
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    plot.set_sweep(Sweep(), chosen=5)
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    qtbot.keyClick(plot, Qt.Key.Key_Left)
    plot.set_sweep(Sweep(), chosen=12)
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    plot.set_sweep(Sweep())
    qtbot.keyClick(plot, Qt.Key.Key_Left)
    assert heard == [8, 4, 3]


def test_tells_about_the_point_under_the_mouse_and_else_the_chosen(plot, qtbot):
    status = plot._status
    plot.set_sweep(Sweep())
    assert status.text() == HINT
    plot.set_sweep(Sweep(), chosen=4)
    assert status.text().startswith("k = 4: ")
    qtbot.mouseMove(plot, place_of(plot, 5))
    qtbot.waitUntil(lambda: status.text().startswith("k = 5"), timeout=1000)
    assert status.text() == "k = 5: SSE 1.23e8, silhouette 0.410,\nclosest two colors ΔE 7.3"
    qtbot.mouseMove(plot, place_of(plot, 12))
    qtbot.waitUntil(lambda: status.text().startswith("k = 12"), timeout=1000)
    assert status.text().endswith("closest two colors only ΔE 3.0")
    assert plot.cursor().shape() == Qt.CursorShape.PointingHandCursor
    QApplication.sendEvent(plot, QEvent(QEvent.Type.Leave))
    assert status.text().startswith("k = 4: ")
    assert plot.cursor().shape() == Qt.CursorShape.ArrowCursor


def test_the_chosen_is_marked(plot):
    plot.set_sweep(Sweep(), chosen=8)
    marks = [line for line in plot._canvas.figure.axes[0].lines if line.get_gid() == "chosen"]
    assert [mark.get_xdata().tolist() for mark in marks] == [[8]]


def test_another_k_moves_the_mark_and_draws_nothing_else(plot):
    sweep = Sweep()
    plot.set_sweep(sweep, chosen=8)
    settle(plot)
    drawn = []
    canvas = plot._canvas
    canvas.mpl_connect("draw_event", drawn.append)
    before = np.asarray(canvas.buffer_rgba()).copy()
    plot.set_sweep(sweep, chosen=4)
    QApplication.processEvents()
    assert not np.array_equal(canvas.buffer_rgba(), before)
    plot.set_sweep(sweep, chosen=8)
    QApplication.processEvents()
    np.testing.assert_array_equal(canvas.buffer_rgba(), before)
    assert not drawn


def test_nothing_is_drawn_while_it_is_hidden(plot):
    plot.hide()
    plot.set_sweep(Sweep(), chosen=4)
    QApplication.processEvents()
    assert not plot._canvas.figure.axes
    plot.show()
    assert plot._canvas.figure.axes
    settle(plot)
    drawn = []
    plot._canvas.mpl_connect("draw_event", drawn.append)
    plot.hide()
    plot.set_sweep(Sweep(), chosen=4)
    QApplication.processEvents()
    assert not drawn


@pytest.mark.parametrize(("ink", "ground"), [("#f0f1f2", "#23242b"), ("#1e1e21", "#ebe7e6")])
def test_follows_the_theme(plot, ink, ground):
    plot.set_sweep(Sweep())
    palette = QPalette(plot.palette())
    palette.setColor(QPalette.ColorRole.WindowText, QColor(ink))
    palette.setColor(QPalette.ColorRole.Window, QColor(ground))
    plot.setPalette(palette)
    settle(plot)
    assert plot._canvas.figure.axes[0].xaxis.label.get_color() == ink
    assert plot._canvas.grab().toImage().pixelColor(0, 0).name() == ground


def test_follows_a_style_sheet_set_above_it(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    plot = SweepPlot()
    QVBoxLayout(window).addWidget(plot)
    window.show()
    plot.set_sweep(Sweep())
    window.setStyleSheet("QWidget { color: #f0f1f2; background-color: #23242b; }")
    settle(plot)
    assert plot._canvas.figure.axes[0].xaxis.label.get_color() == "#f0f1f2"
    assert plot._canvas.grab().toImage().pixelColor(0, 0).name() == "#23242b"


def test_no_sweep_hides_the_plot(plot):
    plot.set_sweep(Sweep(), chosen=4)
    plot.set_sweep(None)
    assert not plot._view.isVisible()
    assert not plot._status.isVisible()
    assert plot.k_at(100) is None
    plot.set_sweep(Sweep(), chosen=4)
    assert plot._view.isVisible()


def test_the_mouse_and_its_wheel_are_not_matplotlibs(plot):
    plot.set_sweep(Sweep())
    assert plot.childAt(place_of(plot, 4)) is None


def test_a_plot_deleted_while_drawing_leaves_nothing(qtbot):
    area = QScrollArea()
    qtbot.addWidget(area)
    plot = SweepPlot()
    area.setWidget(plot)
    area.show()
    plot.set_sweep(Sweep())
    canvas = plot._canvas
    with qtbot.waitSignal(canvas.destroyed):
        area.takeWidget().deleteLater()
    QApplication.processEvents()


def test_errors_are_told_to_three_digits():
    for number, told in ((2e7, "2.00e7"), (1.434e7, "1.43e7"), (123.4, "123"), (0, "0.00")):
        row = {"sse": number, "silhouette": np.nan, "min_delta_e": np.nan}
        assert _sentence(3, row) == f"k = 3: SSE {told}\n"
