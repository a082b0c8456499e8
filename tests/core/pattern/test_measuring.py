"""Pairs of neighbors, counted right wherever the labels lie and whatever is left out."""

import dask
import dask.array as da
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from napari_colorcluster import Palette, cluster_colors, measure_pattern
from napari_colorcluster.core.pattern import pairs
from napari_colorcluster.core.support.progress import Cancelled

CHUNKS = ((100, 0, 85), (70, 1, 199, 2))
"""Uneven, one empty, and one of a single column."""

SHAPES = arrays.array_shapes(min_dims=2, max_dims=4, min_side=1, max_side=6)


def palette_of(n):
    colors = np.random.default_rng(n).integers(0, 256, (n, 3), np.uint8)
    return Palette(colors, np.zeros(n, int), [f"color {i}" for i in range(1, n + 1)])


def counted_slowly(labels, n, takes_part):
    """Horizontal and vertical pairs and pixels of labels 1..n, one pixel after the other."""
    horizontal, vertical = np.zeros((2, n, n), int)
    pixels = np.zeros(n, int)
    for place in np.ndindex(labels.shape):
        if not takes_part(place):
            continue
        here = labels[place] - 1
        pixels[here] += 1
        for axis, table in ((-1, horizontal), (-2, vertical)):
            other = list(place)
            other[axis] += 1
            if other[axis] < labels.shape[axis] and takes_part(tuple(other)):
                there = labels[tuple(other)] - 1
                table[here, there] += 1
                if here != there:
                    table[there, here] += 1
    return horizontal, vertical, pixels


def assert_counts(pattern, expected):
    for found, each in zip((pattern.horizontal, pattern.vertical, pattern.pixels), expected,
                           strict=True):  # fmt: skip
        np.testing.assert_array_equal(found, each)


@given(arrays.arrays(np.uint8, SHAPES, elements=st.integers(0, 3)), st.data())
def test_the_definition_pixel_by_pixel(labels, data):
    mask = data.draw(arrays.arrays(bool, labels.shape))
    assert_counts(
        measure_pattern(labels, palette_of(3)),
        counted_slowly(labels, 3, lambda place: labels[place] > 0),
    )
    assert_counts(
        measure_pattern(labels, palette_of(3), mask=mask),
        counted_slowly(labels, 3, lambda place: labels[place] > 0 and mask[place]),
    )


@given(
    arrays.arrays(np.uint8, st.just((5, 7)), elements=st.integers(0, 3)),
    arrays.arrays(np.int64, st.just((5, 7)), elements=st.sampled_from([0, 2, 7, 10**9])),
    arrays.arrays(bool, st.just((5, 7))),
)
def test_pairs_of_an_object_lie_within_it(labels, objects, mask):
    patterns = measure_pattern(labels, palette_of(3), objects=objects, mask=mask)
    assert list(patterns) == sorted(set(objects[objects > 0].tolist()))
    for number, pattern in patterns.items():
        inside = (objects == number) & mask & (labels > 0)
        assert_counts(
            pattern, counted_slowly(labels, 3, lambda place, inside=inside: inside[place])
        )
        assert pattern == measure_pattern(labels, palette_of(3), mask=inside)


@given(arrays.arrays(np.uint16, SHAPES, elements=st.integers(0, 40)))
def test_many_labels_are_counted_as_few(labels):
    assert_counts(
        measure_pattern(labels, palette_of(40)),
        counted_slowly(labels.astype(int), 40, lambda place: labels[place] > 0),
    )


@pytest.mark.parametrize("n_clusters", [3, 20])
@pytest.mark.parametrize("strip", [1, 300, 1000, 10**6])
def test_strips_and_numpy_give_the_same(photo, monkeypatch, strip, n_clusters):
    monkeypatch.setattr(pairs, "_STRIP_PIXELS", strip)
    labels = cluster_colors(photo, n_clusters).predict(photo)
    pattern = measure_pattern(labels)
    n = n_clusters
    for found, one, other in (
        (pattern.horizontal, labels[:, :-1], labels[:, 1:]),
        (pattern.vertical, labels[:-1], labels[1:]),
    ):
        expected = np.zeros((n + 1, n + 1), int)
        np.add.at(expected, (one, other), 1)
        expected = expected[1:, 1:]
        two = expected + expected.T
        np.testing.assert_array_equal(found, np.where(np.eye(n, dtype=bool), expected, two))
    assert pattern.pixels.tolist() == np.bincount(labels.ravel())[1:].tolist()


