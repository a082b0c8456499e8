"""What the line says while a person works: what is shown, what has changed, what went wrong."""

import threading
from unittest.mock import PropertyMock, patch

import numpy as np
import pytest
from qtpy.QtCore import Qt
from qtpy.QtGui import QGuiApplication

import napari_colorcluster as ncc
from napari_colorcluster.layers.regions.region import Region
from napari_colorcluster.layers.result.results import results
from napari_colorcluster.layers.result.segmentation import Segmentation
from napari_colorcluster.session.run import Run
from napari_colorcluster.session.session import CANCELED, DROPPED
from napari_colorcluster.widgets import ColorClusteringPanel
from napari_colorcluster.widgets.status.words import NO_IMAGE, NOT_CLUSTERED, fit_words

MOVED = "the region was moved or redrawn"
FRESH = "k-means, k = 5, CIELAB: 3,196 pixels."


@pytest.fixture
def image(viewer):
    """The photo, with pixels that may be changed."""
    image = viewer.layers["photo"]
    image.data = image.data.copy()
    return image


@pytest.fixture
def line(panel):
    return panel.status.line


@pytest.fixture
def clustered(image, panel, press):
    press()
    return panel


@pytest.fixture
def leaf(viewer, image):
    """Labels over a part of the photo, which stays the active layer."""
    drawn = np.zeros((47, 68), np.uint8)
    drawn[4:30, 6:40] = 1
    leaf = viewer.add_labels(drawn, name="leaf")
    viewer.layers.selection.active = image
    return leaf


@pytest.fixture
def inside(panel, leaf, press):
    panel.form.region.region = Region(leaf)
    press()
    return panel


@pytest.fixture
def settle(qtbot, panel):
    def wait():
        qtbot.waitUntil(lambda: not (panel.session.is_busy or panel.status.is_busy), timeout=60_000)

    return wait


def is_dimmed(panel):
    return panel.palette.table.is_dimmed


def changed(panel, what):
    """Whether the line says this, and the table agrees that it is old."""
    says_so = panel.status.line.news == f"Out of date: {what}. Press Cluster to update."
    return says_so and panel.status.line.is_warning and is_dimmed(panel)


def is_current(panel):
    return panel.status.line.news == "" and not is_dimmed(panel)


def test_it_is_always_there(panel, line, viewer, image, press):
    assert line.isVisible()
    assert (line.news, line.state) == ("", NOT_CLUSTERED)
    press()
    assert (line.news, line.state) == ("", FRESH)
    viewer.layers.remove(image)
    assert (line.news, line.state) == ("", NO_IMAGE)
    assert line.isVisible()


def test_k_by_keyboard_and_back(clustered, qtbot):
    box = clustered.form.n_clusters["box"].native
    bar = clustered.palette.bar.grab().toImage()
    qtbot.keyClick(box, Qt.Key.Key_Up)
    qtbot.keyClick(box, Qt.Key.Key_Up)
    assert changed(clustered, "k is now 7")
    assert clustered.status.line.state == FRESH
    assert clustered.palette.bar.grab().toImage() != bar
    qtbot.keyClick(box, Qt.Key.Key_Down)
    qtbot.keyClick(box, Qt.Key.Key_Down)
    assert is_current(clustered)
    assert clustered.palette.bar.grab().toImage() == bar


def test_the_method_by_keyboard_and_cluster_again(clustered, qtbot, press):
    qtbot.keyClick(clustered.form.method.native, Qt.Key.Key_End)
    title = clustered.form.method.native.currentText()
    assert clustered.status.line.news.startswith(f"Out of date: the method is now {title}")
    clustered.form.method.value = "median_cut"
    press()
    assert is_current(clustered)
    assert clustered.status.line.state == "Median cut, k = 5, CIELAB: 3,196 pixels."


