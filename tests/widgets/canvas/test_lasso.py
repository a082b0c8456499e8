"""A line drawn with the mouse in the window of the color space, and the edits that come of it."""

import numpy as np
import pytest
from matplotlib.path import Path
from qtpy.QtCore import QPoint, Qt
from qtpy.QtTest import QTest
from qtpy.QtWidgets import QWidget

from napari_colorcluster.core.clustering.fitting import cluster_colors
from napari_colorcluster.layers.result.segmentation import Segmentation
from napari_colorcluster.widgets.canvas.color_space_view import ColorSpaceView
from napari_colorcluster.widgets.palette.view import PaletteView

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
CIRCLE = np.linspace(0, 2 * np.pi, 13)


class Hand:
    """Draws in the window of the color space, beside a palette that makes the edits."""

    def __init__(self, qtbot, viewer, dock, clustering, image):
        self.qtbot, self.image = qtbot, image
        self.palette = PaletteView(parent=dock)
        self.table = self.palette.table
        self.view = ColorSpaceView(viewer, dock)
        self.view.follow(self.palette)
        self.scene, self.choices = self.view.scene, self.view.choices
        self.show(Segmentation(clustering))
        self.view.resize(460, 400)
        self.view.show()
        qtbot.waitExposed(self.view)
        self.until(lambda: len(self.scene.colors.data) > 0)
        self.camera = self.scene.viewer.scene.camera
        self.native = self.view.canvas.canvas.native
        qtbot.wait(50)

    def show(self, made):
        self.made = made
        self.palette.set_palette(made.palette)
        self.view.set_made(made)

    def edit_by(self, act):
        """Do something that requests an edit, and make it."""
        with self.qtbot.waitSignal(self.palette.edit_requested) as asked:
            act()
        name, arguments = asked.args
        self.show(self.made.edited(name, *arguments))
        self.qtbot.wait(50)

    def until(self, true):
        self.qtbot.waitUntil(lambda: bool(true()), timeout=30_000)

    def click(self, widget):
        QTest.mouseClick(widget, LEFT)
        self.qtbot.wait(50)

    def draw(self, corners):
        """Drag along a line of points of the canvas; its last point is where it ends."""
        points = [QPoint(round(x), round(y)) for x, y in corners]
        QTest.mousePress(self.native, LEFT, NONE, points[0])
        for point in points[1:]:
            QTest.mouseMove(self.native, point)
            self.qtbot.wait(5)
        QTest.mouseRelease(self.native, LEFT, NONE, points[-1])
        self.qtbot.wait(20)
        return Path(np.array([(point.x(), point.y()) for point in points]))

    def on_canvas(self):
        """Where on the canvas the points are, by what is known of the camera alone."""
        world = self.scene.colors.data * self.scene.colors.scale
        forward, up = np.array(self.camera.view_direction), np.array(self.camera.up_direction)
        right = np.cross(forward, up)
        sizes = np.array([self.native.width(), self.native.height()])
        away = (world - self.camera.center) * self.camera.zoom
        return sizes / 2 + np.column_stack([away @ right, -away @ up])

    def draw_around_some(self):
        at = self.on_canvas()
        middle, spread = np.median(at, axis=0), at.std(axis=0)
        circle = np.column_stack([np.cos(CIRCLE), np.sin(CIRCLE)])
        return self.draw(middle + spread * circle)

    def labels(self):
        return self.made.clustering.predict(self.image)

    def enclosed(self):
        """The pixels whose colors the lasso holds."""
        return self.scene.lasso(self.image.reshape(-1, 3)).reshape(self.image.shape[:-1])


@pytest.fixture(scope="module")
def clustering(thumbnail):
    return cluster_colors(thumbnail, 5)


@pytest.fixture
def make_hand(qtbot, make_napari_viewer_proxy, thumbnail, clustering, told):
    """Makes a hand; no fixture may hold it, since pytest keeps what they give to the end."""
    viewer = make_napari_viewer_proxy(show=True)
    dock = QWidget()
    viewer.window.add_dock_widget(dock, name="dock")
    return lambda: Hand(qtbot, viewer, dock, clustering, thumbnail)


