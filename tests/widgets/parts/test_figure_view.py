"""A figure in a window: what becomes of it where there is no room."""

import pytest
from qtpy.QtWidgets import QApplication

from napari_colorcluster.widgets.parts.figure_view import FigureView


@pytest.mark.parametrize("size", [(2, 200), (200, 2), (60, 60)])
def test_a_figure_that_is_too_small_for_its_axes_warns_of_nothing(qtbot, size):
    def draw(figure, color):
        figure.clear()
        figure.subplots().set_ylabel("long " * 9)

    view = FigureView(draw)
    qtbot.addWidget(view)
    view.resize(300, 300)
    view.show()
    with qtbot.capture_exceptions() as raised:
        view.resize(*size)
        QApplication.processEvents()
        view.canvas.draw()
        view.resize(300, 300)
        QApplication.processEvents()
        view.canvas.draw()
    assert raised == []
    [axes] = view.figure.axes
    assert axes.bbox.width > 100
