"""The label under a mouse that is made up here; the picker's tests move a real one."""

from types import SimpleNamespace

import dask.array as da
import numpy as np
import pytest
from napari.layers import Labels

from napari_colorcluster.layers.result.highlight import highlight
from napari_colorcluster.layers.result.pointed import is_in_memory, label_at

QUARTERS = np.kron(np.array([[0, 1], [2, 300]], np.uint16), np.ones((40, 40), np.uint16))
PLACED = {"scale": (2, 3), "translate": (10, -30)}
MAKE = {
    "array": lambda data: Labels(data, **PLACED),
    "dask": lambda data: Labels(da.from_array(data, chunks=32), **PLACED),
    "pyramid": lambda data: Labels([data, data[::2, ::2]], multiscale=True, **PLACED),
}


def at(layer, row, column):
    position = layer.data_to_world((row, column))
    return SimpleNamespace(position=position, view_direction=None, dims_displayed=[0, 1])


@pytest.mark.parametrize("kind", MAKE)
@pytest.mark.parametrize("visible", [True, False])
def test_hidden_or_not_the_label_under_the_mouse_is_told(kind, visible):
    layer = MAKE[kind](QUARTERS)
    layer.visible = visible
    spots = [(10, 60), (60, 10), (60.4, 78.4), (10, 10), (-0.6, 10), (10, 80)]
    assert [label_at(layer, at(layer, *spot)) for spot in spots] == [1, 2, 300, 0, 0, 0]


def test_in_a_stack_it_is_that_of_the_plane_shown():
    layer = Labels(np.stack([QUARTERS, QUARTERS[::-1]]), visible=False)
    event = SimpleNamespace(position=(1, 10, 60), view_direction=None, dims_displayed=[1, 2])
    assert label_at(layer, event) == 300


@pytest.mark.parametrize(
    ("kind", "visible", "expected"),
    [
        ("array", False, True),
        ("pyramid", False, True),
        ("dask", True, True),
        ("dask", False, False),
    ],
)
def test_only_hidden_dask_labels_have_to_be_computed(kind, visible, expected):
    layer = MAKE[kind](QUARTERS)
    layer.visible = visible
    assert is_in_memory(layer) == expected
    assert is_in_memory(layer, n_displayed=3) == (kind != "dask")


@pytest.fixture(params=["array", "dask", "pyramid"])
def volume(request):
    """A cube of label 2 in the middle of label 1, under a slab of background."""
    data = np.ones((24, 24, 24), np.uint8)
    data[8:16, 8:16, 8:16] = 2
    data[:4] = 0
    if request.param == "pyramid":
        return Labels([data, data[::2, ::2, ::2]], multiscale=True, **SCALED)
    return Labels(data if request.param == "array" else da.from_array(data, chunks=10), **SCALED)


SCALED = {"scale": (2, 1, 1), "translate": (3, -5, 0)}
COLORS = np.array([[200, 30, 20], [90, 180, 250]], np.uint8)
DOWN = np.array([1.0, 0, 0])


def along(layer, pixel, direction=DOWN):
    """A mouse over a pixel of the first plane of a volume, seen in some direction."""
    position = np.array(layer.data_to_world(pixel)) - 30 * direction
    return SimpleNamespace(position=position, view_direction=direction, dims_displayed=[0, 1, 2])


def test_in_three_dimensions_the_first_label_on_the_way_is_told(volume):
    spots = [(0, 12, 12), (0, 2, 20), (0, 30, 12)]
    assert [label_at(volume, along(volume, spot)) for spot in spots] == [1, 1, 0]
    volume.visible = False
    assert [label_at(volume, along(volume, spot)) for spot in spots] == [1, 1, 0]


def test_what_is_transparent_is_looked_through(volume):
    highlight(volume, [1, 2], COLORS, [2], veiled=False)
    for pixel, expected in (((0, 12, 12), 2), ((0, 8, 15), 2), ((0, 2, 20), 0), ((0, 7, 12), 0)):
        assert label_at(volume, along(volume, pixel)) == expected
    slanted = np.array([1, 1, 0]) / np.sqrt(2)
    assert label_at(volume, along(volume, (12, 12, 12), slanted)) == 2
    assert label_at(volume, along(volume, (12, 12, 20), slanted)) == 0