def test_points_within_the_line_are_lit_and_split_off(make_hand):
    hand = make_hand()
    hand.click(hand.view.lasso_button)
    angles, zoom = hand.camera.angles, hand.camera.zoom
    assert hand.choices.isVisible()
    path = hand.draw_around_some()
    assert (hand.camera.angles, hand.camera.zoom) == (angles, zoom)
    at = hand.on_canvas()
    inner, outer = (path.contains_points(at, radius=radius) for radius in (-1.5, 1.5))
    sure = inner == outer
    assert sure.mean() > 0.9
    np.testing.assert_array_equal(hand.scene.lit[sure], inner[sure])
    assert 0.1 < hand.scene.lit.mean() < 0.9

    hand.until(lambda: hand.choices.split.isEnabled())
    before, pixels = hand.labels(), hand.enclosed()
    assert hand.choices.count.text().startswith(f"{pixels.sum():,} pixels, ")
    hand.edit_by(lambda: QTest.mouseClick(hand.choices.split, LEFT))
    np.testing.assert_array_equal(hand.labels(), np.where(pixels, 6, before))
    assert hand.scene.lasso is None
    assert hand.scene.lit.all()
    assert not hand.choices.split.isEnabled()
    hand.until(lambda: len(hand.scene.centers.data) == 6)


def test_the_line_takes_from_the_selected_clusters_alone_and_gives_to_another(make_hand):
    hand = make_hand()
    hand.table.select((1, 2))
    hand.click(hand.view.lasso_button)
    hand.draw_around_some()
    hand.until(lambda: hand.choices.give.isEnabled())
    assert " in the selected clusters, " in hand.choices.count.text()
    labels, pixels = hand.labels(), hand.enclosed()
    hand.choices.give_menu.aboutToShow.emit()
    [*_, background] = hand.choices.give_menu.actions()
    hand.edit_by(background.trigger)
    expected = np.where(pixels & np.isin(labels, [1, 2]), 0, labels)
    np.testing.assert_array_equal(hand.labels(), expected)


def test_the_window_follows_the_selection_and_the_lasso_selects_rows(make_hand):
    hand = make_hand()
    hand.table.select((2,))
    assert 0 < hand.scene.lit.mean() < 1
    hand.table.select(())
    assert hand.scene.lit.all()
    hand.click(hand.view.lasso_button)
    hand.draw_around_some()
    hand.until(lambda: hand.choices.select.isEnabled())
    pixels = np.bincount(hand.labels()[hand.enclosed()])
    hand.click(hand.choices.select)
    expected = np.flatnonzero(pixels >= 0.1 * pixels.sum()).tolist()
    assert sorted(hand.table.selected_labels()) == expected
    assert sorted(hand.scene.selected) == expected
    assert hand.scene.lasso is None


def test_escape_ends_it_and_drags_turn_the_view_again(make_hand):
    hand = make_hand()

    def turns():
        angles = hand.camera.angles
        middle = np.array([hand.native.width(), hand.native.height()]) / 2
        hand.draw([middle, middle + 30, middle + 60])
        return hand.camera.angles != angles

    assert turns()
    hand.click(hand.view.lasso_button)
    hand.draw_around_some()
    assert len(hand.scene.line.data) > 0
    with hand.qtbot.waitActive(hand.view):
        hand.view.activateWindow()
    QTest.keyClick(hand.view, Qt.Key.Key_Escape)
    assert not hand.view.lasso_button.isChecked()
    assert hand.scene.lasso is None
    assert hand.scene.lit.all()
    assert len(hand.scene.line.data) == 0
    assert not hand.choices.isVisible()
    # A press of the button keeps the points, so that they can be looked at from all sides.
    hand.click(hand.view.lasso_button)
    hand.draw_around_some()
    hand.click(hand.view.lasso_button)
    assert hand.scene.lasso is not None
    assert hand.choices.isVisible()
    assert turns()
    # A mere click draws nothing, and lets the points go.
    hand.click(hand.view.lasso_button)
    hand.draw([(50, 50)])
    assert hand.scene.lasso is None
    hand.view.close()
    assert not hand.view.lasso_button.isChecked()
