"""What is made of an image, and its pixels."""

from dataclasses import replace

import dask.array as da
import numpy as np
import pytest

import napari_colorcluster as ncc
from napari_colorcluster.core.clustering.matching import same_clusters
from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.correcting.corrections import CORRECTIONS
from napari_colorcluster.core.correcting.overlay import Overlay
from napari_colorcluster.core.pattern.specks import remove_specks
from napari_colorcluster.layers.images.layer_data import level_centers
from napari_colorcluster.layers.result import cleaned
from napari_colorcluster.layers.result.segmentation import Painted, Segmentation


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
    painted = Segmentation(clustering).edited("clean", 30).paint([thumbnail])
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
    assert segmentation.edited("clean", 1) is segmentation
    assert segmentation.edited("absorb", 0.0) is segmentation
    restored = segmentation.edited("represent", "mean")
    assert restored is not segmentation
    assert restored.edited("represent", "mean") is restored


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

    def absorbed(min_fraction, palette):
        shown = Painted(segmentation, palette, [], [])
        return segmentation.edited("absorb", min_fraction, shown=shown).clustering

    assert absorbed(0.2, palette).edits == (("absorb", 0.2),)
    # As an image may have it whose palette was made of another.
    pixels = palette.pixels.copy()
    pixels[0] = 1
    edited = absorbed(0.01, Palette(palette.colors, pixels, palette.names, palette.labels))
    assert edited.edits == (("give_away", (1,)),)
    assert set(edited.palette.labels) == {2, 3, 4}
    nothing = Palette(palette.colors, 0 * pixels, palette.names, palette.labels)
    assert absorbed(1, nothing).n_clusters == 1


STROKE = Overlay.from_pixels((47, 68), range(160, 220), 2)
"""Over several rows of the thumbnail, some of it of cluster 2 already."""


def assert_counted(painted, clustering):
    """Table, quantized image and labels tell the same."""
    labels = np.asarray(painted.labels[painted.segmentation.level])
    counts = np.bincount(labels.ravel(), minlength=clustering.n_clusters + 1)
    np.testing.assert_array_equal(painted.palette.pixels, counts[painted.palette.labels])
    quantized = np.asarray(painted.quantized[0])
    np.testing.assert_array_equal(quantized[..., :3], clustering.paint(painted.labels[0]))


@pytest.mark.parametrize("min_pixels", [1, 30])
@pytest.mark.parametrize("lazy", [False, True])
def test_painted_pixels_lie_over_colors_and_specks_and_are_counted(
    clustering, thumbnail, min_pixels, lazy
):
    image = da.from_array(thumbnail, chunks=(20, 25, 3)) if lazy else thumbnail
    plain = Segmentation(clustering, min_pixels=min_pixels)
    painted = plain.painted_over(STROKE).paint([image])
    below = np.asarray(plain.paint([image]).labels[0])
    np.testing.assert_array_equal(np.asarray(painted.labels[0]), STROKE.apply(below))
    assert_counted(painted, clustering)


def test_what_is_left_out_can_be_painted_in_and_what_is_erased_does_not_count(thumbnail):
    mask = np.zeros(thumbnail.shape[:2], bool)
    mask[:10] = True
    clustering = ncc.cluster_colors(thumbnail, 3, mask=mask)
    erased, added = ([0, 1, 2], 0), (range(1000, 1010), 3)
    made = Segmentation(clustering, (mask,))
    for pixels, label in (erased, added):
        made = made.painted_over(Overlay.from_pixels(mask.shape, pixels, label))
    painted = made.paint([thumbnail])
    assert_counted(painted, clustering)
    assert painted.palette.n_pixels == 680 - 3 + 10
    assert painted.quantized[0][..., 3].reshape(-1)[[0, 2, 3, 1000, 1010]].tolist() == [
        *(0, 0, 255, 255, 0)
    ]


def test_what_is_erased_is_transparent_where_nothing_is_left_out(clustering, thumbnail):
    made = Segmentation(clustering).painted_over(Overlay.from_pixels((47, 68), [7], 0))
    assert made.paint([thumbnail]).quantized[0][0, 6:9, 3].tolist() == [255, 0, 255]


