"""The residuals of the chosen image, shown and hidden from the menu of the panel."""

import numpy as np
import pytest
from qtpy.QtCore import Qt
from qtpy.QtWidgets import QApplication

import napari_colorcluster as ncc

NAME = "photo residuals"


@pytest.fixture
def choose(qtbot, panel):
    """Click the entry of the menu, as a person does, after opening the menu."""

    def click():
        bar = panel.palette.edit_bar
        menu = bar.more_menu
        menu.popup(bar.mapToGlobal(bar.rect().bottomLeft()))
        qtbot.waitUntil(menu.isVisible)
        [action] = [each for each in menu.actions() if each.text() == "Show residuals"]
        qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())
        QApplication.processEvents()
        return action

    return click


def test_it_is_shown_follows_each_edit_and_goes(qtbot, panel, press, viewer, thumbnail, choose):
    assert not panel.palette.edit_bar.more.isEnabled()
    press()
    action = choose()
    qtbot.waitUntil(lambda: NAME in viewer.layers)
    layer = viewer.layers[NAME]
    expected = ncc.cluster_colors(thumbnail)
    np.testing.assert_array_equal(layer.data, expected.residuals(thumbnail))
    assert action.isChecked()

    panel.palette.edit_requested.emit("merge", ([1, 2],))
    expected = expected.merge([1, 2]).residuals(thumbnail)
    qtbot.waitUntil(lambda: np.array_equal(layer.data, expected))
    assert viewer.layers[NAME] is layer

    choose()
    assert NAME not in viewer.layers
    assert not action.isChecked()


def test_a_layer_that_a_person_has_removed_stays_removed(qtbot, panel, press, viewer, choose):
    press()
    action = choose()
    qtbot.waitUntil(lambda: NAME in viewer.layers)
    viewer.layers.remove(NAME)
    assert not action.isChecked()
    press()
    qtbot.wait(50)
    assert NAME not in viewer.layers


def test_each_image_has_its_own(qtbot, panel, press, viewer, thumbnail, choose):
    press()
    action = choose()
    qtbot.waitUntil(lambda: NAME in viewer.layers)
    other = viewer.add_image(255 - thumbnail, name="negative", rgb=True)
    assert panel.form.image.value is other
    assert not action.isChecked()
    assert not action.isEnabled()
    viewer.layers.selection.active = viewer.layers[NAME]
    assert panel.form.image.value is viewer.layers["photo"]
    assert action.isChecked()
