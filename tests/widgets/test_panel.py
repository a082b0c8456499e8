"""The panel, pressed as a person presses it: what it shows is what the viewer shows."""

import gc
import threading
import weakref
from itertools import pairwise

import numpy as np
import pytest
from qtpy.QtCore import QEvent, QObject, Qt
from qtpy.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QSlider,
)

import napari_colorcluster as ncc
from napari_colorcluster.core.clustering.settings import Settings
from napari_colorcluster.layers.regions.region import Region
from napari_colorcluster.layers.result.results import results
from napari_colorcluster.session import run as run_module
from napari_colorcluster.session.run import Run
from napari_colorcluster.widgets import ColorClusteringPanel


def shown(panel):
    """The palette in the table, as hex codes in the order shown."""
    model = panel.palette.table.model()
    return [model.index(row, 2).data() for row in range(model.rowCount())]


def test_pressing_the_button_clusters(panel, press, viewer, thumbnail):
    press()
    expected = ncc.cluster_colors(thumbnail)
    np.testing.assert_array_equal(viewer.layers["photo clusters"].data, expected.predict(thumbnail))
    np.testing.assert_array_equal(
        viewer.layers["photo quantized"].data, expected.quantize(thumbnail)
    )
    assert shown(panel) == list(expected.palette.hex)


def test_a_result_may_have_one_layer_alone(panel, press, viewer):
    panel.form.layers.value = "clusters"
    press()
    assert [layer.name for layer in viewer.layers] == ["photo", "photo clusters"]
    panel.form.layers.value = "quantized"
    viewer.layers.remove("photo clusters")
    press()
    assert [layer.name for layer in viewer.layers] == ["photo", "photo quantized"]
    assert len(shown(panel)) == 5
    assert panel.shown.clusters_layer() is None


def test_the_widgets_say_what_is_done(panel, press, viewer, thumbnail):
    form = panel.form
    form.method.value = "agglomerative"
    form.n_clusters.value = 3
    form.color_space.value = "hsv"
    form.standardize.value = True
    form.random_state.value = 7
    press()
    told = viewer.layers["photo clusters"].metadata["napari_colorcluster"]["settings"]
    assert told == {
        "n_clusters": 3,
        "method": "agglomerative",
        "color_space": "hsv",
        "standardize": True,
        "lightness_weight": 1.0,
        "random_state": 7,
        "linkage": "ward",
        "distance_threshold": None,
        "max_colors": 300_000,
    }


def test_only_rgb_images_are_offered(panel, viewer, thumbnail):
    viewer.add_image(thumbnail[..., 0], name="gray")
    viewer.add_image(thumbnail, name="other", rgb=True)
    assert [layer.name for layer in panel.form.image.choices] == ["photo", "other"]
    viewer.layers.remove("photo")
    assert [layer.name for layer in panel.form.image.choices] == ["other"]


def test_the_image_follows_the_active_layer(panel, press, viewer, thumbnail):
    photo = viewer.layers["photo"]
    other = viewer.add_image(thumbnail[::-1].copy(), name="other", rgb=True)
    assert panel.form.image.value is other
    viewer.layers.selection.active = photo
    assert panel.form.image.value is photo
    press()
    assert viewer.layers.selection.active is viewer.layers["photo clusters"]
    assert panel.form.image.value is photo
    viewer.layers.selection.active = other
    assert shown(panel) == []
    viewer.layers.selection.active = viewer.layers["photo quantized"]
    assert panel.form.image.value is photo
    assert len(shown(panel)) == 5


def test_a_renamed_image_is_offered_by_its_new_name(panel, viewer, thumbnail):
    other = viewer.add_image(thumbnail, name="other", rgb=True)
    other.name = "leaf"
    assert panel.form.image.value is other
    assert panel.form.image.current_choice == "leaf"


def test_without_its_image_no_palette_is_left(panel, press, viewer):
    press()
    assert shown(panel)
    viewer.layers.remove("photo")
    assert panel.form.image.value is None
    assert shown(panel) == []


def test_the_console_and_the_panel_agree(panel, press, viewer):
    press()
    clustering = ncc.cluster_layer(viewer, n_clusters=2)
    assert shown(panel) == list(clustering.palette.hex)