def test_edits_are_counted_and_undone(clustered, settle):
    clustered.palette.edit_requested.emit("merge", ([1, 2],))
    settle()
    assert clustered.status.line.state == "k-means, k = 5, CIELAB, 1 edit: 3,196 pixels."
    assert is_current(clustered)
    clustered.palette.undo_requested.emit()
    settle()
    assert (clustered.status.line.state, is_current(clustered)) == (FRESH, True)


def test_edits_and_pixels_that_a_run_has_not_kept_are_told_where_they_are_read(
    clustered, settle, press
):
    line = clustered.status.line
    clustered.palette.edit_requested.emit("merge", ([1, 2],))
    settle()
    press()
    assert line.news == "1 edit is not in this result. Undo brings it back."
    assert line.is_warning
    assert clustered.palette.table.isEnabled()
    clustered.palette.undo_requested.emit()
    settle()
    assert line.news == ""


def test_an_edit_of_what_is_old_leaves_it_old(clustered, settle):
    clustered.form.n_clusters.value = 7
    clustered.palette.edit_requested.emit("rename", (1, "bark"))
    settle()
    assert changed(clustered, "k is now 7")


@pytest.mark.parametrize(
    ("name", "value", "what"),
    [
        ("contrast_limits", (0, 90), "the contrast limits have changed"),
        ("gamma", 0.4, "gamma is now 0.4"),
    ],
)
def test_how_the_image_is_shown(clustered, image, name, value, what, press):
    before = getattr(image, name)
    setattr(image, name, value)
    assert changed(clustered, what)
    setattr(image, name, before)
    assert is_current(clustered)
    setattr(image, name, value)
    press()
    assert is_current(clustered)


def test_a_region_that_is_moved_drawn_on_and_removed(inside, leaf, viewer, settle, press):
    line = inside.status.line
    assert line.state == (
        'k-means, k = 5, CIELAB, inside "leaf": 884 pixels, left out: 2,312 outside the mask.'
    )
    leaf.translate = (0, 3)
    settle()
    assert changed(inside, MOVED)
    leaf.translate = (0, 0)
    settle()
    assert is_current(inside)
    leaf.data_setitem((np.array([0]), np.array([0])), 1)
    settle()
    assert changed(inside, MOVED)
    leaf.undo()
    settle()
    assert is_current(inside)
    leaf.data_setitem((np.array([0]), np.array([0])), 1)
    settle()
    press()
    settle()
    assert is_current(inside)
    assert ": 885 pixels" in line.state
    viewer.layers.remove(leaf)
    assert changed(inside, "the region is now the whole image")


def test_edits_of_a_region_that_was_moved_leave_it_so(inside, leaf, settle, press):
    leaf.translate = (0, 3)
    settle()
    inside.palette.edit_requested.emit("merge", ([1, 2],))
    inside.palette.edit_requested.emit("clean", (6,))
    settle()
    assert changed(inside, MOVED)
    press()
    settle()
    assert inside.status.line.news.startswith("1 edit is not in this result.")
    assert not is_dimmed(inside)
    # What is undone goes back to where the region was.
    inside.palette.undo_requested.emit()
    settle()
    assert changed(inside, MOVED)


def test_an_image_that_is_moved_under_its_region(inside, image, settle):
    image.translate = (2, 0)
    settle()
    assert changed(inside, MOVED)


def test_the_color_of_a_region_changes_nothing(inside, leaf, settle):
    leaf.opacity = 0.3
    leaf.visible = False
    settle()
    assert is_current(inside)


def test_a_region_drawn_on_while_it_is_clustered(panel, leaf, qtbot, settle, monkeypatch):
    reached, go = threading.Event(), threading.Event()
    do = Run.do

    def hold(*arguments, **keywords):
        painted = do(*arguments, **keywords)
        reached.set()
        assert go.wait(30)
        return painted

    monkeypatch.setattr(Run, "do", hold)
    panel.form.region.region = Region(leaf)
    panel.run()
    assert reached.wait(30)
    leaf.translate = (0, 3)
    go.set()
    settle()
    assert changed(panel, MOVED)


