"""Lloyd's algorithm in single precision, held against scikit-learn's in double."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from sklearn.cluster import KMeans

from napari_colorcluster.core.methods.solvers.centers.lloyd_float32 import (
    CenteredPoints,
    Workspace,
    iterate,
)


@pytest.fixture(scope="module")
def cloud():
    """Points in three tiles, the last of which is not full, and their weights."""
    random = np.random.default_rng(8)
    points = random.normal(size=(2500, 3)) * (30, 60, 45) + (9, -70, 200)
    return points[points[:, 1].argsort()], random.integers(1, 9, 2500).astype(float)


def run(points, weights, starts, max_iter):
    """Return centers (n, k, 3), costs (n,) and sums (n, k, 4); relative to the mean given, too."""
    centered, mean = CenteredPoints.of(points.T, weights)
    centers = (starts - mean).astype(np.float32)
    costs, sums = np.empty(len(starts)), np.empty((*starts.shape[:2], 4))
    # With room for more centers than there are.
    workspace = tuple(Workspace.empty(2 * starts.shape[1]))
    iterate(tuple(centered), centers, max_iter, costs, sums, workspace)
    return centers + mean, costs, sums, mean


@pytest.mark.parametrize("k", [1, 2, 3, 4, 5, 8, 11])
def test_points_are_added_up_at_the_nearest_of_centers_that_stay(cloud, k):
    points, weights = cloud
    starts = np.random.default_rng(k).choice(points, (4, k), axis=0) + 0.5
    centers, costs, sums, mean = run(points, weights, starts, 0)
    np.testing.assert_allclose(centers, starts, atol=1e-4)
    for start, cost, found in zip(starts, costs, sums, strict=True):
        distances = cdist(points, start, "sqeuclidean")
        assert cost == pytest.approx(weights @ distances.min(axis=1), rel=1e-5)
        nearest = np.eye(k)[distances.argmin(axis=1)] * weights[:, np.newaxis]
        np.testing.assert_allclose(found[:, 3], nearest.sum(axis=0))
        np.testing.assert_allclose(found[:, :3], nearest.T @ (points - mean), atol=1e-3)


@pytest.mark.parametrize("k", [2, 6, 9])
@pytest.mark.parametrize("max_iter", [1, 2, 5])
def test_centers_move_as_in_scikit_learn(cloud, k, max_iter):
    points, weights = cloud
    starts = np.random.default_rng(k).choice(points, 3 * k, replace=False).reshape(3, k, 3)
    centers, costs, _, _ = run(points, weights, starts, max_iter)
    for start, moved, cost in zip(starts, centers, costs, strict=True):
        expected = KMeans(k, init=start, n_init=1, max_iter=max_iter, tol=0)
        expected.fit(points, sample_weight=weights)
        np.testing.assert_allclose(moved, expected.cluster_centers_, atol=1e-3)
        assert cost == pytest.approx(expected.inertia_, rel=1e-5)