def test_the_sweep_is_drawn_and_a_click_takes_its_k(qtbot, panel, press, viewer):
    choose = panel.choose_k
    choose.first.setValue(2)
    choose.last.setValue(5)
    choose.button.click()
    qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)
    assert choose.plot.isVisibleTo(choose)
    assert "Suggested: k = " in choose.advice.text()
    assert "A suggestion" in choose.advice.text()
    choose.plot.k_clicked.emit(4)
    qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)
    assert panel.form.n_clusters.value == 4
    assert len(shown(panel)) == 4
    assert np.unique(viewer.layers["photo clusters"].data).tolist() == [1, 2, 3, 4]


def test_the_range_may_be_given_backwards(qtbot, panel):
    panel.choose_k.first.setValue(4)
    panel.choose_k.last.setValue(2)
    with qtbot.waitSignal(panel.choose_k.sweep_requested) as wanted:
        panel.choose_k.button.click()
    assert list(wanted.args[0]) == [2, 3, 4]
    qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)


def test_the_suggested_k_is_shown_on_request(qtbot, panel, viewer):
    panel.run_suggested()
    qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)
    suggested = panel.session.sweep_of(viewer.layers["photo"]).suggested
    assert panel.form.n_clusters.value == suggested
    assert len(shown(panel)) == suggested


def test_the_suggested_k_is_cleaned_as_before(qtbot, panel, viewer, press):
    press()
    panel.palette.edit_requested.emit("clean", (12,))
    qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)
    panel.run_suggested()
    qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)
    assert results.of(viewer.layers["photo"]).segmentation.min_pixels == 12


def test_the_curves_mark_what_was_asked_and_not_what_edits_left(qtbot, panel, press):
    press()
    press(panel.choose_k.button)
    panel.palette.edit_requested.emit("merge", ([1, 2],))
    qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)
    assert len(shown(panel)) == 4
    assert panel.choose_k.plot._status.text().startswith("k = 5: ")


def test_a_long_name_does_not_widen_the_panel(qtbot, viewer, thumbnail):
    viewer.layers["photo"].name = "a photo with a name that is longer than the dock is wide.tif"
    viewer.add_labels(np.ones(thumbnail.shape[:2], int), name="a region with such a name as well")
    panel = ColorClusteringPanel(viewer)
    qtbot.addWidget(panel.native)
    with qtbot.waitExposed(panel.native):
        panel.native.show()
    assert panel.native.minimumSizeHint().width() <= 320


def test_the_tab_key_goes_through_the_panel_from_top_to_bottom(qtbot, panel, press):
    press()
    panel.palette.table.select((1,))
    with qtbot.waitActive(panel.native):
        panel.native.activateWindow()
    panel.form.image.native.setFocus()
    places = []
    for _ in range(20):
        widget = QApplication.focusWidget()
        place = widget.mapTo(panel.native, widget.rect().center())
        places.append((place.y(), place.x()))
        qtbot.keyClick(widget, Qt.Key.Key_Tab)
        if widget is panel.palette.edit_bar.save:
            break
    bar = panel.palette.edit_bar
    assert widget is bar.save
    rows = [y for y, _ in places]
    assert all(after > before - 4 for before, after in pairwise(rows))
    in_bar = [x for y, x in places if abs(y - rows[-1]) < 4]
    assert in_bar == sorted(in_bar)
    assert len(in_bar) == 4  # pick, split, more, save: the others have nothing to do


def test_every_control_says_what_it_is_for(panel):
    controls = [
        *panel.native.findChildren(QAbstractButton),
        *panel.native.findChildren(QComboBox),
        *panel.native.findChildren(QAbstractSpinBox),
        *panel.native.findChildren(QSlider),
    ]
    # The table tells of each row, and what is done with more images is a part of its own.
    parts = panel.many.view, panel.palette.table
    silent = [
        each
        for each in controls
        if not any(part.isAncestorOf(each) for part in parts) and not _tip(panel, each)
    ]
    assert silent == []


def _tip(panel, widget):
    """The tooltip that shows over a widget: its own, or that of what it is a part of."""
    while widget is not panel.native:
        if widget.toolTip():
            return widget.toolTip()
        widget = widget.parentWidget()
    return ""


