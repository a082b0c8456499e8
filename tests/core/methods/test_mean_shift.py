"""Mean shift on weighted points, held against scikit-learn's on the points repeated."""

import pickle

import numpy as np
import pytest
import sklearn.cluster
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from skimage.color import rgb2lab
from sklearn.metrics import adjusted_rand_score

from napari_colorcluster import cluster_colors, count_colors
from napari_colorcluster.core.methods.mean_shift import MeanShift, estimate_bandwidth
from napari_colorcluster.core.methods.solvers.points import WeightedPoints
from napari_colorcluster.core.support.progress import Cancelled, silent


def group(points, weights, bandwidth=None, progress=silent):
    colors = WeightedPoints(points, weights, np.arange(len(points)))
    prepared = MeanShift(bandwidth).prepare(colors, random_state=0, progress=progress)
    return prepared(None, silent)


def modes_of(grouping):
    return grouping.rule.known.points


@pytest.fixture(scope="module")
def blobs():
    """A thousand points around five places far apart, each several times, and their places."""
    random = np.random.default_rng(0)
    places = np.array([[0, 0, 0], [30, 0, 0], [0, 30, 0], [0, 0, 30], [30, 30, 30.0]])
    place = random.integers(5, size=1000)
    points = places[place] + random.normal(scale=2, size=(1000, 3))
    return points, random.integers(1, 9, 1000).astype(float), place


@pytest.mark.parametrize("bandwidth", [6.0, 10.0])
def test_blobs_are_found_as_scikit_learn_finds_them_in_all_repeated_points(blobs, bandwidth):
    points, weights, place = blobs
    repeated = np.repeat(points, weights.astype(int), axis=0)
    oracle = sklearn.cluster.MeanShift(bandwidth=bandwidth, bin_seeding=True).fit(repeated)
    grouping = group(points, weights, bandwidth)
    assert len(modes_of(grouping)) == len(oracle.cluster_centers_) == 5
    np.testing.assert_allclose(modes_of(grouping), oracle.cluster_centers_, atol=1e-9)
    assert adjusted_rand_score(place, grouping.labels) == 1
    of_repeated = np.repeat(grouping.labels, weights.astype(int))
    np.testing.assert_array_equal(of_repeated, oracle.labels_)


@pytest.mark.parametrize("bandwidth", [4.0, 9.0, 20.0])
def test_a_photo_has_the_modes_that_scikit_learn_finds_in_all_its_pixels(thumbnail, bandwidth):
    pixels = rgb2lab(thumbnail).reshape(-1, 3)
    points, of_pixel, counts = np.unique(pixels, axis=0, return_inverse=True, return_counts=True)
    oracle = sklearn.cluster.MeanShift(bandwidth=bandwidth, bin_seeding=True).fit(pixels)
    grouping = group(points, counts.astype(float), bandwidth)
    used = np.unique(oracle.labels_)
    np.testing.assert_allclose(modes_of(grouping), oracle.cluster_centers_[used], atol=1e-6)
    assert adjusted_rand_score(oracle.labels_, grouping.labels[of_pixel]) == 1


@pytest.mark.parametrize("share", [0.05, 0.1, 0.3])
def test_the_bandwidth_of_few_colors_is_scikit_learns_estimate_on_all_pixels(share):
    random = np.random.default_rng(3)
    points = random.normal(size=(200, 3))
    weights = random.integers(1, 9, 200).astype(float)
    repeated = np.repeat(points, weights.astype(int), axis=0)
    expected = sklearn.cluster.estimate_bandwidth(repeated, quantile=share)
    assert estimate_bandwidth(points, weights, share) == pytest.approx(expected)


def test_the_bandwidth_of_many_colors_is_close_to_scikit_learns_estimate(thumbnail):
    pixels = rgb2lab(thumbnail).reshape(-1, 3)
    points, counts = np.unique(pixels, axis=0, return_counts=True)
    assert len(points) > 2000
    expected = sklearn.cluster.estimate_bandwidth(pixels, quantile=0.1)
    assert estimate_bandwidth(points, counts.astype(float)) == pytest.approx(expected, rel=0.05)


def test_a_larger_bandwidth_finds_fewer_clusters(thumbnail):
    histogram = count_colors(thumbnail)
    found = [
        cluster_colors(histogram, method="mean_shift", bandwidth=bandwidth).n_clusters
        for bandwidth in (2, 5, 10, 200)
    ]
    assert found == sorted(found, reverse=True)
    assert found[-1] == 1


@settings(max_examples=60)
@given(
    points=arrays(float, st.tuples(st.integers(1, 25), st.just(3)), elements=st.integers(0, 9)),
    bandwidth=st.sampled_from([None, 1e-9, 0.4, 1.0, 2.5, 1e6]),
    offset=st.sampled_from([0.0, -3.3, 1e3]),
    data=st.data(),
)
def test_every_mode_is_used_however_the_points_lie(points, bandwidth, offset, data):
    points = np.unique(points, axis=0) + offset
    counts = st.sampled_from([1.0, 2.0, 1e3, 1e9])
    weights = data.draw(arrays(float, len(points), elements=counts))
    grouping = group(points, weights, bandwidth)
    modes = modes_of(grouping)
    assert np.unique(grouping.labels).tolist() == list(range(len(modes)))
    assert grouping.labels.dtype == np.int64
    away = np.linalg.norm(points[:, np.newaxis] - modes, axis=2)
    own = away[np.arange(len(points)), grouping.labels]
    np.testing.assert_allclose(own, away.min(axis=1), rtol=1e-12)


