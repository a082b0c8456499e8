import json
import re

import dask.array as da
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from napari_colorcluster.core.correcting.overlay import Overlay
from napari_colorcluster.core.files.palettes.json_file import FORMAT_NAME
from napari_colorcluster.layers.images.layer_data import level_centers

SHAPES = st.tuples(st.integers(1, 4), st.integers(1, 7)) | st.tuples(*[st.integers(1, 4)] * 3)
FREE = -1
"""In the dense form of an overlay: no pixel of it."""


@st.composite
def dense(draw, shape=None, highest=4):
    shape = draw(SHAPES) if shape is None else shape
    return draw(arrays(np.int64, shape, elements=st.integers(FREE, highest)))


def overlay_of(dense):
    flat = np.flatnonzero(dense != FREE)
    return Overlay.from_pixels(dense.shape, flat, dense.reshape(-1)[flat])


def dense_of(overlay):
    found = np.full(overlay.shape, FREE)
    for start, length, label in zip(overlay.starts, overlay.lengths, overlay.labels, strict=True):
        found.reshape(-1)[start : start + length] = label
    return found


@st.composite
def two_of_one_shape(draw):
    shape = draw(SHAPES)
    return draw(dense(shape)), draw(dense(shape))


@given(dense())
def test_runs_hold_each_pixel_and_are_as_few_as_rows_allow(pixels):
    overlay = overlay_of(pixels)
    np.testing.assert_array_equal(dense_of(overlay), pixels)
    rows = np.pad(pixels.reshape(-1, pixels.shape[-1]), [(0, 0), (1, 0)], constant_values=FREE)
    assert len(overlay.starts) == np.count_nonzero((np.diff(rows) != 0) & (rows[:, 1:] != FREE))
    assert overlay.n_pixels == np.count_nonzero(pixels != FREE)
    np.testing.assert_array_equal(overlay.pixels, np.flatnonzero(pixels != FREE))
    counts = overlay.counts()
    assert counts.tolist() == [np.count_nonzero(pixels == label) for label in range(len(counts))]


@given(two_of_one_shape())
def test_of_two_overlays_the_upper_one_counts(two):
    top, below = two
    expected = np.where(top == FREE, below, top)
    assert overlay_of(top).over(overlay_of(below)) == overlay_of(expected)


@given(two_of_one_shape())
def test_what_lies_between_two_label_images_makes_one_of_the_other(two):
    before, after = (each + 1 for each in two)
    found = Overlay.between(before, after)
    np.testing.assert_array_equal(found.apply(before), after)
    assert found.n_pixels == np.count_nonzero(before != after)


@settings(max_examples=15, deadline=None)
@given(two_of_one_shape(), st.integers(2, 4))
def test_dask_arrays_get_what_arrays_get(two, chunk):
    overlay, labels = overlay_of(two[0]), (two[1] + 1).astype(np.uint8)
    other = (two[0] + 1).astype(np.uint8)
    lazy = da.from_array(labels, chunks=chunk)
    applied = overlay.apply(lazy)
    assert applied.dtype == np.uint8
    np.testing.assert_array_equal(applied.compute(scheduler="sync"), overlay.apply(labels))
    expected = np.bincount(labels[two[0] != FREE], minlength=1)
    np.testing.assert_array_equal(overlay.counts_below(lazy), expected)
    np.testing.assert_array_equal(overlay.counts_below(labels), expected)
    assert Overlay.between(lazy, other) == Overlay.between(labels, other)


def test_only_the_chunks_that_are_painted_on_are_computed():
    computed = []

    def labels(block_info):
        computed.append(block_info[None]["chunk-location"])
        return np.ones((4, 4), np.uint8)

    lazy = da.map_blocks(labels, chunks=((4, 4), (4, 4)), dtype=np.uint8, meta=np.empty((0, 0)))
    computed.clear()
    assert Overlay.from_pixels((8, 8), [5, 6], 2).counts_below(lazy).tolist() == [0, 2]
    assert computed == [(0, 1)]


@given(dense(), st.dictionaries(st.integers(0, 4), st.integers(0, 4)), st.sets(st.integers(1, 4)))
def test_labels_are_mapped_and_dropped_as_in_an_array(pixels, mapping, kept):
    overlay = overlay_of(pixels)
    mapped = np.vectorize(lambda label: mapping.get(label, label))(pixels)
    assert overlay.relabeled(mapping) == overlay_of(mapped)
    assert overlay.keeping(kept) == overlay_of(np.where(np.isin(pixels, [0, *kept]), pixels, FREE))


@given(two_of_one_shape())
def test_a_mask_keeps_what_is_inside(two):
    pixels, mask = two[0], two[1] > 1
    assert overlay_of(pixels).inside(mask) == overlay_of(np.where(mask, pixels, FREE))


