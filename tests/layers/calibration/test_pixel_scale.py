"""The size of pixels by a card of known width, seen straight and from an angle."""

import numpy as np
import pytest
from napari.components import ViewerModel
from skimage.transform import EuclideanTransform, ProjectiveTransform

from napari_colorcluster.core.color.calibration.card import find_card
from napari_colorcluster.layers.calibration.pixel_scale import pixel_side, set_pixel_side
from napari_colorcluster.layers.calibration.plane import Plane
from napari_colorcluster.layers.images.area import pixel_area_of

CARD = find_card("ColorChecker Classic")
FIELD = np.array([[0, 0], [0, 240], [160, 240], [160, 0]], float)
"""Corners of a field of 6 by 4 square patches, 240 pixels wide."""


@pytest.mark.parametrize("begin", range(4))
@pytest.mark.parametrize("around", [1, -1])
@pytest.mark.parametrize("angle", [0.0, 0.4, 2.0])
def test_a_card_seen_from_its_front_tells_the_size_however_it_lies(begin, around, angle):
    turned = EuclideanTransform(rotation=angle, translation=(300, 200))(FIELD)
    corners = np.roll(turned, begin, axis=0)[::around]
    assert pixel_side(CARD, corners, 120.0) == pytest.approx(0.5)


def test_from_an_angle_the_middle_of_the_card_counts():
    seen = ProjectiveTransform([[1, 0.1, 20], [0.05, 1, 10], [5e-4, 3e-4, 1]])
    middle = seen(np.array([[80.0, 120.0]]))[0]
    # What a small square around the middle, in millimeters, covers of pixels.
    square = seen.inverse(middle + np.array([[-0.5, -0.5], [-0.5, 0.5], [0.5, 0.5], [0.5, -0.5]]))
    rows, columns = square.T
    area = 0.5 * abs(rows @ np.roll(columns, 1) - columns @ np.roll(rows, 1))
    assert pixel_side(CARD, seen(FIELD), 240.0) == pytest.approx(np.sqrt(area), rel=1e-3)


def test_what_is_drawn_over_the_image_gets_the_size_too_but_no_other_image():
    viewer = ViewerModel()
    image = viewer.add_image(np.zeros((40, 50, 3), np.uint8), rgb=True)
    other = viewer.add_image(np.zeros((40, 50, 3), np.uint8), rgb=True)
    leaf = viewer.add_shapes([[[0, 0], [0, 9], [9, 9]]], shape_type="polygon")
    set_pixel_side(viewer, image, Plane.shown(viewer, image), 0.25)
    for layer in (image, leaf):
        assert np.allclose(layer.scale, 0.25)
        assert [str(unit) for unit in layer.units] == ["millimeter"] * 2
    assert np.allclose(other.scale, 1)
    assert pixel_area_of(image).size == pytest.approx(0.0625)
    # A second card corrects the first.
    set_pixel_side(viewer, image, Plane.shown(viewer, image), 0.5)
    assert np.allclose(image.scale, 0.5)
    assert np.allclose(leaf.scale, 0.5)


def test_the_planes_of_a_stack_and_pixels_that_are_not_square_keep_their_shape():
    viewer = ViewerModel()
    stack = viewer.add_image(np.zeros((3, 40, 50, 3), np.uint8), rgb=True, scale=(7, 4, 1))
    set_pixel_side(viewer, stack, Plane.shown(viewer, stack), 0.5)
    assert np.allclose(stack.scale, [7, 1, 0.25])
    assert [str(unit) for unit in stack.units] == ["pixel", "millimeter", "millimeter"]
