"""The fold "Pattern" in a panel: what it measures, when it says nothing, and what it saves."""

import numpy as np
import pandas as pd
import pytest
from napari.utils.colormaps import DirectLabelColormap
from qtpy.QtWidgets import QApplication, QFileDialog

import napari_colorcluster as ncc
from napari_colorcluster.layers.result.results import results
from napari_colorcluster.widgets.pattern.control import CHANGED
from napari_colorcluster.widgets.pattern.view import BOUNDARIES, INDICES, PATCHES, TRANSITIONS


@pytest.fixture
def image(viewer):
    return viewer.layers["photo"]


def expected(image, **how):
    shown = results.of(image)
    return ncc.measure_pattern(shown.labels.data, shown.palette, **how)


def stroke(layer, label=2):
    """Paint the corner, as a brush does."""
    layer.data_setitem(np.nonzero(np.pad(np.ones((6, 6)), ((0, 41), (0, 62)))), label)


def column(table, at):
    model = table.model()
    return [model.index(row, at).data() for row in range(model.rowCount())]


def show(view, table):
    view.table.setCurrentText(table)


def test_there_is_nothing_to_measure_before_the_image_is_clustered(panel, press, measured, viewer):
    assert measured.measure.isEnabled()
    viewer.add_image(np.zeros((47, 68, 3), np.uint8), name="other", rgb=True)
    panel.form.image.value = viewer.layers["other"]
    assert not measured.measure.isEnabled()
    assert measured.measured is None


def test_the_tables_are_those_of_the_pattern_that_is_shown(image, measured, settle):
    pattern = expected(image)
    found = measured.measured
    assert found.pattern.indices().equals(pattern.indices())
    assert found.patches.equals(pattern.patches())
    assert measured.note.text() == "Measured in 3,196 pixels."
    assert column(measured.indices, 0) == pattern.indices()["index"].tolist()
    assert "Color diversity" in column(measured.indices, 2)
    # The largest patch is on top.
    pixels = [int(text.replace(",", "")) for text in column(measured.patches, 1)]
    assert pixels == sorted(pattern.patches()["pixels"], reverse=True)
    boundaries = pattern.boundaries().query("pairs > 0").sort_values("length", ascending=False)
    assert len(column(measured.edges, 0)) == len(boundaries)
    top = boundaries.iloc[0]
    assert column(measured.edges, 0)[0] == f"{top['first']} – {top['second']}"


def test_painted_pixels_and_units_are_measured(panel, image, measured, settle):
    image.scale, image.units = (0.5, 0.25), ("mm", "mm")
    settle()
    assert measured.measured is None
    assert measured.note.text() == CHANGED
    labels = results.of(image).labels
    stroke(labels)
    measured.measure.click()
    settle()
    pattern = expected(image, spacing=(0.5, 0.25), unit="mm")
    assert measured.measured.pattern.indices().equals(pattern.indices())
    assert measured.note.text() == "Measured in 3,196 pixels of 0.25 × 0.5 mm."
    assert "Area" in [
        measured.patches.model().headerData(at, measured.patches.horizontalHeader().orientation())
        for at in range(4)
    ]


@pytest.mark.parametrize("change", ["edit", "paint", "undone stroke", "move", "recolor"])
def test_no_number_is_shown_of_labels_that_have_changed(
    panel, image, measured, settle, change, viewer
):
    labels = results.of(image).labels
    if change == "undone stroke":
        stroke(labels)
        measured.measure.click()
        settle()
        assert measured.measured is not None
    {
        "edit": lambda: panel.session.edit(image, "merge", (1, 2)),
        "recolor": lambda: panel.session.edit(image, "recolor", 1, "#123456"),
        "paint": lambda: stroke(labels),
        "undone stroke": labels.undo,
        "move": lambda: setattr(image, "scale", (2, 3)),
    }[change]()
    settle()
    assert measured.measured is None
    assert measured.note.text() == CHANGED
    assert not measured.boundaries.isEnabled()
    assert panel.pattern.script() == ""


def test_what_changes_no_label_leaves_the_numbers(panel, image, measured, settle, viewer):
    before = measured.measured
    panel.palette.table.select([1])
    image.name = "renamed"
    viewer.add_points([[3, 3]])
    results.of(image).labels.opacity = 0.3
    settle()
    assert measured.measured is before


def test_live_it_follows_and_undone_it_is_there_again(panel, image, measured, settle):
    first = measured.measured.pattern.indices()
    panel.live.setChecked(True)
    settle()
    panel.form.n_clusters.value = 7
    settle()
    assert measured.measured.pattern.n_clusters == 7
    assert measured.measured.pattern.indices().equals(expected(image).indices())
    panel.form.n_clusters.value = 5
    settle()
    assert measured.measured.pattern.indices().equals(first)
    panel.live.setChecked(False)
    panel.session.edit(image, "merge", (1, 2))
    settle()
    assert measured.measured is None
    panel.session.undo(image)
    settle()
    assert measured.measured.pattern.indices().equals(first)
    panel.session.redo(image)
    settle()
    assert measured.measured is None


def test_folded_away_it_is_measured_when_it_is_unfolded(panel, image, measured, settle):
    panel.live.setChecked(True)
    settle()
    panel.pattern_fold.title.setChecked(False)
    panel.form.n_clusters.value = 3
    settle()
    panel.pattern_fold.title.setChecked(True)
    settle()
    assert measured.measured.pattern.n_clusters == 3


