"""Specks go to what surrounds them; everything else stays."""

import dask.array as da
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from skimage import measure

import napari_colorcluster as ncc
from napari_colorcluster.core.pattern.specks import remove_specks

planes = arrays.arrays(
    np.uint8,
    arrays.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=12),
    elements=st.integers(0, 3),
)


def regions_of(labels):
    """The connected regions of a plane as scikit-image finds them: numbers and sizes by number."""
    numbers = measure.label(labels, background=0, connectivity=1)
    return numbers, np.bincount(numbers.ravel())


def neighbors_of(numbers, number):
    """The number of the region at each unit of a region's border; 0 is what is left out."""
    inside = numbers == number
    found = []
    for axis in (0, 1):
        for shift in (1, -1):
            moved, beside = np.roll(inside, shift, axis), np.moveaxis(numbers, axis, 0)
            moved = np.moveaxis(moved, axis, 0).copy()
            moved[0 if shift == 1 else -1] = False
            found.extend(beside[moved & (beside != number)].tolist())
    return found


def cleaned_slowly(labels, min_pixels):
    """The definition, one region at a time, all regions found anew each time by scikit-image."""
    labels = labels.copy()
    numbers, sizes = regions_of(labels)
    starts = [int(np.flatnonzero(numbers.ravel() == n)[0]) for n in range(1, len(sizes))]
    lines = {size: [] for size in range(1, min_pixels)}
    for start in sorted(starts):
        lines.get(sizes[numbers.ravel()[start]], []).append(start)
    starts = set(starts)
    for size, line in lines.items():
        for start in line:
            numbers, sizes = regions_of(labels)
            number = numbers.ravel()[start]
            if start not in starts or sizes[number] >= min_pixels:
                continue
            if sizes[number] > size:
                lines[sizes[number]].append(start)
                continue
            around = [n for n in neighbors_of(numbers, number) if n]
            start_of = {numbers.ravel()[each]: each for each in starts}
            label_of = {n: int(labels.ravel()[start_of[n]]) for n in around}
            merits = {}
            for n in around:
                border, largest = merits.get(label_of[n], (0, 0))
                merits[label_of[n]] = border + 1, max(largest, sizes[n])
            if not merits:
                continue
            taker = max(merits, key=lambda label: (*merits[label], -label))
            labels[numbers == number] = taker
            joined = {n for n in around if label_of[n] == taker}
            stays = max(joined, key=lambda n: (sizes[n], -start_of[n]))
            starts -= {start, *(start_of[n] for n in joined if n != stays)}
    return labels


@given(planes, st.integers(2, 12))
def test_the_definition_region_by_region(labels, min_pixels):
    expected = cleaned_slowly(labels, min_pixels)
    np.testing.assert_array_equal(remove_specks(labels, min_pixels), expected)


@pytest.mark.parametrize("seed", range(20))
def test_the_definition_where_specks_fill_the_plane(seed):
    labels = np.random.default_rng(seed).integers(1, 4, (6, 5), np.uint8)
    np.testing.assert_array_equal(remove_specks(labels, 5), cleaned_slowly(labels, 5))


def test_a_speck_in_the_first_pixel_makes_one_of_what_it_lies_between():
    labels = np.array([[2, 1, 3, 3, 3], [1, 3, 3, 3, 3]])
    assert remove_specks(labels, 3).tolist() == [[1, 1, 3, 3, 3], [1, 3, 3, 3, 3]]


@given(planes, st.integers(2, 30))
def test_no_small_region_is_left_that_has_a_neighbor(labels, min_pixels):
    cleaned = remove_specks(labels, min_pixels)
    numbers, sizes = regions_of(cleaned)
    for number in range(1, len(sizes)):
        assert sizes[number] >= min_pixels or not any(neighbors_of(numbers, number))


@given(planes, st.integers(2, 30))
def test_what_was_large_enough_or_left_out_stays(labels, min_pixels):
    cleaned = remove_specks(labels, min_pixels)
    numbers, sizes = regions_of(labels)
    large = (numbers > 0) & (sizes[numbers] >= min_pixels)
    np.testing.assert_array_equal(cleaned[large], labels[large])
    np.testing.assert_array_equal(cleaned == 0, labels == 0)


