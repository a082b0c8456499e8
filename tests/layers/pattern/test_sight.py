"""Looking at a pixel of a layer: the camera and the sliders."""

import numpy as np
import pytest
from napari.components import ViewerModel

from napari_colorcluster.layers.pattern.sight import go_to, go_where, is_in_sight


@pytest.fixture
def viewer():
    viewer = ViewerModel()
    viewer.add_labels(np.ones((5, 40, 60), np.uint8), scale=(10, 2, 2), translate=(100, 50, 0))
    (layer,) = viewer.layers
    layer.corner_pixels = np.array([[0, 0, 0], [4, 19, 29]])
    return viewer


def test_the_camera_and_the_slider_go_to_a_pixel(viewer):
    (layer,) = viewer.layers
    go_to(viewer, layer, (3, 10, 20))
    assert viewer.dims.point[0] == 130
    assert viewer.scene.camera.center[1:] == (70, 40)


def test_a_pixel_is_in_sight_in_its_frame_and_on_the_canvas(viewer):
    (layer,) = viewer.layers
    viewer.dims.set_point(0, 130)
    assert is_in_sight(viewer, layer, (3, 10, 20))
    assert not is_in_sight(viewer, layer, (2, 10, 20))
    assert not is_in_sight(viewer, layer, (3, 10, 40))


def test_what_is_in_sight_is_not_moved(viewer):
    (layer,) = viewer.layers
    viewer.dims.set_point(0, 130)
    viewer.scene.camera.center = (0, 1, 2)
    go_where(viewer, layer, np.ones((3, 3), bool), (3, 9, 9))
    assert viewer.scene.camera.center == (0, 1, 2)
    go_where(viewer, layer, np.ones((3, 5), bool), (3, 29, 29))
    assert viewer.scene.camera.center[1:] == (110, 62)
