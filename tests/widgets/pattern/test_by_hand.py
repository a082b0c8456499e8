"""Clicks on a real canvas and in the table: each finds the patch in the other."""

import numpy as np
import pytest
from qtpy.QtCore import QPoint, Qt
from qtpy.QtTest import QTest

from napari_colorcluster.layers.result.results import results
from napari_colorcluster.widgets.commands import open_panel
from napari_colorcluster.widgets.pattern.view import INDICES, PATCHES

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def window(make_napari_viewer_proxy, told, photo):
    viewer = make_napari_viewer_proxy(show=True)
    viewer.window.resize(1200, 900)
    viewer.add_image(photo, name="photo", rgb=True, scale=(2, 2), translate=(10, -30))
    return viewer


@pytest.fixture
def panel(qtbot, window):
    panel = open_panel(window)
    panel.run()
    qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)
    panel.pattern_fold.open()
    panel.pattern.view.measure.click()
    qtbot.waitUntil(lambda: not panel.pattern.is_busy, timeout=60_000)
    panel.pattern.view.table.setCurrentText(PATCHES)
    qtbot.wait(50)
    return panel


@pytest.fixture
def click(window):
    """Click a pixel of the photo on the canvas."""
    canvas = window.__wrapped__.window._qt_viewer.canvas

    def click(row, column):
        world = np.array(window.layers["photo"].data_to_world((row, column)))[-2:]
        camera = window.scene.camera
        at = np.array(canvas.size) / 2 + (world - np.array(camera.center)[-2:]) * camera.zoom
        QTest.mouseClick(
            canvas.native, LEFT, Qt.KeyboardModifier.NoModifier, QPoint(round(at[1]), round(at[0]))
        )

    return click


def names(window):
    return [layer.name for layer in window.layers]


def test_a_click_on_a_patch_selects_its_row(qtbot, window, panel, click):
    view = panel.pattern.view
    for pixel in ((20, 30), (150, 250), (90, 100)):
        click(*pixel)
        assert view.patches.selected_row() == view.measured.row_at(pixel)
        assert "patch" in names(window)
    # The table has scrolled to it.
    shown = view.patches.visualRect(view.patches.currentIndex())
    assert view.patches.viewport().rect().intersects(shown)
    click(-8, 30)
    assert view.patches.selected_row() is None
    assert "patch" not in names(window)


def test_a_click_paints_or_picks_nothing_but_what_it_is_meant_to(window, panel, click):
    view = panel.pattern.view
    view.table.setCurrentText(INDICES)
    click(90, 100)
    assert view.patches.selected_row() is None
    view.table.setCurrentText(PATCHES)
    labels = results.of(panel.form.image.value).labels
    window.layers.selection.active = labels
    labels.mode = "pick"
    click(90, 100)
    assert view.patches.selected_row() is None


def test_a_click_on_a_row_outlines_the_patch_and_brings_it_in_sight(qtbot, window, panel):
    view = panel.pattern.view
    window.scene.camera.zoom = 40
    window.scene.camera.center = (0, 20, -20)
    qtbot.wait(100)
    table = view.patches
    model = table.model()
    far = next(
        at
        for at in range(model.rowCount())
        if view.measured.patches["bbox-0"][model.row_at(at)] > 100
    )
    table.scrollTo(model.index(far, 0))
    at = table.visualRect(model.index(far, 0)).center()
    QTest.mouseClick(table.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, at)
    assert table.selected_row() == model.row_at(far)
    assert "patch" in names(window)
    patch = view.measured.patches.iloc[model.row_at(far)]
    middle = [(patch[f"bbox-{side}"] + patch[f"bbox-{side + 2}"] - 1) / 2 for side in (0, 1)]
    expected = window.layers["photo"].data_to_world(middle)
    np.testing.assert_allclose(window.scene.camera.center[-2:], expected)
    assert window.layers.selection.active.name == "photo clusters"


def test_it_fits_the_width_of_the_dock(qtbot, window, panel):
    assert panel.pattern.view.minimumSizeHint().width() <= 280
