"""The dendrogram of a sweep, against the clusterings themselves and scipy's cuts of its matrix."""

import numpy as np
import pytest
from scipy.cluster import hierarchy

from napari_colorcluster import sweep_clusters
from napari_colorcluster.core.clustering.dendrogram import MOST_LEAVES


@pytest.fixture(scope="module", params=["ward", "average"])
def sweep(request, thumbnail):
    options = {"linkage": request.param, "max_colors": 400}
    return sweep_clusters(thumbnail, [2, 5, 9], "agglomerative", **options)


def test_its_cuts_are_the_clusterings_of_the_sweep(sweep):
    tree = sweep.dendrogram
    assert tree.n_leaves == MOST_LEAVES
    for k, clustering in sweep.items():
        moments = tree.moments.merged(tree.clusters(k))
        order = np.argsort(-moments.pixels)
        np.testing.assert_array_equal(moments.pixels[order], clustering.pixels)
        np.testing.assert_array_equal(tree.colors(k)[order], clustering.mean_colors)


def test_its_matrix_is_cut_by_scipy_in_the_same_way(sweep):
    tree, linkage = sweep.dendrogram, sweep.dendrogram.linkage
    assert hierarchy.is_valid_linkage(linkage, throw=True)
    for k in (1, 2, 13, 30):
        low, high = tree.heights_of(k)
        height = low if np.isinf(high) else (low + high) / 2
        expected = hierarchy.fcluster(linkage, height, "distance")
        pairs = {*zip(tree.clusters(k).tolist(), expected.tolist(), strict=True)}
        assert len(pairs) == expected.max() == k
        assert tree.n_clusters_at(height) == tree.n_clusters_at(low) == k


def test_other_methods_have_none(thumbnail):
    assert sweep_clusters(thumbnail[::4], [2], "median_cut").dendrogram is None


def test_of_few_colors_all_are_leaves():
    image = np.array([[[0, 0, 0], [9, 0, 0], [200, 0, 0]]], np.uint8)
    tree = sweep_clusters(image, [2], "agglomerative").dendrogram
    assert tree.n_leaves == 3
    assert tree.colors(3).tolist() == [[0, 0, 0], [9, 0, 0], [200, 0, 0]]
    one = sweep_clusters(image[:, :1], [1], "agglomerative").dendrogram
    assert one.n_leaves == 1
