"""What a layer shows: read by contrast limits and gamma, and equal as long as neither changes."""

import dask.array as da
import numpy as np
import pytest
from napari.components import ViewerModel
from napari.layers import Image

import napari_colorcluster as ncc
from napari_colorcluster.layers.images.shown import Shown
from napari_colorcluster.layers.result.provenance import provenance
from napari_colorcluster.layers.result.results import results


def as_8bit(values, low, high, gamma):
    """vispy's shader in floating point, then 8 bits."""
    shown = np.clip((values.astype(np.float64) - low) / (high - low), 0, 1) ** gamma
    return np.rint(255 * shown).astype(np.uint8)


def test_a_photo_is_read_as_it_is_stored(thumbnail):
    shown = Shown.of(Image(thumbnail, rgb=True))
    assert shown.is_as_stored
    [picture] = shown.pictures
    assert picture.pixels is thumbnail
    assert (picture.contrast_limits, picture.gamma) == (None, 1)


@pytest.mark.parametrize("lazy", [False, True])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int64, np.float32])
def test_colors_are_those_that_napari_shows(thumbnail, dtype, lazy):
    values = thumbnail.astype(dtype)
    data = da.from_array(values, chunks=(20, 20, 3)) if lazy else values
    layer = Image(data, rgb=True, contrast_limits=(20, 170), gamma=0.6)
    histogram = ncc.count_colors(Shown.of(layer).pictures[0])
    expected = ncc.count_colors(as_8bit(values, 20, 170, 0.6))
    np.testing.assert_array_equal(histogram.colors, expected.colors)
    np.testing.assert_array_equal(histogram.counts, expected.counts)


def test_alpha_has_no_contrast_limits(thumbnail):
    alpha = np.full(thumbnail.shape[:2], 255, np.uint8)
    alpha[:9] = 120
    layer = Image(np.dstack([thumbnail, alpha]), rgb=True, contrast_limits=(0, 100))
    assert ncc.count_colors(Shown.of(layer).pictures[0]).excluded.transparent == 9 * 68


def test_equal_is_what_is_the_same_array_shown_alike(thumbnail):
    layer = Image(thumbnail, rgb=True)
    before = Shown.of(layer)
    assert Shown.of(layer) == before
    assert hash(Shown.of(layer)) == hash(before)
    layer.gamma = 0.5
    dark = Shown.of(layer)
    assert dark != before
    layer.contrast_limits = (0, 100)
    assert Shown.of(layer) not in (before, dark)
    layer.gamma, layer.contrast_limits = 1, (0, 255)
    assert Shown.of(layer) == before
    layer.data = thumbnail.copy()
    assert Shown.of(layer) != before
    assert before != "another thing"


def test_of_a_pyramid_each_level_is_shown_alike(thumbnail):
    layer = Image([thumbnail, thumbnail[::2, ::2]], rgb=True, multiscale=True)
    layer.contrast_limits = (10, 90)
    pictures = Shown.of(layer).pictures
    assert [picture.pixels.shape for picture in pictures] == [(47, 68, 3), (24, 34, 3)]
    assert {picture.contrast_limits for picture in pictures} == {(10, 90)}
    other = Image([layer.data[0], thumbnail[1::2, ::2]], rgb=True, multiscale=True)
    assert Shown.of(other) != Shown.of(layer)


def test_a_result_belongs_to_how_its_image_is_shown(thumbnail):
    viewer = ViewerModel()
    layer = viewer.add_image(thumbnail, name="photo", rgb=True)
    clustering = ncc.cluster_layer(viewer, n_clusters=3)
    made = results.of(layer)
    assert "gamma" not in provenance(made.segmentation, layer)
    layer.gamma = 0.4
    assert results.of(layer) is None
    layer.gamma = 1
    assert results.of(layer).clustering is clustering
    layer.contrast_limits = (0, 100)
    bright = ncc.cluster_layer(viewer, n_clusters=3)
    expected = ncc.cluster_colors(as_8bit(thumbnail, 0, 100, 1), 3)
    assert bright.palette == expected.palette
    told = viewer.layers["photo clusters"].metadata["napari_colorcluster"]
    assert (told["contrast_limits"], told["gamma"]) == ((0, 100), 1)


def test_the_same_data_are_the_very_same_arrays(thumbnail):
    layer = Image(thumbnail, rgb=True)
    before = Shown.of(layer)
    layer.gamma = 0.5
    assert Shown.of(layer).has_same_data(before)
    layer.data = thumbnail.copy()
    assert not Shown.of(layer).has_same_data(before)
