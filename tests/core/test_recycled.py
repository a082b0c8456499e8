"""Memory that is taken again: only once nobody can tell."""

import numpy as np
import pytest

from napari_colorcluster.core import recycled
from napari_colorcluster.core.recycled import empty

SHAPE = (1200, 1000, 3)


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch):
    monkeypatch.setattr(recycled, "_kept", [])


def address(array):
    return array.__array_interface__["data"][0]


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("shape", [(), (0,), (4, 3), SHAPE])
def test_an_array_is_as_asked_for(shape, dtype):
    array = empty(shape, dtype)
    assert array.shape == shape
    assert array.dtype == dtype
    assert array.flags.c_contiguous
    assert array.flags.writeable


def test_memory_that_nobody_uses_is_taken_again():
    first = empty(SHAPE, np.uint8)
    where = address(first)
    del first
    # What the system would hand out next.
    other = np.empty(SHAPE, np.uint8)
    assert address(empty(SHAPE, np.uint8)) == where
    assert address(empty((1000, 1200, 3), np.uint8)) == where
    assert address(other) != where


@pytest.mark.parametrize(
    "hold",
    [
        lambda array: array,
        lambda array: array[5:7, :, 0],
        lambda array: array.reshape(-1)[:1],
        lambda array: memoryview(array),
        lambda array: [array.view(np.int8)],
        lambda array: iter(array),
    ],
)
def test_memory_in_use_is_left_alone(hold):
    first = empty(SHAPE, np.uint8)
    where, held = address(first), hold(first)
    del first
    assert address(empty(SHAPE, np.uint8)) != where
    del held


def test_arrays_that_are_there_at_once_do_not_share_memory():
    arrays = [empty(SHAPE, np.uint8) for _ in range(5)]
    for value, array in enumerate(arrays):
        array[...] = value
    assert [(array == value).all() for value, array in enumerate(arrays)] == [True] * 5


def test_no_more_is_kept_than_allowed(monkeypatch):
    monkeypatch.setattr(recycled, "_MOST_KEPT", 10_000_000)
    arrays = [empty(SHAPE, np.uint8) for _ in range(9)]
    assert sum(memory.nbytes for memory in recycled._kept) <= 10_000_000
    del arrays
    empty((1100, 1000, 3), np.uint8)
    assert sum(memory.nbytes for memory in recycled._kept) <= 10_000_000
    # What is larger than half of that is not kept at all.
    empty((2000, 1000, 3), np.uint8)
    assert max(memory.nbytes for memory in recycled._kept) < 5_000_000


def test_small_arrays_are_numpys_own():
    assert empty((10, 10, 3), np.uint8).base is None
    assert not recycled._kept