def test_the_button_cancels_while_it_works(qtbot, panel, viewer, monkeypatch):
    reached = threading.Event()

    def endless(run, counted, data, progress, *rest):
        while True:
            progress(0.5, "Going on")
            reached.set()

    monkeypatch.setattr(Run, "do", endless)
    assert panel.button.text() == "Cluster"
    qtbot.mouseClick(panel.button, Qt.MouseButton.LeftButton)
    assert panel.button.text() == "Cancel"
    assert not panel.choose_k.button.isEnabled()
    assert reached.wait(30)
    qtbot.waitUntil(lambda: panel.progress.value() > 0, timeout=10_000)
    qtbot.mouseClick(panel.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.button.text() == "Cluster", timeout=30_000)
    assert panel.button.isEnabled()
    assert panel.progress.value() == 0
    assert [layer.name for layer in viewer.layers] == ["photo"]


@pytest.mark.parametrize("asked", [0, 65_536])
def test_too_many_or_too_few_clusters_are_refused_in_a_sentence(panel, asked):
    with pytest.raises(ValueError, match=str(asked)):
        panel.form.n_clusters.value = asked
    assert panel.form.n_clusters.value == 5


def test_of_fewer_colors_than_k_each_is_a_cluster_and_one_line_says_so(
    panel, press, told, viewer, qtbot
):
    viewer.layers["photo"].data = np.repeat(np.uint8([[[9, 9, 9], [200, 0, 0]]]), 9, axis=0)
    press()
    assert panel.palette.table.model().rowCount() == 2
    expected = "The image has only 2 distinct colors, so there are 2 clusters instead of 5."
    assert panel.status.line.state.endswith(f": 18 pixels. {expected}")
    assert panel.status.line.isVisible()
    panel.live.setChecked(True)
    for k in (6, 7, 8):
        panel.form.n_clusters.value = k
    qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)
    assert panel.status.line.state.endswith(f": 18 pixels. {expected.replace('5', '8')}")
    panel.form.n_clusters.value = 2
    qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)
    assert panel.status.line.state == "k-means, k = 2, CIELAB: 18 pixels."
    assert told == []


def test_without_an_rgb_image_it_says_so(panel, press, told, viewer, thumbnail):
    viewer.layers.clear()
    press()
    assert "open an RGB image" in told.pop()[1]
    viewer.add_image(thumbnail[..., 0], name="gray")
    press()
    assert "'gray' is a grayscale image" in told.pop()[1]


def test_lightness_is_asked_where_there_is_one(panel):
    assert panel.form.lightness_weight.enabled
    panel.form.lightness_weight.value = 0.5
    panel.form.color_space.value = "rgb"
    assert not panel.form.lightness_weight.enabled
    assert panel.form.settings().lightness_weight == 1
    panel.form.color_space.value = "oklab"
    assert panel.form.settings().lightness_weight == 0.5


def test_a_method_brings_its_own_options(panel):
    panel.form.method.value = "agglomerative"
    assert panel.form.settings().options == {
        "linkage": "ward",
        "distance_threshold": None,
        "max_colors": 300_000,
    }
    panel.form.method.value = "kmeans"
    assert panel.form.settings().options == {"effort": "default"}
    panel.form.method.value = "median_cut"
    assert panel.form.settings().options == {}


@pytest.mark.parametrize("method", ["mean_shift", "dbscan"])
def test_k_is_not_asked_where_the_method_finds_it(panel, press, viewer, thumbnail, method):
    form, sweep = panel.form, panel.choose_k.button
    usual = sweep.toolTip()
    assert form.requested_n_clusters() == 5
    form.method.value = method
    assert not form.n_clusters.enabled
    assert form.requested_n_clusters() is None
    assert not sweep.isEnabled()
    assert sweep.toolTip() == "This method finds k itself, so there is nothing to try."
    press()
    assert not sweep.isEnabled()
    expected = ncc.cluster_colors(thumbnail, None, method)
    assert shown(panel) == list(expected.palette.hex)
    form.method.value = "kmeans"
    assert form.n_clusters.enabled
    assert sweep.isEnabled()
    assert sweep.toolTip() == usual


def test_a_threshold_takes_the_place_of_k(panel, press, thumbnail):
    form = panel.form
    form.method.value = "agglomerative"
    [threshold] = [
        widget for widget in form._options["agglomerative"] if widget.name == "distance_threshold"
    ]
    assert threshold.native.text() == "off"
    assert form.requested_n_clusters() == 5
    threshold.value = 400
    assert not form.n_clusters.enabled
    press()
    expected = ncc.cluster_colors(thumbnail, None, "agglomerative", distance_threshold=400)
    assert shown(panel) == list(expected.palette.hex)
    threshold.value = None
    assert form.requested_n_clusters() == 5


