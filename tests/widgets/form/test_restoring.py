"""A layer of an earlier session brings the panel back to what made it."""

import json

import numpy as np
import pytest
from napari.components import ViewerModel

import napari_colorcluster as ncc
from napari_colorcluster.layers.images.layer_data import METADATA_KEY
from napari_colorcluster.layers.result.results import results
from napari_colorcluster.widgets import ColorClusteringPanel


@pytest.fixture
def saved(thumbnail):
    """Labels of another session as they come from a file, and what a file keeps of them."""
    viewer = ViewerModel()
    viewer.add_image(thumbnail, name="photo", rgb=True)
    drawn = np.zeros(thumbnail.shape[:2], np.uint8)
    drawn[4:30, 6:40] = 1
    viewer.add_labels(drawn, name="leaf")
    edits = [["merge", [1, 3]], ["rename", 2, "bark"]]
    keywords = {"color_space": "rgb", "random_state": 3, "edits": edits, "min_pixels": 4}
    ncc.cluster_layer(viewer, "photo", n_clusters=5, region={"layer": "leaf"}, **keywords)
    layer = viewer.layers["photo clusters"]
    made = json.loads(json.dumps(layer.metadata[METADATA_KEY]))
    return layer.data.copy(), {METADATA_KEY: made}, drawn


def notes(panel):
    return panel.status.line.news


def test_it_asks_for_what_made_the_layer_and_makes_it_again(panel, press, viewer, saved):
    labels, metadata, drawn = saved
    viewer.add_labels(drawn, name="leaf")
    viewer.add_labels(labels, name="old", metadata=metadata)
    assert 'Settings of "old" restored' in notes(panel)
    assert panel.form.n_clusters.value == 5
    assert panel.form.color_space.value == "rgb"
    assert panel.form.random_state.value == 3
    assert panel.form.region.region.layer is viewer.layers["leaf"]
    press()
    again = results.of(viewer.layers["photo"])
    np.testing.assert_array_equal(again.labels.data, labels)
    assert again.palette.names[again.palette.row_of(2)] == "bark"


def test_what_was_painted_is_painted_again(panel, press, viewer, saved, thumbnail):
    labels, metadata, drawn = saved
    viewer.add_labels(drawn, name="leaf")
    overlay = ncc.Overlay.from_pixels(labels.shape, [0, 1, 2, 600], [2, 2, 2, 0])
    metadata[METADATA_KEY]["overlay"] = overlay.to_dict()
    viewer.add_labels(overlay.apply(labels), name="old", metadata=metadata)
    press()
    again = results.of(viewer.layers["photo"])
    np.testing.assert_array_equal(again.labels.data, overlay.apply(labels))
    assert again.segmentation.overlay == overlay


@pytest.mark.parametrize("min_alpha", [0.12, 0.5])
def test_the_least_alpha_comes_back(panel, viewer, thumbnail, min_alpha):
    ncc.cluster_layer(viewer, "photo", n_clusters=3, min_alpha=min_alpha)
    labels = viewer.layers["photo clusters"]
    panel.form.min_alpha.value = 0.9
    viewer.add_labels(labels.data, name="old", metadata=labels.metadata)
    assert panel.form.min_alpha.value == min_alpha
    assert panel.form.settings().min_alpha == min_alpha


@pytest.mark.parametrize("max_distance", [17.25, None])
def test_the_largest_distance_comes_back(panel, press, viewer, max_distance):
    image = viewer.layers["photo"]
    expected = ncc.cluster_layer(viewer, "photo", n_clusters=3, max_distance=max_distance)
    labels = viewer.layers["photo clusters"]
    panel.form.max_distance.value = 40
    viewer.add_labels(labels.data, name="old", metadata=labels.metadata)
    assert panel.form.max_distance.value == max_distance
    press()
    clustering = results.of(image).clustering
    assert clustering.max_distance == max_distance
    assert clustering.n_too_far == expected.n_too_far
    assert bool(clustering.n_too_far) == (max_distance is not None)
    said = f", {clustering.n_too_far:,} too far from a cluster"
    assert (said in panel.status.line.state) == (max_distance is not None)


def test_what_is_asked_otherwise_is_made_otherwise(panel, press, viewer, saved):
    labels, metadata, drawn = saved
    viewer.add_labels(drawn, name="leaf")
    viewer.add_labels(labels, name="old", metadata=metadata)
    panel.form.n_clusters.value = 3
    press()
    assert results.of(viewer.layers["photo"]).clustering.edits == ()


def test_edits_of_a_layer_are_not_made_on_a_second_image(panel, press, viewer, saved, thumbnail):
    labels, metadata, drawn = saved
    viewer.add_labels(drawn, name="leaf")
    viewer.add_labels(labels, name="old", metadata=metadata)
    press()
    press()
    assert results.of(viewer.layers["photo"]).clustering.edits
    other = viewer.add_image(thumbnail[::-1].copy(), name="other", rgb=True)
    assert panel.form.image.value is other
    press()
    made = results.of(other).segmentation
    assert (made.clustering.edits, made.min_pixels) == ((), 1)


