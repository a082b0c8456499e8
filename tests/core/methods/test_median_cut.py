"""Median cut, held against a plain one on the points repeated."""

import dataclasses
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from threadpoolctl import threadpool_limits

from napari_colorcluster.core.methods.median_cut import BoxTree, MedianCut
from napari_colorcluster.core.methods.solvers.points import WeightedPoints
from napari_colorcluster.core.support.progress import Cancelled, silent


def prepare(points, weights):
    colors = WeightedPoints(points, weights, np.arange(len(points)))
    return MedianCut().prepare(colors, random_state=0, progress=silent)


def labels_of(points, weights, n_clusters):
    return prepare(points, weights)(n_clusters, silent).labels


def cloud(n, seed=0):
    """Distinct points with counts of 1 to 9; no two coordinates are equal."""
    random = np.random.default_rng(seed)
    return random.normal(scale=[9, 5, 2], size=(n, 3)), random.integers(1, 10, n).astype(float)


def plain_median_cut(pixels, n_clusters):
    """The boxes that pixels, one by one, are cut into: a list of arrays."""
    boxes = [pixels]
    while len(boxes) < n_clusters:
        sums = np.array([((box - box.mean(axis=0)) ** 2).sum(axis=0) for box in boxes])
        widest, axis = np.unravel_index(sums.argmax(), sums.shape)
        values = np.sort(boxes[widest][:, axis])
        places = np.flatnonzero(np.diff(values) > 0) + 1
        place = places[np.abs(places - len(values) / 2).argmin()]
        below = boxes[widest][:, axis] < values[place]
        boxes.append(boxes[widest][~below])
        boxes[widest] = boxes[widest][below]
    return boxes


some_points = arrays(float, st.tuples(st.integers(1, 25), st.just(3)), elements=st.integers(0, 9))


@given(seed=st.integers(0, 2**32 - 1), n_clusters=st.integers(1, 40))
def test_it_is_a_plain_median_cut_of_all_repeated_points(seed, n_clusters):
    points, weights = cloud(40, seed)
    labels = labels_of(points, weights, n_clusters)
    boxes = plain_median_cut(np.repeat(points, weights.astype(int), axis=0), n_clusters)
    for number, box in enumerate(boxes):
        expected = np.unique(box, axis=0)
        np.testing.assert_array_equal(np.unique(points[labels == number], axis=0), expected)


@pytest.mark.parametrize("n_clusters", [2, 7, 32])
def test_it_is_a_plain_median_cut_of_the_pixels_of_a_photo(photo, n_clusters):
    pixels = photo.reshape(-1, 3)
    colors, counts = np.unique(pixels, axis=0, return_counts=True)
    labels = labels_of(colors.astype(float), counts.astype(float), n_clusters)
    boxes = plain_median_cut(pixels.astype(float), n_clusters)
    assert np.bincount(labels, counts).tolist() == [len(box) for box in boxes]
    for number, box in enumerate(boxes):
        np.testing.assert_array_equal(colors[labels == number], np.unique(box, axis=0))


def test_the_first_cut_halves_the_pixels_along_the_widest_axis():
    points, weights = cloud(2001)
    labels = labels_of(points, weights, 2)
    assert points[labels == 0, 0].max() < points[labels == 1, 0].min()
    assert np.bincount(labels, weights) / weights.sum() == pytest.approx([0.5, 0.5], abs=0.002)


@given(points=some_points, exponent=st.integers(-9, 9), data=st.data())
def test_there_are_as_many_boxes_as_asked_however_the_points_lie(points, exponent, data):
    points = np.unique(points, axis=0) * 2.0**exponent + data.draw(st.sampled_from([0, 1e3]))
    elements = st.sampled_from([1.0, 2.0, 1e3, 1e9])
    weights = data.draw(arrays(float, len(points), elements=elements))
    prepared = prepare(points, weights)
    for n_clusters in range(1, len(points) + 1):
        grouping = prepared(n_clusters, silent)
        np.testing.assert_array_equal(np.unique(grouping.labels), range(n_clusters))
        np.testing.assert_array_equal(grouping.rule(points), grouping.labels)
        assert grouping.labels.dtype == np.int64


@given(points=some_points, data=st.data())
def test_boxes_do_not_overlap(points, data):
    points = np.unique(points, axis=0)
    n_clusters = data.draw(st.integers(1, len(points)))
    labels = labels_of(points, np.ones(len(points)), n_clusters)
    boxes = [points[labels == number] for number in range(n_clusters)]
    for i, one in enumerate(boxes):
        for other in boxes[:i]:
            apart = (one.max(axis=0) < other.min(axis=0)) | (other.max(axis=0) < one.min(axis=0))
            assert apart.any()


@given(seed=st.integers(0, 2**32 - 1), n_clusters=st.integers(1, 60))
def test_the_order_of_the_points_does_not_matter(seed, n_clusters):
    points, weights = cloud(60, seed)
    order = np.random.default_rng(seed).permutation(60)
    one = prepare(points, weights)(n_clusters, silent)
    other = prepare(points[order], weights[order])(n_clusters, silent)
    np.testing.assert_array_equal(other.labels, one.labels[order])
    np.testing.assert_array_equal(other.rule.thresholds, one.rule.thresholds)


