"""A tree of merges: its order, and its cuts."""

import numpy as np
import pytest
from scipy.cluster import hierarchy

from napari_colorcluster.core.methods.solvers.tree import MergeTree


@pytest.fixture
def tree():
    """0 and 1 merge at height 3, 2 and 3 at height 1, all at height 4."""
    return MergeTree.from_unsorted(np.array([[0, 1], [2, 3], [4, 5]]), np.array([3.0, 1.0, 4.0]))


def test_merges_come_in_the_order_of_their_heights(tree):
    np.testing.assert_array_equal(tree.merges, [[2, 3], [0, 1], [4, 5]])
    np.testing.assert_array_equal(tree.heights, [1, 3, 4])


def test_at_equal_heights_no_cluster_is_used_before_it_is_made():
    tree = MergeTree.from_unsorted(np.array([[1, 2], [3, 4], [0, 5]]), np.ones(3))
    np.testing.assert_array_equal(tree.merges, [[1, 2], [3, 4], [0, 5]])


@pytest.mark.parametrize(
    ("n_clusters", "labels"), [(1, [0, 0, 0, 0]), (2, [1, 1, 0, 0]), (3, [0, 1, 2, 2])]
)
def test_a_cut_undoes_the_last_merges(tree, n_clusters, labels):
    np.testing.assert_array_equal(tree.cut(n_clusters), labels)


def test_as_many_clusters_as_points_are_the_points(tree):
    np.testing.assert_array_equal(tree.cut(4), range(4))


def test_one_point_is_one_cluster():
    tree = MergeTree.from_unsorted(np.empty((0, 2), np.int64), np.empty(0))
    np.testing.assert_array_equal(tree.cut(1), [0])


@pytest.mark.parametrize("n_clusters", [0, 5])
def test_a_number_of_clusters_that_cannot_be_is_refused(tree, n_clusters, refused):
    with refused("4 points", f"{n_clusters} clusters"):
        tree.cut(n_clusters)


def test_a_tree_as_deep_as_it_can_be_is_cut():
    n = 5000
    merges = np.column_stack([np.r_[0, n : 2 * n - 2], np.arange(1, n)])
    labels = MergeTree.from_unsorted(merges, np.arange(n - 1.0)).cut(2)
    np.testing.assert_array_equal(np.bincount(labels), [1, n - 1])


@pytest.mark.parametrize("n_leaves", [1, 2, 7, 40])
def test_the_top_of_a_tree_is_cut_as_the_whole_tree(n_leaves):
    points = np.random.default_rng(0).normal(size=(40, 3))
    linkage = hierarchy.linkage(points, "average")
    tree = MergeTree(np.sort(linkage[:, :2].astype(int), axis=1), linkage[:, 2])
    top, leaves = tree.top(n_leaves), tree.cut(n_leaves)
    np.testing.assert_array_equal(top.heights, linkage[40 - n_leaves :, 2])
    for k in range(1, n_leaves + 1):
        expected = hierarchy.fcluster(linkage, k, "maxclust")
        pairs = {*zip(top.cut(k)[leaves].tolist(), expected.tolist(), strict=True)}
        assert len(pairs) == k
