"""Lloyd's algorithm to convergence."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from napari_colorcluster.core.methods.solvers.centers import lloyd as _lloyd
from napari_colorcluster.core.methods.solvers.centers.cells import cell_radii, make_cells
from napari_colorcluster.core.pixels.passes import count_colors
from napari_colorcluster.core.support import threads
from napari_colorcluster.core.support.progress import silent


def run(points, weights, start, codes=None, n_bits=9, **keywords):
    """Run it on points in cells; without codes, each is alone in its own."""
    if codes is None:
        codes, n_bits = np.arange(len(points), dtype=np.int32), 0
    cells = make_cells(points, weights, codes, n_bits)
    radii = cell_radii(points, weights, cells)
    return _lloyd.run_lloyd(points, weights, start, cells, radii, silent, **keywords)


@pytest.fixture
def colors(photo):
    histogram = count_colors(photo)
    return histogram.colors.astype(float), histogram.counts.astype(float), histogram.codes


def choose(points, k, seed):
    return points[np.random.default_rng(seed).choice(len(points), k, replace=False)]


@pytest.mark.parametrize("n_bits", [24, 18, 10, 0])
@pytest.mark.parametrize("k", [1, 2, 7, 40, 60, 200])
def test_it_ends_where_nothing_changes_whatever_the_cells(colors, k, n_bits):
    points, weights, codes = colors
    labels, centers, sizes = run(points, weights, choose(points, k, k), codes, n_bits)
    np.testing.assert_array_equal(sizes, np.bincount(labels, minlength=k))
    distances = cdist(points, centers)
    own = distances[np.arange(len(points)), labels]
    np.testing.assert_allclose(own, distances.min(axis=1), atol=1e-9)
    for j in np.flatnonzero(sizes):
        mean = np.average(points[labels == j], axis=0, weights=weights[labels == j])
        np.testing.assert_allclose(centers[j], mean, atol=1e-9)


@pytest.mark.parametrize("parts", ["one thread", "chunks"])
@pytest.mark.parametrize("n_bits", [18, 10, 4])
@pytest.mark.parametrize("k", [30, 64, 200])
def test_in_each_round_every_point_goes_to_the_center_nearest_to_it(
    colors, k, n_bits, parts, monkeypatch
):
    points, weights, codes = colors
    # Along axes that have nothing to do with each other, and thrice as long along the last.
    _, axes = np.linalg.eigh(np.cov(points.T))
    points = (points - points.mean(axis=0)) @ axes[:, [2, 0, 1]] * (1, 1, 3)
    start = centers = choose(points, k, k + n_bits)
    monkeypatch.setattr(_lloyd, "_ITERATIONS_PER_REPORT", 1)
    if parts == "chunks":
        monkeypatch.setattr(_lloyd, "_CHUNK", 1000)
        monkeypatch.setattr(_lloyd, "SERIAL_LIMIT", 0)
    for n_rounds in range(1, 10):
        monkeypatch.setattr(_lloyd, "_MAX_ITER", n_rounds)
        labels, moved, _ = run(points, weights, start, codes, n_bits)
        distances = cdist(points, centers)
        own = distances[np.arange(len(points)), labels]
        np.testing.assert_allclose(own, distances.min(axis=1), atol=1e-9)
        centers = moved


def test_it_never_ends_worse_than_it_began(colors):
    points, weights, codes = colors
    for seed in range(5):
        start = choose(points, 12, seed)
        before = weights @ (cdist(points, start).min(axis=1) ** 2)
        labels, centers, _ = run(points, weights, start, codes)
        assert weights @ (((points - centers[labels]) ** 2).sum(axis=1)) < before


def test_it_ends_once_a_round_saves_no_more_than_tolerated(colors):
    points, weights, codes = colors
    start = choose(points, 20, 5)

    def cost(tolerance):
        labels, centers, _ = run(points, weights, start, codes, tolerance=tolerance)
        # Whenever it ends, each point is with the nearest center.
        np.testing.assert_array_equal(labels, cdist(points, centers).argmin(axis=1))
        return weights @ ((points - centers[labels]) ** 2).sum(axis=1)

    converged = cost(0.0)
    assert converged < cost(1e-4 * converged) < 1.01 * converged


def test_it_is_equal_each_time_on_any_number_of_threads_and_leaves_the_start_alone(
    colors, monkeypatch
):
    monkeypatch.setattr(_lloyd, "_CHUNK", 1000)
    monkeypatch.setattr(_lloyd, "SERIAL_LIMIT", 0)
    points, weights, codes = colors
    start = points[:: len(points) // 9][:9].copy()
    kept = start.copy()
    several = run(points, weights, start, codes)
    monkeypatch.setattr(threads, "N_THREADS", 1)
    alone = run(points, weights, start, codes)
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
            labels, centers, _ = run(points, weights, start, tolerance=tolerance)
            distances = cdist(points, centers)
            own = distances[np.arange(len(points)), labels]
            np.testing.assert_allclose(own, distances.min(axis=1), atol=1e-9)


@pytest.mark.parametrize("large", [1e9, 1e13])
def test_centers_are_means_however_uneven_the_weights(colors, large):
    points, _, codes = colors
    points, codes = points[::50], codes[::50]
    weights = np.where(np.arange(len(points)) % 10 == 0, large, 1.0)
    labels, centers, _ = run(points, weights, choose(points, 100, 0), codes, 12)
    for j in np.unique(labels):
        mean = np.average(points[labels == j], axis=0, weights=weights[labels == j])
        np.testing.assert_allclose(centers[j], mean, atol=1e-6)


def test_after_a_round_centers_are_means_however_uneven_the_weights(colors, monkeypatch):
    points, _, codes = colors
    weights = np.where(np.arange(len(points)) % 10 == 0, 1e9, 1.0)
    start = choose(points, 9, 0)
    monkeypatch.setattr(_lloyd, "_MAX_ITER", 1)
    labels, centers, _ = run(points, weights, start, codes)
    np.testing.assert_array_equal(labels, cdist(points, start).argmin(axis=1))
    for j in range(9):
        mean = np.average(points[labels == j], axis=0, weights=weights[labels == j])
        np.testing.assert_allclose(centers[j], mean, atol=1e-6)


def test_with_a_tolerance_it_ends_right_at_the_means():
    points = np.array([[0.0, 0, 0], [10, 0, 0], [100, 0, 0], [110, 0, 0]])
    labels, centers, _ = run(points, np.ones(4), points[[0, 2]], tolerance=1e-3)
    assert labels.tolist() == [0, 0, 1, 1]
    np.testing.assert_allclose(centers[:, 0], [5, 105])


def test_a_center_without_points_stays_empty():
    points, weights = np.array([[0.0, 0, 0], [1, 0, 0]]), np.ones(2)
    labels, _, sizes = run(points, weights, np.array([[0.0, 0, 0], [1, 0, 0], [500, 0, 0]]))
    assert labels.tolist() == [0, 1]
    assert sizes.tolist() == [1, 1, 0]


def test_points_alone_in_their_cells_converge_as_well():
    points = np.random.default_rng(0).random((300, 3)) * 100
    labels, centers, _ = run(points, np.ones(300), points[:6].copy())
    distances = cdist(points, centers)
    np.testing.assert_array_equal(labels, distances.argmin(axis=1))
    for j in range(6):
        np.testing.assert_allclose(centers[j], points[labels == j].mean(axis=0), atol=1e-9)
