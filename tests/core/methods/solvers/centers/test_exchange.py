"""Hartigan's exchange."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from napari_colorcluster.core.methods.solvers.centers.exchange import exchange
from napari_colorcluster.core.methods.solvers.sums import weighted_sums


def cost(points, weights, labels):
    sums = weighted_sums(points, weights, labels, int(labels.max()) + 1)
    return weights @ ((points - sums[labels, :3] / sums[labels, 3:]) ** 2).sum(axis=1)


def exchanged(points, weights, labels, candidates=None):
    labels = labels.copy()
    sums = weighted_sums(points, weights, labels, int(labels.max()) + 1)
    every = np.arange(len(points)) if candidates is None else candidates
    moved = exchange(points, weights, labels, sums, every, 100)
    np.testing.assert_allclose(sums, weighted_sums(points, weights, labels, len(sums)), rtol=1e-9)
    return moved, labels


def test_it_leaves_an_optimum_of_lloyd_that_a_heavy_point_holds():
    # The mean of 0, 3 and 4 is 2.33 and that of 6.5 is itself: 4 is nearer to the first. Moved, it
    # draws the second center to 5.25.
    points = np.array([[0.0, 0, 0], [3, 0, 0], [4, 0, 0], [6.5, 0, 0]])
    weights, labels = np.ones(4), np.array([0, 0, 0, 1])
    centers = np.array([[7 / 3, 0, 0], [6.5, 0, 0]])
    np.testing.assert_array_equal(cdist(points, centers).argmin(axis=1), labels)
    moved, found = exchanged(points, weights, labels)
    assert moved
    assert cost(points, weights, found) < cost(points, weights, labels)
    assert not exchanged(points, weights, found)[0]


@given(st.integers(0, 10_000), st.integers(2, 6))
def test_it_never_costs_more_and_ends_where_no_single_move_helps(seed, k):
    rng = np.random.default_rng(seed)
    points, weights = rng.normal(size=(25, 3)), rng.integers(1, 50, 25).astype(float)
    labels = np.concatenate([np.arange(k), rng.integers(0, k, 25 - k)])
    moved, found = exchanged(points, weights, labels)
    least = cost(points, weights, found)
    assert moved == (found != labels).any()
    assert least <= cost(points, weights, labels) * (1 + 1e-12)
    assert len(np.unique(found)) == k
    for point in range(25):
        for other in range(k):
            tried = found.copy()
            tried[point] = other
            if len(np.unique(tried)) == k:
                assert cost(points, weights, tried) >= least * (1 - 1e-6)


def test_only_candidates_move():
    rng = np.random.default_rng(0)
    points, labels = rng.normal(size=(40, 3)), rng.integers(0, 3, 40)
    _, found = exchanged(points, np.ones(40), labels, np.array([3, 4]))
    np.testing.assert_array_equal(np.delete(found, [3, 4]), np.delete(labels, [3, 4]))


@pytest.mark.parametrize("k", [2, 3])
def test_the_only_point_of_a_cluster_stays(k):
    points = np.zeros((k, 3))
    moved, found = exchanged(points, np.ones(k), np.arange(k))
    assert not moved
    np.testing.assert_array_equal(found, np.arange(k))