@pytest.mark.parametrize("method", ncc.METHODS)
def test_untouched_options_are_the_methods_defaults(panel, method):
    panel.form.method.value = method
    assert panel.form.settings() == Settings(method)


def test_nothing_is_wider_than_the_dock(qtbot, panel, press):
    press()
    panel.choose_k.button.click()
    qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)
    assert panel.native.minimumSizeHint().width() <= 320


def test_a_closed_panel_lets_go_of_its_viewer(qtbot, viewer, thumbnail, told):
    panel = ColorClusteringPanel(viewer)
    panel.run()
    panel.native.close()
    panel.native.deleteLater()
    gone = weakref.ref(panel)
    del panel
    QApplication.sendPostedEvents(None, 52)  # QEvent.DeferredDelete
    QApplication.processEvents()
    viewer.add_image(thumbnail, name="later", rgb=True)
    viewer.layers.remove("photo")
    ncc.cluster_layer(viewer, "later", n_clusters=2)
    qtbot.wait(200)
    gc.collect()
    assert gone() is None


def test_progress_is_painted_with_all_else_and_not_at_once(panel, qtbot):
    qtbot.wait(50)

    class Painted(QObject):
        times = 0

        def eventFilter(self, watched, event):
            self.times += event.type() == QEvent.Type.Paint
            return False

    painted = Painted()
    panel.progress.installEventFilter(painted)
    panel.session.progressed.emit(0.5, "Half")
    assert panel.progress.value() == 50
    assert painted.times == 0
    qtbot.waitUntil(lambda: painted.times > 0)


def test_a_script_names_the_layers_as_they_are_called_now(panel, press, viewer, thumbnail):
    drawn = np.zeros(thumbnail.shape[:2], np.uint8)
    drawn[4:30, 6:40] = 1
    leaf = viewer.add_labels(drawn, name="leaf")
    ncc.cluster_layer(viewer, "photo", n_clusters=3, region={"layer": "leaf"})
    leaf.name = "blade"
    panel.copy_script()
    assert "'layer': 'blade'" in QApplication.clipboard().text()


def test_no_script_is_made_of_a_result_under_a_mask(panel, viewer, thumbnail, told):
    QApplication.clipboard().setText("before")
    mask = np.arange(thumbnail.shape[0])[:, np.newaxis] < np.full(thumbnail.shape[1], 20)
    ncc.cluster_layer(viewer, "photo", n_clusters=3, mask=mask)
    panel.copy_script()
    assert "cannot hold the mask" in told.pop()[1]
    assert QApplication.clipboard().text() == "before"


def test_other_data_have_no_palette_yet(qtbot, panel, press, viewer, thumbnail):
    photo = viewer.layers["photo"]
    press()
    made = [viewer.layers[f"photo {what}"] for what in ("clusters", "quantized")]
    before = shown(panel)
    photo.data = thumbnail[::-1, :40].copy()
    assert results.of(photo) is None
    # What there was stays to be read, and says of itself that it is old.
    assert shown(panel) == before
    assert panel.status.line.news == "Out of date: the image has new data. Press Cluster to update."
    assert not any(layer.visible for layer in made)
    press()
    assert panel.status.line.news == ""
    assert all(layer.visible for layer in made)
    assert len(shown(panel)) == 5
    assert viewer.layers["photo clusters"].data.shape == (47, 40)
    assert len(viewer.layers) == 3
    panel.live.setChecked(True)
    qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)
    photo.data = thumbnail[:20].copy()
    qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)
    assert results.of(photo).palette.n_pixels == 20 * 68


def test_the_area_follows_the_size_of_pixels(panel, press, viewer):
    press()
    photo, table = viewer.layers["photo"], panel.palette.table.model().sourceModel()
    assert table.shown.pixel_size is None
    photo.units = ("mm", "mm")
    assert table.shown.pixel_size.unit == "mm²"
    photo.scale = (2, 3)
    assert table.shown.pixel_size.size == 6


def test_live_a_region_is_found_anew_where_the_image_is_moved(qtbot, panel, press, viewer):
    photo = viewer.layers["photo"]
    drawn = np.zeros((47, 68), np.uint8)
    drawn[:, :34] = 1
    leaf = viewer.add_labels(drawn, name="leaf")
    viewer.layers.selection.active = photo
    panel.form.region.value = Region(leaf)
    press()
    panel.live.setChecked(True)
    qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)
    photo.translate = (0, 24)
    qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)
    np.testing.assert_array_equal(results.of(photo).labels.data.any(axis=0), np.arange(68) < 10)


