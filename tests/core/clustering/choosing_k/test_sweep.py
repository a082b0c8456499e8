"""The sweep over k, held against scikit-learn and scikit-image on all pixels."""

from itertools import combinations

import numpy as np
import pytest
from skimage import data
from skimage.color import deltaE_ciede2000, rgb2lab
from sklearn.metrics import silhouette_score

from napari_colorcluster import (
    METHODS,
    cluster_colors,
    count_colors,
    sweep_clusters,
)
from napari_colorcluster.core.clustering.fitter import ColorFitter
from napari_colorcluster.core.support.progress import Cancelled

TAKE_K = [name for name, method in METHODS.items() if not method().finds_n_clusters]
each_method = pytest.mark.parametrize("method", TAKE_K)

FIVE_COLORS = np.array(
    [[0, 0, 0], [9, 9, 9], [250, 250, 250], [240, 240, 240], [255, 0, 0]], np.uint8
)


@pytest.fixture(scope="module")
def sweep(thumbnail):
    return sweep_clusters(thumbnail)


@pytest.mark.parametrize("n_clusters", range(2, 10))
def test_silhouettes_are_scikit_learns_on_all_pixels(thumbnail, sweep, n_clusters):
    labels = sweep[n_clusters].predict(thumbnail).ravel()
    expected = silhouette_score(rgb2lab(thumbnail).reshape(-1, 3), labels)
    table = sweep.to_dataframe().set_index("n_clusters")
    assert table.loc[n_clusters, "silhouette"] == pytest.approx(expected, abs=1e-6)


def test_the_table_has_a_row_for_each_number_and_says_that_it_is_exact(sweep):
    table = sweep.to_dataframe()
    assert table.columns.tolist() == [
        *("n_clusters", "sse", "explained_variance_ratio", "silhouette", "min_delta_e"),
        "silhouette_method",
    ]
    assert table["n_clusters"].tolist() == list(range(2, 10))
    assert set(table["silhouette_method"]) == {"exact"}
    assert table["sse"].tolist() == [sweep[k].inertia for k in range(2, 10)]


def test_what_is_explained_is_the_variance_between_the_clusters(thumbnail, sweep):
    lab = rgb2lab(thumbnail).reshape(-1, 3)
    for n_clusters, clustering in sweep.items():
        labels = clustering.predict(thumbnail).ravel()
        means = np.array([lab[labels == 1 + row].mean(axis=0) for row in range(n_clusters)])
        within, total = lab - means[labels - 1], lab - lab.mean(axis=0)
        expected = 1 - (within**2).sum() / (total**2).sum()
        assert clustering.explained_variance_ratio == pytest.approx(expected)
    table = sweep.to_dataframe()
    assert table["explained_variance_ratio"].tolist() == [
        each.explained_variance_ratio for each in sweep.values()
    ]


def test_a_photo_is_more_than_light_and_dark():
    image = data.coffee()[::4, ::4]
    sweep = sweep_clusters(image)
    assert sweep.to_dataframe()["silhouette"].idxmax() == 0
    assert sweep.suggested in (4, 5, 6)


def test_a_third_color_beside_another_is_not_suggested():
    groups = np.array([[20, 20, 20], [200, 200, 200], [206, 200, 200]], np.uint8)
    image = np.repeat(groups, [100, 60, 60], axis=0)
    sweep = sweep_clusters(image)
    assert sweep.to_dataframe()["silhouette"].tolist()[1] == pytest.approx(1)
    assert sweep.suggested == 2


@each_method
def test_sse_falls_as_clusters_are_added(thumbnail, method):
    table = sweep_clusters(thumbnail, range(1, 7), method).to_dataframe()
    assert (np.diff(table["sse"]) < 0).all()


@each_method
def test_each_clustering_is_that_of_cluster_colors_to_the_bit(thumbnail, method, assert_identical):
    keywords = {"method": method, "color_space": "oklab", "standardize": True, "random_state": 3}
    sweep = sweep_clusters(thumbnail, [2, 5], **keywords)
    for n_clusters in (2, 5):
        assert_identical(sweep[n_clusters], cluster_colors(thumbnail, n_clusters, **keywords))


def test_the_smallest_difference_is_that_of_the_two_most_similar_colors(sweep):
    for n_clusters, found in sweep.to_dataframe()[["n_clusters", "min_delta_e"]].to_numpy():
        lab = rgb2lab(sweep[n_clusters].palette.colors)
        assert found == pytest.approx(
            min(deltaE_ciede2000(one, other) for one, other in combinations(lab, 2))
        )


