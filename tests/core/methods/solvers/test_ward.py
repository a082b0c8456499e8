"""Ward's tree, held against scipy's, its own definition and the sum of squares that it parts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.cluster import hierarchy
from skimage.color import rgb2lab

from napari_colorcluster.core.methods.solvers import ward as _ward
from napari_colorcluster.core.methods.solvers.ward import ward_tree
from napari_colorcluster.core.support.progress import Cancelled


def cloud(n, seed=0):
    """Distinct points with counts of 1 to 9; no two distances are equal."""
    random = np.random.default_rng(seed)
    return random.normal(size=(n, 3)), random.integers(1, 10, n).astype(float)


def sum_of_squares(points, weights):
    return weights @ ((points - np.average(points, axis=0, weights=weights)) ** 2).sum(axis=1)


def assert_every_merge_is_of_a_closest_pair(tree, points, weights):
    """Replay the merges against all pairs there are."""
    means, sizes = list(points), list(weights)
    there = set(range(len(points)))

    def distance(one, other):
        harmonic = 2 / (1 / sizes[one] + 1 / sizes[other])
        return np.sqrt(harmonic) * np.linalg.norm(means[one] - means[other])

    for (one, other), height in zip(tree.merges, tree.heights, strict=True):
        closest = min(distance(a, b) for a in there for b in there if a < b)
        assert height == pytest.approx(closest, rel=1e-9)
        assert height == pytest.approx(distance(one, other), rel=1e-9)
        there -= {one, other}
        there.add(len(means))
        sizes.append(sizes[one] + sizes[other])
        means.append((sizes[one] * means[one] + sizes[other] * means[other]) / sizes[-1])


lattice = arrays(np.int64, st.tuples(st.integers(1, 24), st.just(3)), elements=st.integers(0, 3))


@pytest.mark.parametrize("n", [2, 3, 8, 9, 70, 1000])
def test_it_is_scipys_tree_where_each_point_occurs_once(n):
    points, _ = cloud(n)
    tree = ward_tree(points, np.ones(n))
    expected = hierarchy.ward(points)
    np.testing.assert_array_equal(tree.merges, np.sort(expected[:, :2], axis=1))
    np.testing.assert_allclose(tree.heights, expected[:, 2], rtol=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_a_weight_is_as_many_points_in_one_place(seed):
    points, weights = cloud(200, seed)
    repeated = np.repeat(points, weights.astype(int), axis=0)
    expected = hierarchy.ward(repeated)[-199:, 2]
    np.testing.assert_allclose(ward_tree(points, weights).heights, expected, rtol=1e-9)


@given(lattice, st.sampled_from([1.0, 0.1, 1 / 3]), st.data())
def test_every_merge_is_of_a_closest_pair_however_many_are_tied(cells, unit, data):
    points = np.unique(cells, axis=0) * unit
    counts = st.sampled_from([1, 1, 1, 2, 7, 10**9])
    weights = data.draw(arrays(np.float64, len(points), elements=counts))
    assert_every_merge_is_of_a_closest_pair(ward_tree(points, weights), points, weights)


@pytest.mark.parametrize("count", [1, 10**9])
def test_the_merges_add_up_to_the_sum_of_squares_of_a_photo(photo, count):
    colors, counts = np.unique(photo.reshape(-1, 3), axis=0, return_counts=True)
    points, weights = rgb2lab(colors / 255), counts * float(count)
    tree = ward_tree(points, weights)
    assert (np.diff(tree.heights) >= 0).all()
    assert (tree.heights**2).sum() / 2 == pytest.approx(sum_of_squares(points, weights), rel=1e-11)

    within = (tree.heights[:-6] ** 2).sum() / 2
    labels = tree.cut(7)
    parts = [sum_of_squares(points[labels == i], weights[labels == i]) for i in range(7)]
    assert sum(parts) == pytest.approx(within, rel=1e-11)


def test_a_whole_lattice_of_ties_is_merged():
    points = np.stack(np.meshgrid(*3 * [np.arange(12.0)]), axis=-1).reshape(-1, 3)
    tree = ward_tree(points, np.ones(len(points)))
    total = sum_of_squares(points, np.ones(len(points)))
    assert (tree.heights**2).sum() / 2 == pytest.approx(total, rel=1e-12)
    # All in pairs before anything else.
    np.testing.assert_array_equal(tree.heights[: len(points) // 2], 1)
    assert (tree.merges[: len(points) // 2] < len(points)).all()


def test_ties_are_broken_by_the_order_of_the_points_not_by_where_the_boxes_hold_them(monkeypatch):
    random = np.random.default_rng(0)
    points = np.unique(random.integers(0, 12, (1500, 3)), axis=0).astype(float)
    weights = random.integers(1, 3, len(points)).astype(float)
    build = _ward._build_boxes

    def build_from_shuffled(*arguments):
        order = random.permutation(len(arguments[0]))
        return build(*(each[order] for each in arguments))

    expected = ward_tree(points, weights)
    monkeypatch.setattr(_ward, "_build_boxes", build_from_shuffled)
    tree = ward_tree(points, weights)
    np.testing.assert_array_equal(tree.merges, expected.merges)
    np.testing.assert_array_equal(tree.heights, expected.heights)


def test_points_on_a_line_are_merged():
    points = np.arange(500.0)[:, np.newaxis] * [1, 2, 3]
    tree = ward_tree(points, np.ones(500))
    assert (tree.heights**2).sum() / 2 == pytest.approx(sum_of_squares(points, np.ones(500)))


@pytest.mark.parametrize("weight", [1, 3, 1 / 3])
def test_a_simplex_all_of_whose_pairs_are_as_close_is_merged(weight):
    points = np.array([[0, 0, 0], [0, 0.3, 0.3], [0.3, 0, 0.3], [0.3, 0.3, 0]]) / 7
    tree = ward_tree(points, np.full(4, weight))
    assert_every_merge_is_of_a_closest_pair(tree, points, np.full(4, weight))


def test_it_reports_rising_fractions():
    told = []
    ward_tree(*cloud(3000), lambda fraction, what: told.append(fraction))
    assert told == sorted(told)
    assert told[0] == 0
    assert told[-1] == 1


def test_it_can_be_cancelled():
    def cancel(fraction, what):
        if fraction > 0.4:
            raise Cancelled

    with pytest.raises(Cancelled):
        ward_tree(*cloud(1000), cancel)
