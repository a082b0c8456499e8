"""The panel while a person looks and corrects: live, linked, edited, undone, copied."""

import numpy as np
import pytest
from qtpy.QtCore import QEvent, QPointF, Qt
from qtpy.QtGui import QGuiApplication, QMouseEvent
from qtpy.QtWidgets import QApplication

import napari_colorcluster as ncc
from napari_colorcluster import SphericalRange
from napari_colorcluster.core.clustering.editing.limiting import distances
from napari_colorcluster.core.clustering.edits import EDITS
from napari_colorcluster.core.color.differences import min_delta_e
from napari_colorcluster.layers.images.shown import Shown
from napari_colorcluster.layers.result.results import label_colormap, results
from napari_colorcluster.widgets.parts.ask import NumberDialog


@pytest.fixture
def image(viewer):
    return viewer.layers["photo"]


@pytest.fixture
def rest(qtbot, panel):
    """Wait until all that was asked for is shown."""

    def wait():
        qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)

    return wait


@pytest.fixture
def clustered(panel, press):
    press()
    return panel


def n_clusters(image):
    return results.of(image).clustering.n_clusters


def test_nothing_runs_by_itself_unless_live(clustered, image, rest):
    clustered.form.n_clusters.value = 8
    rest()
    assert n_clusters(image) == 5


def test_turning_live_on_brings_the_result_up_to_date(clustered, image, rest):
    clustered.form.n_clusters.value = 8
    clustered.live.setChecked(True)
    rest()
    assert n_clusters(image) == 8


def test_live_the_last_value_wins(clustered, image, rest, viewer):
    layers = list(viewer.layers)
    clustered.live.setChecked(True)
    for k in (2, 9, 4, 7, 3):
        clustered.form.n_clusters.value = k
    rest()
    assert n_clusters(image) == 3
    assert list(viewer.layers) == layers


@pytest.mark.parametrize(
    "change",
    [
        lambda form: setattr(form.method, "value", "median_cut"),
        lambda form: setattr(form.color_space, "value", "rgb"),
        lambda form: setattr(form.standardize, "value", True),
        lambda form: setattr(form.lightness_weight, "value", 0.2),
        lambda form: setattr(form.random_state, "value", 7),
        lambda form: setattr(form.min_alpha, "value", 0.2),
    ],
    ids=["method", "space", "standardize", "lightness", "seed", "least alpha"],
)
def test_live_follows_whatever_is_asked(clustered, image, rest, change):
    clustered.live.setChecked(True)
    rest()
    change(clustered.form)
    rest()
    made = results.of(image).clustering.keywords
    assert made == clustered.form.settings().to_dict(5)


def test_live_follows_what_is_drawn(clustered, image, rest, viewer):
    shapes = viewer.add_shapes(
        [np.array([[0, 0], [0, 20], [20, 20], [20, 0]])], name="outline", shape_type="rectangle"
    )
    clustered.form.image.value = image
    [inside, _] = clustered.form.region.choices[1:]
    clustered.live.setChecked(True)
    clustered.form.region.value = inside
    rest()
    before = results.of(image).palette.n_pixels
    assert 0 < before < image.data.size // 3
    shapes.add_rectangles(np.array([[25, 25], [25, 40], [40, 40], [40, 25]]))
    rest()
    assert results.of(image).palette.n_pixels > before
    clustered.form.region.native.setCurrentIndex(0)
    rest()
    assert results.of(image).palette.n_pixels == image.data.size // 3
    assert clustered.progress.value() == 0


def test_selected_rows_stand_out_on_the_canvas(clustered, image, viewer):
    layer = results.of(image).labels
    clustered.palette.table.select((2,))
    shown = layer.colormap.color_dict
    np.testing.assert_allclose(shown[2][:3], results.of(image).palette.colors[1] / 255, atol=1e-6)
    assert all(not np.array_equal(shown[label], shown[2]) for label in (1, 3, 4, 5))
    clustered.palette.table.select(())
    plain = label_colormap(results.of(image).palette).color_dict
    for label, color in plain.items():
        np.testing.assert_array_equal(layer.colormap.color_dict[label], color)


