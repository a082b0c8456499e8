"""The white point: offered where a space asks for it, a button in its color, and clustered with."""

import numpy as np
import pytest
from qtpy.QtCore import Qt
from qtpy.QtGui import QColor
from qtpy.QtWidgets import QColorDialog

import napari_colorcluster as ncc
from napari_colorcluster.layers.result.results import results


@pytest.fixture
def form(panel):
    panel.form.color_space.value = "od"
    return panel.form


def choose(qtbot, form, color):
    button = form.white.button.native
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    dialog = button.findChild(QColorDialog)
    dialog.setCurrentColor(QColor(color))
    dialog.accept()
    qtbot.waitUntil(lambda: button.findChild(QColorDialog) is None)


def test_it_is_offered_for_optical_density_alone(panel, form):
    row = form.white.native.parentWidget()
    assert row.isVisibleTo(form.more.native)
    assert form.settings().white is None
    form.white.white = (250, 240, 230)
    form.color_space.value = "lab"
    assert not row.isVisibleTo(form.more.native)
    assert form.settings().white is None
    form.color_space.value = "od"
    assert form.settings().white == (250, 240, 230)


@pytest.mark.parametrize(
    ("color", "white"),
    [("#faf0e6", (250, 240, 230)), ("#00ff00", (1, 255, 1)), ("#ffffff", None)],
)
def test_a_color_is_chosen(panel, form, qtbot, color, white):
    form.white.white = (9, 9, 9)
    changed = []
    form.settings_changed.connect(lambda: changed.append(True))
    choose(qtbot, form, color)
    assert form.white.white == white
    assert changed == [True]


def test_it_is_clustered_with(panel, form, qtbot, press, viewer, thumbnail):
    choose(qtbot, form, "#faf0e6")
    press()
    expected = ncc.cluster_colors(thumbnail, color_space="od", white=(250, 240, 230))
    shown = results.of(viewer.layers["photo"])
    np.testing.assert_array_equal(shown.labels.data, expected.predict(thumbnail))
    assert shown.clustering.settings == expected.settings


def test_a_result_brings_it_back(panel, form, press, viewer):
    form.white.white = (250, 240, 230)
    press()
    form.white.white = None
    panel.form.set_settings(results.of(viewer.layers["photo"]).clustering.settings)
    assert form.white.white == (250, 240, 230)
    assert form.white.button.text == "#faf0e6"
