"""The cloud is of the image's own colors, and what stays is not computed again."""

import numpy as np
import pytest

from napari_colorcluster.core.clustering.fitting import cluster_colors
from napari_colorcluster.core.pixels.passes import count_colors
from napari_colorcluster.layers.color_space.cloud import ColorCloud
from napari_colorcluster.layers.result.segmentation import Segmentation
from napari_colorcluster.layers.result.segmentation_state import Applied


@pytest.fixture
def clustering(photo):
    return cluster_colors(photo, n_clusters=4)


def test_another_palette_leaves_the_colors_the_images_own(clustering):
    gray = np.repeat(np.arange(64, dtype=np.uint8)[:, np.newaxis], 3, axis=1)
    own = count_colors(gray)
    cloud = ColorCloud.of(Segmentation(clustering, applied=Applied(own, ("other",))), "gray")
    np.testing.assert_array_equal(cloud.points.colors, gray)
    np.testing.assert_array_equal(cloud.points.labels, clustering.predict(gray))
    assert cloud.title == "gray — colors in CIELAB"


def test_the_same_colors_in_the_same_space_are_placed_once(clustering, photo):
    first = ColorCloud.of(Segmentation(clustering))
    edited = clustering.merge([1, 2])
    second = ColorCloud.of(Segmentation(edited), before=first)
    assert second.cells is first.cells
    assert len(np.unique(second.points.labels)) == 3
    alone = ColorCloud.of(Segmentation(edited))
    np.testing.assert_array_equal(second.points.positions, alone.points.positions)
    other = ColorCloud.of(Segmentation(cluster_colors(photo, 4, color_space="rgb")), before=second)
    assert other.cells is not first.cells


def test_an_image_of_which_nothing_takes_part_has_no_cloud(clustering):
    nothing = count_colors(np.zeros((4, 4, 4), np.uint8))
    assert ColorCloud.of(Segmentation(clustering, applied=Applied(nothing, ("other",)))) is None
