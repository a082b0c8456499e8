"""The patch at a pixel and those like it: against scikit-image's connected regions."""

import dask.array as da
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from skimage import measure

from napari_colorcluster.core.correcting.by_place import PatchAt, give_patch, merge_patch
from napari_colorcluster.core.pattern.specks import remove_specks

planes = arrays.arrays(
    np.uint8,
    arrays.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=12),
    elements=st.integers(0, 3),
)


def patches_of(labels):
    numbers = measure.label(labels, background=0, connectivity=1)
    return numbers, np.bincount(numbers.ravel())


def somewhere(labels, data):
    inside = np.argwhere(labels)
    assume(len(inside))
    return tuple(inside[data.draw(st.integers(0, len(inside) - 1))].tolist())


def is_alike(labels, pixel, like):
    """Which pixels are of a patch like that at a pixel."""
    numbers, sizes = patches_of(labels)
    size = sizes[numbers[pixel]]
    small = (sizes[numbers] <= size) & np.isin(labels, like) & (labels > 0)
    return small | (numbers == numbers[pixel])


@given(planes, st.integers(0, 4), st.lists(st.integers(1, 3), max_size=3), st.data())
def test_what_is_given_away_is_the_patch_and_those_like_it(labels, label, like, data):
    pixel, before = somewhere(labels, data), labels.copy()
    alike = is_alike(labels, pixel, like)
    expected = np.where(alike, label, labels)
    np.testing.assert_array_equal(give_patch(labels, pixel, label, like), expected)
    np.testing.assert_array_equal(labels, before)
    found = PatchAt.of(labels, pixel)
    numbers, sizes = patches_of(labels)
    assert (found.label, found.n_pixels) == (labels[pixel], sizes[numbers[pixel]])
    assert np.count_nonzero(found.alike(like)) == len(np.unique(numbers[alike]))


@given(planes, st.data())
def test_a_patch_alone_joins_the_label_with_the_longest_border(labels, data):
    pixel = somewhere(labels, data)
    numbers, sizes = patches_of(labels)
    inside = numbers == numbers[pixel]
    padded, within = np.pad(labels, 1), np.pad(inside, 1)
    border, largest = np.zeros(5, int), np.zeros(5, int)
    for axis in (0, 1):
        for shift in (1, -1):
            beside = np.roll(within, shift, axis) & ~within
            np.add.at(border, padded[beside], 1)
            np.maximum.at(largest, padded[beside], sizes[np.pad(numbers, 1)[beside]])
    border[0] = 0
    merits = [(border[label], largest[label], -label) for label in range(1, 4)]
    expected = labels.copy()
    if border.any():
        expected[inside] = 1 + merits.index(max(merits))
    np.testing.assert_array_equal(merge_patch(labels, pixel), expected)


@given(planes, st.data())
def test_patches_of_all_clusters_join_as_specks_do(labels, data):
    pixel = somewhere(labels, data)
    size = PatchAt.of(labels, pixel).n_pixels
    merged = merge_patch(labels, pixel, like=[1, 2, 3])
    np.testing.assert_array_equal(merged, remove_specks(labels, size + 1))


@given(planes, st.lists(st.integers(1, 3), max_size=2), st.data())
def test_what_is_not_like_it_stays(labels, like, data):
    pixel = somewhere(labels, data)
    changed = merge_patch(labels, pixel, like) != labels
    assert not (changed & ~is_alike(labels, pixel, like)).any()


@pytest.mark.parametrize("chunks", [None, (1, 4, 5)])
def test_of_a_stack_one_plane_changes(chunks):
    stack = np.ones((3, 8, 9), np.uint8)
    stack[:, 2:4, 2:4] = 2
    stack[:, 6, 6] = 2
    labels = stack if chunks is None else da.from_array(stack, chunks=chunks)
    for change, expected in (
        (lambda: give_patch(labels, (1, 3, 3), 1), 1),
        (lambda: merge_patch(labels, (1, 3, 3)), 1),
        (lambda: give_patch(labels, (1, 3, 3), 0), 0),
    ):
        after = change()
        assert isinstance(after, type(labels))
        after = np.asarray(after)
        assert (after[1, 2:4, 2:4] == expected).all()
        after[1, 2:4, 2:4] = 2
        np.testing.assert_array_equal(after, stack)
    both = np.asarray(give_patch(labels, (1, 3, 3), 5, like=[2]))
    assert [np.count_nonzero(plane == 5) for plane in both] == [0, 5, 0]


def test_a_label_that_the_type_cannot_hold_widens_it():
    after = give_patch(np.array([[1, 2]], np.uint8), (0, 0), 300)
    assert after.dtype == np.uint16
    assert after.tolist() == [[300, 2]]
    assert give_patch(np.array([[1, 2]], np.int64), (0, 0), 2).dtype == np.int64


def test_what_cannot_be_meant_is_refused(refused):
    labels = np.array([[0, 1, 1], [2, 2, 1]], np.uint8)
    with refused("The pixel (0, 0) is in no cluster: its label is 0"):
        merge_patch(labels, (0, 0))
    for pixel in ((2, 0), (-1, 0), (0,), (0, 0, 0), (0.5, 1), 1):
        with refused(f"There is no pixel {pixel!r} in labels of shape (2, 3)"):
            give_patch(labels, pixel, 1)
    for label in (-1, 70_000, 1.5, True):
        with refused(f"A label must be in 0..65535, got {label!r}"):
            give_patch(labels, (0, 1), label)
    with refused("The clusters must be one or more labels", "[0]"):
        merge_patch(labels, (0, 1), like=[0])
