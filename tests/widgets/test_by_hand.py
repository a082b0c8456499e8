"""What a person does with mouse and keys in a real napari window, and what is seen then."""

import numpy as np
import pytest
from qtpy.QtCore import QPoint, Qt, QTimer
from qtpy.QtGui import QGuiApplication
from qtpy.QtTest import QTest
from qtpy.QtWidgets import (
    QApplication,
    QColorDialog,
    QDialogButtonBox,
    QLineEdit,
    QSlider,
    QStyle,
    QStyleOptionSlider,
)

from napari_colorcluster.layers.result.results import results
from napari_colorcluster.widgets.commands import open_panel
from napari_colorcluster.widgets.palette.model import INDEX, NAME
from napari_colorcluster.widgets.parts.ask import NumberDialog

LEFT, CONTROL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier
SHIFT, NONE = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier
DOCK = 300
"""How wide napari makes the dock of a plugin at first."""


class Hand:
    """Presses, drags and types as a person would, and looks at what has come of it."""

    def __init__(self, qtbot, viewer):
        self.qtbot, self.viewer = qtbot, viewer
        self.image = viewer.layers["photo"]
        self.panel = open_panel(viewer)
        self.palette, self.table = self.panel.palette, self.panel.palette.table
        self.window = self.panel.native.window()
        self.canvas = viewer.window._qt_viewer.canvas
        self.wake()
        self.rest()

    def wake(self):
        """Have the keys go to the window: without a window manager a dialog leaves them nowhere."""
        with self.qtbot.waitActive(self.window):
            self.window.activateWindow()

    def until(self, true):
        """However long a busy machine takes."""
        self.qtbot.waitUntil(lambda: bool(true()), timeout=30_000)

    def rest(self):
        # What a click or a key begins may be in the event loop's queue yet, as a cell's editor is.
        self.qtbot.wait(20)
        self.until(lambda: not self.panel.session.is_busy)
        self.qtbot.wait(20)

    def click(self, widget, at=None, keys=NONE):
        QTest.mouseClick(widget, LEFT, keys, at or widget.rect().center())
        self.rest()

    def drag(self, widget, start, end, steps=6):
        QTest.mousePress(widget, LEFT, NONE, start)
        for step in range(1, steps + 1):
            QTest.mouseMove(widget, start + (end - start) * step / steps)
            self.qtbot.wait(20)
        QTest.mouseRelease(widget, LEFT, NONE, end)
        self.rest()

    def key(self, key, keys=NONE, widget=None):
        QTest.keyClick(widget or QApplication.focusWidget(), key, keys)
        self.rest()

    def cell(self, row, column=NAME):
        return self.table.visualRect(self.table.model().index(row, column)).center()

    def select(self, *rows):
        for row, keys in zip(rows, (NONE, *[CONTROL] * len(rows)), strict=False):
            self.click(self.table.viewport(), self.cell(row), keys)

    def double_click(self, row, column):
        QTest.mouseClick(self.table.viewport(), LEFT, NONE, self.cell(row, column))
        QTest.mouseDClick(self.table.viewport(), LEFT, NONE, self.cell(row, column))
        kind = QLineEdit if column == NAME else QColorDialog
        where = self.table if column == NAME else self.palette
        self.until(lambda: where.findChild(kind) is not None)
        return where.findChild(kind)

    def choose(self, button, text, at=None):
        """Open the menu of a button, and click the entry that begins with a text.

        An entry of a menu within is written "menu ▸ entry".
        """
        first, *within = text.split(" ▸ ")

        chosen = []

        def click_in(menu, text):
            [entry] = [each for each in menu.actions() if each.text().startswith(text)]
            QTest.mouseClick(menu, LEFT, NONE, menu.actionGeometry(entry).center())
            return entry

        def click_entry():
            menu = QApplication.activePopupWidget()
            if menu is None:
                QTimer.singleShot(20, click_entry)
                return
            try:
                entry = click_in(menu, first)
                for name in within:
                    # A menu within opens after a while; its entry is taken at once.
                    actions = entry.menu().actions()
                    [entry] = [each for each in actions if each.text().startswith(name)]
                    entry.trigger()
                chosen.append(entry)
            finally:
                menu.close()

        QTimer.singleShot(20, click_entry)
        QTest.mouseClick(button, LEFT, NONE, at or button.rect().center())
        self.until(lambda: chosen)
        self.rest()
        if self.palette.findChild(NumberDialog) is None:
            self.wake()

    def dialog(self):
        self.until(lambda: self.palette.findChild(NumberDialog) is not None)
        return self.palette.findChild(NumberDialog)

    def type_number(self, text):
        dialog = self.dialog()
        dialog.box.selectAll()
        QTest.keyClicks(dialog.box, text)
        QTest.keyClick(dialog.box, Qt.Key.Key_Return)
        self.rest()
        self.wake()

    def spot(self, row, column):
        """Where on the canvas a pixel of the image is."""
        camera = self.viewer.scene.camera
        away = (np.array((row, column)) - np.array(camera.center)[-2:]) * camera.zoom
        return QPoint(*(np.array(self.canvas.size) / 2 + away).round().astype(int)[::-1].tolist())

    def segment(self, row):
        left, right = self.result.palette.edges(self.palette.bar.width())[row : row + 2]
        return QPoint(int(left + right) // 2, 8)

    def seen(self):
        """The colors of the pixels in the middle of the canvas."""
        picture = self.viewer.screenshot(flash=False)[..., :3]
        high, wide, _ = picture.shape
        middle = picture[high // 3 : -high // 3, wide // 3 : -wide // 3].reshape(-1, 3)
        return {tuple(color) for color in np.unique(middle, axis=0).tolist()}

    def colors(self, labels=None):
        palette = self.result.palette
        return {
            tuple(color)
            for label, color in zip(palette.labels, palette.colors.tolist(), strict=True)
            if labels is None or label in labels
        }

    @property
    def result(self):
        return results.of(self.image)

    def state(self):
        result = self.result
        return result.palette, result.labels.data.tobytes(), result.quantized.data.tobytes()

    def check_agreement(self):
        """Layers, features, table and bar say the same; the image is as it was."""
        result, palette = self.result, self.result.palette
        table = result.clustering.label_colors
        np.testing.assert_array_equal(table[result.labels.data], result.quantized.data[..., :3])
        counts = np.bincount(result.labels.data.reshape(-1), minlength=palette.labels.max() + 1)
        np.testing.assert_array_equal(counts[palette.labels], palette.pixels)
        assert palette.fractions.sum() == pytest.approx(1)
        assert result.labels.features["hex"].tolist() == list(palette.hex)
        assert self.table.model().sourceModel().palette == palette
        bar = self.palette.bar.grab().toImage()
        for row in range(len(palette)):
            at = self.segment(row)
            assert bar.pixelColor(at.x(), 12).name() == palette.hex[row]
        assert self.panel.native.width() <= DOCK


@pytest.fixture
def hand(qtbot, make_napari_viewer, photo, told):
    viewer = make_napari_viewer(show=True)
    viewer.window.resize(1040, 760)
    viewer.add_image(photo.copy(), name="photo", rgb=True)
    hand = Hand(qtbot, viewer)
    yield hand
    np.testing.assert_array_equal(hand.image.data, photo)
    # pytest keeps what fixtures give, and napari looks for viewers that somebody keeps.
    vars(hand).clear()


@pytest.fixture
def clustered(hand):
    hand.click(hand.panel.button)
    hand.check_agreement()
    return hand


def test_dragging_k_is_live_while_the_mouse_is_down(clustered):
    hand = clustered
    hand.click(hand.panel.live, QPoint(8, hand.panel.live.height() // 2))
    slider = hand.panel.form.n_clusters.native.findChild(QSlider)
    option = QStyleOptionSlider()
    slider.initStyleOption(option)
    control, handle = QStyle.ComplexControl.CC_Slider, QStyle.SubControl.SC_SliderHandle
    start = slider.style().subControlRect(control, option, handle, slider).center()
    layers, shown = list(hand.viewer.layers), set()
    QTest.mousePress(slider, LEFT, NONE, start)
    for step in range(1, 11):
        QTest.mouseMove(slider, start + QPoint(2 * step, 0))
        if step in (3, 6):
            hand.rest()
            hand.check_agreement()
            shown.add(hand.result.clustering.n_clusters)
    hand.rest()
    k = hand.panel.form.n_clusters.value
    shown.add(hand.result.clustering.n_clusters)
    assert slider.isSliderDown()
    assert len(shown) == 3
    assert max(shown) == k > 8
    QTest.mouseRelease(slider, LEFT, NONE, start + QPoint(20, 0))
    hand.rest()
    assert list(hand.viewer.layers) == layers
    hand.check_agreement()
    assert hand.seen() <= hand.colors()
    slider.setFocus()
    for _ in range(2):
        hand.key(Qt.Key.Key_Left)
    assert hand.result.clustering.n_clusters == k - 2


def test_table_canvas_bar_and_mouse_are_linked(clustered):
    hand, data = clustered, clustered.result.labels.data
    assert hand.colors() <= hand.seen()
    hand.select(1)
    [label] = hand.table.selected_labels()
    assert hand.seen() & hand.colors() == hand.colors([label])
    hand.key(Qt.Key.Key_Escape)
    assert hand.colors() <= hand.seen()
    hand.click(hand.palette.bar, hand.segment(2))
    assert hand.table.selected_labels() == (int(hand.result.palette.labels[2]),)
    hand.click(hand.panel.picker)
    for row, column in ((90, 100), (20, 20)):
        hand.click(hand.canvas.native, hand.spot(row, column))
        assert hand.table.selected_labels() == (data[row, column],)
    hand.key(Qt.Key.Key_Escape, widget=hand.canvas.native)
    assert not hand.panel.picker.isChecked()
    hand.viewer.layers.selection.active = hand.image
    plain = hand.palette.bar.grab().toImage()
    QTest.mouseMove(hand.canvas.native, hand.spot(90, 100))
    hand.until(lambda: hand.palette.bar.grab().toImage() != plain)
    hand.viewer.update_status_from_cursor()
    palette = hand.result.palette
    row = palette.row_of(data[90, 100])
    assert f"{palette.names[row]} {palette.hex[row]}" in hand.viewer.status["coordinates"]


def test_every_edit_is_made_and_undone_and_redone_by_hand(clustered):
    hand, bar = clustered, clustered.palette.edit_bar
    states = [hand.state()]

    def did():
        hand.check_agreement()
        states.append(hand.state())

    hand.select(0, 1)
    hand.click(bar.merge)
    did()
    hand.select(1)
    hand.choose(bar.split, "Into 3", QPoint(bar.split.width() - 6, bar.split.height() // 2))
    did()
    assert len(hand.result.palette) == 6
    editor = hand.double_click(0, NAME)
    QTest.keyClicks(editor, "bone")
    hand.key(Qt.Key.Key_Return, widget=editor)
    did()
    assert "bone" in hand.result.palette.names
    dialog = hand.double_click(2, INDEX)
    code = dialog.findChildren(QLineEdit)[-1]
    code.selectAll()
    QTest.keyClicks(code, "#00ff40")
    hand.click(dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Ok))
    hand.wake()
    did()
    assert (0, 255, 64) in hand.seen()
    hand.choose(bar.more, "Represent by ▸ Mean")
    did()
    hand.choose(bar.more, "Merge small")
    hand.type_number("9")
    did()
    hand.select(1)
    hand.choose(bar.more, "Set as background")
    did()
    assert len({each[1:] for each in states}) > 5
    hand.select(0)
    for state in states[-2::-1]:
        hand.key(Qt.Key.Key_Z, CONTROL)
        assert hand.state() == state
    for state in states[1:]:
        hand.key(Qt.Key.Key_Z, CONTROL | SHIFT)
        assert hand.state() == state
    hand.click(bar.undo)
    assert hand.state() == states[-2]
    hand.click(bar.redo)
    assert hand.state() == states[-1]
    hand.click(hand.panel.button)
    assert "bone" in hand.result.palette.names


def test_a_region_that_is_drawn_takes_part_and_another_is_heard_live(clustered):
    hand = clustered
    hand.click(hand.viewer.window._qt_viewer.layerButtons.newShapesButton)
    shapes = hand.viewer.layers.selection.active
    shapes.mode = "add_rectangle"
    hand.drag(hand.canvas.native, hand.spot(20, 30), hand.spot(80, 130))
    menu = hand.panel.form.region.native
    menu.setFocus()
    hand.key(Qt.Key.Key_Down)
    assert menu.currentText().startswith("inside")
    hand.click(hand.panel.live, QPoint(8, hand.panel.live.height() // 2))
    first = hand.result.palette.n_pixels
    assert first == pytest.approx(60 * 100, rel=0.05)
    assert hand.result.labels.data[50, 80] > 0 == hand.result.labels.data[120, 80]
    hand.viewer.layers.selection.active = shapes
    shapes.mode = "add_rectangle"
    hand.drag(hand.canvas.native, hand.spot(100, 150), hand.spot(150, 250))
    hand.check_agreement()
    assert hand.result.palette.n_pixels == pytest.approx(first + 50 * 100, rel=0.05)
    assert not hand.palette.edits.undo.isEnabled()


def test_a_sweep_is_cancelled_and_run_and_clicked(clustered):
    hand, choose_k = clustered, clustered.panel.choose_k
    hand.click(hand.panel.sweep_fold.title, QPoint(30, 8))
    choose_k.last.selectAll()
    QTest.keyClicks(choose_k.last, "6")
    QTest.keyClick(choose_k.last, Qt.Key.Key_Tab)
    QTest.mouseClick(choose_k.button, LEFT)
    assert hand.panel.button.text() == "Cancel"
    hand.click(hand.panel.button)
    assert hand.panel.session.sweep_of(hand.image) is None
    hand.click(choose_k.button)
    assert "Suggested: k = " in choose_k.advice.text()
    plot = choose_k.plot
    axes, ratio = plot._canvas.figure.axes[0], plot._canvas.device_pixel_ratio
    at = axes.transData.transform((4, 0))[0] / ratio + plot._canvas.x()
    hand.click(plot, QPoint(round(at), 60))
    assert hand.panel.form.n_clusters.value == hand.result.clustering.n_clusters == 4
    hand.check_agreement()
    plot.setFocus()
    for _ in range(2):
        hand.key(Qt.Key.Key_Left)
    assert hand.panel.form.n_clusters.value == hand.result.clustering.n_clusters == 2
    hand.check_agreement()


def test_the_color_space_opens_by_a_click_and_follows_edits(clustered):
    hand, layers = clustered, list(clustered.viewer.layers)
    hand.click(hand.palette.view_button)
    view = hand.panel.shown.color_space
    hand.qtbot.waitExposed(view)
    view.color_by.setFocus()
    hand.key(Qt.Key.Key_Down, widget=view.color_by)

    def shown():
        return len(np.unique(view.scene.colors.face_color, axis=0))

    hand.until(lambda: shown() == 5)
    hand.wake()
    hand.select(0, 1)
    hand.click(hand.palette.edit_bar.merge)
    hand.until(lambda: shown() == 4)
    assert list(hand.viewer.layers) == layers
    assert hand.viewer.dims.ndisplay == 2
    hand.viewer.window.remove_dock_widget(hand.panel.native)
    gone = []
    view.destroyed.connect(lambda: gone.append(True))
    hand.panel.native.deleteLater()
    hand.until(lambda: gone)


def test_a_copied_script_and_a_kept_layer_make_the_same_again(clustered, told):
    hand = clustered
    hand.select(0, 1)
    hand.click(hand.palette.edit_bar.merge)
    hand.choose(hand.palette.edit_bar.save, "Copy as Python")
    assert told.pop() == ("info", "Copied a script for napari's console.")
    state, kept = hand.state(), hand.result.labels
    for layer in (hand.result.labels, hand.result.quantized):
        hand.viewer.layers.remove(layer)
    exec(QGuiApplication.clipboard().text(), {"viewer": hand.viewer})
    hand.rest()
    assert hand.state() == state
    again = hand.viewer.add_labels(kept.data.copy(), name="again", metadata=dict(kept.metadata))
    hand.panel.form.n_clusters.value = 9
    hand.viewer.layers.selection.active = hand.image
    hand.viewer.layers.selection.active = again
    assert hand.panel.form.n_clusters.value == 5
    hand.click(hand.panel.button)
    assert hand.state() == state


def test_specks_are_removed_below_an_area_that_is_typed(hand):
    hand.image.scale, hand.image.units = (0.5, 0.5), ("um", "um")
    hand.click(hand.panel.button)
    before = hand.state()
    hand.choose(hand.palette.edit_bar.more, "Remove specks")
    units = hand.dialog().units
    units.setFocus()
    hand.key(Qt.Key.Key_Down, widget=units)
    assert units.currentText() == "µm²"
    hand.type_number("5")
    assert hand.result.segmentation.min_pixels == 20
    assert hand.state()[1] != before[1]
    hand.check_agreement()
    hand.select(0)
    hand.key(Qt.Key.Key_Z, CONTROL)
    assert hand.state() == before


def test_nothing_is_cut_off_or_widens_the_dock(clustered):
    hand = clustered
    for fold in (hand.panel.sweep_fold, hand.panel.more_fold):
        hand.click(fold.title, QPoint(30, 8))
        hand.qtbot.wait(50)
        assert hand.panel.native.width() <= DOCK
        assert hand.panel.native.minimumSizeHint().width() <= DOCK
    hand.click(hand.panel.sweep_fold.title, QPoint(30, 8))
    bar = hand.palette.edit_bar
    for each in (hand.panel.picker, bar.merge, bar.split, bar.more, bar.save):
        assert each.width() >= each.minimumSizeHint().width()
        right = each.mapTo(hand.panel.native, each.rect().topRight()).x()
        assert right < hand.panel.native.width()
