"""Bisecting k-means on weighted points, held against scikit-learn on the points repeated."""

import pickle

import numpy as np
import pytest
import sklearn.cluster
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import adjusted_rand_score
from threadpoolctl import threadpool_limits

from napari_colorcluster.core.methods.bisecting_kmeans import BisectingKMeans, Bisections
from napari_colorcluster.core.methods.solvers.points import WeightedPoints
from napari_colorcluster.core.support.progress import Cancelled, silent

STRATEGIES = ["biggest_inertia", "largest_cluster"]
each_strategy = pytest.mark.parametrize("strategy", STRATEGIES)


def prepare(points, weights, strategy="biggest_inertia", random_state=0):
    method = BisectingKMeans(bisecting_strategy=strategy)
    colors = WeightedPoints(points, weights, np.arange(len(points), dtype=np.int32))
    return method.prepare(colors, random_state=random_state, progress=silent)


def labels_of(points, weights, n_clusters, strategy="biggest_inertia"):
    return prepare(points, weights, strategy)(n_clusters, silent).labels


def sse_of(points, weights, labels):
    centers = [
        np.average(points[labels == label], axis=0, weights=weights[labels == label])
        for label in range(labels.max() + 1)
    ]
    return weights @ ((points - np.array(centers)[labels]) ** 2).sum(axis=1)


def cloud(n=300, seed=0):
    """Points with counts of 1 to 9."""
    random = np.random.default_rng(seed)
    return random.normal(scale=[9, 5, 2], size=(n, 3)), random.integers(1, 10, n).astype(float)


@each_strategy
@pytest.mark.parametrize("name", ["coffee", "astronaut"])
def test_the_sse_is_that_of_scikit_learn_on_all_pixels(request, name, strategy):
    pixels = request.getfixturevalue(name)[::8, ::8].reshape(-1, 3).astype(float)
    points, counts = np.unique(pixels, axis=0, return_counts=True)
    weights = counts.astype(float)
    prepared = prepare(points, weights, strategy)
    for n_clusters in (2, 3, 5, 8, 12):
        theirs = sklearn.cluster.BisectingKMeans(
            n_clusters, n_init=10, random_state=0, bisecting_strategy=strategy
        ).fit(pixels)
        found = sse_of(points, weights, prepared(n_clusters, silent).labels)
        assert found <= 1.005 * theirs.inertia_


@each_strategy
def test_groups_far_apart_are_split_as_scikit_learn_splits_them(strategy):
    # Pairs of pairs: whatever comes first, no bisection goes through a group.
    places = np.array([[0.0, 0, 0], [0, 30, 0], [400, 0, 0], [400, 50, 9]])
    noise, weights = cloud(200)
    sizes = np.repeat(range(4), [40, 50, 55, 55])
    points = places[sizes] + noise / 20
    repeated, truth = (np.repeat(each, weights.astype(int), axis=0) for each in (points, sizes))
    prepared = prepare(points, weights, strategy)
    for n_clusters in (2, 3, 4):
        theirs = sklearn.cluster.BisectingKMeans(
            n_clusters, n_init=10, random_state=0, bisecting_strategy=strategy
        ).fit(repeated)
        grouping = prepared(n_clusters, silent)
        others = repeated + noise[0]
        for known in (grouping.labels.repeat(weights.astype(int)), grouping.rule(repeated)):
            assert adjusted_rand_score(theirs.labels_, known) == 1
        assert adjusted_rand_score(theirs.predict(others), grouping.rule(others)) == 1
    assert adjusted_rand_score(truth, grouping.rule(repeated)) == 1


@pytest.mark.parametrize(
    ("strategy", "labels"),
    [("biggest_inertia", [0, 2, 1, 1, 1]), ("largest_cluster", [0, 0, 1, 2, 2])],
)
def test_the_strategy_says_which_cluster_is_next(strategy, labels):
    # A wide cluster of few pixels, and a narrow one of many.
    points = np.zeros((5, 3))
    points[:, 0] = [0, 90, 500, 502, 503]
    found = labels_of(points, np.array([1.0, 1, 30, 30, 30]), 3, strategy)
    assert adjusted_rand_score(labels, found) == 1


def test_a_cluster_of_one_color_is_never_split_however_many_pixels_it_has():
    points = np.array([[0.0, 0, 0], [200, 0, 0], [210, 0, 0]])
    assert labels_of(points, np.array([1e9, 1, 1]), 3, "largest_cluster").max() == 2


