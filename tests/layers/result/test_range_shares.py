"""The pixels of a color range in an image's clusters, against a count of every pixel."""

import numpy as np
import pytest

from napari_colorcluster import RectangularRange, SphericalRange, cluster_colors, count_colors
from napari_colorcluster.layers.result.range_shares import RangeSharer, RangeShares
from napari_colorcluster.layers.result.segmentation import Segmentation
from napari_colorcluster.layers.result.segmentation_state import Applied

MIDDLE = RectangularRange((35, None, None), (60, None, None))


def counted(labels, inside):
    found, counts = np.unique(labels[inside], return_counts=True)
    return dict(zip(found.tolist(), counts.tolist(), strict=True))


@pytest.mark.parametrize("within", [(), (2, 3), (0,)])
def test_pixels_are_counted_by_cluster(thumbnail, within):
    made = Segmentation(cluster_colors(thumbnail, 5).set_background(4))
    labels = made.clustering.predict(thumbnail)
    inside = MIDDLE(thumbnail.reshape(-1, 3)).reshape(labels.shape)
    inside &= np.isin(labels, within) if within else True
    shares = RangeSharer(made).shares(MIDDLE, within)
    assert shares.pixels == counted(labels, inside)
    assert shares.fraction == inside.mean()


def test_of_an_applied_palette_the_images_own_pixels_are_counted(thumbnail, astronaut):
    clustering = cluster_colors(thumbnail, 4)
    image = astronaut[::8, ::8]
    made = Segmentation(clustering, applied=Applied(count_colors(image), ("coffee",)))
    inside = MIDDLE(image.reshape(-1, 3)).reshape(image.shape[:-1])
    assert RangeSharer(made).shares(MIDDLE).pixels == counted(clustering.predict(image), inside)


def test_the_owners_are_the_clusters_with_a_tenth_of_the_pixels():
    assert RangeShares({0: 500, 1: 99, 2: 100, 7: 301}, 2000).owners == (2, 7)
    assert RangeShares({}, 2000).owners == ()
    assert RangeShares({}, 0).fraction == 0


def test_an_edit_that_moves_no_pixel_is_none(thumbnail):
    made = Segmentation(cluster_colors(thumbnail, 4))
    nothing = SphericalRange("#00ff00", 2)
    assert made.edited("assign", nothing, 2) is made
    once = made.edited("assign", MIDDLE.to_dict(), 2)
    assert once is not made
    assert once.edited("assign", MIDDLE, 2) is once
