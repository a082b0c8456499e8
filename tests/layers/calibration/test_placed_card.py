"""A card over an image: where it lies, how its patches follow, and what is left after it."""

import dask.array as da
import numpy as np
import pytest
from napari.components import ViewerModel

import napari_colorcluster as ncc
from napari_colorcluster.core.color.calibration.card import card_names, find_card
from napari_colorcluster.layers.calibration.placed_card import PlacedCard
from napari_colorcluster.layers.source import regions_for, source_layers

CARD = find_card("ColorChecker Classic")
PLACE = {"scale": (0.5, 0.5), "translate": (30, -8), "units": ("mm", "mm")}
TURNED = np.array([[100, 10], [10, 20], [20, 160], [110, 150.0]])


@pytest.fixture
def viewer(photo):
    viewer = ViewerModel()
    viewer.add_image(photo, name="photo", rgb=True, **PLACE)
    viewer.reset_view()
    return viewer


@pytest.fixture
def placed(viewer):
    return PlacedCard(viewer, viewer.layers["photo"], CARD)


def outlines(placed):
    """The patches as they are drawn, each from its four edges."""
    edges = placed.patches_layer.data.reshape(-1, 4, 2, placed.image.ndim)
    np.testing.assert_allclose(edges[:, :, 0] + edges[:, :, 1], np.roll(edges[:, :, 0], -1, axis=1))
    return edges[:, :, 0]


def test_it_lies_upright_in_the_middle_of_what_is_seen_of_the_image(viewer, placed):
    (upper, left), _, (lower, right), _ = corners = placed.corners
    np.testing.assert_allclose(corners.mean(axis=0), (np.array([185, 272]) - 1) / 2)
    assert (right - left) / (lower - upper) == pytest.approx(1.5)
    assert 0 < upper < lower < 184
    assert 0 < left < right < 271


def test_it_lies_in_the_middle_of_the_view_after_zooming_in(viewer):
    image = viewer.layers["photo"]
    camera = viewer.scene.camera
    camera.zoom *= 4
    camera.center = image.data_to_world((60, 90))
    placed = PlacedCard(viewer, image, CARD)
    np.testing.assert_allclose(placed.corners.mean(axis=0), (60, 90))
    seen = np.array(viewer.canvas.size) / camera.zoom / 0.5
    assert (np.ptp(placed.corners, axis=0) < seen).all()


def test_its_layers_have_the_place_of_the_image_and_follow_it(viewer, placed):
    image = placed.image
    image.scale, image.units = (3, 3), ("um", "um")
    for layer in (placed.corners_layer, placed.patches_layer):
        np.testing.assert_array_equal(layer.scale, (3, 3))
        np.testing.assert_array_equal(layer.translate, (30, -8))
        assert layer.units == image.units


def test_its_corners_can_be_dragged_at_once(viewer, placed):
    assert viewer.layers.selection.active is placed.corners_layer
    assert placed.corners_layer.mode == "direct"
    assert placed.corners_layer.selected_data == {0}


def test_the_patches_follow_the_corners(placed):
    placed.corners_layer.data = [TURNED]
    np.testing.assert_allclose(placed.corners, TURNED)
    expected = np.array(CARD.outlines(TURNED))
    turned = np.array(CARD.outlines(np.roll(TURNED, -1, axis=0)))
    assert any(np.allclose(outlines(placed), each) for each in (expected, turned))


def test_of_an_image_that_is_not_in_memory_they_lie_along_the_longer_side(viewer, photo):
    lazy = viewer.add_image(da.from_array(photo), name="lazy", rgb=True)
    placed = PlacedCard(viewer, lazy, CARD)
    placed.corners_layer.data = [TURNED]
    expected = CARD.outlines(np.roll(TURNED, -1, axis=0))
    np.testing.assert_allclose(outlines(placed), expected, rtol=0, atol=1e-4)


@pytest.mark.parametrize("name", card_names())
def test_another_card_has_other_patches(placed, name):
    card = find_card(name)
    placed.set_card(card)
    assert len(outlines(placed)) == len(card)


def test_corners_that_cross_outline_no_patches(placed):
    placed.corners_layer.data = [TURNED[[0, 2, 1, 3]]]
    assert not placed.patches_layer.visible
    placed.corners_layer.data = [TURNED]
    assert placed.patches_layer.visible


def test_a_shape_without_four_corners_is_refused(placed, refused):
    placed.corners_layer.data = [TURNED[:3]]
    with refused("must hold one shape of four points"):
        _ = placed.corners
    placed.corners_layer.data = []
    with refused("must hold one shape of four points"):
        _ = placed.corners


def test_it_is_no_region_and_no_image(viewer, placed):
    assert regions_for(viewer, placed.image) == []
    assert source_layers(viewer) == [placed.image]


def test_lines_stay_as_thin_on_the_canvas(viewer, placed):
    before = placed.patches_layer.edge_width, placed.corners_layer.edge_width[0]
    viewer.scene.camera.zoom *= 10
    after = placed.patches_layer.edge_width, placed.corners_layer.edge_width[0]
    np.testing.assert_allclose(after, np.array(before) / 10)


def test_in_a_stack_it_lies_in_the_plane_that_is_seen(photo):
    viewer = ViewerModel()
    stack = viewer.add_image(np.stack([photo] * 3), name="stack", rgb=True)
    viewer.dims.set_point(0, 2)
    placed = PlacedCard(viewer, stack, CARD)
    assert placed.plane.index == ((0, 2),)
    assert (placed.corners_layer.data[0][:, 0] == 2).all()
    assert (outlines(placed)[..., 0] == 2).all()
    np.testing.assert_allclose(placed.corners.mean(axis=0), (np.array([185, 272]) - 1) / 2)


@pytest.mark.parametrize("end", ["close", "remove the corners", "remove the image"])
def test_it_leaves_nothing_behind(viewer, end, warm):
    image = viewer.layers["photo"]
    ncc.cluster_layer(viewer, image)
    names = [layer.name for layer in viewer.layers]
    clusters, quantized = viewer.layers["photo clusters"], viewer.layers["photo quantized"]
    quantized.visible = False
    placed = PlacedCard(viewer, image, CARD)
    closed = []
    placed.closed.connect(lambda: closed.append(True))
    assert not clusters.visible
    if end == "close":
        placed.close()
    elif end == "remove the corners":
        viewer.layers.remove(placed.corners_layer)
    else:
        viewer.layers.remove(image)
        names.remove("photo")
    placed.close()
    assert closed == [True]
    assert [layer.name for layer in viewer.layers] == names
    assert (clusters.visible, quantized.visible) == (True, False)
    assert viewer.layers.selection.active is clusters
    zoomed = placed.patches_layer.edge_width
    viewer.scene.camera.zoom *= 2
    assert placed.patches_layer.edge_width == zoomed
