"""The layer that is clustered: found where it can be, refused in a sentence where it cannot."""

import gc

import numpy as np
import pytest
from napari.components import ViewerModel

import napari_colorcluster as ncc
from napari_colorcluster.layers.images.layer_data import levels
from napari_colorcluster.layers.source import (
    active_source,
    each_object_of,
    regions_for,
    resolve_source,
    source_layers,
)


@pytest.fixture
def viewer(thumbnail):
    viewer = ViewerModel()
    viewer.add_image(thumbnail, name="photo", rgb=True)
    viewer.add_image(thumbnail[..., 0], name="gray")
    viewer.add_labels(np.zeros((47, 68), int), name="regions")
    return viewer


def test_only_rgb_images_are_offered(viewer):
    assert [layer.name for layer in source_layers(viewer)] == ["photo"]


def test_the_active_layer_is_the_one(viewer, thumbnail):
    second = viewer.add_image(thumbnail, name="second", rgb=True)
    assert resolve_source(viewer) is second
    viewer.layers.selection.active = viewer.layers["photo"]
    assert resolve_source(viewer) is viewer.layers["photo"]


def test_a_layer_may_be_given_by_name(viewer):
    assert resolve_source(viewer, "photo") is viewer.layers["photo"]


def test_the_only_candidate_is_taken_where_nothing_is_active(viewer):
    viewer.layers.selection.clear()
    viewer.layers.selection.active = None
    assert resolve_source(viewer) is viewer.layers["photo"]


def test_a_result_stands_for_its_image(viewer):
    photo = viewer.layers["photo"]
    ncc.cluster_layer(viewer, photo, n_clusters=2)
    viewer.layers.selection.active = viewer.layers["photo clusters"]
    assert active_source(viewer) is photo
    assert resolve_source(viewer) is photo
    assert source_layers(viewer) == [photo]


def test_what_cannot_be_clustered_is_refused(viewer, refused):
    with refused("There is no layer to cluster"):
        resolve_source(ViewerModel())
    with refused("'gray'", "grayscale image", "RGB"):
        resolve_source(viewer, "gray")
    with refused("'regions'", "Labels layer", "RGB"):
        resolve_source(viewer)
    with refused("'nothing'", "'photo', 'gray', 'regions'"):
        resolve_source(viewer, "nothing")
    with refused("'photo'", "not in this viewer"):
        resolve_source(ViewerModelWithALayer(), viewer.layers["photo"])


def ViewerModelWithALayer():
    viewer = ViewerModel()
    viewer.add_points([[0, 0]])
    return viewer


def test_with_several_candidates_and_none_active_one_must_be_selected(viewer, thumbnail, refused):
    viewer.add_image(thumbnail, rgb=True)
    viewer.layers.selection.clear()
    viewer.layers.selection.active = None
    with refused("No layer is active"):
        resolve_source(viewer)


def test_a_pyramid_has_a_level_for_each_resolution(thumbnail):
    viewer = ViewerModel()
    pyramid = [thumbnail, thumbnail[::2, ::2]]
    layer = viewer.add_image(pyramid, rgb=True, multiscale=True)
    assert [level.shape for level in levels(layer)] == [level.shape for level in pyramid]
    assert len(levels(viewer.add_image(thumbnail, rgb=True))) == 1


def test_a_result_whose_image_is_gone_stands_for_nothing(viewer, refused):
    ncc.cluster_layer(viewer, "photo", n_clusters=2)
    viewer.layers.remove("photo")
    for name in ("photo clusters", "photo quantized"):
        viewer.layers.selection.active = viewer.layers[name]
        with refused(repr(name), "'photo', is not in this viewer any more"):
            resolve_source(viewer)


def test_a_copy_of_a_result_is_no_image_to_cluster(viewer):
    ncc.cluster_layer(viewer, "photo", n_clusters=2)
    quantized = viewer.layers["photo quantized"]
    viewer.add_image(quantized.data, name="copy", rgb=True, metadata=quantized.metadata)
    assert [layer.name for layer in source_layers(viewer)] == ["photo"]


def test_a_result_is_no_image_to_cluster_however_long_its_own_is_gone(viewer):
    ncc.cluster_layer(viewer, "photo", n_clusters=2)
    viewer.layers.remove("photo")
    gc.collect()
    assert "photo quantized" in viewer.layers
    assert source_layers(viewer) == []


def test_what_outlines_is_offered_but_no_result(thumbnail):
    viewer = ViewerModel()
    source = viewer.add_image(thumbnail, rgb=True, name="photo")
    ncc.cluster_layer(viewer, source, n_clusters=3)
    viewer.add_points([[0, 0]])
    viewer.add_labels(np.full((47, 68), 3), name="leaf").selected_label = 3
    viewer.add_shapes(ndim=2, name="Shapes")
    assert [region.title for region in regions_for(viewer, source)] == [
        'inside "leaf"',
        'outside "leaf"',
        'inside "leaf" (label 3)',
        'outside "leaf" (label 3)',
        'inside "Shapes"',
        'outside "Shapes"',
    ]


def test_each_object_of_a_labels_layer_can_be_a_region(thumbnail):
    viewer = ViewerModel()
    source = viewer.add_image(thumbnail, rgb=True, name="photo")
    viewer.add_labels(np.full((47, 68), 3), name="leaf").selected_label = 3
    viewer.add_shapes(ndim=2, name="Shapes")
    viewer.add_labels(np.full((47, 68), 3), name="egg")
    regions = each_object_of(regions_for(viewer, source))
    assert [region.title for region in regions] == [
        'each object of "leaf"',
        'each object of "egg"',
    ]