def test_rows_stay_dimmed_after_an_edit(clustered, image, rest):
    clustered.palette.table.select((2,))
    clustered.palette.edit_requested.emit("recolor", (2, "#00ff00"))
    rest()
    shown = results.of(image).labels.colormap.color_dict
    np.testing.assert_allclose(shown[2], [0, 1, 0, 1])
    assert not np.allclose(shown[1][:3], results.of(image).palette.colors[0] / 255)


def test_a_picked_cluster_is_selected_and_nothing_picked_clears(clustered):
    clustered.picker.picked.emit(3, False)
    assert clustered.palette.table.selected_labels() == (3,)
    clustered.picker.picked.emit(1, True)
    assert clustered.palette.table.selected_labels() == (1, 3)
    clustered.picker.picked.emit(0, False)
    assert clustered.palette.table.selected_labels() == ()


def test_keys_undo_and_redo(clustered, image, rest, qtbot):
    clustered.palette.edit_requested.emit("merge", ([1, 2],))
    rest()
    assert n_clusters(image) == 4
    with qtbot.waitActive(clustered.native):
        clustered.native.activateWindow()
    clustered.palette.table.setFocus()
    qtbot.keyClick(clustered.palette.table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    rest()
    assert n_clusters(image) == 5
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(clustered.palette.table, Qt.Key.Key_Z, both)
    rest()
    assert n_clusters(image) == 4


def test_undoing_a_run_asks_for_what_is_shown(clustered, image, rest):
    clustered.palette.edit_requested.emit("merge", ([1, 2],))
    rest()
    clustered.form.n_clusters.value = 7
    clustered.form.color_space.value = "rgb"
    clustered.run()
    rest()
    clustered.palette.undo_requested.emit()
    rest()
    assert n_clusters(image) == 4
    assert clustered.form.n_clusters.value == 5
    assert clustered.form.color_space.value == "lab"


def test_the_copied_script_makes_the_same(clustered, image, rest, viewer, told):
    clustered.palette.edit_requested.emit("merge", ([1, 2],))
    clustered.palette.edit_requested.emit("rename", (3, 'a "quoted" name'))
    clustered.palette.edit_requested.emit("clean", (6,))
    rest()
    expected = results.of(image)
    labels, quantized = expected.labels.data.copy(), expected.quantized.data.copy()
    clustered.copy_script()
    assert "Copied a script" in told.pop()[1]
    script = QGuiApplication.clipboard().text()
    for name in ("photo clusters", "photo quantized"):
        viewer.layers.remove(name)
    exec(script, {"viewer": viewer})
    again = results.of(image)
    np.testing.assert_array_equal(again.labels.data, labels)
    np.testing.assert_array_equal(again.quantized.data, quantized)
    assert again.palette == expected.palette


def random_edit(random, result):
    """An edit that changes something: one that does not need not be a step."""
    clustering, palette = result.clustering, result.palette
    labels = palette.labels.tolist()
    one, few = int(random.choice(labels)), len(labels) < 4
    kind = random.integers(12)
    if kind == 0 and not few:
        return "merge", (sorted(random.choice(labels, 2, replace=False).tolist()),)
    if kind == 1 and len(labels) < 12 and np.count_nonzero(clustering.labels == one) > 1:
        return "split", (one, 2)
    if kind == 2:
        return "rename", (one, f"name {random.integers(10**9)}")
    if kind == 3:
        sizes = set(range(1, 9)) - {result.segmentation.min_pixels}
        return "clean", (int(random.choice(sorted(sizes))),)
    if kind == 4 and not few and random.random() < 0.1:
        return "set_background", (one,)
    if kind == 5 and not few:
        return "absorb", (round(float(np.sort(palette.fractions)[:2].mean()), 6),)
    if kind == 8 and not few:
        return "merge_similar", (round(min_delta_e(clustering.colors) + 0.001, 3),)
    if kind == 9 and not few and random.random() < 0.4:
        smallest = clustering.pixels.min() / clustering.pixels.sum()
        return "drop_and_refit", (round(float(smallest) + 1e-6, 6),)
    if kind == 10 and random.random() < 0.2:
        farthest = distances(clustering, clustering.histogram.colors, clustering.labels)
        return "leave_out_beyond", (round(0.9 * float(np.nanmax(farthest)), 3),)
    if kind == 7 and len(labels) < 12 and random.random() < 0.5:
        first = clustering.histogram.colors[np.flatnonzero(clustering.labels == one)[0]]
        color = "#{:02x}{:02x}{:02x}".format(*first)
        return "assign", (SphericalRange(color, 2),)
    if kind == 7 and not few:
        return "reorder", (labels[::-1],)
    if kind == 6:
        after = {"mean": "mode", "mode": "medoid", "medoid": "mean"}
        return "represent", (after[clustering.representative],)
    if kind == 7 and sorted(labels) != list(range(1, len(labels) + 1)):
        return "renumber", ()
    if kind == 11 and not few:
        color = clustering.histogram.colors[clustering.labels == one][0].tolist()
        around = SphericalRange("#{:02x}{:02x}{:02x}".format(*color), 0.5)
        return "assign", (around, next(label for label in labels if label != one))
    return "recolor", (one, f"#{random.integers(1 << 24):06x}")


def test_two_hundred_edits_are_undone_and_redone_one_by_one(clustered, image, rest):
    random, kinds = np.random.default_rng(1), set()

    def state():
        result = results.of(image)
        return result.palette, result.labels.data.tobytes(), result.quantized.data.tobytes()

    states = [state()]
    for _ in range(200):
        name, arguments = random_edit(random, results.of(image))
        kinds.add(name)
        clustered.palette.edit_requested.emit(name, arguments)
        rest()
        states.append(state())
    # The last two are parts of others: nobody asks for them.
    assert kinds == {*EDITS, "clean"} - {"relabel", "give_away"}
    for expected in states[-2::-1]:
        clustered.palette.undo_requested.emit()
        rest()
        assert state() == expected
    assert not clustered.palette.edits.undo.isEnabled()
    for expected in states[1:]:
        clustered.palette.redo_requested.emit()
        rest()
        assert state() == expected
    assert not clustered.palette.edits.redo.isEnabled()


def test_the_whole_clustering_is_saved_and_read_again(clustered, image, tmp_path, told):
    clustered.palette.save_requested.emit(str(tmp_path / "photo.json"))
    again = ncc.read_clustering(tmp_path / "photo.json")
    assert again.palette == results.of(image).palette
    clustered.palette.save_requested.emit(str(tmp_path / "no folder" / "photo.json"))
    assert "could not be saved" in told.pop()[1]


def test_areas_are_told_where_pixels_have_a_size(viewer, panel, press, thumbnail):
    viewer.add_image(thumbnail, name="slide", rgb=True, scale=(2, 3), units=("um", "um"))
    press()
    table = panel.palette.table
    titles = [table.model().headerData(i, Qt.Orientation.Horizontal) for i in range(7)]
    assert any(title.startswith("Area (µm²)") for title in titles)


def test_specks_can_be_given_as_an_area_of_the_planes_of_a_stack(viewer, panel, press, thumbnail):
    stack = np.stack([thumbnail, thumbnail[::-1]])
    units = ("um", "um", "um")
    viewer.add_image(stack, name="stack", rgb=True, scale=(10, 2, 3), units=units)
    press()
    panel.palette.edits.clean.trigger()
    dialog = panel.palette.findChild(NumberDialog)
    assert [dialog.units.itemText(at) for at in range(2)] == ["pixels", "µm²"]
    assert dialog.explanation.text() == "One pixel is 6.000 µm²."
    dialog.reject()


def test_bar_table_and_mouse_point_at_the_same_cluster(clustered):
    bar, table = clustered.palette.bar, clustered.palette.table
    plain = bar.grab().toImage(), table.viewport().grab().toImage()
    # Sent, not made by moving the pointer: where that is already, nothing is told.
    at = QPointF(table.visualRect(table.model().index(2, 1)).center())
    where, none = table.viewport().mapToGlobal(at), Qt.MouseButton.NoButton
    move = QMouseEvent(QEvent.Type.MouseMove, at, where, none, none, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(table.viewport(), move)
    assert bar.grab().toImage() != plain[0]
    assert table.viewport().grab().toImage() != plain[1]
    clustered.palette.hover(0)
    assert (bar.grab().toImage(), table.viewport().grab().toImage()) == plain


def test_the_color_space_is_one_click_away_once_there_is_a_result(panel, press, qtbot):
    button = panel.palette.view_button
    assert button.isVisible()
    assert not button.isEnabled()
    press()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(
        lambda: panel.shown.color_space is not None and panel.shown.color_space.isVisible()
    )
    row = panel.form.color_space.native.parentWidget().rect()
    assert row.contains(button.geometry())
    panel.shown.color_space.close()


def test_the_color_space_and_color_ranges_edit_what_the_table_shows(clustered, image, rest):
    clustered.show_color_space()
    view, table = clustered.shown.color_space, clustered.palette.table
    table.select((2,))
    assert view.scene.selected == (2,)
    labels = results.of(image).labels.data.copy()
    dark = ncc.RectangularRange((None,) * 3, (40, None, None))
    for source in (view.choices, clustered.palette.ranges):
        source.edit_requested.emit("assign", (dark, 1))
        rest()
        expected = np.where(dark(image.data.reshape(-1, 3)).reshape(labels.shape), 1, labels)
        np.testing.assert_array_equal(results.of(image).labels.data, expected)
        clustered.palette.undo_requested.emit()
        rest()
        np.testing.assert_array_equal(results.of(image).labels.data, labels)
    view.choices.rows_requested.emit((1, 3))
    assert sorted(table.selected_labels()) == [1, 3]
    view.close()


@pytest.mark.parametrize(("name", "value"), [("contrast_limits", (0, 90)), ("gamma", 0.4)])
def test_live_follows_how_the_image_is_shown(clustered, image, rest, name, value):
    clustered.live.setChecked(True)
    rest()
    before = results.of(image).clustering
    setattr(image, name, value)
    # What there was stays in the table until it is made anew.
    assert clustered.palette.table.model().rowCount() == 5
    rest()
    made = results.of(image).clustering
    assert made.palette != before.palette
    expected = ncc.cluster_colors(Shown.of(image).pictures[0]).palette
    # Similar colors keep their label.
    assert (made.palette.hex, made.palette.pixels.tolist()) == (
        expected.hex,
        expected.pixels.tolist(),
    )


def test_otherwise_shown_an_image_has_no_result_until_it_is_as_before(clustered, image):
    table, line = clustered.palette.table, clustered.status.line
    image.gamma = 0.4
    assert table.model().rowCount() == 5
    assert table.is_dimmed
    assert line.news == "Out of date: gamma is now 0.4. Press Cluster to update."
    assert results.of(image) is None
    assert clustered.session.history_of(image) is None
    image.gamma = 1
    assert table.model().rowCount() == 5
    assert not table.is_dimmed
    assert line.news == ""


def test_a_live_run_that_fails_leaves_an_old_palette_of_how_the_image_was_shown(
    clustered, image, rest, viewer, told
):
    drawn = np.ones(image.data.shape[:2], np.uint8)
    leaf = viewer.add_labels(drawn, name="leaf")
    clustered.form.image.value = image
    clustered.form.region.value = clustered.form.region.choices[1]
    clustered.live.setChecked(True)
    rest()
    assert clustered.palette.has_palette
    leaf.data[:] = 0  # in place: nothing tells that it has changed, until it is looked at again
    clustered.session.state.placed.of(None, image)
    image.gamma = 0.5
    rest()
    [(_, message)] = told
    assert message == (
        "No pixel of 'photo' lies inside 'leaf': change that layer or choose another region."
    )
    told.clear()
    assert clustered.palette.table.is_dimmed
    assert clustered.status.line.news.startswith(message)
    assert clustered.status.line.is_warning
    assert "Out of date: gamma is now 0.5" in clustered.status.line.news
