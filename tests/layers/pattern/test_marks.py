"""Outlines and boundaries as layers: where they lie, and that nothing else changes."""

import numpy as np
import pytest
from napari.components import ViewerModel
from scipy.ndimage import distance_transform_cdt

from napari_colorcluster.layers.images.layer_data import is_source
from napari_colorcluster.layers.pattern.marks import Mark, boundary_layer, outline


@pytest.fixture
def viewer():
    viewer = ViewerModel()
    placed = {"scale": (2, 0.5), "translate": (7, -3), "rotate": 20, "units": ("mm", "mm")}
    viewer.add_labels(np.ones((20, 30), np.uint8), name="clusters", **placed)
    return viewer


def test_an_outline_surrounds_its_pixels(viewer):
    (layer,) = viewer.layers
    mask = np.array([[1, 0], [1, 1]], bool)
    drawn = outline(mask, (5, 8), layer, zoom=4.0, name="patch")
    # Two lines of a pixel each.
    assert drawn.data.shape == (6, 6)
    inside = np.zeros((6, 6), bool)
    inside[2:4, 2:4] = mask
    away = distance_transform_cdt(~inside, "chessboard")
    expected = np.select([away == 1, away == 2], [2, 1], 0)
    np.testing.assert_array_equal(drawn.data, expected)
    # Where the mask begins, it begins in the world as well.
    np.testing.assert_allclose(drawn.data_to_world((2, 2)), layer.data_to_world((5, 8)))
    np.testing.assert_allclose(drawn.data_to_world((4, 3)), layer.data_to_world((7, 9)))
    assert drawn.units == layer.units


def test_an_outline_is_wider_where_the_canvas_shows_more(viewer):
    (layer,) = viewer.layers
    mask = np.ones((1, 1), bool)
    widths = [outline(mask, (0, 0), layer, zoom, "patch").data.shape[0] for zoom in (9, 1, 1e-9)]
    assert widths == [5, 17, 129]


def test_boundaries_lie_on_their_layer_and_all_else_is_transparent(viewer):
    (layer,) = viewer.layers
    painted = np.zeros((20, 30), np.float32)
    painted[3] = 12
    painted[4] = 40
    drawn = boundary_layer(painted, layer, "boundaries")
    np.testing.assert_allclose(drawn.data_to_world((4, 9)), layer.data_to_world((4, 9)))
    alpha = drawn.colormap.map(np.array([0, 12 / 40, 1]))[:, 3]
    np.testing.assert_allclose(alpha, [0, 1, 1])
    assert not is_source(drawn)


def test_a_mark_comes_and_goes_and_the_active_layer_stays(viewer):
    (layer,) = viewer.layers
    viewer.layers.selection.active = layer
    seen = []
    viewer.layers.selection.events.active.connect(lambda event: seen.append(event.value))
    mark = Mark(viewer)
    assert not mark.is_there
    for name in ("one", "two"):
        mark.show(outline(np.ones((1, 1), bool), (0, 0), layer, 1.0, name))
        assert [each.name for each in viewer.layers] == ["clusters", name]
    assert viewer.layers.selection.active is layer
    assert mark.is_there
    mark.off()
    assert list(viewer.layers) == [layer]
    assert not seen


def test_a_mark_that_a_person_has_removed_is_not_missed(viewer):
    (layer,) = viewer.layers
    mark = Mark(viewer)
    mark.show(outline(np.ones((1, 1), bool), (0, 0), layer, 1.0, "patch"))
    viewer.layers.remove("patch")
    assert not mark.is_there
    mark.off()
    assert list(viewer.layers) == [layer]
