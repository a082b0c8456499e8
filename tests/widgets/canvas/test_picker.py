"""Clicks on a real canvas: what they pick, what they leave alone, and what is left after."""

import numpy as np
import pytest
from napari.components import ViewerModel
from qtpy.QtCore import QPoint, Qt
from qtpy.QtTest import QTest

from napari_colorcluster.layers.result.highlight import highlight
from napari_colorcluster.widgets.canvas.picker import CanvasPicker, PickButton

LEFT, SHIFT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier
QUARTERS = np.kron(np.array([[0, 1], [2, 300]], np.uint16), np.ones((50, 50), np.uint16))


@pytest.fixture
def window(make_napari_viewer_proxy, told):
    viewer = make_napari_viewer_proxy(show=True)
    viewer.window.resize(900, 700)
    viewer.add_labels(QUARTERS, name="clusters", scale=(2, 2), translate=(10, -30))
    viewer.add_image(np.zeros((100, 100, 3), np.uint8), name="photo", rgb=True)
    return viewer


@pytest.fixture
def canvas(window):
    return window.__wrapped__.window._qt_viewer.canvas


@pytest.fixture
def pixel(window, canvas):
    """Where on the canvas a pixel of the labels is."""

    def find(row, column, layer="clusters"):
        world = np.array(window.layers[layer].data_to_world((row, column)))[-2:]
        camera = window.scene.camera
        at = np.array(canvas.size) / 2 + (world - np.array(camera.center)[-2:]) * camera.zoom
        return QPoint(round(at[1]), round(at[0]))

    return find


@pytest.fixture
def button(qtbot, window):
    def find_layer():
        return next((layer for layer in window.layers if layer.name == "clusters"), None)

    button = PickButton(window, find_layer)
    button.heard = []
    button.picked.connect(lambda *what: button.heard.append(what))
    window.window.add_dock_widget(button, name="pick")
    qtbot.wait(50)
    return button


def click(canvas, at, modifiers=Qt.KeyboardModifier.NoModifier, mouse=LEFT):
    QTest.mouseClick(canvas.native, mouse, modifiers, at)


def test_a_click_tells_the_label_under_it_whatever_layer_is_active(button, canvas, pixel, window):
    button.click()
    assert window.layers.selection.active.name == "photo"
    for spot in ((20, 70), (70, 20), (70, 70), (20, 20), (140, 20)):
        click(canvas, pixel(*spot))
    click(canvas, pixel(70, 20), SHIFT)
    assert button.heard == [(1, False), (2, False), (300, False), (0, False), (0, False), (2, True)]


def test_other_buttons_and_a_button_that_is_up_tell_nothing(button, canvas, pixel, window):
    click(canvas, pixel(70, 70))
    button.click()
    click(canvas, pixel(70, 70), mouse=Qt.MouseButton.RightButton)
    window.layers.remove("clusters")
    click(canvas, QPoint(200, 200))
    assert button.heard == []


def test_a_drag_moves_the_view_and_picks_nothing(qtbot, button, canvas, pixel, window):
    button.click()
    center, start = np.array(window.scene.camera.center), pixel(70, 70)
    QTest.mousePress(canvas.native, LEFT, pos=start)
    for step in range(1, 6):
        QTest.mouseMove(canvas.native, start + QPoint(12 * step, 0))
        qtbot.wait(20)
    QTest.mouseRelease(canvas.native, LEFT, pos=start + QPoint(60, 0))
    assert button.heard == []
    assert np.abs(np.array(window.scene.camera.center) - center).max() > 1
    click(canvas, pixel(70, 70))
    assert button.heard == [(300, False)]


def test_a_pyramid_tells_labels_and_not_levels(button, canvas, pixel, window):
    window.layers.remove("clusters")
    window.add_labels([QUARTERS, QUARTERS[::2, ::2]], name="clusters", multiscale=True)
    button.click()
    click(canvas, pixel(70, 70))
    assert button.heard == [(300, False)]