@pytest.fixture(scope="module")
def labels(photo):
    found = cluster_colors(photo, 6).predict(photo).copy()
    found[60:90, 50:120] = 0
    return found


@pytest.fixture(scope="module")
def objects(labels):
    """Some touch, one is cut by the border, one is in two pieces, and one has but one pixel."""
    found = np.zeros(labels.shape, np.uint16)
    found[:40, :90] = 3
    found[:40, 90:100] = 500
    found[100:180, 20:200] = 7
    found[150:, 260:] = 3
    found[50, 50] = 9
    found[10, 10] = 1
    return found


@pytest.mark.parametrize("scheduler", ["synchronous", "threads"])
@pytest.mark.parametrize("chunks", [CHUNKS, 64, (1, 272), (185, 1), -1])
def test_dask_in_odd_chunks_is_numpy(labels, objects, chunks, scheduler):
    lazy = da.from_array(labels, chunks=chunks)
    mask = labels % 4 > 0
    told = []
    with dask.config.set(scheduler=scheduler):
        found = measure_pattern(lazy, progress=lambda done, what: told.append(done))
        masked = measure_pattern(lazy, mask=da.from_array(mask, chunks=50))
        assert (
            measure_pattern(lazy, mask=mask, objects=objects)[3]
            == (measure_pattern(labels, mask=mask, objects=objects)[3])
        )
        by_object = measure_pattern(lazy, objects=da.from_array(objects, chunks=(30, 272)))
    assert found == measure_pattern(labels)
    assert masked == measure_pattern(labels, mask=mask)
    assert dict(by_object) == dict(measure_pattern(labels, objects=objects))
    assert told == sorted(told)
    assert told[-1] == 1


@given(
    arrays.arrays(np.uint8, st.just((3, 6, 7)), elements=st.integers(0, 3)),
    st.tuples(*(st.integers(1, size) for size in (3, 6, 7))),
)
def test_chunks_of_a_stack_do_not_matter(stack, chunks):
    lazy = da.from_array(stack, chunks=chunks)
    with dask.config.set(scheduler="synchronous"):
        assert measure_pattern(lazy, palette_of(3)) == measure_pattern(stack, palette_of(3))


def test_a_cluster_of_processes_gives_what_numpy_gives(labels, objects):
    from distributed import Client, LocalCluster

    lazy = da.from_array(labels, chunks=CHUNKS)
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0"
        ) as cluster,
        Client(cluster),
    ):
        assert measure_pattern(lazy) == measure_pattern(labels)
        by_object = measure_pattern(lazy, objects=objects)
        assert dict(by_object) == dict(measure_pattern(labels, objects=objects))


@pytest.mark.parametrize("lazy", [False, True])
def test_what_lies_outside_of_all_objects_does_not_matter(lazy):
    labels = np.array([[1, 2, 2, 70, 70, 5], [1, 2, 2, 70, 70, 5]])
    objects = np.array([[4, 4, 4, 0, 0, 8], [4, 4, 4, 0, 0, 8]])
    given = da.from_array(labels, chunks=2) if lazy else labels
    patterns = measure_pattern(given, objects=objects)
    assert patterns[4].labels.tolist() == [1, 2, 5]
    assert patterns[4].pixels.tolist() == [2, 4, 0]
    assert dict(measure_pattern(given, palette_of(5), objects=objects)).keys() == {4, 8}


def test_counting_stops_between_chunks(labels):
    read = []

    def remember(block):
        read.append(block.shape)
        return block

    def cancel(done, what):
        raise Cancelled

    lazy = da.from_array(labels, chunks=20).map_blocks(remember, meta=np.empty((0, 0), np.uint8))
    with dask.config.set(scheduler="synchronous"), pytest.raises(Cancelled):
        measure_pattern(lazy, progress=cancel)
    assert len(read) == 1
    with pytest.raises(Cancelled):
        measure_pattern(labels, progress=cancel)


def test_a_stack_is_the_sum_of_its_frames(labels):
    stack = np.stack([labels, labels[::-1], np.roll(labels, 9)]).reshape(3, 1, *labels.shape)
    frames = [measure_pattern(frame[0]) for frame in stack]
    assert measure_pattern(stack) == frames[0] + frames[1] + frames[2]


