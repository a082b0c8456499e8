"""Images that napari took for grayscale: where their colors may be, and how they become RGB."""

import numpy as np
import pytest
from napari.components import ViewerModel

from napari_colorcluster.layers.images.channels import make_rgb, possible_channels
from napari_colorcluster.layers.source import resolve_source


@pytest.fixture
def viewer():
    return ViewerModel()


def test_a_small_picture_may_have_its_colors_last(viewer, thumbnail, refused):
    layer = viewer.add_image(thumbnail[:20, :20], name="icon")
    assert not layer.rgb
    found = possible_channels(viewer, layer)
    assert found.axis == 2
    assert found.note.startswith('"icon" was read as grayscale. If its last axis, of length 3,')
    with refused("'icon' is a grayscale image", "viewer.add_image(layer.data, rgb=True)"):
        resolve_source(viewer)


@pytest.mark.parametrize(("order", "axis"), [((2, 0, 1), 0), ((3, 0, 1, 2), 0), ((0, 3, 1, 2), 1)])
def test_channels_may_come_first(viewer, thumbnail, refused, order, axis):
    stack = thumbnail if len(order) == 3 else np.stack([thumbnail] * 7)
    layer = viewer.add_image(stack.transpose(order), name="planar")
    found = possible_channels(viewer, layer)
    assert found.axis == axis
    with refused(f"if axis {axis} holds its colors", f"np.moveaxis(layer.data, {axis}, -1)"):
        resolve_source(viewer)
    rgb = make_rgb(viewer, layer, found.axis)
    np.testing.assert_array_equal(rgb.data, stack)
    assert rgb.rgb
    assert rgb.name == "planar RGB"
    assert not layer.visible
    assert resolve_source(viewer) is rgb


def test_what_becomes_rgb_stays_in_its_place(viewer, thumbnail):
    layer = viewer.add_image(
        np.moveaxis(thumbnail, -1, 0),
        scale=(5, 2, 3),
        translate=(1, 10, 20),
        units=("um", "um", "mm"),
        axis_labels=("c", "y", "x"),
        metadata={"from": "a scanner"},
    )
    rgb = make_rgb(viewer, layer, 0)
    np.testing.assert_array_equal(rgb.scale, (2, 3))
    np.testing.assert_array_equal(rgb.translate, (10, 20))
    assert rgb.units == layer.units[1:]
    assert rgb.axis_labels == ("y", "x")
    assert rgb.metadata == {"from": "a scanner"}


def test_a_pyramid_becomes_rgb_on_each_level(viewer, thumbnail):
    planes = np.moveaxis(thumbnail, -1, 0)
    layer = viewer.add_image([planes, planes[:, ::2, ::2]], multiscale=True)
    rgb = make_rgb(viewer, layer, possible_channels(viewer, layer).axis)
    assert [level.shape for level in rgb.data] == [(47, 68, 3), (24, 34, 3)]


def test_split_channels_are_to_be_merged(viewer, thumbnail, refused):
    for name, channel in zip("rgb", np.moveaxis(thumbnail, -1, 0), strict=True):
        layer = viewer.add_image(channel, name=name)
    found = possible_channels(viewer, layer)
    assert found.axis is None
    assert "one of 3 channels" in found.note
    with refused("'b' is a grayscale image", "choose Merge to RGB"):
        resolve_source(viewer)


@pytest.mark.parametrize("shape", [(40, 50), (7, 40, 50)])
def test_what_is_gray_is_called_so(viewer, refused, shape):
    layer = viewer.add_image(np.zeros(shape, np.uint8), name="gray")
    assert possible_channels(viewer, layer) is None
    with refused("the layer 'gray' is a grayscale image."):
        resolve_source(viewer)


def test_others_have_no_channels(viewer, thumbnail):
    others = [
        viewer.add_image(thumbnail, rgb=True),
        viewer.add_labels(np.zeros((3, 40, 40), int)),
        viewer.add_image(np.zeros((3, 40, 40), bool)),
        None,
    ]
    assert [possible_channels(viewer, layer) for layer in others] == [None] * 4