def test_hidden_clusters_are_picked_as_well(button, canvas, pixel, window):
    window.layers["clusters"].visible = False
    button.click()
    click(canvas, pixel(70, 70))
    assert button.heard == [(300, False)]


@pytest.mark.parametrize("name", ["clusters", "other"])
def test_a_brush_is_laid_aside_while_clusters_are_picked(button, canvas, pixel, window, name):
    other = window.add_labels(np.zeros((100, 100), np.uint8), name="other")
    layer, before = window.layers[name], window.layers[name].data.copy()
    layer.mode = "paint"
    layer.selected_label = 7
    window.layers.selection.active = layer
    button.click()
    click(canvas, pixel(70, 70))
    assert button.heard == [(300, False)]
    np.testing.assert_array_equal(layer.data, before)
    window.layers.selection.active = window.layers["photo"]
    assert layer.mode == "paint"
    window.layers.selection.active = layer
    click(canvas, pixel(20, 70))
    np.testing.assert_array_equal(layer.data, before)
    button.click()
    assert layer.mode == "paint"
    assert other.mode == ("paint" if name == "other" else "pan_zoom")


def test_taking_up_another_tool_ends_the_picking(button, window):
    layer = window.layers["clusters"]
    window.layers.selection.active = layer
    button.click()
    layer.mode = "fill"
    assert not button.isChecked()
    assert layer.mode == "fill"
    assert window.cursor.style == layer.cursor


def test_the_cursor_is_a_cross_until_escape(qtbot, button, canvas, window):
    button.click()
    assert canvas.cursor.shape() == Qt.CursorShape.CrossCursor
    window.layers.selection.active = window.layers["clusters"]
    assert window.cursor.style == "cross"
    with qtbot.waitActive(button.window()):
        button.window().activateWindow()
    QTest.keyClick(canvas.native, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not button.isChecked())
    assert window.cursor.style == window.layers["clusters"].cursor == "standard"
    assert canvas.cursor.shape() == Qt.CursorShape.ArrowCursor


def test_the_mode_of_a_layer_gets_its_own_cursor_back(button, window):
    layer = window.layers["clusters"]
    window.layers.selection.active = layer
    layer.mode = "fill"
    button.click()
    assert window.cursor.style == "cross"
    button.click()
    assert window.cursor.style == layer.cursor


def test_closing_the_dock_leaves_the_viewer_as_it_was(qtbot, button, canvas, pixel, window):
    heard, before = button.heard, list(window.mouse_drag_callbacks)
    button.click()
    assert len(window.mouse_drag_callbacks) == len(before) + 1
    window.window.remove_dock_widget(button)
    button.deleteLater()
    qtbot.waitUntil(lambda: window.mouse_drag_callbacks == before)
    assert window.cursor.style == "standard"
    click(canvas, pixel(70, 70))
    assert heard == []


def test_a_picker_needs_no_window_and_starts_and_stops_once():
    viewer = ViewerModel()
    before = list(viewer.mouse_drag_callbacks)
    picker = CanvasPicker(viewer, lambda: None)
    picker.start()
    picker.start()
    assert len(viewer.mouse_drag_callbacks) == len(before) + 1
    picker.stop()
    picker.stop()
    assert viewer.mouse_drag_callbacks == before


def test_in_three_dimensions_what_is_seen_is_picked(qtbot, button, canvas, window):
    data = np.zeros((40, 40, 40), np.uint8)
    data[5:35, 5:35, 5:35] = 1
    data[15:25, 15:25, 15:25] = 2
    window.layers.clear()
    layer = window.add_labels(data, name="clusters")
    window.dims.ndisplay = 3
    qtbot.wait(50)
    button.click()
    middle = QPoint(*(np.array(canvas.size[::-1]) // 2).tolist())
    aside = middle + QPoint(round(10 * window.scene.camera.zoom), 0)
    click(canvas, middle)
    highlight(layer, [1, 2], np.array([[250, 0, 0], [0, 250, 0]]), [2], veiled=False)
    for spot in (middle, aside):
        click(canvas, spot)
    assert button.heard == [(1, False), (2, False), (0, False)]
