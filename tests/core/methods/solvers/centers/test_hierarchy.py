"""Cells of colors in several sizes, held against pandas."""

import numpy as np
import pandas as pd
import pytest

from napari_colorcluster.core.methods.solvers.centers.hierarchy import CellHierarchy
from napari_colorcluster.core.methods.solvers.points import WeightedPoints
from napari_colorcluster.core.pixels.passes import count_colors


@pytest.fixture
def colors(photo):
    histogram = count_colors(photo)
    points, weights = histogram.colors.astype(float), histogram.counts.astype(float)
    return WeightedPoints(points, weights, histogram.codes)


def test_merged_colors_are_the_means_of_up_to_four_that_follow_each_other(colors):
    table = pd.DataFrame(colors.points * colors.weights[:, np.newaxis])
    table["weight"] = colors.weights
    sums = table.groupby(colors.codes // 4).sum()
    merged = CellHierarchy(colors).merged.colors
    assert 0.4 * len(colors) < len(merged) < 0.95 * len(colors)
    np.testing.assert_array_equal(merged.weights, sums["weight"])
    means = sums[[0, 1, 2]].to_numpy() / sums[["weight"]].to_numpy()
    np.testing.assert_allclose(merged.points, means, atol=1e-9)
    np.testing.assert_array_equal(merged.codes // 4, sums.index)


@pytest.mark.parametrize("n_cells", [1, 10, 1000])
def test_cells_for_a_search_are_runs_of_colors_with_their_weights_and_means(colors, n_cells):
    axes, weights = CellHierarchy(colors).for_search(n_cells)
    assert axes.shape == (3, n_cells)
    # Where the weights of colors add up to those of a cell, it ends.
    ends = np.cumsum(colors.weights).searchsorted(np.cumsum(weights))
    np.testing.assert_array_equal(np.cumsum(colors.weights)[ends], np.cumsum(weights))
    for cell, (first, last) in enumerate(zip([0, *ends[:-1] + 1], ends + 1, strict=True)):
        part = slice(first, last)
        mean = np.average(colors.points[part], axis=0, weights=colors.weights[part])
        np.testing.assert_allclose(axes[:, cell], mean, atol=1e-9)


def test_no_cell_for_a_search_has_less_than_a_color(colors):
    axes, weights = CellHierarchy(colors).for_search(10 * len(colors))
    np.testing.assert_allclose(axes.T, colors.points, atol=1e-6)
    np.testing.assert_array_equal(weights, colors.weights)


def test_cells_for_lloyds_algorithm_reach_as_far_as_their_colors(colors):
    cells, radii = CellHierarchy(colors).for_lloyd
    assert len(cells.weights) <= max(len(colors) // 24, 1)
    number = np.repeat(np.arange(len(cells.weights)), np.diff(cells.starts))
    reach = np.linalg.norm(colors.points - cells.points[number], axis=1)
    np.testing.assert_allclose(radii, pd.Series(reach).groupby(number).max(), atol=1e-9)
