"""Memory that is taken again: only once nobody can tell."""

import numpy as np
import pytest

from napari_colorcluster.core.support import recycled
from napari_colorcluster.core.support.recycled import converted, empty, scratch

SHAPE = (2000, 1000, 3)


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch):
    monkeypatch.setattr(recycled, "_small", recycled._Pool(4_000_000))
    monkeypatch.setattr(recycled, "_large", recycled._Pool(100_000_000))


def n_kept(pool):
    return sum(memory.nbytes for memory in pool.kept)


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
    assert address(empty((1000, 2000, 3), np.uint8)) == where
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


def test_no_more_is_kept_than_allowed():
    recycled._large.most = 20_000_000
    arrays = [empty(SHAPE, np.uint8) for _ in range(9)]
    assert n_kept(recycled._large) <= 20_000_000
    del arrays
    empty((2100, 1000, 3), np.uint8)
    assert n_kept(recycled._large) <= 20_000_000
    # What is larger than half of that is not kept at all.
    empty((4000, 1000, 3), np.uint8)
    assert max(memory.nbytes for memory in recycled._large.kept) < 10_000_000
    small = [empty((300, 1000, 3), np.uint8) for _ in range(9)]
    assert n_kept(recycled._small) <= 4_000_000
    assert len({address(array) for array in small}) == 9


@pytest.mark.parametrize("n", [120_000, 123_456, 131_072, 600_000])
def test_what_is_small_is_taken_again_for_about_as_much(n):
    where = address(empty((n,), np.float64))
    again = empty((n - 10,), np.float64)
    assert again.shape == (n - 10,)
    assert address(again) == where
    assert n_kept(recycled._small) < 1.13 * 8 * n


def test_what_is_large_is_kept_unless_it_is_for_a_while():
    assert scratch(SHAPE, np.uint8).base is None
    assert not recycled._large.kept
    where = address(scratch((200, 1000, 3), np.uint8))
    assert address(empty((200, 1000, 3), np.uint8)) == where


@pytest.mark.parametrize("shape", [(4, 3), (50_000, 3)])
def test_a_copy_of_another_type_is_as_astype_makes_it(shape):
    array = np.arange(np.prod(shape)).reshape(shape).astype(np.uint8)
    copy = converted(array, np.float64)
    assert copy.dtype == np.float64
    np.testing.assert_array_equal(copy, array)
    copy[...] = 0
    assert array.any()


def test_tiny_arrays_are_numpys_own():
    assert empty((10, 10, 3), np.uint8).base is None
    assert not recycled._small.kept


def test_sizes_may_be_numpys_integers():
    assert empty(tuple(np.array([300, 1000, 3])), np.uint8).shape == (300, 1000, 3)
