"""A card placed with the mouse in a real window, and a gray patch that is clicked."""

import numpy as np
import pytest
from qtpy.QtCore import QPoint, Qt
from qtpy.QtTest import QTest

import napari_colorcluster as ncc
from napari_colorcluster.widgets.commands import open_panel

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def window(qtbot, make_napari_viewer, see_card, random_camera, told):
    rng = np.random.default_rng(4)
    scene = see_card(random_camera(rng), rng)
    viewer = make_napari_viewer(show=True)
    viewer.window.resize(1040, 760)
    viewer.add_image(scene.image, name="card", rgb=True, scale=(0.2, 0.2), translate=(5, 7))
    viewer.reset_view()
    panel = open_panel(viewer)
    panel.calibrate_fold.open()
    qtbot.wait(100)
    return viewer, panel, scene


def spot(viewer, row, column):
    """Where on the canvas a pixel of the image is."""
    canvas, camera = viewer.window._qt_viewer.canvas, viewer.scene.camera
    world = np.array(viewer.layers["card"].data_to_world((row, column)))
    away = (world - np.array(camera.center)[-2:]) * camera.zoom
    return QPoint(*(np.array(canvas.size) / 2 + away).round().astype(int)[::-1].tolist())


def drag(qtbot, viewer, start, end):
    native = viewer.window._qt_viewer.canvas.native
    start, end = spot(viewer, *start), spot(viewer, *end)
    QTest.mouseMove(native, start)
    qtbot.wait(20)
    QTest.mousePress(native, LEFT, NONE, start)
    for step in range(1, 7):
        QTest.mouseMove(native, start + (end - start) * step / 6)
        qtbot.wait(20)
    QTest.mouseRelease(native, LEFT, NONE, end)
    qtbot.wait(20)


def rest(qtbot, panel):
    qtbot.wait(20)
    qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)


def test_corners_are_dragged_onto_a_card_and_its_patches_follow(qtbot, window):
    viewer, panel, scene = window
    control = panel.calibration
    QTest.mouseClick(control.view.place, LEFT)
    rows, columns = (scene.corners - scene.corners.mean(axis=0)).T
    targets = scene.corners[np.argsort(np.arctan2(rows, columns))]
    for start, end in zip(control.card.corners, targets, strict=True):
        before = control.card.patches_layer.data.copy()
        drag(qtbot, viewer, start, end)
        assert not np.array_equal(control.card.patches_layer.data, before)
    canvas_pixel = 1 / viewer.scene.camera.zoom / 0.2
    np.testing.assert_allclose(control.card.corners, targets, atol=2 * canvas_pixel)
    starts = control.card.patches_layer.data[:, 0].reshape(-1, 4, 2).mean(axis=1)
    on_card = np.rint(starts).astype(int)
    # However it was drawn around the card, each patch is drawn where one is.
    found = scene.on_card[on_card[:, 0], on_card[:, 1]]
    steps = (found * [6, 4]) % 1
    np.testing.assert_allclose(steps, 0.5, atol=0.2)
    QTest.mouseClick(control.view.fit, LEFT)
    rest(qtbot, panel)
    QTest.mouseClick(control.view.use, LEFT)
    rest(qtbot, panel)
    calibration = panel.form.calibration.value
    assert calibration.delta_e < 1 < calibration.delta_e_before
    assert [layer.name for layer in viewer.layers] == ["card"]


def test_a_click_on_gray_balances_it(qtbot, window):
    viewer, panel, scene = window
    control = panel.calibration
    # The wall behind the card is gray.
    row, column = np.argwhere((np.abs(scene.on_card - 0.5) > 0.7).any(axis=2))[5000]
    QTest.mouseClick(control.view.gray, LEFT)
    QTest.mouseClick(viewer.window._qt_viewer.canvas.native, LEFT, NONE, spot(viewer, row, column))
    rest(qtbot, panel)
    assert not control.view.gray.isChecked()
    assert control.view.summary.text().startswith("White balance by one patch")
    QTest.mouseClick(control.view.use, LEFT)
    calibration = panel.form.calibration.value
    assert isinstance(calibration, ncc.Calibration)
    before = scene.image[row - 3 : row + 4, column - 3 : column + 4].reshape(-1, 3)
    after = calibration.apply(before).astype(int)
    assert np.ptp(np.median(before.astype(int), axis=0)) > 5
    assert np.ptp(np.median(after, axis=0)) <= 2


def test_a_click_beside_the_image_is_told(qtbot, window, told):
    viewer, panel, _ = window
    QTest.mouseClick(panel.calibration.view.gray, LEFT)
    native = viewer.window._qt_viewer.canvas.native
    QTest.mouseClick(native, LEFT, NONE, spot(viewer, -5, -5))
    rest(qtbot, panel)
    [(_, message)] = told
    told.clear()
    assert "click a gray patch in the image" in message


@pytest.mark.parametrize("what", ["dock", "napari"])
def test_closing_while_a_card_is_placed_leaves_napari_in_peace(qtbot, window, what):
    viewer, panel, _ = window
    QTest.mouseClick(panel.calibration.view.place, LEFT)
    names = [layer.name for layer in viewer.layers]
    assert names == ["card", "card patches", "card corners"]
    layers = viewer.layers
    if what == "dock":
        viewer.window.remove_dock_widget(panel.native)
        panel.native.deleteLater()
    else:
        viewer.close()
    del panel, viewer
    qtbot.waitUntil(lambda: [layer.name for layer in layers] in (["card"], []))
