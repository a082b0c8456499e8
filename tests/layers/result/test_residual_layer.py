"""The residual layer: above its result, where its image is, on one scale."""

import numpy as np
import pytest
from napari.components import ViewerModel

import napari_colorcluster as ncc
from napari_colorcluster.core.correcting.overlay import Overlay
from napari_colorcluster.core.support.progress import silent
from napari_colorcluster.layers.result.residual_layer import residual_layers
from napari_colorcluster.layers.result.results import results
from napari_colorcluster.session.requests.residual_request import ResidualRequest


@pytest.fixture
def viewer():
    return ViewerModel()


def show(viewer, image):
    request = ResidualRequest.of(image, results.of(image))
    return residual_layers.show(viewer, image, request.do(silent))


def test_it_stands_above_the_result_where_the_image_lies(viewer, thumbnail):
    image = viewer.add_image(thumbnail, name="photo", rgb=True, scale=(0.5, 0.25), units="um")
    clustering = ncc.cluster_layer(viewer, n_clusters=3)
    active = viewer.layers.selection.active
    layer = show(viewer, image)
    names = [each.name for each in viewer.layers]
    assert names == ["photo", "photo quantized", "photo clusters", "photo residuals"]
    assert viewer.layers.selection.active is active
    np.testing.assert_array_equal(layer.data, clustering.residuals(thumbnail))
    np.testing.assert_array_equal(layer.scale, image.scale)
    assert layer.units == image.units
    image.translate = (3, 4)
    np.testing.assert_array_equal(layer.translate, (3, 4))
    assert results.source_of(layer) is image
    assert layer.metadata["napari_colorcluster"]["settings"]["n_clusters"] == 3


def test_two_fits_are_shown_on_one_scale_in_one_layer(viewer, thumbnail):
    image = viewer.add_image(thumbnail, name="photo", rgb=True)
    ncc.cluster_layer(viewer, n_clusters=2)
    layer = show(viewer, image)
    before = layer.data
    ncc.cluster_layer(viewer, image, n_clusters=8)
    assert show(viewer, image) is layer
    assert layer.contrast_limits == [0, 20]
    assert np.nanmean(layer.data) < np.nanmean(before)
    residual_layers.remove(viewer, image)
    assert layer not in viewer.layers
    assert residual_layers.of(viewer, image) is None
    residual_layers.remove(viewer, image)


def test_of_a_pyramid_each_level_is_measured(viewer, thumbnail):
    levels = [thumbnail, thumbnail[::2, ::2]]
    image = viewer.add_image(levels, name="photo", rgb=True, multiscale=True)
    clustering = ncc.cluster_layer(viewer, n_clusters=3)
    layer = show(viewer, image)
    assert layer.multiscale
    for level, shown in zip(levels, layer.data, strict=True):
        np.testing.assert_array_equal(shown, clustering.residuals(level))


def test_specks_are_held_against_the_cluster_that_they_went_to(viewer, thumbnail):
    image = viewer.add_image(thumbnail, name="photo", rgb=True)
    ncc.cluster_layer(viewer, n_clusters=5)
    made = results.of(image).segmentation.edited("clean", 30)
    results.show(viewer, image, made.paint([thumbnail]))
    shown = viewer.layers["photo clusters"].data
    assert (shown != made.clustering.predict(thumbnail)).any()
    expected = made.clustering.residuals(thumbnail, labels=shown)
    np.testing.assert_array_equal(show(viewer, image).data, expected)


def test_what_is_painted_outside_of_the_region_is_measured_as_it_is_counted(viewer, thumbnail):
    image = viewer.add_image(thumbnail, name="photo", rgb=True)
    inside = np.zeros(thumbnail.shape[:2], bool)
    inside[10:30] = True
    ncc.cluster_layer(viewer, n_clusters=3, mask=inside)
    pixels = Overlay.from_pixels(inside.shape, [5, 1_500], [2, 0])
    made = results.of(image).segmentation.edited("paint", pixels)
    results.show(viewer, image, made.paint([thumbnail]))
    result = results.of(image)
    measured = np.isfinite(show(viewer, image).data)
    assert measured[0, 5]
    assert measured.sum() == result.palette.n_pixels == inside.sum()
    np.testing.assert_array_equal(measured, result.labels.data > 0)


def test_a_palette_of_other_images_is_summarized_by_the_image_it_is_applied_to(viewer, thumbnail):
    from dataclasses import replace

    from napari_colorcluster.layers.result.segmentation_state import Applied

    clustering = ncc.cluster_colors(thumbnail, 3)
    other = ncc.count_colors(255 - thumbnail)
    image = viewer.add_image(thumbnail, name="photo", rgb=True)
    ncc.cluster_layer(viewer, n_clusters=3)
    made = results.of(image).segmentation
    assert made.residual_summary == clustering.residual_summary
    applied = replace(made, applied=Applied(other, ("photo",)))
    assert applied.residual_summary == clustering.residual_summary_of(other)
