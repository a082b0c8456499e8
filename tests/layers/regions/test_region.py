"""Regions that other layers outline: napari itself tells which pixels lie in them."""

import json

import dask.array as da
import numpy as np
import pytest
from napari.components import ViewerModel
from napari.layers import Image, Labels, Shapes
from skimage.draw import polygon2mask

from napari_colorcluster.layers.regions.region import Region

PLACES = {
    "same": {},
    "scaled": {"scale": (2.1, 0.7), "translate": (-3.3, 4.2)},
    "turned": {"rotate": 33, "translate": (4.1, -6.3), "scale": (0.9, 1.3)},
    "sheared": {"shear": [0.4], "scale": (1.1, 0.8)},
    "affine": {"affine": [[0.9, 0.3, 2.2], [-0.2, 1.2, -1.3], [0, 0, 1]], "rotate": 10},
}


def picture(shape=(30, 41), **placement):
    return Image(np.zeros((*shape, 3), np.uint8), rgb=True, name="photo", **placement)


def blobs(shape=(28, 37)):
    rows, columns = np.indices(shape)
    return ((rows // 7 + columns // 9) % 3).astype(np.uint8)


def asked_of_napari(layer, source):
    """The layer's label under the center of each of the image's pixels; 0 beside the layer."""
    found = np.zeros(source.data.shape[:-1], int)
    for pixel in np.ndindex(found.shape):
        found[pixel] = layer.get_value(source.data_to_world(pixel), world=True) or 0
    return found


@pytest.mark.parametrize("there", PLACES)
@pytest.mark.parametrize("here", PLACES)
def test_labels_are_those_under_the_pixels(here, there):
    source = picture(**PLACES[here])
    layer = Labels(blobs(), **PLACES[there])
    expected = asked_of_napari(layer, source)
    np.testing.assert_array_equal(Region(layer).mask(source), expected > 0)
    np.testing.assert_array_equal(Region(layer, 2).mask(source), expected == 2)
    np.testing.assert_array_equal(Region(layer, 2, True).mask(source), expected != 2)


@pytest.mark.parametrize("there", PLACES)
@pytest.mark.parametrize("dtype", [np.uint8, np.int64])
def test_objects_are_the_labels_under_the_pixels(there, dtype):
    source = picture(**PLACES["turned"])
    layer = Labels(blobs().astype(dtype) * 50, **PLACES[there])
    region = Region(layer, each=True)
    expected = asked_of_napari(layer, source)
    objects = region.objects(source)
    assert objects.dtype == dtype
    np.testing.assert_array_equal(objects, expected)
    np.testing.assert_array_equal(region.mask(source), expected > 0)


def test_each_object_is_that_of_a_whole_labels_layer(refused):
    region = Region(Labels(blobs(), name="leaves"), each=True)
    assert region.title == 'each object of "leaves"'
    for wrong in ({"label": 2}, {"outside": True}):
        with refused("'leaves'", "Labels layer as a whole"):
            Region(region.layer, each=True, **wrong)
    with refused("'shapes'"):
        Region(Shapes(name="shapes"), each=True)
    with refused("numbered from 1 on", "-2"):
        Region(Labels(np.full((30, 41), -2)), each=True).objects(picture())


def test_each_object_is_stored_and_found_again():
    viewer = ViewerModel()
    layer = viewer.add_labels(blobs(), name="leaves")
    stored = json.loads(json.dumps(Region(layer, each=True).to_dict()))
    assert Region.from_dict(viewer, stored) == Region(layer, each=True)
    del stored["each"]
    assert Region.from_dict(viewer, stored) == Region(layer)


def test_labels_of_the_same_grid_are_taken_as_they_are():
    place = {"scale": (0.1, 0.3), "rotate": 17, "translate": (1e5, -1e4)}
    labels = np.random.default_rng(0).integers(0, 3, (30, 41))
    mask = Region(Labels(labels, **place), 1).mask(picture(**place))
    np.testing.assert_array_equal(mask, labels == 1)


def test_a_flat_mask_counts_on_every_frame():
    labels = blobs((30, 41))
    for place in ({}, {"scale": (3, 1, 1), "translate": (7, 0, 0)}):
        mask = Region(Labels(labels), 1).mask(picture((4, 30, 41), **place))
        np.testing.assert_array_equal(mask, np.broadcast_to(labels == 1, (4, 30, 41)))


def test_a_flat_mask_in_another_place_counts_on_every_frame():
    layer, flat = Labels(blobs(), **PLACES["turned"]), picture(**PLACES["scaled"])
    stack = picture((3, 30, 41), scale=(5, 2.1, 0.7), translate=(1, -3.3, 4.2))
    expected = np.broadcast_to(Region(layer, 1).mask(flat), (3, 30, 41))
    np.testing.assert_array_equal(Region(layer, 1).mask(stack), expected)


@pytest.mark.filterwarnings("ignore:Non-orthogonal slicing:UserWarning")
@pytest.mark.parametrize("kind", ["labels", "shapes"])
def test_a_stack_that_drifts_meets_a_flat_mask_elsewhere_on_each_frame(kind):
    drift = np.eye(4)
    drift[1, 0], drift[2, 0] = 2, -3
    outline = Shapes([[[6, 9], [6, 30], [20, 30], [20, 9]]], shape_type="rectangle")
    flat = outline.to_masks((30, 41))[0]
    layer = Labels(flat) if kind == "labels" else outline
    mask = Region(layer).mask(picture((3, 30, 41), affine=drift))
    for frame in range(3):
        expected = np.roll(flat, (-2 * frame, 3 * frame), axis=(0, 1))
        np.testing.assert_array_equal(mask[frame], expected)


def test_a_stack_of_labels_goes_frame_by_frame():
    labels = np.random.default_rng(1).integers(0, 3, (4, 30, 41))
    source = picture((4, 30, 41))
    np.testing.assert_array_equal(Region(Labels(labels), 2).mask(source), labels == 2)
    fewer = Labels(labels[:2], scale=(2, 1, 1), translate=(0.2, 0, 0))
    mask = Region(fewer, 2).mask(source)
    np.testing.assert_array_equal(mask, (labels == 2)[[0, 0, 1, 1]])


def test_of_a_stack_of_labels_a_flat_image_takes_the_plane_at_0():
    labels = np.random.default_rng(1).integers(0, 3, (4, 30, 41))
    layer = Labels(labels, translate=(-2, 0, 0))
    np.testing.assert_array_equal(Region(layer, 2).mask(picture()), labels[2] == 2)


def test_units_are_converted_as_napari_shows_them():
    source = picture(scale=(1000, 1000), units=("nm", "nm"))
    layer = Labels(blobs((30, 41)), units=("um", "um"))
    np.testing.assert_array_equal(Region(layer, 1).mask(source), layer.data == 1)


@pytest.mark.parametrize("multiscale", [False, True])
def test_lazy_labels(multiscale):
    labels = blobs((30, 41))
    lazy = da.from_array(labels, chunks=8)
    layer = Labels([lazy, lazy[::2, ::2]] if multiscale else lazy, multiscale=multiscale)
    np.testing.assert_array_equal(Region(layer, 1).mask(picture()), labels == 1)


OUTLINES = {
    "rectangle": [[4.3, 5.4], [4.3, 30.2], [22.4, 30.2], [22.4, 5.4]],
    "ellipse": [[3.3, 4.1], [3.3, 33.7], [25.6, 33.7], [25.6, 4.1]],
    "polygon": [[2.2, 3.1], [8.4, 35.2], [27.6, 20.3], [14.1, 14.7], [25.2, 4.9]],
    "path": [[2, 3], [20, 7], [9, 33]],
    "line": [[2, 30], [22, 3]],
}


@pytest.mark.parametrize("kind", OUTLINES)
def test_shapes_on_the_grid_are_what_napari_makes_masks_of(kind):
    layer = Shapes([OUTLINES[kind]], shape_type=kind)
    expected = layer.to_masks((30, 41))[0]
    np.testing.assert_array_equal(Region(layer).mask(picture()), expected)
    np.testing.assert_array_equal(Region(layer, outside=True).mask(picture()), ~expected)


@pytest.mark.parametrize("kind", ["rectangle", "ellipse", "polygon"])
@pytest.mark.parametrize("there", PLACES)
@pytest.mark.parametrize("here", ["scaled", "turned", "affine"])
def test_shapes_are_those_under_the_pixels(here, there, kind):
    source = picture(**PLACES[here])
    layer = Shapes([OUTLINES[kind]], shape_type=kind, edge_width=1e-6, **PLACES[there])
    expected = np.zeros((30, 41), bool)
    for pixel in np.ndindex(expected.shape):
        shape, _ = layer.get_value(source.data_to_world(pixel), world=True)
        expected[pixel] = shape is not None
    different = np.argwhere(Region(layer).mask(source) != expected)
    # napari's triangles are of single precision: a center on an edge may be on either side.
    assert len(different) <= 1


def test_shapes_add_up():
    layer = Shapes(list(OUTLINES.values()), shape_type=list(OUTLINES))
    expected = layer.to_masks((30, 41)).any(axis=0)
    np.testing.assert_array_equal(Region(layer).mask(picture()), expected)


def test_flat_shapes_count_on_every_frame():
    layer = Shapes([OUTLINES["polygon"]], shape_type="polygon")
    expected = np.broadcast_to(layer.to_masks((30, 41))[0], (3, 30, 41))
    np.testing.assert_array_equal(Region(layer).mask(picture((3, 30, 41))), expected)


@pytest.mark.parametrize("kind", OUTLINES)
def test_a_shape_on_one_frame_counts_there(kind):
    vertices = np.insert(np.array(OUTLINES[kind], float), 0, 2, axis=1)
    layer = Shapes([vertices], shape_type=kind)
    expected = layer.to_masks((4, 30, 41))[0]
    assert expected.any(axis=(1, 2)).tolist() == [False, False, True, False]
    np.testing.assert_array_equal(Region(layer).mask(picture((4, 30, 41))), expected)
    # Each second frame: the shape is on the second of them.
    mask = Region(layer).mask(picture((2, 30, 41), scale=(2, 1, 1)))
    np.testing.assert_array_equal(mask, expected[::2])


def test_a_shape_drawn_from_the_side_lies_there():
    layer = Shapes([[[1, 5, 3], [1, 5, 30], [6, 5, 30], [6, 5, 3]]], shape_type="rectangle")
    expected = np.zeros((8, 12, 41), bool)
    expected[1:7, 5, 3:31] = True
    np.testing.assert_array_equal(Region(layer).mask(picture((8, 12, 41))), expected)


def test_a_shape_upright_on_a_flat_image_covers_none_of_it(refused):
    layer = Shapes([[[1, 5, 3], [1, 5, 30], [6, 5, 30], [6, 5, 3]]], shape_type="rectangle")
    with refused("inside 'Shapes'"):
        Region(layer).mask(picture())


def test_shapes_may_leave_the_image():
    outline = np.array([[-20.5, -9.5], [-20.5, 12.5], [50.5, 12.5], [50.5, -9.5]])
    mask = Region(Shapes([outline], shape_type="rectangle")).mask(picture())
    np.testing.assert_array_equal(mask, np.broadcast_to(np.arange(41) < 13, (30, 41)))


# napari shows no slice through such a volume.
@pytest.mark.filterwarnings("ignore:Non-orthogonal slicing:UserWarning")
def test_a_volume_that_is_tilted_meets_a_plane_in_part():
    angle = np.deg2rad(20)
    cos, sin = np.cos(angle), np.sin(angle)
    turn = np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]])
    source = picture((9, 30, 41), rotate=turn)
    outline = np.array(OUTLINES["polygon"])
    layer = Shapes([np.insert(outline, 0, 3, axis=1)], shape_type="polygon")
    world = np.moveaxis(np.indices((9, 30, 41)), 0, -1) @ turn.T
    on_plane = np.rint(world[..., 0]) == 3
    fine = polygon2mask((31 * 20, 42 * 20), outline * 20)
    rows, columns = np.clip(np.rint(world[..., 1:] * 20), 0, (619, 839)).astype(int).T
    expected = on_plane & fine[rows, columns].T
    differ = (Region(layer).mask(source) != expected).sum()
    assert differ <= 0.01 * expected.sum()