@pytest.mark.parametrize("level", [0, 1])
def test_coarser_levels_show_what_is_painted_on_the_finest(clustering, thumbnail, level):
    levels = [thumbnail, thumbnail[::2, ::2]]
    counted = ncc.cluster_colors(levels[level], 4)
    painted = Segmentation(counted, level=level).painted_over(STROKE).paint(levels)
    below = counted.predict(levels[1])
    centers = np.full((47, 68), -1)
    centers.reshape(-1)[160:220] = 2
    centers = centers[level_centers((47, 68), (24, 34))]
    np.testing.assert_array_equal(painted.labels[1], np.where(centers < 0, below, centers))
    assert_counted(painted, counted)


def test_painted_pixels_go_with_their_clusters(clustering):
    made = Segmentation(clustering).painted_over(STROKE)
    assert made.edited("merge", [1, 2]).overlay.labels.tolist() == [1, 1]
    assert made.edited("set_background", 2).overlay.labels.tolist() == [0, 0]
    assert made.edited("relabel", {2: 9}).overlay.labels.tolist() == [9, 9]
    assert made.edited("split", 2, 2).overlay == STROKE
    given = made.edited("give_away", [2])
    assert set(given.overlay.labels.tolist()) < {1, 3, 4}
    for same in (("rename", 2, "bone"), ("recolor", 2, "#123456"), ("clean", 9)):
        assert made.edited(*same).overlay == STROKE
    assert made.painted_over(STROKE) is made


def test_a_correction_is_of_the_labels_that_are_shown(clustering, thumbnail, monkeypatch):
    monkeypatch.setitem(
        CORRECTIONS, "flood", lambda labels, label, progress: np.full_like(labels, label)
    )
    made = Segmentation(clustering)
    painted = made.paint([thumbnail])
    corrected = made.edited("flood", 2, shown=painted)
    changed = np.flatnonzero(painted.labels[0] != 2)
    np.testing.assert_array_equal(corrected.overlay.pixels, changed)
    again = corrected.paint([thumbnail])
    assert corrected.edited("flood", 2, shown=again) is corrected
    with pytest.raises(ValueError, match="corrected where they are shown"):
        made.edited("flood", 2)
    with pytest.raises(ValueError, match=r"label 7: the clusters have the labels 1, 2, 3, 4\."):
        made.edited("flood", 7, shown=painted)


def test_what_is_painted_is_of_clusters(clustering, thumbnail):
    made, wrong = Segmentation(clustering), Overlay.from_pixels((47, 68), [0, 1], [4, 9])
    assert made.edited("paint", STROKE).overlay == STROKE
    for paint in (
        lambda: made.edited("paint", wrong),
        lambda: replace(made, overlay=wrong).paint([thumbnail]),
    ):
        with pytest.raises(ValueError, match="cannot be painted with label 9"):
            paint()


def test_another_region_keeps_what_is_inside_it_and_what_was_painted_outside(thumbnail):
    left, top = np.zeros((2, 47, 68), bool)
    left[:, :30], top[:20] = True, True

    def made(*masks):
        clustering = ncc.cluster_colors(thumbnail, 3, mask=masks[0] if masks else None)
        return Segmentation(clustering, masks or None)

    rows, columns = [10, 10, 30, 30], [10, 50, 10, 50]
    pixels = np.ravel_multi_index((rows, columns), top.shape)
    before = made(left).painted_over(Overlay.from_pixels(top.shape, pixels, [0, 0, 0, 0]))
    after = made(top).continuing(before)
    assert after.overlay.pixels.tolist() == pixels[[0, 1, 3]].tolist()
    assert after.n_dropped == 1
    assert made().continuing(after).overlay == before.overlay
    whole = made().painted_over(before.overlay)
    assert made(top).continuing(whole).overlay.pixels.tolist() == pixels[:2].tolist()


def test_what_is_painted_on_another_image_does_not_fit(clustering, thumbnail):
    made = Segmentation(clustering).painted_over(Overlay.from_pixels((47, 60), [7], 1))
    with pytest.raises(ValueError, match=r"shape \(47, 60\) .* shape \(47, 68\)"):
        made.paint([thumbnail])


