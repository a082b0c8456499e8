"""The label under a mouse that is made up here; the picker's tests move a real one."""

from types import SimpleNamespace

import dask.array as da
import numpy as np
import pytest
from napari.layers import Labels

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