def test_replaced_data(clustered, image, thumbnail, press):
    made = results.last(image)
    old = image.data
    image.data = thumbnail[::-1].copy()
    assert changed(clustered, "the image has new data")
    assert clustered.palette.table.model().rowCount() == 5
    assert not made.labels.visible
    assert not made.quantized.visible
    image.data = old
    assert is_current(clustered)
    assert made.labels.visible
    made.quantized.visible = False
    image.data = thumbnail[::-1].copy()
    press()
    assert is_current(clustered)
    # What a person has hidden stays so.
    assert (made.labels.visible, made.quantized.visible) == (True, False)


def test_an_edit_of_replaced_data_is_refused_in_the_line(clustered, image, thumbnail, settle, told):
    image.data = thumbnail[::-1].copy()
    clustered.palette.edit_requested.emit("merge", ([1, 2],))
    settle()
    message = "'photo' has changed since it was clustered: press Cluster first."
    assert told.pop() == ("error", message)
    assert clustered.status.line.news.startswith(message)
    assert clustered.palette.table.model().rowCount() == 5


def test_pixels_changed_in_place_and_then_edited(clustered, image, settle, press):
    image.data[:10] = 0
    image.refresh()
    settle()
    assert changed(clustered, "the pixels have changed")
    clustered.palette.edit_requested.emit("rename", (1, "bark"))
    settle()
    assert is_current(clustered)
    assert "counted again" in clustered.status.line.state
    result = results.of(image)
    counts = np.bincount(result.labels.data.ravel())
    assert result.palette.pixels.tolist() == counts[result.palette.labels].tolist()
    press()
    settle()
    assert clustered.status.line.state == FRESH


def test_a_refresh_that_shows_the_same_changes_nothing(clustered, image, settle):
    image.refresh()
    image.visible = False
    settle()
    assert is_current(clustered)


def test_live_there_is_nothing_old_but_for_a_run_that_failed(inside, leaf, settle, told):
    inside.live.setChecked(True)
    settle()
    heard = []
    inside.session.busy.connect(lambda busy: heard.append(is_dimmed(inside)))
    for k in (6, 7, 8):
        inside.form.n_clusters.value = k
        heard.append(is_dimmed(inside))
    settle()
    assert not any(heard)
    assert inside.status.line.state.startswith("k-means, k = 8, CIELAB")
    leaf.data = np.zeros_like(leaf.data)
    settle()
    message = told.pop()[1]
    # Another press would fail as well: the message says what to do.
    assert message.endswith("change that layer or choose another region.")
    assert inside.status.line.news == f"{message} Out of date: {MOVED}."
    assert is_dimmed(inside)


@pytest.fixture
def endless(monkeypatch):
    """Runs that do not end; set once one has begun."""
    reached = threading.Event()

    def go_on(run, counted, shown, progress, *rest):
        while True:
            progress(0.5, "Going on")
            reached.set()

    monkeypatch.setattr(Run, "do", go_on)
    return reached


def test_a_word_when_a_run_was_canceled(clustered, qtbot, settle, endless):
    clustered.form.n_clusters.value = 7
    qtbot.mouseClick(clustered.button, Qt.MouseButton.LeftButton)
    assert endless.wait(30)
    assert clustered.status.line.news == "Out of date: k is now 7."
    qtbot.mouseClick(clustered.button, Qt.MouseButton.LeftButton)
    settle()
    line = clustered.status.line
    assert line.news == f"{CANCELED} Out of date: k is now 7. Press Cluster to update."
    assert line.state == FRESH
    clustered.form.n_clusters.value = 5
    assert is_current(clustered)


def test_a_word_when_the_image_has_changed_meanwhile(panel, image, qtbot, settle, endless):
    qtbot.mouseClick(panel.button, Qt.MouseButton.LeftButton)
    assert endless.wait(30)
    image.gamma = 0.5
    settle()
    assert (panel.status.line.news, panel.status.line.state) == (DROPPED, NOT_CLUSTERED)