@given(planes, st.integers(2, 30))
def test_cleaning_twice_is_cleaning_once(labels, min_pixels):
    once = remove_specks(labels, min_pixels)
    np.testing.assert_array_equal(remove_specks(once, min_pixels), once)


def test_the_longest_border_takes():
    labels = np.array([[1, 1, 1, 2, 2], [1, 1, 3, 2, 2], [1, 1, 1, 2, 2]], np.uint8)
    assert remove_specks(labels, 2)[1, 2] == 1


def test_of_equal_borders_the_larger_region_takes_then_the_smaller_label():
    assert remove_specks(np.array([[1, 1, 3, 2, 2, 2]], np.uint8), 2)[0, 2] == 2
    assert remove_specks(np.array([[2, 2, 3, 1, 1]], np.uint8), 2)[0, 2] == 1


def test_corners_do_not_connect():
    labels = np.where(np.eye(6, dtype=bool), 2, 1).astype(np.uint8)
    assert (remove_specks(labels, 3)[1:-1, 1:-1] == 1).all()


def test_small_regions_that_meet_grow_large_enough():
    labels = np.array([[1, 2, 0, 3, 3, 3]], np.uint8)
    np.testing.assert_array_equal(remove_specks(labels, 2), [[2, 2, 0, 3, 3, 3]])


def test_a_region_alone_stays():
    labels = np.array([[0, 0, 0], [0, 4, 0], [0, 0, 0]], np.uint16)
    np.testing.assert_array_equal(remove_specks(labels, 50), labels)


def test_a_photo_in_clusters(photo):
    labels = ncc.cluster_colors(photo, 5).predict(photo)
    before = labels.copy()
    cleaned = remove_specks(labels, 25)
    np.testing.assert_array_equal(labels, before)
    _, sizes = regions_of(cleaned)
    assert sizes[1:].min() >= 25
    assert len(sizes) < len(regions_of(labels)[1]) / 4
    assert (cleaned != labels).mean() < 0.2


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int64, ">i4"])
def test_the_type_stays(dtype):
    labels = np.array([[1, 1, 2], [1, 1, 1]], dtype)
    cleaned = remove_specks(labels, 2)
    assert cleaned.dtype == labels.dtype
    assert (cleaned == 1).all()


@pytest.mark.parametrize("lazy", [False, True])
def test_a_stack_is_cleaned_plane_by_plane(lazy):
    stack = np.random.default_rng(0).integers(0, 4, (2, 3, 20, 17), np.uint8)
    given = da.from_array(stack, chunks=(1, 2, 7, 5)) if lazy else stack
    cleaned = remove_specks(given, 6)
    assert isinstance(cleaned, da.Array) is lazy
    assert cleaned.dtype == np.uint8
    cleaned = np.asarray(cleaned)
    for i, j in np.ndindex(2, 3):
        np.testing.assert_array_equal(cleaned[i, j], remove_specks(stack[i, j], 6))


@pytest.mark.parametrize("shape", [(0, 5), (0, 4, 5), (3, 0)])
def test_nothing_stays_nothing(shape):
    assert remove_specks(np.zeros(shape, np.uint8), 3).shape == shape


def test_regions_of_one_pixel_are_none_too_small():
    labels = np.array([[1, 2], [2, 1]])
    assert remove_specks(labels, 1) is labels


@pytest.mark.parametrize("min_pixels", [0, -3, 2.0, "4", True, None])
def test_a_size_must_be_a_whole_number(min_pixels, refused):
    with refused("min_pixels", "at least 1", repr(min_pixels)):
        remove_specks(np.ones((3, 3), np.uint8), min_pixels)


@pytest.mark.parametrize("labels", [np.ones(3, int), np.ones((3, 3)), np.ones((3, 3), bool)])
def test_only_planes_of_labels_have_regions(labels, refused):
    with refused("integers on at least two axes", labels.dtype.name):
        remove_specks(labels, 2)


def test_the_largest_label_is_one_like_others():
    labels = np.array([[65535, 65535, 2], [65535, 65535, 65535]])
    assert (remove_specks(labels, 2) == 65535).all()


@pytest.mark.parametrize("label", [-1, 65536])
def test_labels_are_those_of_a_clustering(label, refused):
    with refused("0..65535", str(label)):
        remove_specks(np.array([[1, label]]), 2)
