"""A panel in a real window, closed by its dock's ✕: nothing is left. Opened again, it is one."""

import gc
import weakref

import numpy as np
import pytest
from napari._app_model import get_app_model
from qtpy.QtCore import Qt, QThreadPool, QTimer
from qtpy.QtWidgets import QApplication, QPushButton

import napari_colorcluster as ncc
from napari_colorcluster.layers.result.results import results
from napari_colorcluster.widgets.commands import open_panel
from napari_colorcluster.widgets.panel import ColorClusteringPanel


@pytest.fixture
def window(make_napari_viewer, thumbnail, told):
    viewer = make_napari_viewer(show=True)
    viewer.window.resize(1000, 800)
    viewer.add_image(thumbnail, name="photo", rgb=True)
    ncc.cluster_layer(viewer, n_clusters=3)
    return viewer


@pytest.fixture
def close(qtbot):
    """Press the ✕ of the dock that a panel is in."""

    def press(panel):
        dock = panel.native.parent()
        qtbot.mouseClick(
            dock.findChild(QPushButton, "QTitleBarCloseButton"), Qt.MouseButton.LeftButton
        )

    return press


def docked(viewer):
    return [each for each in viewer.window.dock_widgets.values() if is_panel(each)]


def is_panel(widget):
    return isinstance(widget, ColorClusteringPanel)


def use(qtbot, panel, *, color_space):
    """Turn on all that reaches beyond the panel."""
    qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)
    panel.live.setChecked(True)
    panel.palette.table.select((1,))
    panel.calibration.place()
    panel.picker.setChecked(True)
    panel.calibration.view.gray.setChecked(True)
    for fold in (panel.sweep_fold, panel.pattern_fold, panel.calibrate_fold, panel.more_fold):
        fold.open()
    panel.pattern.measure()
    if color_space:
        panel.show_color_space()
        qtbot.wait(100)


def listeners(viewer):
    """How many listen to a viewer, to its layers and to results, by what they listen to."""
    emitters = {
        (name, event): emitter
        for name, group in {
            "viewer": viewer.events,
            "layers": viewer.layers.events,
            "selection": viewer.layers.selection.events,
            "dims": viewer.dims.events,
            "cursor": viewer.cursor.events,
            "camera": viewer.scene.camera.events,
            **{layer.name: layer.events for layer in viewer.layers},
        }.items()
        for event, emitter in group.emitters.items()
    }
    counts = {key: len(emitter.callbacks) for key, emitter in emitters.items() if emitter}
    for kind in ("move", "drag", "wheel", "double_click"):
        counts[kind] = len(getattr(viewer, f"mouse_{kind}_callbacks"))
    counts["results"] = len(results.changed)
    return counts


def ours():
    """The widgets of the plugin, and the timers that run."""
    widgets = [
        each
        for each in QApplication.allWidgets()
        if type(each).__module__.startswith("napari_colorcluster")
    ]
    timers = [
        timer
        for widget in QApplication.topLevelWidgets()
        for timer in widget.findChildren(QTimer)
        if timer.isActive()
    ]
    return len(widgets), len(timers)


def test_five_panels_closed_by_their_cross_leave_nothing(qtbot, window, close):
    labels = window.layers["photo clusters"]
    colors = labels.colormap.color_dict
    qtbot.wait(300)
    before, names = listeners(window), [layer.name for layer in window.layers]
    threads, (widgets, timers) = QThreadPool.globalInstance().activeThreadCount(), ours()

    def open_and_close(number):
        panel = open_panel(window)
        use(qtbot, panel, color_space=number == 0)
        close(panel)
        assert listeners(window) == before
        return weakref.ref(panel)

    panels = [open_and_close(number) for number in range(5)]
    assert docked(window) == []
    assert [layer.name for layer in window.layers] == names
    assert labels.colormap.color_dict.keys() == colors.keys()
    assert all(np.array_equal(labels.colormap.color_dict[key], colors[key]) for key in colors)
    assert window.cursor.style == "standard"
    qtbot.waitUntil(
        lambda: QThreadPool.globalInstance().activeThreadCount() <= threads, timeout=60_000
    )
    qtbot.waitUntil(lambda: ours() == (widgets, timers))
    # What the threads have signaled is still to be heard, and holds panels until then.
    qtbot.wait(50)
    gc.collect()
    assert [panel for panel in panels if panel() is not None] == []
    assert listeners(window) == before


def test_a_live_run_ends_with_its_panel(qtbot, window, close, photo):
    image, shown = window.layers["photo"], []
    panel = open_panel(window)
    panel.live.setChecked(True)
    results.changed.connect(shown.append)
    panel.form.n_clusters.value = 7
    assert panel.session.is_busy
    close(panel)
    image.data = photo
    qtbot.waitUntil(lambda: QThreadPool.globalInstance().activeThreadCount() == 0, timeout=60_000)
    qtbot.wait(100)
    results.changed.disconnect(shown.append)
    assert shown == []


def test_a_panel_that_floats_or_is_hidden_goes_on(qtbot, window, thumbnail):
    panel = open_panel(window)
    dock = panel.native.parent()
    for change in (lambda: dock.setFloating(True), dock.close, dock.show):
        change()
        qtbot.wait(50)
    dock.setFloating(False)
    window.add_image(thumbnail, name="later", rgb=True)
    assert [layer.name for layer in panel.form.image.choices] == ["photo", "later"]


def test_however_it_is_opened_it_is_one(qtbot, window):
    panel = open_panel(window)
    dock, again = window.window.add_plugin_dock_widget("napari-colorcluster")
    assert again is panel
    # napari's menu hides a panel that is shown, and shows one that is hidden.
    for is_shown in (False, True):
        get_app_model().commands.execute_command("napari-colorcluster.panel").result()
        assert docked(window) == [panel]
        assert dock.isVisible() is is_shown
    dock.close()
    assert open_panel(window) is panel
    assert dock.isVisible()


def test_one_that_is_behind_another_is_raised(qtbot, window):
    panel = open_panel(window)
    other = QPushButton()
    window.window.add_dock_widget(other, name="other", tabify=True)
    qtbot.waitUntil(lambda: not panel.native.visibleRegion().boundingRect().isValid())
    open_panel(window)
    qtbot.waitUntil(lambda: panel.native.visibleRegion().boundingRect().isValid())


def test_what_was_done_can_be_undone_in_the_next_panel(qtbot, window, close):
    def rest(panel):
        qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)

    image = window.layers["photo"]
    panel = open_panel(window)
    panel.session.edit(image, "rename", 1, "bone")
    rest(panel)
    close(panel)
    ncc.cluster_layer(window, image, n_clusters=2)
    panel = open_panel(window)
    assert len(panel.session.history_of(image).past) == 2
    for names in (True, False):
        qtbot.mouseClick(panel.palette.edit_bar.undo, Qt.MouseButton.LeftButton)
        rest(panel)
        assert len(results.of(image).palette) == 3
        assert ("bone" in results.of(image).palette.names) is names
