"""Average, complete and single linkage, held against scipy and against their definitions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.cluster import hierarchy
from scipy.spatial.distance import cdist

from napari_colorcluster.core.methods.solvers.linkage import LINKAGES, linkage_tree
from napari_colorcluster.core.support.progress import Cancelled

every_linkage = pytest.mark.parametrize("linkage", LINKAGES)

DEFINITIONS = {
    "average": lambda distances, one, other: np.average(distances, weights=np.outer(one, other)),
    "complete": lambda distances, one, other: distances.max(),
    "single": lambda distances, one, other: distances.min(),
}


def cloud(n, seed=0):
    """Distinct points with counts of 1 to 9; no two distances are equal."""
    random = np.random.default_rng(seed)
    return random.normal(size=(n, 3)), random.integers(1, 10, n).astype(float)


@every_linkage
@pytest.mark.parametrize("n", [2, 3, 500])
def test_it_is_scipys_tree_where_each_point_occurs_once(linkage, n):
    points, _ = cloud(n)
    tree = linkage_tree(points, np.ones(n), linkage)
    expected = hierarchy.linkage(points, linkage)
    np.testing.assert_array_equal(tree.merges, np.sort(expected[:, :2], axis=1))
    np.testing.assert_allclose(tree.heights, expected[:, 2], rtol=1e-12)


@every_linkage
@pytest.mark.parametrize("seed", range(3))
def test_a_weight_is_as_many_points_in_one_place(linkage, seed):
    points, weights = cloud(150, seed)
    repeated = np.repeat(points, weights.astype(int), axis=0)
    expected = hierarchy.linkage(repeated, linkage)[-149:, 2]
    np.testing.assert_allclose(linkage_tree(points, weights, linkage).heights, expected, rtol=1e-9)


@every_linkage
@given(
    cells=arrays(np.int64, st.tuples(st.integers(1, 16), st.just(3)), elements=st.integers(0, 2)),
    data=st.data(),
)
def test_every_merge_is_of_a_closest_pair_however_many_are_tied(linkage, cells, data):
    points = np.unique(cells, axis=0) / 3
    counts = st.sampled_from([1, 1, 1, 2, 7, 10**9])
    weights = data.draw(arrays(np.float64, len(points), elements=counts))
    distances = cdist(points, points)
    members = [[i] for i in range(len(points))]
    there = set(range(len(points)))

    def distance(one, other):
        one, other = members[one], members[other]
        return DEFINITIONS[linkage](distances[np.ix_(one, other)], weights[one], weights[other])

    tree = linkage_tree(points, weights, linkage)
    for (one, other), height in zip(tree.merges, tree.heights, strict=True):
        closest = min(distance(a, b) for a in there for b in there if a < b)
        assert height == pytest.approx(closest, rel=1e-9)
        assert height == pytest.approx(distance(one, other), rel=1e-9)
        there = (there - {one, other}) | {len(members)}
        members.append(members[one] + members[other])


@every_linkage
def test_it_can_be_cancelled(linkage):
    def cancel(fraction, what):
        if fraction > 0.4:
            raise Cancelled

    with pytest.raises(Cancelled):
        linkage_tree(*cloud(300), linkage, cancel)
