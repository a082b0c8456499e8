"""The figure of a dendrogram: its links, its cut and its colors."""

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from scipy.cluster import hierarchy

from napari_colorcluster import sweep_clusters
from napari_colorcluster.report.dendrogram_figure import cut_height, draw_dendrogram


@pytest.fixture(scope="module")
def tree(thumbnail):
    return sweep_clusters(thumbnail[::2, ::2], [3], "agglomerative").dendrogram


def drawn(*arguments):
    figure = Figure(figsize=(2.8, 2.2), layout="constrained")
    draw_dendrogram(figure, *arguments)
    FigureCanvasAgg(figure).draw()
    return figure


def boxes(axes, row):
    return [patch for patch in axes.patches if patch.get_y() == -row]


def test_the_links_are_scipys(tree):
    tree_axes, _ = drawn(tree).axes
    [links] = tree_axes.collections
    segments = np.array(links.get_segments())
    expected = hierarchy.dendrogram(tree.linkage, no_plot=True)
    np.testing.assert_allclose(segments[:, :, 0], expected["icoord"])
    np.testing.assert_allclose(segments[:, 1:3, 1], np.array(expected["dcoord"])[:, 1:3])


@pytest.mark.parametrize("k", [1, 2, 7, 30])
def test_the_cut_crosses_as_many_branches_as_there_are_clusters(tree, k):
    tree_axes, color_axes = drawn(tree, k).axes
    [cut] = [line for line in tree_axes.lines if line.get_gid() == "cut"]
    height = cut.get_ydata()[0]
    assert height == cut_height(tree, k)
    low, high = tree_axes.get_ylim()
    assert low <= height <= high
    segments = np.array(tree_axes.collections[0].get_segments())
    crossed = sum(
        ((legs[:, 0, 1] < height) & (legs[:, 1, 1] > height)).sum()
        for legs in (segments[:, :2], segments[:, [3, 2]])
    )
    # Above the root, there is no branch to be crossed.
    assert crossed == (0 if k == 1 else k)
    assert len(boxes(color_axes, 0)) == tree.n_leaves
    shown = {
        tuple(np.round(np.array(box.get_facecolor()[:3]) * 255)) for box in boxes(color_axes, 1)
    }
    assert shown == {tuple(color) for color in tree.colors(k).tolist()}


@pytest.mark.parametrize("k", [None, 31, 0])
def test_a_number_that_is_no_cut_of_it_is_not_drawn(tree, k):
    tree_axes, color_axes = drawn(tree, k).axes
    assert not tree_axes.lines
    assert not boxes(color_axes, 1)


def test_two_leaves_are_enough():
    image = np.array([[[0, 0, 0], [200, 0, 0]]], np.uint8)
    tree_axes, _ = drawn(sweep_clusters(image, [2], "agglomerative").dendrogram, 2).axes
    assert len(tree_axes.collections[0].get_segments()) == 1