def test_a_pyramid_has_a_mask_for_each_level():
    full = np.zeros((64, 90, 3), np.uint8)
    source = Image([full, full[::2, ::2], full[:60:4, :88:4]], rgb=True, multiscale=True)
    layer = Shapes([[[10, 20], [10, 70], [50, 70], [50, 20]]], shape_type="rectangle")
    masks = Region(layer).masks(source)
    assert [mask.shape for mask in masks] == [(64, 90), (32, 45), (15, 22)]
    np.testing.assert_array_equal(masks[0], layer.to_masks((64, 90))[0])
    np.testing.assert_array_equal(masks[1], masks[0][1::2, 1::2])
    assert masks[2].mean() == pytest.approx(masks[0].mean(), abs=0.03)


def test_an_image_of_one_resolution_has_one_mask():
    region = Region(Labels(blobs()))
    (mask,) = region.masks(picture())
    np.testing.assert_array_equal(mask, region.mask(picture()))


def test_a_mask_is_the_callers_own():
    layer = Labels(blobs((30, 41)))
    Region(layer).mask(picture())[:] = False
    np.testing.assert_array_equal(layer.data, blobs((30, 41)))


def test_a_region_without_pixels_is_refused(refused):
    with refused("photo", "inside 'Shapes'"):
        Region(Shapes(name="Shapes", ndim=2)).mask(picture())
    with refused("photo", "outside 'all'"):
        Region(Labels(np.ones((30, 41), int), name="all"), outside=True).mask(picture())
    with refused("photo", "inside label 7 of 'leaf'"):
        Region(Labels(blobs(), name="leaf"), 7).mask(picture())


