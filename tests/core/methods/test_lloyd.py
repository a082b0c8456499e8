"""Lloyd's algorithm to convergence."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from napari_colorcluster.core.methods._cells import gather
from napari_colorcluster.core.methods._lloyd import settle
from napari_colorcluster.core.progress import silent


@pytest.fixture
def colors(photo):
    return np.unique(photo.reshape(-1, 3), axis=0, return_counts=True)


@pytest.mark.parametrize("k", [1, 2, 7, 40])
def test_it_ends_where_nothing_changes(colors, k):
    points, weights = colors[0].astype(float), colors[1].astype(float)
    start = points[np.random.default_rng(k).choice(len(points), k, replace=False)]
    labels, centers = settle(points, weights, start, silent)
    distances = cdist(points, centers)
    own = distances[np.arange(len(points)), labels]
    np.testing.assert_allclose(own, distances.min(axis=1), atol=1e-9)
    for j in range(k):
        mean = np.average(points[labels == j], axis=0, weights=weights[labels == j])
        np.testing.assert_allclose(centers[j], mean, atol=1e-9)


def test_it_never_ends_worse_than_it_began(colors):
    points, weights = colors[0].astype(float), colors[1].astype(float)
    for seed in range(5):
        start = points[np.random.default_rng(seed).choice(len(points), 12, replace=False)]
        before = weights @ (cdist(points, start).min(axis=1) ** 2)
        labels, centers = settle(points, weights, start, silent)
        assert weights @ (((points - centers[labels]) ** 2).sum(axis=1)) < before


def test_it_is_equal_each_time_and_leaves_the_start_alone(colors):
    points, weights = colors[0].astype(float), colors[1].astype(float)
    start = points[:: len(points) // 9][:9].copy()
    kept = start.copy()
    first, second = (settle(points, weights, start, silent) for _ in range(2))
    np.testing.assert_array_equal(start, kept)
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_center_without_points_stays_empty():
    points, weights = np.array([[0.0, 0, 0], [1, 0, 0]]), np.ones(2)
    labels, _ = settle(points, weights, np.array([[0.0, 0, 0], [1, 0, 0], [500, 0, 0]]), silent)
    assert labels.tolist() == [0, 1]


@pytest.mark.parametrize("k", [1, 3, 20])
@pytest.mark.parametrize("n_along", [2, 24])
def test_points_that_begin_with_their_cells_end_where_nothing_changes(colors, k, n_along):
    points, weights = colors[0].astype(float), colors[1].astype(float)
    start = points[np.random.default_rng(k).choice(len(points), k, replace=False)]
    cells = gather(points, weights, n_along)
    labels, centers = settle(points, weights, start, silent, cells=cells)
    distances = cdist(points, centers)
    own = distances[np.arange(len(points)), labels]
    np.testing.assert_allclose(own, distances.min(axis=1), atol=1e-9)
    for j in range(k):
        mean = np.average(points[labels == j], axis=0, weights=weights[labels == j])
        np.testing.assert_allclose(centers[j], mean, atol=1e-9)


def test_it_ends_once_a_round_saves_no_more_than_tolerated(colors):
    points, weights = colors[0].astype(float), colors[1].astype(float)
    start = points[np.random.default_rng(5).choice(len(points), 20, replace=False)]

    def cost(tolerance):
        labels, centers = settle(points, weights, start, silent, tolerance=tolerance)
        # Whenever it ends, each point is with the nearest center.
        np.testing.assert_array_equal(labels, cdist(points, centers).argmin(axis=1))
        return weights @ ((points - centers[labels]) ** 2).sum(axis=1)

    settled = cost(0.0)
    assert settled < cost(1e-4 * settled) < 1.01 * settled