@settings(max_examples=30)
@given(
    points=arrays(float, st.tuples(st.integers(1, 20), st.just(3)), elements=st.integers(0, 9)),
    exponent=st.integers(-9, 9),
    strategy=st.sampled_from(STRATEGIES),
    data=st.data(),
)
def test_there_are_as_many_clusters_as_asked_however_the_points_lie(
    points, exponent, strategy, data
):
    points = np.unique(points, axis=0) * 2.0**exponent + data.draw(st.sampled_from([0, 1e3]))
    elements = st.sampled_from([1.0, 2.0, 1e3, 1e9])
    weights = data.draw(arrays(float, len(points), elements=elements))
    prepared = prepare(points, weights, strategy)
    for n_clusters in range(1, len(points) + 1):
        grouping = prepared(n_clusters, silent)
        np.testing.assert_array_equal(np.unique(grouping.labels), range(n_clusters))
        np.testing.assert_array_equal(grouping.rule(points), grouping.labels)
        assert grouping.labels.dtype == np.int64


def test_colors_whose_means_round_to_one_are_split_all_the_same(monkeypatch):
    name = "napari_colorcluster.core.methods.bisecting_kmeans.weighted_means"
    monkeypatch.setattr(name, lambda points, weights, labels: (np.zeros((2, 3)), None))
    points, weights = cloud(9)
    prepared = prepare(points, weights)
    assert np.unique(prepared(9, silent).labels).tolist() == list(range(9))
    assert np.unique(prepared(9, silent).rule(points)).tolist() == list(range(9))


@each_strategy
def test_numbers_of_clusters_may_be_asked_in_any_order(strategy):
    points, weights = cloud()
    prepared = prepare(points, weights, strategy)
    for n_clusters in (9, 2, 30, 1, 8, 9):
        grouping = prepared(n_clusters, silent)
        expected = labels_of(points, weights, n_clusters, strategy)
        np.testing.assert_array_equal(grouping.labels, expected)
    finer, coarser = (prepared(k, silent).labels for k in (9, 8))
    np.testing.assert_array_equal(finer[finer < 8], coarser[finer < 8])
    assert len(np.unique(np.column_stack([finer, coarser]), axis=0)) == 9


def test_a_sweep_bisects_no_more_often_than_its_largest_number_needs(monkeypatch):
    from napari_colorcluster.core.methods import bisecting_kmeans

    asked = []
    plain = bisecting_kmeans.weighted_means

    def count(points, weights, labels):
        asked.append(len(points))
        return plain(points, weights, labels)

    monkeypatch.setattr(bisecting_kmeans, "weighted_means", count)
    prepared = prepare(*cloud())
    for n_clusters in (2, 5, 3, 9, 4):
        prepared(n_clusters, silent)
    assert len(asked) == 8
    assert asked[0] == 300


def test_another_color_goes_where_the_nearer_center_of_each_bisection_is():
    # The nearest of all three centers is another one: 50 goes left at first.
    rule = Bisections(
        np.array([0, 0]),
        np.array([[[10.0, 0, 0], [100, 0, 0]], [[-20, 0, 0], [12, 0, 0]]]),
    )
    points = np.zeros((6, 3))
    points[:, 0] = [54, 55, 56, -4, -5, 1e6]
    assert rule(points).tolist() == [2, 2, 1, 0, 0, 1]
    assert rule(np.empty((0, 3))).shape == (0,)


def test_a_pickled_rule_is_the_same():
    rule = prepare(*cloud())(20, silent).rule
    again = pickle.loads(pickle.dumps(rule))
    others = np.random.default_rng(1).normal(scale=9, size=(500, 3))
    np.testing.assert_array_equal(again(others), rule(others))
    assert np.unique(rule(others)).size > 10


def test_a_seed_and_any_number_of_threads_give_the_same_bits():
    with threadpool_limits(1):
        alone = prepare(*cloud(3000), random_state=5)(9, silent)
    with threadpool_limits(4):
        together = prepare(*cloud(3000), random_state=5)(9, silent)
    np.testing.assert_array_equal(alone.labels, together.labels)
    np.testing.assert_array_equal(alone.rule.centers, together.rule.centers)


def test_the_points_and_weights_are_left_alone():
    points, weights = cloud()
    points.setflags(write=False)
    weights.setflags(write=False)
    labels_of(points, weights, 9)
    np.testing.assert_array_equal(points, cloud()[0])


def test_progress_rises_to_1_and_a_cancelled_run_can_be_taken_up_again():
    prepared = prepare(*cloud())
    told = []
    expected = prepared(9, lambda fraction, what: told.append(fraction)).labels
    assert told == sorted(told)
    assert told[0] >= 0
    assert told[-1] == 1

    def cancel(fraction, what):
        if fraction > 0.5:
            raise Cancelled

    prepared = prepare(*cloud())
    with pytest.raises(Cancelled):
        prepared(9, cancel)
    np.testing.assert_array_equal(prepared(9, silent).labels, expected)


def test_an_unknown_strategy_is_refused(refused):
    with refused("bisecting_strategy must be one of", *map(repr, STRATEGIES), "got 'random'"):
        BisectingKMeans(bisecting_strategy="random")
