"""Painting in the clusters with napari's tools, with the mouse and in a real window."""

import numpy as np
import pytest
from qtpy.QtCore import QPoint, Qt
from qtpy.QtTest import QTest

from napari_colorcluster.layers.result.results import results
from napari_colorcluster.widgets.commands import open_panel
from napari_colorcluster.widgets.palette.model import NAME

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class Hand:
    """Paints on the canvas, and clicks in the panel."""

    def __init__(self, qtbot, viewer):
        self.qtbot, self.viewer, self.panel = qtbot, viewer, open_panel(viewer)
        self.image = viewer.layers["photo"]
        self.click(self.panel.button)

    @property
    def layer(self):
        return results.of(self.image).labels

    @property
    def native(self):
        return self.viewer.window._qt_viewer.canvas.native

    def rest(self):
        self.qtbot.wait(20)
        self.qtbot.waitUntil(lambda: not self.panel.session.is_busy, timeout=60_000)
        self.qtbot.wait(20)

    def click(self, widget, at=None):
        QTest.mouseClick(widget, LEFT, NONE, at or widget.rect().center())
        self.rest()

    def choose_row(self, row):
        table = self.panel.palette.table
        cell = table.visualRect(table.model().index(row, NAME)).center()
        self.click(table.viewport(), cell)

    def spot(self, row, column):
        camera, canvas = self.viewer.scene.camera, self.viewer.window._qt_viewer.canvas
        away = (np.array([row, column]) - np.array(camera.center)[-2:]) * camera.zoom
        return QPoint(*(np.array(canvas.size) / 2 + away).round().astype(int)[::-1].tolist())

    def stroke(self, start, end):
        start, end = self.spot(*start), self.spot(*end)
        QTest.mouseMove(self.native, start)
        QTest.mousePress(self.native, LEFT, NONE, start)
        for step in range(1, 5):
            QTest.mouseMove(self.native, start + (end - start) * step / 4)
            self.qtbot.wait(10)
        QTest.mouseRelease(self.native, LEFT, NONE, end)
        self.rest()

    def key(self, keys):
        self.viewer.window._qt_window.activateWindow()
        self.native.setFocus()
        QTest.keyClick(self.native, Qt.Key.Key_Z, keys)
        self.rest()

    def seen(self):
        """What is shown now, everywhere the same."""
        shown = results.of(self.image)
        labels = np.array(shown.labels.data)
        counts = np.bincount(labels.ravel(), minlength=shown.palette.labels.max() + 1)
        table = self.panel.palette.table.model().sourceModel()
        assert table.palette.pixels.tolist() == counts[table.palette.labels].tolist()
        painted = shown.clustering.paint(labels)
        np.testing.assert_array_equal(shown.quantized.data[..., :3], painted)
        history = self.panel.session.history_of(self.image)
        assert history.present is shown.segmentation
        return labels, len(history.past)


@pytest.fixture
def hand(qtbot, make_napari_viewer, thumbnail, told):
    viewer = make_napari_viewer(show=True)
    viewer.add_image(thumbnail.copy(), name="photo", rgb=True)
    viewer.reset_view()
    hand = Hand(qtbot, viewer)
    yield hand
    # pytest keeps what fixtures give, and napari looks for viewers that somebody keeps.
    vars(hand).clear()


def test_strokes_are_steps_that_the_panel_and_napari_undo(hand):
    plain, _ = hand.seen()
    hand.choose_row(3)
    hand.layer.mode, hand.layer.brush_size = "paint", 5
    hand.stroke((10, 10), (30, 50))
    stroke, n_past = hand.seen()
    assert n_past == 1
    assert set(stroke[stroke != plain]) == {4}
    assert stroke[10, 10] == stroke[20, 30] == stroke[30, 50] == 4
    hand.layer.mode = "erase"
    hand.stroke((30, 10), (10, 50))
    erased, n_past = hand.seen()
    assert (erased[20, 30], n_past) == (0, 2)
    hand.click(hand.panel.palette.edit_bar.undo)
    np.testing.assert_array_equal(hand.seen()[0], stroke)
    hand.click(hand.panel.palette.edit_bar.redo)
    np.testing.assert_array_equal(hand.seen()[0], erased)
    for keys, labels, n_past in (
        (CONTROL, stroke, 1),
        (CONTROL, plain, 0),
        (CONTROL | SHIFT, stroke, 1),
        (CONTROL | SHIFT, erased, 2),
    ):
        hand.key(keys)
        np.testing.assert_array_equal(hand.seen()[0], labels)
        assert hand.seen()[1] == n_past


def test_what_is_painted_outlives_edits_and_fills_are_counted(hand, told):
    hand.layer.mode = "fill"
    hand.choose_row(1)
    hand.click(hand.native, hand.spot(20, 30))
    filled, _ = hand.seen()
    assert filled[20, 30] == 2
    hand.panel.palette.edit_requested.emit("rename", (2, "bone"))
    hand.rest()
    np.testing.assert_array_equal(hand.seen()[0], filled)
    hand.panel.palette.edit_requested.emit("merge", ([1, 2],))
    hand.rest()
    merged, n_past = hand.seen()
    np.testing.assert_array_equal(merged, np.where(filled == 2, 1, filled))
    hand.layer.mode, hand.layer.selected_label = "paint", 9
    hand.stroke((10, 10), (30, 50))
    assert told.pop()[1].startswith("No cluster is numbered 9: choose a row")
    np.testing.assert_array_equal(hand.seen()[0], merged)
    assert hand.seen()[1] == n_past


def test_a_closed_panel_leaves_painting_to_the_result(hand):
    hand.viewer.window.remove_dock_widget(hand.panel.native)
    hand.panel.native.deleteLater()
    hand.qtbot.wait(50)
    hand.layer.mode, hand.layer.selected_label = "paint", 2
    before = results.of(hand.image).palette.pixels
    start, end = hand.spot(10, 10), hand.spot(30, 50)
    QTest.mouseMove(hand.native, start)
    QTest.mousePress(hand.native, LEFT, NONE, start)
    QTest.mouseMove(hand.native, end)
    QTest.mouseRelease(hand.native, LEFT, NONE, end)
    shown = results.of(hand.image)
    counts = np.bincount(shown.labels.data.ravel())
    assert shown.palette.pixels.tolist() == counts[shown.palette.labels].tolist()
    assert shown.palette.pixels.tolist() != before.tolist()