def test_a_region_that_is_gone_is_said_and_is_no_error(panel, viewer, saved, told):
    labels, metadata, _ = saved
    viewer.add_labels(labels, name="old", metadata=metadata)
    assert "The whole image will be used" in notes(panel)
    assert "'leaf'" in notes(panel)
    assert panel.form.region.region is None
    assert not [message for severity, message in told if severity == "error"]


def test_broken_metadata_are_told_in_a_sentence(panel, viewer, saved, told):
    labels, metadata, _ = saved
    metadata[METADATA_KEY]["settings"]["method"] = "magic"
    viewer.add_labels(labels, name="old", metadata=metadata)
    assert "magic" in told.pop()[1]


def test_a_panel_that_opens_on_such_a_layer_asks_for_it(qtbot, viewer, saved):
    labels, metadata, drawn = saved
    viewer.add_labels(drawn, name="leaf")
    viewer.add_labels(labels, name="old", metadata=metadata)
    panel = ColorClusteringPanel(viewer)
    qtbot.addWidget(panel.native)
    assert panel.form.color_space.value == "rgb"
    assert 'Settings of "old" restored' in notes(panel)


def test_a_region_of_a_label_that_is_not_the_selected_one_is_asked_for(panel, viewer, saved):
    labels, metadata, drawn = saved
    metadata[METADATA_KEY]["region"] = {"layer": "leaf", "label": 7, "outside": True}
    leaf = viewer.add_labels(7 * drawn, name="leaf")
    assert leaf.selected_label == 1
    viewer.add_labels(labels, name="old", metadata=metadata)
    region = panel.form.region.region
    assert (region.layer, region.label, region.outside) == (leaf, 7, True)
    assert leaf.selected_label == 1
    assert "The whole image will be used" not in notes(panel)


def test_edits_of_a_layer_are_not_made_on_a_k_of_a_sweep(qtbot, panel, press, viewer, saved):
    labels, metadata, drawn = saved
    viewer.add_labels(drawn, name="leaf")
    viewer.add_labels(labels, name="old", metadata=metadata)
    press(panel.choose_k.button)
    panel.choose_k.plot.k_clicked.emit(8)
    qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)
    press()
    assert results.of(viewer.layers["photo"]).clustering.edits == ()


def test_the_image_that_the_layer_was_made_from_is_chosen_where_it_is_there(
    panel, press, viewer, saved, thumbnail
):
    labels, metadata, drawn = saved
    viewer.add_labels(drawn, name="leaf")
    viewer.add_image(255 - thumbnail, name="other", rgb=True)
    assert panel.form.image.value.name == "other"
    viewer.add_labels(labels, name="old", metadata=metadata)
    assert panel.form.image.value.name == "photo"
    assert (
        notes(panel) == 'Settings of "old" restored. Press Cluster to make it again from "photo".'
    )
    press()
    np.testing.assert_array_equal(results.of(viewer.layers["photo"]).labels.data, labels)
    assert results.of(viewer.layers["other"]) is None


def test_it_says_of_which_image_where_that_one_is_not_there(panel, viewer, saved, thumbnail):
    labels, metadata, _ = saved
    viewer.layers["photo"].name = "another"
    viewer.add_labels(labels, name="old", metadata=metadata)
    assert 'make it again from "another".' in notes(panel)


@pytest.fixture
def live(qtbot, panel, press):
    """A panel with a result that follows its settings."""
    press()
    panel.live.setChecked(True)
    qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)
    return panel


def _go_back(panel, viewer):
    panel.session.undo(viewer.layers["photo"])


def _sweep(panel, viewer):
    panel.run_suggested()


@pytest.mark.parametrize("begin", [_go_back, _sweep])
def test_what_is_asked_for_meanwhile_stays_in_the_form(qtbot, live, viewer, begin):
    image = viewer.layers["photo"]
    live.session.edit(image, "merge", [1, 2])
    qtbot.waitUntil(lambda: not live.session.is_busy, timeout=60_000)
    begin(live, viewer)
    live.form.n_clusters.value = 11
    qtbot.waitUntil(lambda: not live.session.is_busy, timeout=60_000)
    assert results.of(image).clustering.n_clusters == 11
    assert live.form.n_clusters.value == 11
    assert live.status.changes == ()


def test_an_image_chosen_again_shows_what_is_asked_of_it(qtbot, live, viewer):
    photo = viewer.layers["photo"]
    other = viewer.add_image(np.zeros((9, 9, 3), np.uint8), rgb=True)
    qtbot.waitUntil(lambda: not live.session.is_busy, timeout=60_000)
    viewer.layers.selection.active = photo
    live.form.color_space.value = "rgb"
    live.form.n_clusters.value = 11
    viewer.layers.selection.active = other
    viewer.layers.selection.active = photo
    qtbot.waitUntil(lambda: not live.session.is_busy, timeout=60_000)
    assert results.of(photo).clustering.n_clusters == live.form.n_clusters.value == 11
    assert live.form.color_space.value == "rgb"
    assert live.status.changes == ()