def test_live_an_image_that_is_turned_to_keeps_its_result(qtbot, panel, press, viewer, thumbnail):
    photo = viewer.layers["photo"]
    press()
    panel.palette.edit_requested.emit("merge", ([1, 2],))
    qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)
    panel.live.setChecked(True)
    qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)
    panel.palette.undo_requested.emit()
    qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)
    made = results.of(photo).segmentation
    other = viewer.add_image(thumbnail[::-1].copy(), name="other", rgb=True)
    panel.form.color_space.value = "rgb"
    panel.form.n_clusters.value = 3
    qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)
    assert results.of(other).clustering.n_clusters == 3
    viewer.layers.selection.active = photo
    qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)
    assert results.of(photo).segmentation is made
    assert panel.form.n_clusters.value == 5
    assert panel.form.color_space.value == "lab"


def test_undo_asks_for_the_region_that_is_shown_again(qtbot, panel, press, viewer):
    photo = viewer.layers["photo"]
    drawn = np.zeros((47, 68), np.uint8)
    drawn[:, :34] = 7
    leaf = viewer.add_labels(drawn, name="leaf")
    viewer.layers.selection.active = photo
    leaf.selected_label = 7
    panel.form.region.region = Region(leaf, 7)
    press()
    panel.palette.edit_requested.emit("merge", ([1, 2],))
    qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)
    leaf.selected_label = 1
    panel.form.region.region = None
    press()
    assert panel.form.region.region is None
    panel.palette.undo_requested.emit()
    qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)
    assert panel.form.region.region == Region(leaf, 7)


def test_a_k_of_a_sweep_asks_for_how_it_was_swept(qtbot, panel, press):
    choose = panel.choose_k
    panel.form.color_space.value = "rgb"
    press(choose.button)
    assert "These curves are for" not in choose.advice.text()
    panel.form.color_space.value = "lab"
    assert "These curves are for k-means in sRGB" in choose.advice.text()
    press()
    assert not choose.plot._status.text().startswith("k = 5: ")
    choose.plot.k_clicked.emit(4)
    qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)
    assert panel.form.color_space.value == "rgb"
    assert choose.plot._status.text().startswith("k = 4: ")
    assert "These curves are for" not in choose.advice.text()


def test_nothing_stays_dimmed_where_nobody_looks(panel, press, viewer, thumbnail):
    press()
    photo = viewer.layers["photo"]
    labels = results.of(photo).labels
    plain = labels.colormap.map(labels.data)
    panel.palette.table.select((2,))
    assert not np.array_equal(labels.colormap.map(labels.data), plain)
    viewer.add_image(thumbnail[::-1].copy(), name="other", rgb=True)
    np.testing.assert_array_equal(labels.colormap.map(labels.data), plain)
    viewer.layers.selection.active = photo
    panel.palette.table.select((2,))
    photo.data = thumbnail[::-1].copy()
    np.testing.assert_array_equal(labels.colormap.map(labels.data), plain)


def test_a_panel_that_is_closed_leaves_nothing_dimmed(qtbot, viewer):
    panel = ColorClusteringPanel(viewer)
    panel.run()
    qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)
    labels = viewer.layers["photo clusters"]
    plain = labels.colormap.map(labels.data)
    panel.palette.table.select((2,))
    panel.native.close()
    panel.native.deleteLater()
    QApplication.sendPostedEvents(None, 52)  # QEvent.DeferredDelete
    np.testing.assert_array_equal(labels.colormap.map(labels.data), plain)


def test_a_run_that_is_asked_for_while_another_stops_can_be_cancelled(qtbot, panel, monkeypatch):
    def endless(run, counted, data, progress, *rest):
        while True:
            progress(0.5, "Going on")

    monkeypatch.setattr(Run, "do", endless)
    panel.live.setChecked(True)
    qtbot.waitUntil(lambda: panel.button.text() == "Cancel", timeout=10_000)
    qtbot.mouseClick(panel.button, Qt.MouseButton.LeftButton)
    assert panel.button.text() == "Stopping…"
    panel.form.n_clusters.value = 4
    qtbot.waitUntil(lambda: panel.button.text() == "Cancel", timeout=10_000)
    assert panel.button.isEnabled()
    panel.live.setChecked(False)
    qtbot.mouseClick(panel.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.button.text() == "Cluster", timeout=10_000)


