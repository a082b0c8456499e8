"""What is made of an image, and its pixels."""

import dask.array as da
import numpy as np
import pytest

import napari_colorcluster as ncc
from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.pattern.specks import remove_specks
from napari_colorcluster.layers.result.segmentation import Segmentation


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
    painted = Segmentation(clustering).without_specks(30).paint([thumbnail])
    expected = remove_specks(clustering.predict(thumbnail), 30)
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


def test_an_edit_that_changes_nothing_gives_the_same(clustering):
    segmentation = Segmentation(clustering).edited("recolor", 1, "#123456")
    assert segmentation.edited("recolor", 1, "#123456") is segmentation
    assert segmentation.without_specks(1) is segmentation
    assert segmentation.absorbed(0.0, segmentation.palette) is segmentation
    restored = segmentation.edited("restore_means")
    assert restored is not segmentation
    assert restored.edited("restore_means") is restored


def test_new_numbers_alone_are_no_edit(clustering):
    assert not Segmentation(clustering).edited("relabel", {1: 9}).is_edited


@pytest.mark.parametrize("wrong", [0, -3, 2.5, "many", True])
def test_a_smallest_region_that_is_none_is_refused(clustering, wrong):
    with pytest.raises(ValueError, match="min_pixels must be an integer of at least 1"):
        Segmentation(clustering, min_pixels=wrong)


def test_coarser_levels_show_what_was_cleaned_in_the_full_resolution(clustering, thumbnail):
    levels = [thumbnail, thumbnail[::2, ::2], thumbnail[::5, ::5]]
    painted = Segmentation(clustering, min_pixels=30).paint(levels)
    plain = Segmentation(clustering, min_pixels=30).paint(levels[:1])
    full = plain.labels[0]
    np.testing.assert_array_equal(painted.labels[0], full)
    assert painted.palette == plain.palette
    for level, labels, quantized in zip(levels, painted.labels, painted.quantized, strict=True):
        assert labels.shape == level.shape[:2]
        np.testing.assert_array_equal(quantized, clustering.paint(labels))
    rows, columns = [1, 3, 5], [1, 3]  # where the centers of 2 x 2 pixels are
    np.testing.assert_array_equal(painted.labels[1][:3, :2], full[np.ix_(rows, columns)])


@pytest.mark.parametrize("stack", [False, True])
def test_specks_in_dask_images_go_plane_by_plane(clustering, thumbnail, stack):
    image = np.stack([thumbnail, thumbnail[::-1]]) if stack else thumbnail
    lazy = da.from_array(image, chunks=(*(1,) * stack, 20, 30, 3))
    told = []
    segmentation = Segmentation(clustering, min_pixels=30)
    painted = segmentation.paint([lazy], lambda *report: told.append(report))
    expected = segmentation.paint([image])
    np.testing.assert_array_equal(painted.labels[0], expected.labels[0])
    np.testing.assert_array_equal(painted.quantized[0], expected.quantized[0])
    assert painted.palette == expected.palette
    assert (0.0, "Cleaning regions") in told


def test_a_dask_image_that_does_not_fit_keeps_its_specks(clustering, refused):
    huge = da.zeros((1 << 14, 1 << 15, 3), np.uint8)
    with refused("Specks can be removed from dask images of up to 268 megapixels", "got 537"):
        Segmentation(clustering, min_pixels=5).paint([huge])


def test_a_first_look_keeps_its_specks(clustering, thumbnail):
    levels = [thumbnail, thumbnail[::2, ::2]]
    painted = Segmentation(clustering, min_pixels=30, level=1).paint(levels)
    np.testing.assert_array_equal(painted.labels[0], clustering.predict(thumbnail))


def test_small_is_what_is_shown_as_small(clustering):
    segmentation, palette = Segmentation(clustering), clustering.palette
    assert segmentation.absorbed(0.2, palette).clustering.edits == (("absorb", 0.2),)
    # As an image may have it whose palette was made of another.
    pixels = palette.pixels.copy()
    pixels[0] = 1
    shown = Palette(palette.colors, pixels, palette.names, palette.labels)
    edited = segmentation.absorbed(0.01, shown).clustering
    assert edited.edits == (("give_away", (1,)),)
    assert set(edited.palette.labels) == {2, 3, 4}
    nothing = Palette(palette.colors, 0 * pixels, palette.names, palette.labels)
    assert segmentation.absorbed(1, nothing).clustering.n_clusters == 1
