"""Arrays that are read where they are looked at: as numpy, and no more than that."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from napari_colorcluster.core.files.pyramids.lazy import LazyArray

STORED = np.arange(4 * 3 * 5 * 6).reshape(4, 3, 5, 6)
"""Time, channels, rows and columns."""

SHOWN = np.moveaxis(STORED, 1, -1)

INDEX = st.one_of(
    st.integers(-4, 3),
    st.builds(slice, *(st.one_of(st.none(), st.integers(-7, 7)),) * 2, st.sampled_from([None, 2])),
    st.just(slice(None, None, -1)),
    st.just(np.array([0, 2, 1])),
)


class Recorded:
    """Notes how much of an array is read."""

    def __init__(self, array):
        self.array, self.n_read = array, []
        self.shape, self.dtype = array.shape, array.dtype

    def __getitem__(self, where):
        assert all(each.step > 0 for each in where if isinstance(each, slice))
        part = self.array[where]
        self.n_read.append(part.size)
        return part


@pytest.fixture
def stored():
    return Recorded(STORED)


@pytest.fixture
def lazy(stored):
    return LazyArray(stored, 1, (0, 2, 3, 1))


@given(
    where=st.lists(INDEX, min_size=1, max_size=4).map(tuple),
    dots=st.one_of(st.none(), st.integers(0, 3)),
    then=st.tuples(INDEX),
)
def test_it_is_indexed_as_numpy_is(where, dots, then):
    if dots is not None and dots <= len(where) < 4:
        where = (*where[:dots], Ellipsis, *where[dots:])
    lazy, expected = LazyArray(STORED, 1, (0, 2, 3, 1)), SHOWN
    for index in (where, then):
        try:
            expected = expected[index]
        except IndexError:
            with pytest.raises(IndexError):
                np.asarray(lazy[index])
            return
        lazy = lazy[index]
        assert lazy.shape == expected.shape
        np.testing.assert_array_equal(lazy, expected)


def test_a_plane_is_read_at_once_and_several_when_one_is_chosen(lazy, stored):
    assert isinstance(lazy[2, :3, :2], np.ndarray)
    assert isinstance(lazy[2:3], np.ndarray)
    part = lazy[:, 1:4, 1:3]
    assert isinstance(part, LazyArray)
    assert part.shape == (4, 3, 2, 3)
    assert stored.n_read == [18, 90]
    np.testing.assert_array_equal(part[3], SHOWN[3, 1:4, 1:3])
    assert stored.n_read == [18, 90, 18]


def test_it_has_what_an_array_has(lazy):
    assert (lazy.ndim, lazy.size, len(lazy)) == (4, 360, 4)
    assert lazy.dtype == SHOWN.dtype
    np.testing.assert_array_equal(lazy == 7, SHOWN == 7)
    np.testing.assert_array_equal(2 + lazy, SHOWN + 2)
    assert np.asarray(lazy, np.float32).dtype == np.float32
    assert np.max(lazy) == SHOWN.max()