def test_another_run_keeps_what_is_painted_where_its_cluster_is_still_there(thumbnail):
    five, two = (Segmentation(ncc.cluster_colors(thumbnail, k)) for k in (5, 2))
    labels = np.arange(1, 6).repeat(4)
    before = five.painted_over(Overlay.from_pixels((47, 68), range(20), labels))
    fewer = two.continuing(before, keeps_labels=True)
    left = fewer.clustering.row_labels.tolist()
    assert fewer.overlay == before.overlay.keeping(left)
    assert fewer.n_dropped == 4 * (5 - len(left))
    # While k is dragged on, nothing is lost by what was on the way.
    assert five.continuing(fewer).overlay.n_pixels == 20
    assert five.continuing(fewer).n_dropped == 0
    assert fewer.edited("rename", left[0], "kept").n_dropped == 0
    # Numbered anew, the pixels have the new labels of their clusters.
    anew = two.continuing(before)
    assert anew.clustering.row_labels.tolist() == [1, 2]
    new = same_clusters(five.clustering, two.clustering)
    assert anew.overlay == before.overlay.keeping(new).relabeled(new)
    renumbered = fewer.edited("renumber")
    assert renumbered.overlay.counts().tolist() == anew.overlay.counts().tolist()


CORRECTED = [
    ("give_patch", (20, 30), 2),
    ("give_patch", (20, 30), 0, [1, 3]),
    ("merge_patch", (20, 30), [1, 2]),
    ("grow", [1, 2], 2),
    ("shrink", [3], 0.8, [0.4, 0.5]),
    ("fill_holes", [1]),
    ("smooth", [1, 4], 2),
]


@pytest.mark.parametrize("edit", CORRECTED, ids=lambda edit: edit[0])
def test_a_correction_of_pixels_lies_over_the_colors(clustering, thumbnail, edit):
    shown = Segmentation(clustering).paint([thumbnail])
    before = shown.labels[0].copy()
    edited = shown.segmentation.edited(*edit, shown=shown)
    painted = edited.paint([thumbnail])
    name, *arguments = edit
    expected = CORRECTIONS[name](before, *arguments)
    assert (expected != before).any()
    np.testing.assert_array_equal(painted.labels[0], expected)
    np.testing.assert_array_equal(shown.labels[0], before)
    counts = np.bincount(expected.ravel(), minlength=5)
    np.testing.assert_array_equal(painted.palette.pixels, counts[painted.palette.labels])
    assert edited.edited(*edit, shown=shown) is edited
    merged = edited.edited("merge", [1, 4]).paint([thumbnail])
    np.testing.assert_array_equal(merged.labels[0], np.where(expected == 4, 1, expected))


@pytest.mark.parametrize("edit", CORRECTED, ids=lambda edit: edit[0])
def test_a_dask_pyramid_is_corrected_in_its_full_resolution(clustering, thumbnail, edit):
    levels = [thumbnail, thumbnail[::2, ::2]]
    lazy = [da.from_array(level, chunks=(20, 30, 3)) for level in levels]
    shown = Segmentation(clustering).paint(lazy)
    painted = shown.segmentation.edited(*edit, shown=shown).paint(lazy)
    name, *arguments = edit
    expected = CORRECTIONS[name](clustering.predict(thumbnail), *arguments)
    np.testing.assert_array_equal(painted.labels[0].compute(), expected)
    assert isinstance(painted.labels[1], da.Array)


def test_dask_images_that_are_too_large_are_not_corrected(clustering, monkeypatch, refused):
    monkeypatch.setattr(cleaned, "MAX_CLEANED", 3_000_000)
    image = da.zeros((2000, 3000, 3), dtype=np.uint8)
    shown = Segmentation(clustering).paint([image])
    with refused("corrected in dask images of up to 3 megapixels, got 6"):
        shown.segmentation.edited("grow", [1], 1, shown=shown)


def test_a_patch_goes_to_a_cluster_that_there_is(clustering, thumbnail, refused):
    shown = Segmentation(clustering).paint([thumbnail])
    with refused("label 9", "1, 2, 3, 4"):
        shown.segmentation.edited("give_patch", (20, 30), 9, shown=shown)
