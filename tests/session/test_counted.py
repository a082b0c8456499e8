"""What is worked out of an image once."""

import dask.array as da
import numpy as np
import pytest
from napari.layers import Image

from napari_colorcluster.core.clustering.settings import Settings
from napari_colorcluster.core.pixels.passes import count_colors
from napari_colorcluster.core.support.progress import silent
from napari_colorcluster.layers.images.shown import Shown
from napari_colorcluster.session.counted import Counted


@pytest.fixture
def image(thumbnail):
    return Image(thumbnail, rgb=True)


def test_colors_are_recalled(image):
    counted = Counted()
    first = counted.histogram(image, Shown.of(image), silent)
    assert counted.histogram(image, Shown.of(image), silent) is first
    np.testing.assert_array_equal(first.counts, count_colors(image.data).counts)


def test_equal_masks_are_the_same_and_others_are_not(image):
    counted = Counted()
    mask = np.zeros(image.data.shape[:2], bool)
    mask[3:9] = True
    part = counted.histogram(image, Shown.of(image), silent, (mask,))
    assert counted.histogram(image, Shown.of(image), silent, (mask.copy(),)) is part
    assert part.n_pixels == mask.sum()
    assert counted.histogram(image, Shown.of(image), silent, (~mask,)).n_pixels == (~mask).sum()


def test_other_data_are_counted_anew(image):
    counted = Counted()
    first = counted.histogram(image, Shown.of(image), silent)
    assert counted.has_counted(image, Shown.of(image))
    image.data = image.data[::2].copy()
    assert not counted.has_counted(image, Shown.of(image))
    assert counted.histogram(image, Shown.of(image), silent).n_pixels < first.n_pixels


def test_a_clustering_is_recalled(image):
    counted = Counted()
    shown = Shown.of(image)
    histogram = counted.histogram(image, shown, silent)
    first = counted.clustering(image, shown, histogram, 3, Settings(), silent)
    assert counted.clustering(image, shown, histogram, 3, Settings(), silent) is first
    assert counted.clustering(image, shown, histogram, 4, Settings(), silent).n_clusters == 4
    other = counted.clustering(image, shown, histogram, 3, Settings(color_space="rgb"), silent)
    assert other.keywords["color_space"] == "rgb"
    again = counted.clustering(image, shown, histogram, 3, Settings(), silent)
    assert again is not first
    np.testing.assert_array_equal(again.labels, first.labels)


def test_only_a_few_counts_are_kept(image):
    counted = Counted()
    masks = [np.arange(image.data.shape[0])[:, None] >= at for at in range(8)]
    masks = [np.broadcast_to(mask, image.data.shape[:2]).copy() for mask in masks]
    first = counted.histogram(image, Shown.of(image), silent, (masks[0],))
    for mask in masks[1:]:
        counted.histogram(image, Shown.of(image), silent, (mask,))
    again = counted.histogram(image, Shown.of(image), silent, (masks[0],))
    assert again is not first
    np.testing.assert_array_equal(again.counts, first.counts)


def test_pixels_changed_in_place_are_counted_anew_once_they_are_forgotten(image):
    image.data = image.data.copy()
    counted = Counted()
    first = counted.histogram(image, Shown.of(image), silent)
    image.data[:] = 7
    assert counted.histogram(image, Shown.of(image), silent) is first
    counted.forget(image)
    assert counted.histogram(image, Shown.of(image), silent).n_colors == 1


def test_what_cannot_be_changed_in_place_is_not_counted_anew(image):
    lazy = Image(da.from_array(image.data, chunks=(20, 20, 3)), rgb=True)
    counted = Counted()
    first = counted.histogram(lazy, Shown.of(lazy), silent)
    counted.forget(lazy)
    assert counted.histogram(lazy, Shown.of(lazy), silent) is first


def test_counting_again_forgets_what_does_not_hold_any_more(thumbnail):
    image, counted = Image(thumbnail.copy(), rgb=True), Counted()
    shown = Shown.of(image)
    first = counted.histogram(image, shown, silent)
    mask = np.arange(thumbnail.shape[0])[:, np.newaxis] < np.full(thumbnail.shape[1], 9)
    counted.histogram(image, shown, silent, (mask,))
    assert counted.recount(image, shown, silent) == first
    assert counted.histogram(image, shown, silent) is first
    image.data[:5] = 0
    again = counted.recount(image, shown, silent)
    assert again == count_colors(image.data) != first
    assert counted.histogram(image, shown, silent) is again
    assert counted.histogram(image, shown, silent, (mask,)) == count_colors(image.data, mask)
