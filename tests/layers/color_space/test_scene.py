"""The cloud in a viewer without a window: it follows edits in the layers that are there."""

import numpy as np
import pytest

from napari_colorcluster.core.clustering.fitting import cluster_colors
from napari_colorcluster.layers.color_space.cloud import ColorCloud
from napari_colorcluster.layers.color_space.scene import WORLD, ColorScene
from napari_colorcluster.layers.result.segmentation import Segmentation


@pytest.fixture
def clustering(photo):
    return cluster_colors(photo, n_clusters=4)


@pytest.fixture
def scene(clustering):
    scene = ColorScene()
    show(scene, clustering, "coffee")
    return scene


def show(scene, clustering, name="photo"):
    scene.set_cloud(ColorCloud.of(Segmentation(clustering), name))


def shown(scene):
    return {tuple(color) for color in np.rint(255 * scene.colors.face_color[:, :3]).tolist()}


def test_the_points_have_their_true_colors_or_those_of_their_clusters(scene, clustering):
    assert len(shown(scene)) > 1000
    scene.color_by = "cluster"
    assert shown(scene) == set(map(tuple, clustering.colors.astype(float).tolist()))
    scene.color_by = "true"
    assert len(shown(scene)) > 1000


def test_an_unknown_coloring_is_refused(scene, refused):
    with refused("'hue'", "'true'", "'cluster'"):
        scene.color_by = "hue"
    assert scene.color_by == "true"


def test_another_clustering_comes_in_the_same_layers_and_the_camera_stays(scene, photo):
    layers, camera = list(scene.viewer.layers), scene.viewer.scene.camera
    scene.color_by = "cluster"
    camera.angles, camera.zoom = (10, 20, 30), 3.5
    angles = camera.angles
    other = cluster_colors(photo, n_clusters=7)
    show(scene, other, "coffee")
    assert list(scene.viewer.layers) == layers
    assert len(scene.centers.data) == 7
    assert len(shown(scene)) == 7
    assert (camera.angles, camera.zoom) == (angles, 3.5)


@pytest.mark.parametrize("space", ["oklab", "rgb", "hsv"])
def test_each_space_is_seen_whole_and_upright(scene, photo, space):
    show(scene, cluster_colors(photo, n_clusters=4, color_space=space))
    camera = scene.viewer.scene.camera
    extent = np.ptp(scene.colors.extent.world, axis=0)
    assert extent.max() == pytest.approx(WORLD)
    middle = scene.colors.extent.world.mean(axis=0)
    np.testing.assert_allclose(camera.center, middle, atol=1)
    assert camera.up_direction[1] > 0.9
    assert camera.view_direction[1] < 0  # from above


def test_the_title_tells_image_and_space(scene):
    assert scene.viewer.title == "coffee — colors in CIELAB"
    assert tuple(scene.viewer.dims.axis_labels) == ("b*", "L*", "a*")


def test_none_leaves_an_empty_scene_that_fills_again(scene, clustering):
    scene.set_cloud(None)
    assert len(scene.colors.data) == len(scene.centers.data) == 0
    scene.color_by = "cluster"
    show(scene, clustering, "coffee")
    assert len(shown(scene)) == 4


def test_an_image_of_one_color_is_shown(scene):
    flat = np.full((8, 8, 3), 90, np.uint8)
    show(scene, cluster_colors(flat, n_clusters=1))
    assert len(scene.colors.data) == len(scene.centers.data) == 1
    assert np.isfinite(scene.viewer.scene.camera.zoom)