def test_the_note_of_a_first_look_says_whether_more_is_coming(
    qtbot, panel, viewer, photo, monkeypatch
):
    monkeypatch.setattr(run_module, "FIRST_LOOK_PIXELS", photo[::2, ::2].size // 3)
    pyramid = viewer.add_image([photo, photo[::2, ::2]], name="pyramid", rgb=True)
    heard = []

    def stop(image):
        heard.append(panel.status.line.state)
        panel.session.cancel()

    results.changed.connect(stop)
    panel.run()
    qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=30_000)
    results.changed.disconnect(stop)
    assert results.of(pyramid).segmentation.level == 1
    [said] = heard
    assert said.endswith(" A preview from level 1 of the pyramid: the exact shares follow.")
    assert panel.status.line.state.endswith("of the pyramid: press Cluster for the exact shares.")
    panel.run()
    qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=30_000)
    assert panel.status.line.state == "k-means, k = 5, CIELAB: 50,320 pixels."


@pytest.mark.parametrize(
    "keywords",
    [
        {"lightness_weight": 0.0125},
        {"lightness_weight": 25},
        {"random_state": 2**32 - 1},
        {"method": "agglomerative", "max_colors": 1234567},
        {"max_distance": 12.3456},
        {"n_clusters": 300},
    ],
    ids=lambda keywords: ", ".join(keywords),
)
def test_the_form_can_ask_for_all_that_the_console_can(panel, viewer, photo, keywords):
    viewer.add_image(photo[::4, ::4], name="other", rgb=True)
    clustering = ncc.cluster_layer(viewer, "other", **keywords)
    panel.form.set_settings(clustering.settings)
    assert panel.form.settings() == Settings.from_dict(clustering.settings)
    assert panel.form.requested_n_clusters() == clustering.settings["n_clusters"]


def test_pixels_changed_in_place_are_counted_anew_by_a_command(qtbot, panel, press, viewer):
    image = viewer.layers["photo"]
    image.data = image.data.copy()
    panel.form.n_clusters.value = 1
    press()
    image.data[:] = [0, 0, 255]
    panel.run()
    qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)
    assert results.of(image).palette.hex == ("#0000ff",)


def test_pixels_changed_in_place_are_counted_anew_at_a_press(panel, press, viewer):
    image = viewer.layers["photo"]
    image.data = image.data.copy()
    panel.form.n_clusters.value = 2
    press()
    image.data[:] = 0
    image.data[:10] = [255, 0, 0]
    image.refresh()
    press()
    result = results.of(image)
    assert sorted(result.palette.hex) == ["#000000", "#ff0000"]
    found = np.unique(result.labels.data, return_counts=True)
    assert dict(zip(*map(np.ndarray.tolist, found), strict=True)) == dict(
        zip(result.palette.labels.tolist(), result.palette.pixels.tolist(), strict=True)
    )
    image.data[:20] = [255, 0, 0]
    panel.sweep_fold.open()
    press(panel.choose_k.button)
    [tried] = panel.session.sweep_of(image).values()
    assert tried.histogram.counts.tolist() == [27 * 68, 20 * 68]


def test_what_is_left_out_is_told_with_the_reason(panel, press, viewer, thumbnail):
    alpha = np.full(thumbnail.shape[:2], 255, np.uint8)
    alpha[:10] = 100
    alpha[0] = 0
    layer = viewer.add_image(np.dstack([thumbnail, alpha]), name="cut out", rgb=True)
    press()
    assert panel.status.line.state.endswith(": 2,516 pixels, left out: 680 transparent.")
    assert panel.status.line.isVisible()
    panel.form.min_alpha.value = 0.2
    press()
    assert panel.status.line.state.endswith(": 3,128 pixels, left out: 68 transparent.")
    assert results.of(layer).clustering.min_alpha == 0.2
    drawn = np.ones(thumbnail.shape[:2], np.uint8)
    drawn[-3:] = 0
    viewer.add_labels(drawn, name="leaf")
    panel.form.image.value = layer
    panel.form.region.value = panel.form.region.choices[1]
    press()
    assert panel.status.line.state.endswith(
        ": 2,924 pixels, left out: 204 outside the mask, 68 transparent."
    )
    viewer.layers.selection.active = viewer.layers["photo"]
    assert "left out" not in panel.status.line.state