def test_any_labels_layer_is_measured_with_the_colors_that_it_has(panel, viewer, measured, settle):
    drawn = viewer.add_labels(np.arange(1, 13).reshape(3, 4), name="drawn")
    assert drawn in measured.layer.choices
    measured.layer.value = drawn
    assert measured.measured is None
    measured.measure.click()
    settle()
    pattern = measured.measured.pattern
    assert pattern.n_clusters == 12
    assert pattern.colors is None
    assert "color" in measured.note.text()
    assert not measured.boundaries.isEnabled()
    assert panel.pattern.script() == ""
    colors = {None: "black", **dict.fromkeys(range(1, 13), "red")}
    drawn.colormap = DirectLabelColormap(color_dict=colors)
    assert measured.measured is None
    measured.measure.click()
    settle()
    assert measured.measured.pattern.colors.tolist() == [[255, 0, 0]] * 12
    viewer.layers.remove(drawn)
    assert measured.measured is None
    assert measured.chosen is None


def test_it_works_without_an_image(panel, viewer, settle):
    panel.pattern_fold.open()
    viewer.layers.clear()
    view = panel.pattern.view
    assert not view.measure.isEnabled()
    drawn = viewer.add_labels(np.ones((3, 4), int), name="drawn")
    view.layer.value = drawn
    view.measure.click()
    settle()
    assert view.measured.pattern.pixels.tolist() == [12]


def test_what_cannot_be_measured_is_told(panel, viewer, measured, settle, told):
    measured.layer.value = viewer.add_labels(np.full((3, 3), 70_000), name="drawn")
    measured.measure.click()
    settle()
    (message,) = [text for severity, text in told if severity == "error"]
    told.clear()
    assert "Labels must be in 0..65535" in message
    assert measured.measured is None


def test_boundaries_are_a_layer_while_they_are_asked_for(panel, image, viewer, measured, settle):
    name = "photo clusters boundaries (ΔE)"
    active = viewer.layers.selection.active
    measured.boundaries.click()
    settle()
    layer = viewer.layers[name]
    strongest = expected(image).boundaries().query("pairs > 0")["dE"].max()
    assert layer.data.max() == pytest.approx(strongest, rel=1e-6)
    assert viewer.layers.selection.active is active
    panel.session.edit(image, "merge", (1, 2))
    settle()
    assert name not in viewer.layers
    measured.measure.click()
    settle()
    assert name in viewer.layers
    measured.boundaries.click()
    assert name not in viewer.layers


def test_a_row_outlines_its_patch_and_folding_ends_it(panel, viewer, measured):
    show(measured, PATCHES)
    measured.patches.select(4)
    mask, (top, left) = measured.measured.mask_of(4)
    outline = viewer.layers["patch"]
    for pixel in np.argwhere(mask) + np.array([top, left]):
        at = np.rint(outline.world_to_data(pixel)).astype(int)
        assert outline.data[tuple(at)] == 0
    assert (outline.data > 0).any()
    panel.pattern_fold.title.setChecked(False)
    assert "patch" not in viewer.layers


def test_the_script_measures_what_is_shown(panel, image, measured, settle):
    panel.copy_script()
    script = QApplication.clipboard().text()
    namespace = {"viewer": panel._viewer}
    shown = measured.measured.pattern.indices()
    exec(compile(script, "<console>", "exec"), namespace)
    assert namespace["indices"].equals(shown)
    settle()
    measured.measure.click()
    settle()
    stroke(results.of(image).labels)
    measured.measure.click()
    settle()
    assert "Without the corrections by hand" in panel.pattern.script()


@pytest.mark.parametrize("table", [TRANSITIONS, INDICES, PATCHES, BOUNDARIES])
def test_each_table_is_saved_in_full(measured, tmp_path, table):
    show(measured, table)
    measured.save.click()
    dialog = measured.findChild(QFileDialog)
    path = tmp_path / f"{table}.csv"
    dialog.fileSelected.emit(str(path))
    pattern = measured.measured.pattern
    wanted = {
        TRANSITIONS: lambda: pattern.transitions.reset_index(),
        INDICES: pattern.indices,
        PATCHES: pattern.patches,
        BOUNDARIES: pattern.boundaries,
    }[table]()
    pd.testing.assert_frame_equal(
        pd.read_csv(path, keep_default_na=False, na_values=[""]),
        wanted,
        check_dtype=False,
        check_names=False,
    )
    dialog.close()


def test_a_closed_panel_leaves_nothing_behind(qtbot, panel, viewer, measured, settle):
    measured.boundaries.click()
    settle()
    measured.patches.select(2)
    assert len(viewer.layers) == 5
    panel.pattern.close()
    assert [layer.name for layer in viewer.layers] == ["photo", "photo quantized", "photo clusters"]
    viewer.mouse_drag_callbacks.append(panel.pattern._press)


def test_of_an_image_that_has_changed_the_numbers_are_dimmed(panel, image, measured):
    content, note = measured.table.parentWidget(), measured.note.text()
    image.gamma = 0.5
    assert measured.measured is not None
    assert measured.note.text() == "Out of date: press Cluster to update."
    assert not content.isEnabled()
    image.gamma = 1
    assert measured.note.text() == note
    assert content.isEnabled()
    image.data = image.data[::-1].copy()
    assert measured.measured is None
    assert not measured.note.isVisible()
