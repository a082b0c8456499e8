"""What is made of an image, and its pixels."""

import dask.array as da
import numpy as np
import pytest

import napari_colorcluster as ncc
from napari_colorcluster.core.speckles import clean_regions
from napari_colorcluster.layers.segmentation import Segmentation


@pytest.fixture
def clustering(thumbnail):
    return ncc.cluster_colors(thumbnail, 4)


def test_pixels_are_those_of_the_clustering(clustering, thumbnail):
    painted = Segmentation(clustering).paint([thumbnail])
    np.testing.assert_array_equal(painted.labels[0], clustering.predict(thumbnail))
    np.testing.assert_array_equal(painted.quantized[0], clustering.quantize(thumbnail))
    assert painted.palette == clustering.palette


def test_what_is_masked_is_transparent(thumbnail):
    mask = np.zeros(thumbnail.shape[:2], bool)
    mask[:10] = True
    clustering = ncc.cluster_colors(thumbnail, 3, mask=mask)
    painted = Segmentation(clustering, (mask,)).paint([thumbnail])
    np.testing.assert_array_equal(painted.labels[0] > 0, mask)
    np.testing.assert_array_equal(painted.quantized[0][..., 3], np.where(mask, 255, 0))


def test_specks_go_to_their_surroundings_and_shares_are_counted_anew(clustering, thumbnail):
    painted = Segmentation(clustering).cleaned(30).paint([thumbnail])
    expected = clean_regions(clustering.predict(thumbnail), 30)
    np.testing.assert_array_equal(painted.labels[0], expected)
    np.testing.assert_array_equal(painted.quantized[0], clustering.paint(expected))
    counts = np.bincount(expected.ravel(), minlength=5)
    np.testing.assert_array_equal(painted.palette.pixels, counts[painted.palette.labels])
    assert painted.palette.fractions.sum() == pytest.approx(1)
    assert painted.palette.names == clustering.palette.names


def test_an_edit_leaves_the_segmentation_as_it_is(clustering):
    segmentation = Segmentation(clustering)
    edited = segmentation.edited("merge", [1, 2])
    assert segmentation.clustering is clustering
    assert not segmentation.is_edited
    assert edited.is_edited
    assert edited.clustering.n_clusters == 3


def test_new_numbers_alone_are_no_edit(clustering):
    assert not Segmentation(clustering).edited("relabel", {1: 9}).is_edited


@pytest.mark.parametrize("wrong", [0, -3, 2.5, "many", True])
def test_a_smallest_region_that_is_none_is_refused(clustering, wrong):
    with pytest.raises(ValueError, match="min_pixels must be an integer of at least 1"):
        Segmentation(clustering, min_pixels=wrong)


@pytest.mark.parametrize("kind", ["pyramid", "dask"])
def test_specks_are_removed_in_memory_only(clustering, thumbnail, kind):
    levels = [thumbnail, thumbnail[::2, ::2]] if kind == "pyramid" else [da.from_array(thumbnail)]
    with pytest.raises(ValueError, match="Specks can be removed"):
        Segmentation(clustering, min_pixels=5).paint(levels)
