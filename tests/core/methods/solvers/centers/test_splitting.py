"""Cells that follow the colors."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from napari_colorcluster.core.methods.solvers.centers.hierarchy import CellHierarchy
from napari_colorcluster.core.methods.solvers.points import WeightedPoints
from napari_colorcluster.core.pixels.codes import N_BITS, decode
from napari_colorcluster.core.pixels.passes import count_colors

CODES = st.lists(st.integers(0, (1 << N_BITS) - 1), min_size=1, max_size=60, unique=True).map(
    lambda codes: np.array(sorted(codes), np.int32)
)


def colors_of(codes, weights=None):
    weights = np.arange(1.0, len(codes) + 1) if weights is None else weights
    return WeightedPoints(decode(codes).astype(float), weights, codes)


def spread(points, weights):
    mean = np.average(points, axis=0, weights=weights)
    return weights @ ((points - mean) ** 2).sum(axis=1)


@given(CODES, st.integers(1, 80))
def test_cells_hold_all_weight_and_keep_the_mean(codes, n_cells):
    colors = colors_of(codes)
    axes, weights = CellHierarchy(colors).for_search(n_cells)
    assert 1 <= len(weights) <= min(n_cells, len(codes))
    assert weights.sum() == pytest.approx(colors.weights.sum())
    np.testing.assert_allclose(
        axes @ weights / weights.sum(), colors.weights @ colors.points / colors.weights.sum()
    )
    assert (weights > 0).all()


@given(CODES)
def test_with_room_for_all_each_color_is_a_cell(codes):
    colors = colors_of(codes)
    axes, weights = CellHierarchy(colors).for_search(1000)
    np.testing.assert_allclose(axes.T, colors.points, atol=1e-9)
    np.testing.assert_allclose(weights, colors.weights)


def test_most_of_the_spread_is_between_the_cells(photo):
    histogram = count_colors(photo)
    colors = WeightedPoints(
        histogram.colors.astype(float), histogram.counts.astype(float), histogram.codes
    )
    total, hierarchy = spread(colors.points, colors.weights), CellHierarchy(colors)
    within = []
    for n_cells in (10, 100, 1000):
        axes, weights = hierarchy.for_search(n_cells)
        assert len(weights) == n_cells
        within.append(1 - spread(axes.T, weights) / total)
    assert within[0] > within[1] > within[2] > 0
    assert within[2] < 0.01


def test_where_nearly_all_is_one_color_cells_are_small_there():
    # 30,000 pixels each of 64 nearly black colors; one pixel each of 60,000 others.
    rng = np.random.default_rng(0)
    codes = np.union1d(np.arange(64), rng.integers(1 << 12, 1 << N_BITS, 60_000)).astype(np.int32)
    colors = colors_of(codes, np.where(codes < 64, 1e9, 1.0))
    axes, weights = CellHierarchy(colors).for_search(500)
    assert (axes.max(axis=0) < 4).sum() == 64
    assert len(weights) == 500