def test_an_error_stands_in_the_line_until_the_next_action(panel, leaf, told, settle, press):
    leaf.data = np.zeros_like(leaf.data)
    panel.form.region.region = Region(leaf)
    press()
    line = panel.status.line
    [(severity, message)] = told
    told.clear()
    assert severity == "error"
    assert (line.news, line.is_warning) == (message, True)
    settle()
    assert line.news == message
    panel.form.region.region = None
    assert (line.news, line.is_warning) == ("", False)


def test_an_error_while_the_fit_is_measured_stands_in_the_line(panel, press, told, settle, qtbot):
    broken = PropertyMock(side_effect=MemoryError)
    with patch.object(Segmentation, "residual_summary", broken):
        press()
        qtbot.waitUntil(lambda: bool(told))
    assert told.pop() == ("error", "There is not enough memory.")
    assert panel.status.line.news == "There is not enough memory."


def test_an_error_is_told_in_its_own_panel_alone(qtbot, panel, viewer, image, told):
    other = ColorClusteringPanel(viewer)
    qtbot.addWidget(other.native)
    image.data = np.zeros((4, 4, 3), np.uint8)
    panel.session.notices.report(ValueError("Choose an image."))
    assert told.pop() == ("error", "Choose an image.")
    assert panel.status.line.news == "Choose an image."
    assert other.status.line.news == ""


def test_a_file_that_was_saved_is_told_with_its_name(clustered, tmp_path, told):
    path = tmp_path / "photo.json"
    clustered.palette.save_requested.emit(str(path))
    line = clustered.status.line
    assert (line.news, line.is_warning) == (f"The clustering was saved as {path}.", False)
    assert line.state == FRESH
    missing = tmp_path / "none" / "photo.json"
    clustered.palette.save_requested.emit(str(missing))
    assert line.news == told.pop()[1]
    assert line.is_warning


def test_a_script_of_what_is_old_is_refused(clustered, image, told):
    QGuiApplication.clipboard().setText("before")
    image.gamma = 0.5
    clustered.copy_script()
    assert "press Cluster first" in told.pop()[1]
    assert QGuiApplication.clipboard().text() == "before"


def test_what_the_console_makes_is_what_is_asked_for(clustered, viewer, settle):
    ncc.cluster_layer(viewer, "photo", n_clusters=3, color_space="rgb")
    settle()
    assert clustered.form.n_clusters.value == 3
    assert is_current(clustered)
    assert clustered.status.line.state == "k-means, k = 3, sRGB: 3,196 pixels."


def test_another_image_has_its_own_line(clustered, viewer, thumbnail, image):
    clustered.form.n_clusters.value = 7
    clustered.status.say("Saved.")
    viewer.add_image(thumbnail[::-1].copy(), name="other", rgb=True)
    assert (clustered.status.line.news, clustered.status.line.state) == ("", NOT_CLUSTERED)
    assert not is_dimmed(clustered)
    viewer.layers.selection.active = image
    # The form asks again for what made the result.
    assert (is_current(clustered), clustered.status.line.state) == (True, FRESH)


def test_nothing_below_it_moves(clustered, qtbot, told):
    top = clustered.palette.y()
    clustered.form.n_clusters.value = 7
    clustered.form.color_space.value = "rgb"
    clustered.form.random_state.value = 3
    clustered.session.notices.report(ValueError("A sentence that is long. " * 9))
    told.clear()
    qtbot.wait(20)
    assert clustered.palette.y() == top
    assert clustered.native.minimumSizeHint().width() <= 320


def test_how_well_it_fits_is_told_once_it_rests(panel, press, qtbot):
    press()
    line, made = panel.status.line, results.of(panel.form.image.value).segmentation
    assert line.fit == ""
    qtbot.waitUntil(lambda: line.fit != "", timeout=60_000)
    assert line.fit == fit_words(made.residual_summary)
    assert line.fit in line.text()
    panel.palette.edit_requested.emit("merge", ([1, 2],))
    qtbot.waitUntil(lambda: line.fit not in ("", fit_words(made.residual_summary)), timeout=60_000)
