"""The plane that is seen of an image, with axes in any order and place."""

import numpy as np
import pytest
from napari.components import ViewerModel

from napari_colorcluster.core.pixels.picture import Picture
from napari_colorcluster.layers.calibration.plane import Plane

STACK = np.arange(2 * 3 * 40 * 50 * 3, dtype=np.uint32).reshape(2, 3, 40, 50, 3).astype(np.uint8)


@pytest.fixture
def viewer():
    viewer = ViewerModel()
    viewer.add_image(STACK, name="stack", rgb=True, scale=(1, 2, 0.5, 0.5), translate=(0, 0, 7, 9))
    viewer.dims.set_point((0, 1), (1, 4))
    return viewer


def test_it_is_where_the_sliders_are(viewer):
    plane = Plane.shown(viewer, viewer.layers["stack"])
    assert plane == Plane((2, 3), ((0, 1), (1, 2)))
    np.testing.assert_array_equal(plane.cut(STACK), STACK[1, 2])
    picture = plane.cut(Picture(STACK, gamma=2))
    np.testing.assert_array_equal(picture.pixels, STACK[1, 2])
    assert picture.gamma == 2


def test_axes_that_were_rolled_are_those_on_the_canvas(viewer):
    viewer.dims.order = (3, 0, 1, 2)
    viewer.dims.set_point(3, 9 + 0.5 * 20)
    plane = Plane.shown(viewer, viewer.layers["stack"])
    assert plane == Plane((1, 2), ((0, 1), (3, 20)))
    np.testing.assert_array_equal(plane.cut(STACK), STACK[1, :, :, 20])


def test_points_are_found_in_the_data_and_back(viewer):
    image = viewer.layers["stack"]
    plane = Plane.shown(viewer, image)
    points = np.array([[3.5, 4], [0, 49]])
    lifted = plane.lifted(points)
    np.testing.assert_array_equal(lifted, [[1, 2, 3.5, 4], [1, 2, 0, 49]])
    for point, position in zip(points, lifted, strict=True):
        np.testing.assert_allclose(plane.at(image, image.data_to_world(position)), point)


def test_an_image_of_fewer_axes_than_the_viewer_has_its_last_ones(viewer):
    image = viewer.add_image(STACK[0, 0], name="photo", rgb=True)
    assert Plane.shown(viewer, image) == Plane((0, 1))
    viewer.dims.order = (2, 3, 0, 1)
    with pytest.raises(ValueError, match="The canvas shows no plane of 'photo'"):
        Plane.shown(viewer, image)


def test_a_view_in_3d_shows_no_plane(viewer, refused):
    viewer.dims.ndisplay = 3
    with refused("view the image in 2D"):
        Plane.shown(viewer, viewer.layers["stack"])
