"""Ordination and tests of groups: scikit-bio's values, and what must hold for any distances."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import pdist, squareform
from skbio.stats.distance import DistanceMatrix
from skbio.stats.distance import permanova as skbio_permanova
from skbio.stats.distance import permdisp as skbio_permdisp
from skbio.stats.ordination import pcoa

from napari_colorcluster.core.studies.groups import (
    classical_scaling,
    group_tests,
    permanova,
    permdisp,
)


def distances_of(seed, n_images=24, metric="euclidean"):
    points = np.random.default_rng(seed).normal(size=(n_images, 5))
    points[: n_images // 3] += 0.8
    return squareform(pdist(points, metric))


def groups_of(n_images, n_groups=3):
    return [f"site {at * n_groups // n_images}" for at in range(n_images)]


@pytest.mark.parametrize("metric", ["euclidean", "cityblock"])
@pytest.mark.parametrize("n_groups", [2, 3, 5])
@pytest.mark.parametrize("seed", [0, 1])
def test_the_tests_are_scikit_bios(metric, n_groups, seed):
    distances, groups = distances_of(seed, metric=metric), groups_of(24, n_groups)
    matrix = DistanceMatrix(distances)
    theirs = skbio_permanova(matrix, groups, permutations=99, seed=seed)
    ours = permanova(distances, groups, n_permutations=99, random_state=seed)
    assert ours.statistic == pytest.approx(theirs["test statistic"], rel=1e-9)
    assert ours.p_value == pytest.approx(theirs["p-value"], rel=1e-9)
    theirs = skbio_permdisp(
        *(matrix, groups),
        **{"test": "centroid", "permutations": 99, "seed": seed, "dimensions": 24},
        warn_neg_eigval=False,
    )
    ours = permdisp(distances, groups, n_permutations=99, random_state=seed)
    assert ours.statistic == pytest.approx(theirs["test statistic"], rel=1e-9)
    assert ours.p_value == pytest.approx(theirs["p-value"], rel=1e-9)


@pytest.mark.parametrize("metric", ["euclidean", "cityblock"])
def test_the_ordination_is_scikit_bios(metric):
    distances = distances_of(3, metric=metric)
    theirs = pcoa(DistanceMatrix(distances), dimensions=4, warn_neg_eigval=False)
    ours = classical_scaling(distances, 4)
    assert np.allclose(np.abs(ours.coordinates), np.abs(theirs.samples.to_numpy()), atol=1e-9)
    assert np.allclose(ours.explained, theirs.proportion_explained.to_numpy())


@given(seed=st.integers(0, 2**32 - 1), n_images=st.integers(2, 12), n_axes=st.integers(1, 3))
@settings(max_examples=30, deadline=None)
def test_points_of_a_plane_come_back_with_their_distances(seed, n_images, n_axes):
    distances = squareform(pdist(np.random.default_rng(seed).normal(size=(n_images, n_axes))))
    found = classical_scaling(distances, min(3, n_images))
    assert np.allclose(squareform(pdist(found.coordinates)), distances, atol=1e-6)
    assert found.explained.sum() == pytest.approx(1)


@given(seed=st.integers(0, 99))
@settings(max_examples=15, deadline=None)
def test_the_order_of_the_images_and_the_names_of_groups_change_nothing(seed):
    distances, groups = distances_of(seed, 12), groups_of(12)
    order = np.random.default_rng(seed).permutation(12)
    shuffled = distances[np.ix_(order, order)], [groups[at].upper() for at in order]
    for test in (permanova, permdisp):
        one, other = test(distances, groups, n_permutations=9), test(*shuffled, n_permutations=9)
        assert one.statistic == pytest.approx(other.statistic)
        assert one.effect == pytest.approx(other.effect)


def test_groups_that_are_far_apart_have_the_smallest_p_value_and_most_of_the_variance():
    points = np.repeat([0.0, 100.0], 8)[:, np.newaxis] + np.linspace(0, 1, 16)[:, np.newaxis]
    far = permanova(squareform(pdist(points)), groups_of(16, 2), n_permutations=199)
    # 2 of 12,870 ways to draw two groups of 8 are as good; none of these 199 is, by the seed.
    assert far.p_value == pytest.approx(1 / 200)
    assert far.effect > 0.99


def test_a_wider_group_is_found_by_its_dispersion():
    rng = np.random.default_rng(5)
    points = np.concatenate([rng.normal(size=(15, 3)), 9 * rng.normal(size=(15, 3))])
    distances, groups = squareform(pdist(points)), groups_of(30, 2)
    assert permdisp(distances, groups, n_permutations=199).p_value < 0.02
    assert permanova(distances, groups, n_permutations=199).p_value > 0.05


def test_equal_images_have_no_ratio():
    nothing = permanova(np.zeros((4, 4)), ["a", "a", "b", "b"], n_permutations=9)
    assert np.isnan(nothing.statistic)
    assert np.isnan(nothing.effect)
    assert np.isnan(nothing.p_value)
    apart = 1.0 - np.kron(np.eye(2), np.ones((2, 2)))
    assert permanova(apart, ["a", "a", "b", "b"], n_permutations=9).statistic == np.inf


@pytest.mark.parametrize("seed", range(3))
def test_two_images_lie_equally_far_from_the_middle_between_them(seed):
    distances = squareform(pdist(np.random.default_rng(seed).normal(size=(4, 3))))
    assert permdisp(distances, list("aabb"), n_permutations=9).statistic == np.inf
    line = squareform(pdist(np.array([[0.0], [1.0], [5.0], [6.0]])))
    alike = permdisp(line, list("aabb"), n_permutations=9)
    assert np.isnan([alike.statistic, alike.p_value, alike.effect]).all()


def test_the_table_tests_all_groups_and_each_pair_with_a_correction():
    distances, groups = distances_of(2), groups_of(24)
    table = group_tests(distances, groups, n_permutations=99)
    assert list(table.index) == [
        "all groups",
        "site 0 and site 1",
        "site 0 and site 2",
        "site 1 and site 2",
    ]
    pair = np.arange(24) < 16
    alone = permanova(distances[np.ix_(pair, pair)], groups[:16], n_permutations=99)
    row = table.loc["site 0 and site 1"]
    assert (row["pseudo_f"], row["p"]) == (alone.statistic, alone.p_value)
    assert row["images"] == 16
    # Benjamini and Hochberg: the smallest of three is multiplied by three at most.
    p, adjusted = table["p"].to_numpy()[1:], table["p_adjusted"].to_numpy()[1:]
    ranked = np.sort(p) * 3 / np.arange(1, 4)
    assert np.allclose(np.sort(adjusted), np.minimum.accumulate(ranked[::-1])[::-1])
    assert np.isnan(table["p_adjusted"].iloc[0])


def test_the_table_tells_how_far_it_is():
    distances, heard = np.ones((8, 8)) - np.eye(8), []
    group_tests(
        distances,
        list("aabbccdd"),
        n_permutations=9,
        progress=lambda done, step: heard.append((done, step)),
    )
    assert heard == [(n / 7, "Testing groups") for n in range(1, 7)]


def test_a_pair_of_single_images_has_no_test():
    table = group_tests(distances_of(0, 4), ["a", "a", "b", "c"], n_permutations=9)
    assert np.isnan(table.loc["b and c", "p"])
    assert not np.isnan(table.loc["a and b", "p_adjusted"])


@pytest.mark.parametrize(
    ("groups", "options", "words"),
    [
        (["a"] * 4, {}, ("Two or more groups", "got a")),
        (list("abcd"), {}, ("two images or more", "4 groups of one")),
        (["a", "b"], {}, ("each of 4 images", "got 2 groups")),
        (["a", "a", "b", "b"], {"n_permutations": 0}, ("n_permutations", "got 0")),
    ],
)
@pytest.mark.parametrize("test", [permanova, permdisp])
def test_too_few_are_refused(test, groups, options, words, refused):
    with refused(*words):
        test(distances_of(0, 4), groups, **options)


def test_groups_are_tested_in_natural_order_and_none_for_another():
    points = np.random.default_rng(0).random((8, 2))
    distances = np.linalg.norm(points[:, None] - points, axis=2)
    table = group_tests(distances, ["s 10", "s 2", "s 1", "s 2"] * 2, n_permutations=9)
    assert list(table.index[1:]) == ["s 1 and s 2", "s 1 and s 10", "s 2 and s 10"]
    # Two pairs and all of them are called alike.
    names = ["a", "a and b", "c", "b and c"] * 2
    table = group_tests(distances, names, n_permutations=9)
    assert list(table.index).count("a and b and c") == 2
    assert table["images"].tolist() == [8] + 6 * [4]
    assert table["p_adjusted"].notna().tolist() == [False] + 6 * [True]