def test_titles_are_short():
    assert Region(Shapes(name="Shapes", ndim=2)).title == 'inside "Shapes"'
    assert Region(Labels(blobs(), name="leaf"), 3, True).title == 'outside "leaf" (label 3)'


def test_a_region_is_stored_by_its_layers_name():
    viewer = ViewerModel()
    layer = viewer.add_labels(blobs(), name="leaf")
    for region in (Region(layer), Region(layer, np.uint8(3), True)):
        stored = json.loads(json.dumps(region.to_dict()))
        assert Region.from_dict(viewer, stored) == region
    assert stored == {"layer": "leaf", "label": 3, "outside": True}


def test_a_stored_region_needs_its_layer(refused):
    viewer = ViewerModel()
    with refused("'leaf'"):
        Region.from_dict(viewer, {"layer": "leaf", "label": None, "outside": False})
    viewer.add_points([[0, 0]], name="leaf")
    with refused("'leaf'", "Points"):
        Region.from_dict(viewer, {"layer": "leaf", "label": None, "outside": False})


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        ("drawn", "A region must be a dict with 'layer'"),
        ({"label": 2}, "got {'label': 2}"),
        ({"layer": "drawn", "outsid": True}, "'outsid': True"),
        ({"layer": "drawn", "label": 2}, "Only a Labels layer has labels, but label 2 of 'drawn'"),
    ],
)
def test_what_is_no_stored_region_is_refused(refused, stored, said):
    viewer = ViewerModel()
    viewer.add_shapes([[[0, 0], [0, 4], [4, 4]]], shape_type="polygon", name="drawn")
    with refused(said):
        Region.from_dict(viewer, stored)
