"""Colors as points: nothing is lost, clusters stay apart, and lightness is up."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from napari_colorcluster.core.clustering.fitting import cluster_colors
from napari_colorcluster.core.color.spaces import COLOR_SPACES
from napari_colorcluster.core.color.working_space import WorkingSpace
from napari_colorcluster.core.pixels.codes import encode
from napari_colorcluster.layers.color_space.points import MAX_SIZE, MIN_SIZE, ColorCells

UP = {"lab": "L*", "oklab": "L", "rgb": "green", "linear_rgb": "green", "hsv": "value"}
DENSITIES = {"od": "green density", "hed": "hematoxylin"}
"""What is up where less light is more."""

LAB = WorkingSpace(COLOR_SPACES["lab"], np.ones(3))


@pytest.fixture(scope="module")
def clustering(coffee):
    return cluster_colors(coffee, n_clusters=5)


def points_of(clustering, **keywords):
    histogram = clustering.histogram
    space = clustering.partition.space
    cells = ColorCells(histogram.colors, histogram.counts, space, **keywords)
    return cells.points(clustering.labels)


def test_few_colors_are_a_point_each(clustering):
    histogram = clustering.histogram
    points = points_of(clustering, max_cells=len(histogram.colors))
    # In an order of their own.
    codes = encode(points.colors)
    order = np.argsort(codes)
    np.testing.assert_array_equal(codes[order], histogram.codes)
    np.testing.assert_array_equal(points.counts[order], histogram.counts)
    np.testing.assert_array_equal(points.labels[order], clustering.labels)
    exact = clustering.partition.space.points(histogram.colors)[:, [2, 0, 1]]
    np.testing.assert_allclose(points.positions[order], exact, atol=1e-9)
    assert points.axes == ("b*", "L*", "a*")


@pytest.mark.parametrize("max_cells", [20_000, 3000, 1])
def test_many_colors_share_cells_and_nothing_is_lost(clustering, max_cells):
    points = points_of(clustering, max_cells=max_cells)
    assert len(clustering.histogram.colors) > max_cells
    shared = clustering.n_clusters if max_cells == 1 else 1.35 * max_cells
    assert len(points.counts) <= shared
    by_label = np.bincount(points.labels, points.counts)[1:]
    np.testing.assert_array_equal(by_label, clustering.pixels)
    # The mean of all pixels is where it was.
    weights = points.counts / points.counts.sum()
    exact = clustering.partition.space.points(clustering.histogram.colors)[:, [2, 0, 1]]
    shares = clustering.histogram.counts / clustering.histogram.counts.sum()
    np.testing.assert_allclose(weights @ points.positions, shares @ exact, atol=1e-8)
    again = points_of(clustering, max_cells=max_cells)
    np.testing.assert_array_equal(points.positions, again.positions)


def test_the_clusters_are_where_their_pixels_are_on_average(clustering):
    labels, positions, counts = points_of(clustering).centers()
    np.testing.assert_array_equal(labels, np.arange(1, 6))
    np.testing.assert_array_equal(counts, clustering.pixels)
    np.testing.assert_allclose(positions, clustering.centers[:, [2, 0, 1]], atol=1e-8)


@pytest.mark.parametrize("name", COLOR_SPACES)
def test_lightness_is_up_in_every_space(name):
    grays = np.repeat(np.arange(0, 256, 15, dtype=np.uint8)[:, np.newaxis], 3, axis=1)
    ones = np.ones(len(grays), np.int64)
    space = WorkingSpace(COLOR_SPACES[name], np.array([1.0, 0.3, 2.0]))
    points = ColorCells(grays, ones, space).points(ones)
    assert points.axes[1] == {**UP, **DENSITIES}[name]
    assert sorted(points.axes) == sorted(COLOR_SPACES[name].axes)
    rises = np.diff(points.positions[:, 1])
    assert (rises < 0).all() if name in DENSITIES else (rises > 0).all()


def test_sizes_grow_with_the_cube_root_of_the_count():
    colors = np.array([[0, 0, 0], [9, 9, 9], [128, 128, 128], [255, 255, 255]], np.uint8)
    counts = np.array([1, 1000, 8000, 64_000])
    points = ColorCells(colors, counts, LAB).points(np.array([1, 1, 2, 2]))
    assert points.extent == pytest.approx(100, abs=1e-3)
    sizes = points.sizes / points.extent
    np.testing.assert_allclose(sizes[1:], MAX_SIZE * np.array([0.25, 0.5, 1]))
    assert sizes[0] == pytest.approx(max(MIN_SIZE, MAX_SIZE / 40))


def test_one_color_is_one_point_of_some_size():
    points = ColorCells(np.full((1, 3), 7, np.uint8), np.array([5]), LAB).points(np.array([300]))
    assert points.positions.shape == (1, 3)
    assert points.labels.tolist() == [300]
    assert points.sizes[0] > 0


@given(st.integers(1, 400), st.integers(0, 2**32 - 1))
def test_clusters_never_share_a_point(max_cells, seed):
    random = np.random.default_rng(seed)
    colors = np.unique(random.integers(0, 256, (500, 3), dtype=np.uint8), axis=0)
    counts, labels = random.integers(1, 99, (2, len(colors)))
    points = ColorCells(colors, counts, LAB, max_cells).points(labels)
    expected = np.bincount(labels, counts, minlength=99)
    np.testing.assert_array_equal(np.bincount(points.labels, points.counts, 99), expected)