@pytest.mark.large
@given(exponent=st.integers(1, 30))
@settings(max_examples=5)
def test_a_picture_many_times_over_has_the_same_modes_to_the_bit(blobs, exponent):
    points, weights, _ = blobs
    once, often = group(points, weights), group(points, weights * 2.0**exponent)
    np.testing.assert_array_equal(modes_of(once), modes_of(often))
    np.testing.assert_array_equal(once.labels, often.labels)


@pytest.mark.large
@pytest.mark.parametrize("bandwidth", [None, 3.0])
def test_the_number_of_threads_does_not_matter_to_the_bit(monkeypatch, blobs, bandwidth):
    points, weights, _ = blobs
    found = []
    for n_threads in (1, 2, 5):
        monkeypatch.setattr("napari_colorcluster.core.support.threads.N_THREADS", n_threads)
        found.append(group(points, weights, bandwidth))
    for other in found[1:]:
        np.testing.assert_array_equal(modes_of(found[0]), modes_of(other))
        np.testing.assert_array_equal(found[0].labels, other.labels)


@pytest.mark.parametrize("n", [1, 2])
def test_one_and_two_colors_are_themselves(n):
    grouping = group(np.eye(3)[:n], np.full(n, 1e9))
    assert sorted(grouping.labels) == list(range(n))
    np.testing.assert_array_equal(modes_of(grouping)[grouping.labels], np.eye(3)[:n])


def test_flat_colors_with_a_tenth_of_the_pixels_each_are_a_cluster_each():
    points = np.array([[0.0, 0, 0], [0.1, 0, 0], [9, 0, 0]])
    assert estimate_bandwidth(points, np.array([1e9, 2e9, 3e9])) == 0
    assert sorted(group(points, np.array([1e9, 2e9, 3e9])).labels) == [0, 1, 2]


def test_colors_on_a_line_are_split_along_it():
    line = np.concatenate([np.linspace(0, 5, 40), np.linspace(50, 55, 40)])
    points = line[:, np.newaxis] * np.ones(3)
    labels = group(points, np.ones(80), 20.0).labels
    assert len(np.unique(labels[:40])) == len(np.unique(labels[40:])) == 1
    assert labels[0] != labels[-1]


def test_another_color_goes_to_the_nearest_mode_after_a_pickle_too(blobs):
    points, weights, _ = blobs
    grouping = group(points, weights)
    others = np.random.default_rng(1).uniform(-10, 40, (500, 3))
    expected = np.linalg.norm(others[:, np.newaxis] - modes_of(grouping), axis=2).argmin(axis=1)
    np.testing.assert_array_equal(grouping.rule(others), expected)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(grouping.rule))(others), expected)
    np.testing.assert_array_equal(grouping.rule(points), grouping.labels)
    assert grouping.rule(np.empty((0, 3))).shape == (0,)


def test_the_points_and_weights_are_left_alone(blobs):
    points, weights = (array.copy() for array in blobs[:2])
    points.setflags(write=False)
    weights.setflags(write=False)
    group(points, weights)
    np.testing.assert_array_equal(points, blobs[0])


def test_it_reports_rising_fractions_and_can_be_cancelled(blobs):
    points, weights, _ = blobs
    told = []
    group(points, weights, 2.0, lambda fraction, what: told.append(fraction))
    assert told == sorted(told)
    assert told[0] >= 0
    assert told[-1] == 1

    def cancel(fraction, what):
        if fraction > 0.5:
            raise Cancelled

    with pytest.raises(Cancelled):
        group(points, weights, 2.0, cancel)


@pytest.mark.large
def test_more_modes_than_labels_are_refused_with_the_number(refused):
    points = np.stack(np.meshgrid(*3 * [np.arange(41.0)]), axis=-1).reshape(-1, 3)
    with refused("bandwidth=0.5 leaves 68,921 clusters", "65,535", "raise bandwidth"):
        group(points, np.ones(len(points)), 0.5)


@pytest.mark.parametrize("value", [0, -1.5, float("nan"), float("inf"), "1", True])
def test_a_bad_bandwidth_is_refused(refused, value):
    with refused("bandwidth must be None or a number greater than 0", f"got {value!r}."):
        MeanShift(value)
    assert isinstance(MeanShift(np.float32(2)).bandwidth, float)


@pytest.mark.parametrize("factor", [2, 7, 10**6])
def test_a_picture_many_times_over_has_the_same_clusters(blobs, factor):
    points, weights, _ = blobs
    once, many = group(points, weights, 3.0), group(points, factor * weights, 3.0)
    np.testing.assert_array_equal(many.labels, once.labels)
    # Of tens of pixels, a tenth is whole.
    assert estimate_bandwidth(points, 10 * weights) == pytest.approx(
        estimate_bandwidth(points, 10 * factor * weights)
    )
