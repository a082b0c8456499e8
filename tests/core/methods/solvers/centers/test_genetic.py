"""Good centers to begin with."""

import numpy as np
import pytest
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import cdist

from napari_colorcluster.core.methods.solvers.centers import genetic
from napari_colorcluster.core.methods.solvers.centers.genetic import evolve, refine
from napari_colorcluster.core.methods.solvers.centers.lloyd_float32 import CenteredPoints
from napari_colorcluster.core.methods.solvers.centers.plan import Plan
from napari_colorcluster.core.support import threads
from napari_colorcluster.core.support.progress import Cancelled, silent

PLAN = Plan(24, 5, 3)


def cost_of(points, weights, centers):
    return weights @ (cdist(points, centers).min(axis=1) ** 2)


@pytest.fixture(scope="module")
def places():
    """Nine places of three sizes, far from each other, with points around them."""
    random = np.random.default_rng(3)
    means = np.stack(np.meshgrid([0, 100, 200], [0, 100, 200], [0]), -1).reshape(-1, 3)
    points = np.repeat(means, [10, 100, 400] * 3, axis=0) + random.normal(size=(1530, 3))
    return points, random.integers(1, 5, len(points)).astype(float), means


def test_each_of_nine_far_places_gets_a_center(places):
    points, weights, means = places
    _, centers = evolve(points.T, weights, 9, PLAN, 0, silent)[0]
    assert cdist(centers, means).min(axis=1).max() < 2
    assert len(np.unique(cdist(centers, means).argmin(axis=1))) == 9


def test_the_cost_is_that_of_the_centers_and_the_best_come_first(places):
    points, weights, _ = places
    found = evolve(points.T, weights, 5, PLAN, 0, silent)
    costs = [cost for cost, _ in found]
    assert costs == sorted(costs)
    assert len(costs) > 1
    for cost, centers in found:
        assert cost == pytest.approx(cost_of(points, weights, centers), rel=1e-4)


def test_what_is_crossed_is_better_than_any_start(photo):
    points, counts = np.unique(photo.reshape(-1, 3), axis=0, return_counts=True)
    points, weights = points[::8].astype(float), counts[::8].astype(float)
    # Of three starts, none is crossed.
    alone = min(
        evolve(points.T, weights, 24, Plan(3, 1, 0), seed, silent)[0][0] for seed in range(8)
    )
    assert evolve(points.T, weights, 24, PLAN, 0, silent)[0][0] < alone


def test_the_number_of_threads_changes_nothing(places, monkeypatch):
    points, weights, _ = places
    several = evolve(points.T, weights, 7, PLAN, 2, silent)
    monkeypatch.setattr(threads, "N_THREADS", 1)
    alone = evolve(points.T, weights, 7, PLAN, 2, silent)
    assert [cost for cost, _ in several] == [cost for cost, _ in alone]
    for one, other in zip(several, alone, strict=True):
        np.testing.assert_array_equal(one[1], other[1])


def test_refining_improves_solutions_and_puts_the_best_first(places):
    points, weights, means = places
    poor = means[[0, 1, 2, 3, 4, 5, 6, 7, 7]] + np.arange(9)[:, np.newaxis]
    found = refine(points.T, weights, [poor, means + 5.0])
    assert [cost for cost, _ in found] == sorted(cost for cost, _ in found)
    cost, centers = found[0]
    assert cost == pytest.approx(cost_of(points, weights, centers), rel=1e-4)
    np.testing.assert_allclose(centers, means, atol=1)


def test_fewer_places_than_centers_are_no_obstacle():
    points = np.repeat([[0.0, 0, 0], [50, 0, 0], [0, 9, 0]], 4, axis=0)
    cost, centers = evolve(points.T, np.ones(12), 5, PLAN, 0, silent)[0]
    # What is left of squares of 50, added up.
    assert 0 <= cost < 1e-9
    assert np.isfinite(centers).all()


def test_it_can_be_cancelled(places):
    points, weights, _ = places

    def stop(fraction, what):
        raise Cancelled

    with pytest.raises(Cancelled):
        evolve(points.T, weights, 5, PLAN, 0, stop)


@pytest.mark.parametrize("k", [1, 2, 7, 30])
def test_united_solutions_are_merged_as_by_ward_in_scipy(k):
    random = np.random.default_rng(k)
    points = random.normal(size=(3, 2 * k, 3)) * 40
    weights = random.integers(1, 6, (3, 2 * k))
    # A cluster without points takes no part.
    weights[1:, : k // 3] = 0
    sums = np.concatenate([points * weights[..., np.newaxis], weights[..., np.newaxis]], axis=2)
    merged = np.zeros((3, k, 3), np.float32)
    genetic._merge(sums, merged, genetic._Workspace.empty(1, k).merging)
    for solution in range(3):
        repeated = np.repeat(points[solution], weights[solution], axis=0)
        groups = fcluster(linkage(repeated, "ward"), k, "maxclust")
        expected = [repeated[groups == group].mean(axis=0) for group in np.unique(groups)]
        assert len(expected) == k
        nearest = cdist(merged[solution], expected).argmin(axis=1)
        assert sorted(nearest) == list(range(k))
        np.testing.assert_allclose(merged[solution], np.array(expected)[nearest], atol=1e-4)


def test_starts_are_drawn_as_greedy_k_means_plus_plus_does():
    random = np.random.default_rng(5)
    # In three blocks, the last of which is not full.
    points = random.normal(size=(700, 3)).astype(np.float32) * (40, 20, 10)
    weights = random.integers(1, 9, 700).astype(float)
    uniforms = random.random((30, 6, 2))
    centered, mean = CenteredPoints.of(points.T, weights)
    centers = np.empty((30, 6, 3), np.float32)
    workspace = genetic._Workspace.empty(700, 6)
    genetic._initialize(tuple(centered), uniforms, centers, workspace.squares, workspace.costs)
    for start, drawn in zip(centers + mean, uniforms, strict=True):
        # By weight alone at first, then by the share in the cost.
        shares, squares = weights, np.inf
        for center, (one, two) in zip(start, drawn, strict=True):
            ends = np.cumsum(shares)
            tried = ends.searchsorted(ends[-1] * np.array([one, two]), side="right")
            both = np.minimum(squares, cdist(points[tried], points, "sqeuclidean"))
            best = int(np.argmin(both @ weights))
            np.testing.assert_allclose(center, points[tried[best]], atol=1e-4)
            squares = both[best]
            shares = weights * squares
