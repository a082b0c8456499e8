"""Right clicks on a real canvas: the menu of a patch, and what comes of what is chosen in it."""

import numpy as np
import pytest
from qtpy.QtCore import QPoint, Qt
from qtpy.QtTest import QTest

from napari_colorcluster.layers.result.results import results
from napari_colorcluster.widgets.commands import open_panel

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
NONE, CONTROL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
COLORS = np.array([[150, 90, 40], [30, 60, 160], [230, 230, 220]], np.uint8)
"""Brown, blue and nearly white: labels 1, 2 and 3 by their shares."""


def flat():
    """Brown with two spots of blue, the left one larger, and one of white in that."""
    labels = np.zeros((60, 80), int)
    labels[10:40, 10:40] = 1
    labels[20:24, 20:30] = 2
    labels[45:50, 60:66] = 1
    return labels


class Hand:
    """Clicks on the canvas and in menus as a person would."""

    def __init__(self, qtbot, viewer):
        self.qtbot, self.viewer = qtbot, viewer
        self.panel = open_panel(viewer)
        self.panel.live.setChecked(False)
        self.panel.form.n_clusters.value = 3
        self.image = self.panel.form.image.value
        self.panel.run()
        self.rest()
        self.clicks = self.panel.shown.patches
        self.canvas = viewer.__wrapped__.window._qt_viewer.canvas.native

    def rest(self):
        self.qtbot.wait(20)
        self.qtbot.waitUntil(lambda: not self.panel.session.is_busy, timeout=60_000)

    def go(self, where):
        where(self.image)
        self.rest()

    @property
    def result(self):
        return results.of(self.image)

    @property
    def labels(self):
        return np.asarray(self.result.labels.data)

    def spot(self, row, column):
        """Where on the canvas a pixel of the image is."""
        world = np.array(self.viewer.layers["photo"].data_to_world((row, column)))[-2:]
        camera = self.viewer.scene.camera
        size = np.array([self.canvas.height(), self.canvas.width()])
        at = size / 2 + (world - np.array(camera.center)[-2:]) * camera.zoom
        return QPoint(round(at[1]), round(at[0]))

    def click(self, row, column, button=RIGHT, keys=NONE):
        QTest.mouseClick(self.canvas, button, keys, self.spot(row, column))
        return self.clicks.menu

    def open(self, row, column, button=RIGHT, keys=NONE):
        """The menu of a patch, once it tells how large that is."""
        menu = self.click(row, column, button, keys)
        self.qtbot.waitUntil(lambda: "pixel" in menu.title.text(), timeout=30_000)
        return menu

    def choose(self, menu, *texts):
        """Click through the entries that begin with some texts."""
        for text in texts:
            [entry] = [each for each in menu.actions() if each.text().startswith(text)]
            assert entry.isEnabled()
            assert menu.isVisible()
            QTest.mouseClick(menu, LEFT, NONE, menu.actionGeometry(entry).center())
            if entry.menu() is not None:
                menu = entry.menu()
                self.qtbot.waitUntil(menu.isVisible)
        self.rest()


@pytest.fixture
def viewer(make_napari_viewer_proxy, told):
    viewer = make_napari_viewer_proxy(show=True)
    viewer.window.resize(1200, 900)
    viewer.add_image(COLORS[flat()], name="photo", rgb=True, scale=(2, 2), translate=(10, -30))
    return viewer


@pytest.fixture
def hand(qtbot, viewer):
    return Hand(qtbot, viewer)


def texts(menu):
    return [each.text() for each in menu.actions() if each.text()]


def test_a_patch_is_named_and_goes_where_it_is_sent(hand):
    np.testing.assert_array_equal(hand.labels, flat() + 1)
    names = hand.result.palette.names
    menu = hand.open(47, 62)
    assert menu.title.text() == f"Patch of {names[1]}: 30 pixels"
    assert texts(menu) == [
        "Give to", "Merge into the cluster around it", "Set as background",
        f"No other patches of {names[1]} up to this size",
    ]  # fmt: skip
    assert not menu.actions()[-1].isEnabled()
    [give] = [each.menu() for each in menu.actions() if each.text() == "Give to"]
    assert texts(give) == [names[0], names[2]]
    hand.choose(menu, "Give to", names[2])
    given = flat() + 1
    given[45:50, 60:66] = 3
    np.testing.assert_array_equal(hand.labels, given)
    assert hand.result.palette.pixels.tolist() == np.bincount(given.ravel())[1:].tolist()
    assert hand.clicks.menu is None
    hand.go(hand.panel.session.undo)
    np.testing.assert_array_equal(hand.labels, flat() + 1)
    hand.go(hand.panel.session.redo)
    np.testing.assert_array_equal(hand.labels, given)
    hand.choose(hand.open(22, 25), "Merge into the cluster around it")
    given[20:24, 20:30] = 2
    np.testing.assert_array_equal(hand.labels, given)
    hand.choose(hand.open(22, 25), "Set as background")
    given[10:40, 10:40] = 0
    np.testing.assert_array_equal(hand.labels, given)
    # What is left out is in no patch.
    assert hand.click(22, 25) is None


