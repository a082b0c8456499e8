"""A palette file dropped on napari's window fills the panel, which applies it."""

import numpy as np
import pytest

import napari_colorcluster as ncc
from napari_colorcluster import ColorClustering, Palette, read_palette
from napari_colorcluster.layers.result.results import label_colormap, results


@pytest.fixture
def palette():
    return Palette([[250, 250, 250], [10, 20, 30]], [0, 0], ["bone", "slate"], [4, 2])


def drop(viewer, content, path):
    content.write(path)
    [layer] = viewer.open(path, plugin="napari-colorcluster")
    return layer


def shown(panel):
    """All texts of the table."""
    model = panel.palette.table.model()
    cells = np.ndindex(model.rowCount(), model.columnCount())
    return {model.index(*cell).data() for cell in cells}


def test_it_is_shown_and_applied(panel, press, viewer, palette, tmp_path):
    photo = viewer.layers["photo"]
    layer = drop(viewer, palette, tmp_path / "leaf.gpl")
    assert {"bone", "slate"} <= shown(panel)
    assert 'The palette of "leaf", not applied' in panel.status.line.state
    assert panel.button.text() == "Apply palette"
    assert panel.form.image.value is photo
    assert layer not in panel.form.image.choices
    press()
    made = results.of(photo)
    expected = ColorClustering.from_palette(read_palette(tmp_path / "leaf.gpl"))
    np.testing.assert_array_equal(made.labels.data, expected.predict(photo.data))
    assert made.palette.n_pixels == photo.data.shape[0] * photo.data.shape[1]
    assert panel.button.text() == "Cluster"
    assert 'The palette of "leaf", with the shares of this image' in panel.status.line.state


def test_it_takes_only_what_is_near_to_it(panel, press, qtbot, viewer, palette, tmp_path):
    photo = viewer.layers["photo"]
    panel.form.max_distance.value = 30
    drop(viewer, palette, tmp_path / "leaf.gpl")
    press()
    made = results.of(photo)
    file = read_palette(tmp_path / "leaf.gpl")
    expected = ColorClustering.from_palette(file, max_distance=30).predict(photo.data)
    np.testing.assert_array_equal(made.labels.data, expected)
    n_far = np.count_nonzero(expected == 0)
    assert 0 < n_far < expected.size
    state = panel.status.line.state
    assert f"{expected.size - n_far:,} pixels, {n_far:,} too far from a cluster" in state
    # What is shown can be limited further, by an edit.
    panel.palette.edit_requested.emit("leave_out_beyond", (20.0,))
    qtbot.waitUntil(lambda: not panel.session.is_busy)
    made = results.of(photo)
    assert np.count_nonzero(made.labels.data == 0) == made.segmentation.n_too_far > n_far


def test_a_whole_clustering_is_applied_by_its_own_rule(panel, press, viewer, tmp_path):
    photo = viewer.layers["photo"]
    clustering = ncc.cluster_colors(photo.data, 4, method="gaussian_mixture").rename(2, "bark")
    drop(viewer, clustering, tmp_path / "whole.colors.json")
    press()
    np.testing.assert_array_equal(results.of(photo).labels.data, clustering.predict(photo.data))
    assert results.of(photo).palette == clustering.palette


def test_a_file_that_is_gone_leaves_its_colors(panel, press, viewer, tmp_path):
    photo = viewer.layers["photo"]
    clustering = ncc.cluster_colors(photo.data, 3, method="agglomerative")
    drop(viewer, clustering, tmp_path / "whole.colors.json")
    (tmp_path / "whole.colors.json").unlink()
    press()
    assert results.of(photo).palette.hex == clustering.palette.hex


def test_what_is_asked_otherwise_takes_its_place(panel, press, viewer, palette, tmp_path):
    drop(viewer, palette, tmp_path / "leaf.ase")
    panel.form.n_clusters.value = 3
    assert panel.button.text() == "Cluster"
    press()
    assert results.of(viewer.layers["photo"]).clustering.n_clusters == 3


def test_turning_to_an_image_with_a_result_shows_that(panel, press, viewer, palette, tmp_path):
    press()
    layer = drop(viewer, palette, tmp_path / "leaf.gpl")
    assert panel.button.text() == "Apply palette"
    viewer.layers.selection.active = viewer.layers["photo"]
    assert panel.button.text() == "Cluster"
    assert 'of "leaf"' not in panel.status.line.state
    viewer.layers.selection.active = layer
    assert panel.button.text() == "Apply palette"
    viewer.layers.remove(layer)
    assert panel.button.text() == "Cluster"


def test_it_cannot_be_edited_before(panel, viewer, palette, tmp_path, told):
    drop(viewer, palette, tmp_path / "leaf.gpl")
    panel.palette.edit_requested.emit("merge", ((2, 4),))
    assert "Apply the palette first" in told.pop()[1]


def test_without_an_image_it_says_so(panel, viewer, palette, tmp_path, told):
    viewer.layers.clear()
    drop(viewer, palette, tmp_path / "leaf.gpl")
    panel.button.click()
    assert "no image to apply" in told.pop()[1]


def test_the_hidden_palette_of_the_image_is_left_alone(
    qtbot, panel, press, viewer, palette, tmp_path
):
    press()
    photo = viewer.layers["photo"]
    panel.palette.edit_requested.emit("merge", ([1, 2],))
    qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)
    panel.palette.table.select((4,))
    drop(viewer, palette, tmp_path / "leaf.gpl")
    labels, made = results.of(photo).labels, results.of(photo).segmentation
    plain = label_colormap(results.of(photo).palette).map(labels.data)
    np.testing.assert_array_equal(labels.colormap.map(labels.data), plain)
    panel.palette.table.select((2,))
    np.testing.assert_array_equal(labels.colormap.map(labels.data), plain)
    assert not panel.palette.edits.undo.isEnabled()
    panel.palette.undo_requested.emit()
    qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)
    assert results.of(photo).segmentation is made