@given(dense(), st.data())
def test_a_box_of_it_is_that_of_the_array(pixels, data):
    first = [data.draw(st.integers(0, size - 1)) for size in pixels.shape]
    shape = tuple(
        data.draw(st.integers(1, size - start))
        for size, start in zip(pixels.shape, first, strict=True)
    )
    box = tuple(slice(start, start + size) for start, size in zip(first, shape, strict=True))
    assert overlay_of(pixels).within(tuple(first), shape) == overlay_of(pixels[box])


@given(dense(), st.data())
def test_a_coarser_level_has_what_the_centers_of_its_pixels_have(pixels, data):
    shape = tuple(data.draw(st.integers(1, size)) for size in pixels.shape)
    expected = pixels[level_centers(pixels.shape, shape)]
    assert overlay_of(pixels).at_level(shape) == overlay_of(expected)


@given(dense() | dense((9, 40)))
def test_json_holds_it(pixels):
    overlay = overlay_of(pixels)
    assert Overlay.from_dict(json.loads(json.dumps(overlay.to_dict()))) == overlay


def test_few_runs_can_be_read_by_a_person():
    stored = Overlay.from_pixels((2, 4), [3, 1, 2, 4], [5, 5, 5, 0]).to_dict()
    assert stored == {"shape": [2, 4], "runs": [[1, 3, 5], [4, 1, 0]]}


def test_of_the_same_pixel_twice_the_later_one_counts():
    assert Overlay.from_pixels((1, 3), [2, 1, 2], [7, 8, 9]).labels.tolist() == [8, 9]


def test_it_is_written_into_what_is_given_in_any_order_of_axes():
    labels = np.asfortranarray(np.ones((3, 4), np.uint8))
    overlay = Overlay.from_pixels((3, 4), [1, 5], 2)
    assert overlay.apply(labels, labels) is labels
    assert np.flatnonzero(labels == 2).tolist() == [1, 5]


def test_a_label_above_255_widens_what_is_painted():
    overlay = Overlay.from_pixels((1, 3), [1], 300)
    painted = overlay.apply(np.zeros((1, 3), np.uint8))
    assert (painted.dtype, painted.tolist()) == (np.uint16, [[0, 300, 0]])


@pytest.mark.parametrize(
    ("shape", "runs", "message"),
    [
        ((2, 3), [[0, 1, 1], [0, 1, 2]], "must not overlap"),
        ((2, 3), [[5, 2, 1]], "within an image of shape (2, 3)"),
        ((2, 3), [[-1, 1, 1]], "within an image of shape (2, 3)"),
        ((2, 3), [[1, 0, 1]], "at least one pixel"),
        ((2, 3), [[2, 2, 1]], "must end with its row of 3 pixels"),
        ((2, 3), [[2, 1, 65536]], "list of [start, length, label]"),
        ((2, 3), [[2, 1.5, 1]], "list of [start, length, label]"),
        ((2, 3), "runs", "list of [start, length, label]"),
        ((0, 3), [], "need the shape of their image"),
        ("ab", [], "need the shape of their image"),
    ],
)
def test_what_are_no_runs_is_said(shape, runs, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        Overlay.from_dict({"shape": shape, "runs": runs})


@pytest.mark.parametrize("stored", [None, [], {}, {"shape": [2, 3]}, {"shape": [9], "n_runs": 0}])
def test_what_is_no_overlay_is_said(stored):
    with pytest.raises(ValueError, match=r"need the shape|must be counted"):
        Overlay.from_dict(stored)


def test_packed_numbers_that_are_damaged_are_said():
    stored = Overlay.from_pixels((50, 2), np.arange(0, 100, 2), 1).to_dict()
    with pytest.raises(ValueError, match='"gaps" does not hold 50 packed numbers'):
        Overlay.from_dict({**stored, "gaps": FORMAT_NAME})


@pytest.mark.parametrize("labels", [[1, 2, 3], [1.5, 2.0], [[1, 2]], 0.5])
def test_what_is_no_label_for_each_pixel_is_refused(refused, labels):
    with refused("Labels must be integers, one for all pixels or one for each of the 2"):
        Overlay.from_pixels((3, 4), [1, 2], labels)


def test_labels_may_be_lists():
    assert Overlay.between([[1, 1]], [[1, 2]]) == Overlay.from_pixels((1, 2), [1], 2)


def test_images_of_other_shapes_do_not_fit():
    one, other = Overlay.from_pixels((2, 3), [0], 1), Overlay.from_pixels((3, 2), [0], 1)
    with pytest.raises(ValueError, match=r"\(2, 3\) do not lie over shape \(3, 2\)"):
        one.over(other)
    with pytest.raises(ValueError, match=r"\(2, 3\) do not lie over shape \(2, 4\)"):
        one.apply(np.zeros((2, 4), np.uint8))
    with pytest.raises(ValueError, match=r"do not lie over labels of shape \(3, 2\)"):
        Overlay.between(np.zeros((3, 2)), np.zeros((2, 3)))
    with pytest.raises(ValueError, match=r"Labels must be in 0\.\.65535, got -1"):
        Overlay.from_pixels((2, 3), [0], -1)