def test_all_patches_up_to_a_size_go_together(hand):
    names = hand.result.palette.names
    menu = hand.open(12, 12)
    hand.choose(
        menu, f"All 2 patches of {names[1]} up to this size", "Merge into the clusters around them"
    )
    np.testing.assert_array_equal(hand.labels, np.where(flat() == 2, 3, 1))
    hand.go(hand.panel.session.undo)
    hand.panel.palette.table.select([2, 3])
    menu = hand.open(22, 25)
    assert texts(menu)[-1] == "All 2 patches of the 2 selected clusters up to this size"
    hand.choose(menu, "All 2 patches of the 2 selected", "Give to", names[0])
    expected = flat() + 1
    expected[20:24, 20:30] = expected[45:50, 60:66] = 1
    np.testing.assert_array_equal(hand.labels, expected)


def test_drags_other_layers_and_other_tools_have_the_mouse(qtbot, hand):
    before, start = hand.viewer.scene.camera.zoom, hand.spot(47, 62)
    QTest.mousePress(hand.canvas, RIGHT, NONE, start)
    for step in range(1, 6):
        QTest.mouseMove(hand.canvas, start + QPoint(0, 12 * step))
        qtbot.wait(20)
    QTest.mouseRelease(hand.canvas, RIGHT, NONE, start + QPoint(0, 60))
    assert hand.clicks.menu is None
    assert hand.viewer.scene.camera.zoom != before
    hand.viewer.scene.camera.zoom = before
    layers = hand.viewer.layers
    labels = hand.result.labels
    shapes = hand.viewer.add_shapes(name="leaf")
    shapes.mode = "add_rectangle"
    assert hand.click(47, 62) is None
    layers.selection.active = labels
    labels.mode = "paint"
    assert hand.click(47, 62) is None
    labels.mode = "pan_zoom"
    assert hand.click(47, 62, LEFT) is None
    assert hand.click(47, 62, LEFT, CONTROL) is None
    assert hand.click(-5, 62) is None
    for name in ("photo", "photo quantized", "photo clusters"):
        layers.selection.active = layers[name]
        menu = hand.click(47, 62)
        assert menu.isVisible()
        menu.close()
    hand.viewer.dims.ndisplay = 3
    assert hand.click(47, 62) is None


def test_while_clusters_are_picked_control_opens_it_whatever_layer_is_active(qtbot, hand):
    hand.viewer.add_points(name="points")
    hand.panel.shown.picker.click()
    menu = hand.open(47, 62, LEFT, CONTROL)
    assert hand.panel.palette.table.selected_labels() == ()
    hand.choose(menu, "Merge into the cluster around it")
    assert hand.labels[47, 62] == 1
    hand.click(22, 25, LEFT)
    assert hand.panel.palette.table.selected_labels() == (3,)
    # Another result closes the menu, and so does the panel.
    menu = hand.click(22, 25)
    hand.panel.session.edit(hand.image, "merge", [1, 2])
    hand.rest()
    assert hand.clicks.menu is None
    qtbot.waitUntil(lambda: not hand.panel.palette.findChildren(type(menu)))
    callbacks = list(hand.viewer.mouse_drag_callbacks)
    hand.click(22, 25)
    hand.clicks.close()
    assert hand.clicks.menu is None
    assert len(hand.viewer.mouse_drag_callbacks) == len(callbacks) - 1
    assert hand.click(22, 25) is None
    hand.viewer.mouse_drag_callbacks.append(hand.clicks._press)
    results.changed.connect(hand.clicks.dismiss)


def test_of_a_stack_the_plane_that_is_seen_is_corrected(qtbot, viewer):
    viewer.layers.clear()
    stack = np.stack([COLORS[flat()], COLORS[flat()[::-1]]])
    viewer.add_image(stack, name="photo", rgb=True, scale=(1, 2, 2), translate=(0, 10, -30))
    hand = Hand(qtbot, viewer)
    viewer.dims.set_current_step(0, 1)
    qtbot.wait(20)
    before = hand.labels.copy()
    menu = hand.open(12, 62)
    assert texts(menu)[-1].endswith("up to this size in this plane")
    hand.choose(menu, "Merge into the cluster around it")
    before[1, 10:15, 60:66] = 1
    np.testing.assert_array_equal(hand.labels, before)
    viewer.dims.order = (1, 0, 2)
    qtbot.wait(20)
    assert hand.click(0, 30) is None