def test_clear_groups_are_suggested():
    groups = np.array([[30, 30, 30], [220, 40, 40], [40, 200, 60], [240, 240, 230]])
    noise = np.random.default_rng(0).integers(-4, 5, (400, 3))
    image = (np.repeat(groups, 100, axis=0) + noise).astype(np.uint8)
    assert sweep_clusters(image).suggested == 4


def test_a_sweep_is_a_mapping_in_ascending_order(thumbnail):
    sweep = sweep_clusters(thumbnail, (number for number in [6, 2, 3, 2]))
    assert list(sweep) == [2, 3, 6]
    assert len(sweep) == 3
    assert {k: clustering.n_clusters for k, clustering in sweep.items()} == {2: 2, 3: 3, 6: 6}
    assert 4 not in sweep


def test_a_number_that_was_not_tried_is_refused_with_those_that_were(sweep):
    with pytest.raises(KeyError, match=r"no clustering with 12 clusters; there are 2, 3, 4, 5,"):
        sweep[12]


def test_one_cluster_has_an_sse_but_no_silhouette(thumbnail):
    sweep = sweep_clusters(thumbnail, [1])
    (row,) = sweep.to_dataframe().to_dict("records")
    assert row["sse"] == pytest.approx(sweep[1].inertia)
    assert np.isnan(row["silhouette"])
    assert np.isnan(row["min_delta_e"])
    assert sweep.suggested == 1


@each_method
def test_numbers_above_the_number_of_colors_are_left_out(method):
    assert list(sweep_clusters(FIVE_COLORS, method=method)) == [2, 3, 4, 5]


@pytest.mark.parametrize("method", sorted(METHODS.keys() - TAKE_K))
def test_methods_that_find_k_have_no_sweep(refused, method):
    with refused(f"Method {method!r} finds the number of clusters itself"):
        sweep_clusters(FIVE_COLORS, method=method)


def test_of_numbers_that_are_all_above_the_number_of_colors_that_number_is_tried():
    assert list(sweep_clusters(FIVE_COLORS, [7, 6])) == [5]


@pytest.mark.parametrize(
    ("keywords", "parts"),
    [
        ({"n_clusters": []}, ("n_clusters must hold at least one number", "got none.")),
        ({"n_clusters": [0, 2]}, ("n_clusters must be an integer of at least 1", "got 0.")),
        ({"n_clusters": [2.5]}, ("n_clusters must be an integer of at least 1", "got 2.5.")),
        ({"n_clusters": [True, 2]}, ("n_clusters must be an integer of at least 1", "got True.")),
        ({"method": "median"}, ("Unknown method 'median'", *map(repr, METHODS))),
        ({"color_space": "cmyk"}, ("Unknown color_space 'cmyk'", "'lab'")),
        ({"mask": np.zeros(5, bool)}, ("No pixel takes part: all 5 are masked",)),
        ({"mask": np.ones(4, bool)}, ("(5,)", "got (4,).")),
    ],
)
def test_what_is_not_allowed_is_refused_in_one_sentence(refused, keywords, parts):
    with refused(*parts):
        sweep_clusters(FIVE_COLORS, **keywords)


def test_an_image_of_one_color_is_one_cluster():
    sweep = sweep_clusters(np.zeros((4, 4, 3), np.uint8))
    assert list(sweep) == [1]
    assert sweep.suggested == 1


def test_a_histogram_gives_what_its_image_gives(thumbnail, sweep, assert_identical):
    again = sweep_clusters(count_colors(thumbnail), [2, 5])
    for n_clusters, clustering in again.items():
        assert_identical(clustering, sweep[n_clusters])


@pytest.mark.parametrize("asked", [5, "auto", None])
def test_what_is_no_range_is_refused(thumbnail, refused, asked):
    with refused("range(2, 10)", f"got {asked!r}"):
        sweep_clusters(thumbnail, asked)


@pytest.mark.parametrize("asked", [[2, "3"], [3, None], [2, 2.5], [0]])
def test_what_is_no_number_in_a_range_is_refused(thumbnail, refused, asked):
    with refused("n_clusters must be an integer of at least 1", f"got {asked[-1]!r}"):
        sweep_clusters(thumbnail, asked)


@each_method
def test_it_can_be_stopped_between_one_number_and_the_next(thumbnail, method, monkeypatch):
    fitted, fit = [], ColorFitter.fit

    def record(self, n_clusters, progress):
        fitted.append(n_clusters)
        return fit(self, n_clusters, progress)

    def stop(fraction, what):
        if len(fitted) == 3:
            raise Cancelled

    monkeypatch.setattr(ColorFitter, "fit", record)
    with pytest.raises(Cancelled):
        sweep_clusters(thumbnail, range(2, 9), method, progress=stop)
    assert fitted == [2, 3, 4]