def test_all_clusters_of_a_palette_count(photo):
    clustering = cluster_colors(photo, 5)
    labels = clustering.predict(photo)
    labels = np.where(labels == 4, 0, labels)
    pattern = measure_pattern(labels, clustering.palette, spacing=(0.5, 0.25), unit="mm")
    assert pattern.n_clusters == 5
    assert pattern.labels.tolist() == clustering.palette.labels.tolist()
    assert pattern.names == clustering.palette.names
    np.testing.assert_array_equal(pattern.colors, clustering.palette.colors)
    assert pattern.pixels[3] == pattern.pairs[3].sum() == 0
    assert (pattern.spacing, pattern.unit) == ((0.5, 0.25), "mm")
    assert measure_pattern(labels).labels.tolist() == [1, 2, 3, 5]


def test_rows_of_a_palette_may_stand_in_any_order():
    labels = np.array([[2, 2, 9, 9, 9, 4]])
    palette = Palette([[9, 9, 9], [2, 2, 2], [4, 4, 4]], [3, 2, 1], ["i", "b", "d"], [9, 2, 4])
    pattern = measure_pattern(labels, palette)
    assert pattern.pixels.tolist() == [3, 2, 1]
    assert pattern.horizontal.tolist() == [[2, 1, 1], [1, 1, 0], [1, 0, 0]]
    assert pattern.transitions.loc["b", "i"] == 1
    assert pattern.transitions.index.tolist() == ["i", "b", "d"]


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int64, ">i4", np.uint64])
def test_labels_of_any_integer_type(dtype):
    labels = np.array([[1, 1, 3], [1, 0, 3]], dtype)
    assert measure_pattern(labels) == measure_pattern(labels.tolist())
    objects = np.array([[1, 1, 0], [2, 2, 2]], dtype)
    by_object = measure_pattern(labels, objects=objects)
    assert by_object[2].pixels.tolist() == [1, 1]
    assert by_object[1].horizontal.tolist() == [[1, 0], [0, 0]]


@pytest.mark.parametrize("lazy", [False, True])
def test_what_does_not_fit_is_refused(lazy, refused):
    labels = np.array([[1, 2], [7, 1]])
    given = da.from_array(labels, chunks=1) if lazy else labels
    with refused("The labels hold 7", "palette of 3 colors"):
        measure_pattern(given, palette_of(3))
    with refused("mask must be", "(2, 2)", "(3, 2)"):
        measure_pattern(given, mask=np.ones((3, 2), bool))
    with refused("mask must be", "float64"):
        measure_pattern(given, mask=np.ones((2, 2)))
    with refused("objects must be integers", "bool"):
        measure_pattern(given, objects=np.ones((2, 2), bool))
    with refused("Objects must be numbered from 0 on", "-1"):
        measure_pattern(given, objects=np.full((2, 2), -1))
    with refused("0..65535", "-3"):
        measure_pattern(np.minimum(given, 1) - 4)
    for spacing in (0, -1, np.nan, (1, 2, 3)):
        with refused("spacing must be", repr(spacing)):
            measure_pattern(given, spacing=spacing)
    many = np.arange(1100).reshape(20, 55)
    with refused("at most 1,024 labels", "1,099"):
        measure_pattern(da.from_array(many, chunks=20) if lazy else many)


def test_labels_without_two_axes_or_integers_are_refused(refused):
    for labels in (np.ones(3, int), np.ones((3, 3)), np.ones((3, 3), bool)):
        with refused("integers on at least two axes", labels.dtype.name):
            measure_pattern(labels)


def test_masked_labels_and_objects_take_no_part():
    labels = np.array([[1, 1, 2], [1, 2, 2]])
    hidden = np.ma.masked_array(labels, labels == 1)
    assert measure_pattern(hidden).pixels.tolist() == [3]
    objects = np.ma.masked_array(np.full(labels.shape, 5), labels == 1)
    assert measure_pattern(labels, objects=objects)[5].pixels.sum() == 3
    assert repr(measure_pattern(labels)) == "Pattern of 2 clusters, 6 pixels, 7 pairs of neighbors"


def test_objects_with_numbers_that_no_table_holds_are_refused(refused):
    objects = np.full((2, 2), 2**64 - 1, np.uint64)
    with refused("Objects must be numbered up to", str(2**64 - 1)):
        measure_pattern(np.ones((2, 2), int), objects=objects)