@given(seed=st.integers(0, 2**32 - 1), exponent=st.integers(1, 29))
def test_a_picture_many_times_over_has_the_same_boxes(seed, exponent):
    points, weights = cloud(60, seed)
    labels = labels_of(points, weights, 9)
    np.testing.assert_array_equal(labels_of(points, 2.0**exponent * weights, 9), labels)


def test_numbers_of_clusters_may_be_asked_in_any_order():
    points, weights = cloud(300)
    prepared = prepare(points, weights)
    for n_clusters in (9, 2, 30, 1, 300, 9):
        grouping = prepared(n_clusters, silent)
        np.testing.assert_array_equal(grouping.labels, labels_of(points, weights, n_clusters))
    finer, coarser = (prepared(k, silent).labels for k in (9, 8))
    assert len(np.unique(np.column_stack([finer, coarser]), axis=0)) == 9
    np.testing.assert_array_equal(finer[finer < 8], coarser[finer < 8])


def test_another_color_falls_into_the_box_whose_cuts_are_around_it():
    points = np.array([[0.0, 0, 0], [1, 0, 0], [10, 0, 0], [10, 4, 0]])
    rule = prepare(points, np.array([5.0, 5, 5, 5]))(3, silent).rule
    others = np.array([[-99.0, 99, 99], [5.5, 0, 0], [5.6, 2, 0], [99, 2.1, -99], [6, 1.9, 0]])
    assert rule.axes.tolist() == [0, 1]
    assert rule.thresholds.tolist() == [5.5, 2]
    assert rule(others).tolist() == [0, 0, 1, 2, 1]
    assert rule(np.empty((0, 3))).shape == (0,)


def test_a_pickled_rule_is_the_same():
    points, weights = cloud(300)
    rule = prepare(points, weights)(20, silent).rule
    again = pickle.loads(pickle.dumps(rule))
    others = np.random.default_rng(1).normal(scale=9, size=(500, 3))
    np.testing.assert_array_equal(again(others), rule(others))
    assert np.unique(rule(others)).size > 10


def test_no_cut_leaves_one_box():
    rule = BoxTree(np.empty(0, int), np.empty(0, int), np.empty(0))
    assert rule(np.zeros((3, 3))).tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("weights", "labels"),
    [
        ([1, 1, 1, 1, 4], [0, 0, 0, 0, 1]),
        ([1e9, 1, 1, 1, 1], [0, 1, 1, 1, 1]),
        ([1, 1, 1, 2, 1], [0, 0, 0, 1, 1]),
        ([1, 1, 2, 1, 1], [0, 0, 1, 1, 1]),  # as good as one color further
    ],
)
def test_the_cut_is_where_the_pixels_part_most_evenly(weights, labels):
    points = np.arange(5.0)[:, np.newaxis] * [1, 0, 0]
    assert labels_of(points, np.array(weights, float), 2).tolist() == labels


def test_neighboring_numbers_are_split():
    points = np.zeros((3, 3))
    points[:, 1] = [1.0, np.nextafter(1, 2), np.nextafter(np.nextafter(1, 2), 2)]
    assert np.unique(labels_of(points, np.array([1e9, 1, 1]), 3)).tolist() == [0, 1, 2]


def test_an_axis_without_extent_is_never_cut():
    # The mean of equal values is off by rounding, many times over.
    points = np.full((3, 3), 0.1)
    points[:, 2] = [0.1, np.nextafter(0.1, 1), 0.1 + 1e-15]
    labels = labels_of(points, np.array([7e8, 3, 3e8]), 3)
    assert np.unique(labels).tolist() == [0, 1, 2]


def test_the_bits_do_not_depend_on_threads():
    points, weights = cloud(3000)
    with threadpool_limits(1):
        alone = prepare(points, weights)(50, silent)
    with threadpool_limits(4):
        together = prepare(points, weights)(50, silent)
    np.testing.assert_array_equal(alone.labels, together.labels)
    np.testing.assert_array_equal(alone.rule.thresholds, together.rule.thresholds)


def test_the_points_and_weights_are_left_alone():
    points, weights = cloud(300)
    points.setflags(write=False)
    weights.setflags(write=False)
    labels_of(points, weights, 9)
    np.testing.assert_array_equal(points, cloud(300)[0])


def test_progress_rises_to_1_and_a_cancelled_run_can_be_taken_up_again():
    prepared = prepare(*cloud(300))
    told = []
    expected = prepared(9, lambda fraction, what: told.append(fraction)).labels
    assert told == sorted(told)
    assert told[0] >= 0
    assert told[-1] == 1

    def cancel(fraction, what):
        if fraction > 0.5:
            raise Cancelled

    prepared = prepare(*cloud(300))
    with pytest.raises(Cancelled):
        prepared(9, cancel)
    np.testing.assert_array_equal(prepared(9, silent).labels, expected)


def test_it_is_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        MedianCut().name = "octree"
