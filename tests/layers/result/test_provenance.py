"""Metadata that tell how a layer was made: those of real results, through JSON, and broken ones."""

import json

import numpy as np
import pytest
from napari.components import ViewerModel
from napari.layers import Labels

import napari_colorcluster as ncc
from napari_colorcluster.layers.images.layer_data import METADATA_KEY
from napari_colorcluster.layers.result.provenance import restored

SETTINGS = ncc.cluster_colors(np.eye(3, dtype=np.uint8), 2).settings


def loaded(stored):
    """A labels layer as it comes from a file."""
    return Labels(np.ones((2, 2), int), name="old", metadata={METADATA_KEY: stored})


@pytest.mark.parametrize(
    "keywords",
    [
        {},
        {"n_clusters": 3, "color_space": "oklab", "lightness_weight": 0.5, "random_state": 9},
        {"n_clusters": 4, "method": "agglomerative", "linkage": "average"},
        {"n_clusters": None, "method": "dbscan"},
        {"n_clusters": 4, "edits": [["merge", [2, 3]], ["rename", 1, "bone"]]},
    ],
)
def test_a_loaded_result_tells_what_makes_it_again(thumbnail, assert_identical, keywords):
    viewer = ViewerModel()
    viewer.add_image(thumbnail, name="photo", rgb=True)
    clustering = ncc.cluster_layer(viewer, **keywords)
    layer = viewer.layers["photo clusters"]
    stored = json.loads(json.dumps(layer.metadata[METADATA_KEY]))
    for each in (layer, viewer.layers["photo quantized"], loaded(stored)):
        image, settings, region, min_pixels, overlay = restored(each)
        assert settings == clustering.settings
        assert (image, region, min_pixels, overlay) == ("photo", None, 1, None)
    assert_identical(ncc.cluster_colors(thumbnail, **settings), clustering)


def test_the_region_and_the_smallest_speckle_come_along():
    region = {"layer": "cells", "label": 3, "outside": True}
    found = restored(loaded({"settings": SETTINGS, "region": region, "min_pixels": 20}))
    assert found == (None, SETTINGS, region, 20, None)
    found = restored(loaded({"settings": SETTINGS, "region": {"layer": "cells"}}))
    assert found.region == {"layer": "cells", "label": None, "outside": False}


def test_what_was_painted_comes_along(thumbnail):
    viewer = ViewerModel()
    viewer.add_image(thumbnail, name="photo", rgb=True)
    overlay = ncc.Overlay.from_pixels((47, 68), range(9, 300, 3), 2)
    ncc.cluster_layer(viewer, n_clusters=3, overlay=overlay)
    stored = json.loads(json.dumps(viewer.layers["photo clusters"].metadata[METADATA_KEY]))
    assert restored(loaded(stored)).overlay == overlay


def test_other_layers_tell_nothing():
    assert restored(Labels(np.ones((2, 2), int))) is None
    assert restored(Labels(np.ones((2, 2), int), metadata={"settings": SETTINGS})) is None


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        ("kmeans", "metadata must be a dict with names as keys, got 'kmeans'."),
        ({}, "settings must be a dict with names as keys, got None."),
        ({"settings": {1: 2}}, "settings must be a dict with names as keys, got {1: 2}."),
        ({"settings": {**SETTINGS, "method": "magic"}}, "Unknown method 'magic'"),
        ({"settings": {**SETTINGS, "method": ["kmeans"]}}, "Unknown method ['kmeans']"),
        ({"settings": {**SETTINGS, "color_space": None}}, "Unknown color_space None"),
        ({"settings": {**SETTINGS, "n_clusters": 0}}, "at least 1, got 0."),
        ({"settings": {**SETTINGS, "n_clusters": None}}, "at least 1, got None."),
        ({"settings": {"n_clusters": 3, "method": "dbscan"}}, "must be None, got 3."),
        ({"settings": {**SETTINGS, "linkage": "ward"}}, "'linkage' is no option"),
        ({"settings": {**SETTINGS, "edits": [["explode", 1]]}}, "['explode', 1]"),
        ({"settings": {**SETTINGS, "edits": "merge"}}, "got 'merge'."),
        ({"settings": SETTINGS, "region": "cells"}, "region must be a dict"),
        ({"settings": SETTINGS, "region": {"layer": 3}}, "the region's layer"),
        ({"settings": SETTINGS, "region": {"layer": "a", "label": "b"}}, "got 'b'."),
        ({"settings": SETTINGS, "region": {"layer": "a", "outside": 2}}, "got 2."),
        ({"settings": SETTINGS, "min_pixels": 0}, "min_pixels must be an integer"),
        ({"settings": SETTINGS, "min_pixels": None}, "got None."),
        ({"settings": SETTINGS, "overlay": "all"}, "need the shape of their image, got 'all'."),
    ],
)
def test_broken_metadata_are_refused_by_name(refused, stored, said):
    with refused("How 'old' was made cannot be taken from its metadata: ", said):
        restored(loaded(stored))
