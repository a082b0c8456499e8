"""The silhouette of colors by their counts, held against scikit-learn's of all pixels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import cdist
from sklearn.metrics import silhouette_score

from napari_colorcluster.core.clustering.choosing_k import silhouette
from napari_colorcluster.core.clustering.choosing_k.silhouette import silhouette_scores
from napari_colorcluster.core.clustering.sampling import sample_systematically
from napari_colorcluster.core.support import threads
from napari_colorcluster.core.support.progress import Cancelled


def cloud(n, seed=0):
    """Distinct points with counts of 1 to 9, and labelings into 2 to 9 clusters."""
    random = np.random.default_rng(seed)
    points = random.normal(scale=20, size=(n, 3))
    centers = random.normal(scale=20, size=(9, 3))
    labelings = [cdist(points, centers[:k]).argmin(axis=1) for k in range(2, 10)]
    return points, random.integers(1, 10, n).astype(float), labelings


def oracle(points, weights, labels):
    """scikit-learn's on the points repeated, with distances that are not rounded on the way."""
    repeated = np.repeat(np.arange(len(points)), weights.astype(int))
    distances = cdist(points, points)[np.ix_(repeated, repeated)]
    return silhouette_score(distances, labels[repeated], metric="precomputed")


@pytest.mark.parametrize("seed", range(3))
def test_it_is_scikit_learns_on_all_pixels(seed):
    points, weights, labelings = cloud(300, seed)
    scores = silhouette_scores(points, weights, labelings)
    expected = [oracle(points, weights, labels) for labels in labelings]
    np.testing.assert_allclose(scores.values, expected, rtol=0, atol=1e-12)
    assert scores.n_sampled is None


@given(st.integers(0, 2**32 - 1), st.integers(2, 5))
def test_it_is_scikit_learns_on_any_clusters_of_pixels_on_a_lattice(seed, n_clusters):
    random = np.random.default_rng(seed)
    points = np.unique(random.integers(0, 4, (20, 3)), axis=0).astype(float)
    weights = random.integers(1, 4, len(points)).astype(float)
    labels = random.integers(0, n_clusters, len(points))
    labels[:2] = 0, 1
    (value,) = silhouette_scores(points, weights, [labels]).values
    assert value == pytest.approx(oracle(points, weights, labels), abs=1e-12)


def test_a_pixel_alone_in_its_cluster_counts_as_zero():
    points = np.array([[0.0, 0, 0], [1, 0, 0], [5, 0, 0]])
    (value,) = silhouette_scores(points, np.ones(3), [np.array([0, 0, 1])]).values
    assert value == pytest.approx((4 / 5 + 3 / 4 + 0) / 3)


def test_pixels_of_one_color_in_a_cluster_of_their_own_count_as_one():
    points = np.array([[0.0, 0, 0], [5, 0, 0]])
    (value,) = silhouette_scores(points, np.full(2, 1e9), [np.array([0, 1])]).values
    assert value == 1


def test_one_cluster_has_none():
    points, weights, (labels, *_) = cloud(20)
    values = silhouette_scores(points, weights, [np.zeros(20, int), labels]).values
    assert np.isnan(values[0])
    assert np.isfinite(values[1])
    assert np.isnan(silhouette_scores(points[:1], weights[:1], [[0]]).values).all()


def test_no_labelings_have_no_scores():
    points, weights, _ = cloud(20)
    assert silhouette_scores(points, weights, []).values.shape == (0,)


def test_numbers_of_clusters_and_order_of_points_do_not_matter():
    points, weights, labelings = cloud(200)
    expected = silhouette_scores(points, weights, labelings).values
    order = np.random.default_rng(1).permutation(200)
    renumbered = [17 - 3 * labels[order] for labels in labelings]
    values = silhouette_scores(points[order], weights[order], renumbered).values
    np.testing.assert_allclose(values, expected, rtol=0, atol=1e-12)


def test_together_labelings_have_the_scores_that_they_have_alone():
    points, weights, labelings = cloud(200)
    alone = [silhouette_scores(points, weights, [labels]).values[0] for labels in labelings]
    together = silhouette_scores(points, weights, labelings).values
    np.testing.assert_allclose(together, alone, rtol=0, atol=1e-12)


@pytest.fixture
def small_blocks(monkeypatch):
    monkeypatch.setattr(silhouette, "_DISTANCES_IN_BLOCK", 20_000)


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("most_distances", [10**9, 10**5])
def test_the_number_of_threads_does_not_change_a_bit(monkeypatch, most_distances):
    monkeypatch.setattr(silhouette, "_MOST_DISTANCES", most_distances)
    values = []
    for n_threads in (1, 2, 5):
        monkeypatch.setattr(threads, "N_THREADS", n_threads)
        values.append(silhouette_scores(*cloud(500)).values)
    np.testing.assert_array_equal(values[1], values[0])
    np.testing.assert_array_equal(values[2], values[0])


@pytest.mark.large
def test_a_sample_comes_close_and_says_so(monkeypatch):
    points, weights, labelings = cloud(3000)
    exact = silhouette_scores(points, weights, labelings)
    monkeypatch.setattr(silhouette, "_MOST_DISTANCES", 500 * 3000)
    sampled = silhouette_scores(points, weights, labelings, random_state=3)
    assert 300 < sampled.n_sampled <= 500
    np.testing.assert_allclose(sampled.values, exact.values, rtol=0, atol=0.02)
    again = silhouette_scores(points, weights, labelings, random_state=3)
    np.testing.assert_array_equal(again.values, sampled.values)
    other = silhouette_scores(points, weights, labelings, random_state=4)
    assert (other.values != sampled.values).all()


def test_the_mean_of_many_samples_is_the_exact_value(monkeypatch):
    points, weights, labelings = cloud(300)
    exact = silhouette_scores(points, weights, labelings).values
    monkeypatch.setattr(silhouette, "_MOST_DISTANCES", 30 * 300)
    samples = [
        silhouette_scores(points, weights, labelings, random_state=seed).values
        for seed in range(300)
    ]
    error = np.std(samples, axis=0) / np.sqrt(len(samples))
    assert (np.abs(np.mean(samples, axis=0) - exact) < 4 * error).all()


def test_each_pixel_is_as_likely_to_be_sampled():
    weights = np.array([1.0, 5, 1000, 2, 92])
    rows, times = sample_systematically(weights, 110, random_state=0)
    drawn = np.zeros(5)
    drawn[rows] = times
    assert drawn.sum() == 110
    assert (np.abs(drawn - weights / 10) < 1).all()


@pytest.mark.usefixtures("small_blocks")
def test_it_reports_rising_fractions_and_can_be_cancelled(monkeypatch):
    # Else it may be told no more than the end, where another thread does most of it.
    monkeypatch.setattr("napari_colorcluster.core.support.threads.N_THREADS", 1)
    told = []

    def cancel(fraction, what):
        told.append(fraction)
        if fraction > 0.5:
            raise Cancelled

    with pytest.raises(Cancelled):
        silhouette_scores(*cloud(500), progress=cancel)
    assert len(told) > 2
    assert told == sorted(told)
