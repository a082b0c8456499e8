"""Lloyd's algorithm to convergence."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from napari_colorcluster.core import threads
from napari_colorcluster.core.methods import _lloyd
from napari_colorcluster.core.methods._cells import gather
from napari_colorcluster.core.progress import silent


def settle(points, weights, start, n_along=16, **keywords):
    return _lloyd.settle(
        points, weights, start, gather(points, weights, n_along), silent, **keywords
    )


@pytest.fixture
def colors(photo):
    points, counts = np.unique(photo.reshape(-1, 3), axis=0, return_counts=True)
    return points.astype(float), counts.astype(float)


def some_of(points, k, seed):
    return points[np.random.default_rng(seed).choice(len(points), k, replace=False)]


@pytest.mark.parametrize("n_along", [1, 4, 24, 200])
@pytest.mark.parametrize("k", [1, 2, 7, 40])
def test_it_ends_where_nothing_changes_whatever_the_cells(colors, k, n_along):
    points, weights = colors
    labels, centers = settle(points, weights, some_of(points, k, k), n_along)
    distances = cdist(points, centers)
    own = distances[np.arange(len(points)), labels]
    np.testing.assert_allclose(own, distances.min(axis=1), atol=1e-9)
    for j in range(k):
        mean = np.average(points[labels == j], axis=0, weights=weights[labels == j])
        np.testing.assert_allclose(centers[j], mean, atol=1e-9)


def test_it_never_ends_worse_than_it_began(colors):
    points, weights = colors
    for seed in range(5):
        start = some_of(points, 12, seed)
        before = weights @ (cdist(points, start).min(axis=1) ** 2)
        labels, centers = settle(points, weights, start)
        assert weights @ (((points - centers[labels]) ** 2).sum(axis=1)) < before


def test_it_ends_once_a_round_saves_no_more_than_tolerated(colors):
    points, weights = colors
    start = some_of(points, 20, 5)

    def cost(tolerance):
        labels, centers = settle(points, weights, start, tolerance=tolerance)
        # Whenever it ends, each point is with the nearest center.
        np.testing.assert_array_equal(labels, cdist(points, centers).argmin(axis=1))
        return weights @ ((points - centers[labels]) ** 2).sum(axis=1)

    settled = cost(0.0)
    assert settled < cost(1e-4 * settled) < 1.01 * settled


def test_it_is_equal_each_time_on_any_number_of_threads_and_leaves_the_start_alone(
    colors, monkeypatch
):
    monkeypatch.setattr(_lloyd, "_CHUNK", 1000)
    points, weights = colors
    start = points[:: len(points) // 9][:9].copy()
    kept = start.copy()
    several = settle(points, weights, start)
    monkeypatch.setattr(threads, "N_THREADS", 1)
    alone = settle(points, weights, start)
    np.testing.assert_array_equal(start, kept)
    for one, other in zip(several, alone, strict=True):
        np.testing.assert_array_equal(one, other)


def test_centers_in_one_place_leave_no_point_with_a_center_that_went_away():
    rng = np.random.default_rng(0)
    for _ in range(200):
        # Few places: cells without extent, and ties.
        points = np.unique(rng.integers(0, 6, (rng.integers(3, 9), 3)), axis=0).astype(float)
        weights = rng.integers(1, 9, len(points)).astype(float)
        start = points[rng.integers(0, len(points), 3)]
        for tolerance in (0.0, 1e-3):
            labels, centers = settle(points, weights, start, 64, tolerance=tolerance)
            distances = cdist(points, centers)
            own = distances[np.arange(len(points)), labels]
            np.testing.assert_allclose(own, distances.min(axis=1), atol=1e-9)


def test_with_a_tolerance_it_ends_right_at_the_means():
    points = np.array([[0.0, 0, 0], [10, 0, 0], [100, 0, 0], [110, 0, 0]])
    labels, centers = settle(points, np.ones(4), points[[0, 2]], tolerance=1e-3)
    assert labels.tolist() == [0, 0, 1, 1]
    np.testing.assert_allclose(centers[:, 0], [5, 105])


def test_a_center_without_points_stays_empty():
    points, weights = np.array([[0.0, 0, 0], [1, 0, 0]]), np.ones(2)
    labels, _ = settle(points, weights, np.array([[0.0, 0, 0], [1, 0, 0], [500, 0, 0]]))
    assert labels.tolist() == [0, 1]


def test_points_alone_in_their_cells_are_settled_as_well():
    points = np.random.default_rng(0).random((300, 3)) * 100
    labels, centers = settle(points, np.ones(300), points[:6].copy(), 150)
    distances = cdist(points, centers)
    np.testing.assert_array_equal(labels, distances.argmin(axis=1))
    for j in range(6):
        np.testing.assert_allclose(centers[j], points[labels == j].mean(axis=0), atol=1e-9)
