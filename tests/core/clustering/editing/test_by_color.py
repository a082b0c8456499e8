"""Edits by color, against merges one by one, scikit-learn's k-means and scikit-image's ΔE2000."""

import json
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skimage.color import deltaE_ciede2000, rgb2lab
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score

from napari_colorcluster import (
    COLOR_SPACES,
    ColorClustering,
    ColorHistogram,
    cluster_colors,
    read_clustering,
    sweep_clusters,
)
from napari_colorcluster.core.clustering.editing import limiting
from napari_colorcluster.core.clustering.editing.limiting import distances

COLORS = st.lists(st.tuples(*[st.integers(0, 255)] * 3), min_size=1, max_size=9, unique=True)


def delta_e(one, other):
    return deltaE_ciede2000(rgb2lab(np.asarray(one) / 255), rgb2lab(np.asarray(other) / 255))


@pytest.fixture(scope="module")
def eight(thumbnail):
    return cluster_colors(thumbnail, 8)


def closest_pair(clustering):
    """The two labels whose colors are closest, and their difference."""
    colors = dict(zip(clustering.row_labels.tolist(), clustering.colors, strict=True))
    pairs = combinations(sorted(colors), 2)
    return min((float(delta_e(colors[a], colors[b])), a, b) for a, b in pairs)


@given(COLORS, st.data())
@settings(max_examples=40)
def test_similar_colors_are_merged_like_the_closest_pair_again_and_again(colors, data):
    counts = data.draw(st.lists(st.integers(1, 50), min_size=len(colors), max_size=len(colors)))
    limit = data.draw(st.floats(0, 80))
    clustering = cluster_colors(ColorHistogram(colors, counts), len(colors))
    clustering = clustering.represent(data.draw(st.sampled_from(["mean", "mode", "medoid"])))
    if data.draw(st.booleans()):
        clustering = clustering.recolor(1, data.draw(st.tuples(*[st.integers(0, 255)] * 3)))
    expected = clustering
    while expected.n_clusters > 1:
        difference, *pair = closest_pair(expected)
        if difference >= limit:
            break
        expected = expected.merge(pair)
    merged = clustering.merge_similar(limit)
    np.testing.assert_array_equal(merged.labels, expected.labels)
    assert merged.palette == expected.palette
    assert merged.settings["edits"][-1] == ["merge_similar", limit]


def test_a_difference_of_zero_merges_nothing(eight):
    assert eight.merge_similar(0).palette == eight.palette
    assert eight.merge_similar(1000).n_clusters == 1


def test_without_the_small_clusters_kmeans_runs_from_the_means_of_the_others():
    random = np.random.default_rng(0)
    centers = np.array([[40, 40, 40], [200, 60, 60], [60, 190, 80], [90, 90, 220], [230, 220, 90]])
    sizes = [60, 50, 40, 30, 4]
    colors = np.concatenate(
        [random.normal(at, 9, (n, 3)) for at, n in zip(centers, sizes, strict=True)]
    )
    image = np.clip(colors, 0, 255).astype(np.uint8)[np.newaxis]
    five = cluster_colors(image, 5, color_space="rgb")
    refitted = five.drop_and_refit(0.05)
    assert refitted.n_clusters == 4
    expected = KMeans(4, init=five.centers[:4], n_init=1, tol=0, algorithm="lloyd")
    expected.fit(five.histogram.colors, sample_weight=five.histogram.counts)
    rows = np.argsort(refitted.row_labels)
    np.testing.assert_allclose(refitted.centers[rows], expected.cluster_centers_)
    np.testing.assert_array_equal(refitted.labels - 1, expected.labels_)
    assert refitted.inertia == pytest.approx(expected.inertia_)


@pytest.mark.parametrize("method", ["kmeans", "gaussian_mixture", "agglomerative"])
def test_what_is_fitted_again_is_at_rest_and_keeps_labels_and_names(thumbnail, astronaut, method):
    before = cluster_colors(thumbnail, 8, method).rename(1, "bone").set_background(2)
    after = before.drop_and_refit(0.1)
    kept = before.row_labels[before.pixels >= 0.1 * before.pixels.sum()]
    assert set(after.row_labels) == set(kept)
    assert 1 < len(kept) < before.n_clusters
    assert after.palette.names[after.palette.row_of(1)] == "bone"
    # Background stays background, here and in other images.
    np.testing.assert_array_equal(after.labels == 0, before.labels == 0)
    other = astronaut[::8, ::8]
    np.testing.assert_array_equal(after.predict(other) == 0, before.predict(other) == 0)
    # One more iteration of scikit-learn changes nothing.
    inside = after.labels > 0
    points = COLOR_SPACES["lab"].from_srgb(after.histogram.colors[inside])
    again = KMeans(len(kept), init=after.centers, n_init=1, max_iter=1, tol=0)
    again.fit(points, sample_weight=after.histogram.counts[inside])
    np.testing.assert_array_equal(after.row_labels[again.labels_], after.labels[inside])
    nearest = after.row_labels[again.predict(COLOR_SPACES["lab"].from_srgb(other.reshape(-1, 3)))]
    labels = after.predict(other).ravel()
    np.testing.assert_array_equal(labels[labels > 0], nearest[labels > 0])


def test_the_largest_is_never_dropped(eight):
    only = eight.drop_and_refit(1)
    assert only.row_labels.tolist() == [1]
    assert only.pixels.sum() == eight.pixels.sum()


@pytest.mark.parametrize("space", ["lab", "rgb", "hsv"])
def test_what_is_further_than_the_largest_distance_belongs_to_none(thumbnail, astronaut, space):
    free = cluster_colors(thumbnail, 6, color_space=space)
    limited = cluster_colors(thumbnail, 6, color_space=space, max_distance=11)
    means = np.concatenate([[[0, 0, 0]], free.mean_colors])
    for image in (thumbnail, astronaut[::8, ::8]):
        before, after = free.predict(image), limited.predict(image)
        far = delta_e(image, means[before]) > 11
        assert far.any()
        np.testing.assert_array_equal(after == 0, far)
        # Both number the same clusters from the largest on.
        assert len({*zip(before[~far].tolist(), after[~far].tolist(), strict=True)}) == 6
    n_far = np.count_nonzero(delta_e(thumbnail, means[free.predict(thumbnail)]) > 11)
    assert limited.n_too_far == limited.n_background == n_far
    assert limited.palette.labels.tolist() == [1, 2, 3, 4, 5, 6]
    assert (np.diff(limited.pixels) <= 0).all()
    assert limited.palette.fractions.sum() == pytest.approx(1)
    assert limited.settings["max_distance"] == 11


def test_the_edit_does_the_same_but_keeps_the_labels(thumbnail, eight, tmp_path):
    kept = eight.recolor(1, "#123456").leave_out_beyond(11)
    fresh = cluster_colors(thumbnail, 8, max_distance=11)
    np.testing.assert_array_equal(kept.labels == 0, fresh.labels == 0)
    np.testing.assert_array_equal(kept.labels[kept.labels > 0], eight.labels[kept.labels > 0])
    assert kept.n_too_far == fresh.n_too_far
    assert kept.palette.hex[kept.palette.row_of(1)] == "#123456"
    for clustering in (kept, fresh):
        clustering.write(tmp_path / "far.json")
        again = read_clustering(tmp_path / "far.json")
        np.testing.assert_array_equal(
            again.predict(255 - thumbnail), clustering.predict(255 - thumbnail)
        )


def test_what_is_left_out_stays_out_through_other_edits(thumbnail, astronaut):
    limited = cluster_colors(thumbnail, 6, max_distance=11).set_background(6)
    other = astronaut[::8, ::8]
    for edited in (limited.split(1, 3), limited.merge([1, 2]), limited.drop_and_refit(0.15)):
        for image in (thumbnail, other):
            assert not edited.predict(image)[limited.predict(image) == 0].any()
    assert limited.split(1, 3).n_too_far == limited.n_too_far
    # What has become too far by fitting again is left out as well.
    refitted = limited.drop_and_refit(0.3)
    assert refitted.n_too_far > limited.n_too_far
    again = cluster_colors(thumbnail, **json.loads(json.dumps(refitted.settings)))
    np.testing.assert_array_equal(again.predict(other), refitted.predict(other))


def test_a_cluster_of_which_nothing_is_near_is_gone():
    # The mean of black and white is far from both.
    pixels = [[0, 0, 0], [255, 255, 255], [200, 30, 30], [202, 30, 30]]
    two = cluster_colors(ColorHistogram(pixels, [5, 5, 2, 2]), 3).merge([1, 2])
    left = two.leave_out_beyond(20)
    assert left.pixels.tolist() == [4]
    assert left.n_too_far == left.n_background == 10
    assert left.row_labels.tolist() == [3]
    assert left.split(3).pixels.tolist() == [2, 2]


def test_a_palette_takes_only_what_is_near_to_it(astronaut, eight):
    image = astronaut[::8, ::8]
    nearest = ColorClustering.from_palette(eight.palette)
    limited = ColorClustering.from_palette(eight.palette, max_distance=9)
    far = delta_e(image, nearest.quantize(image)) > 9
    np.testing.assert_array_equal(limited.predict(image), np.where(far, 0, nearest.predict(image)))
    assert limited.palette == nearest.palette
    assert limited.n_too_far == 0


def test_distances_are_of_calibrated_colors(thumbnail, calibration):
    clustering = cluster_colors(thumbnail, 4, calibration=calibration)
    true = calibration.apply(clustering.histogram.colors[np.newaxis])[0]
    means = np.concatenate([[[0, 0, 0]], clustering.mean_colors])
    expected = delta_e(true, means[clustering.labels])
    found = distances(clustering, clustering.histogram.colors, clustering.labels)
    # What `apply` gives has been rounded to 8 bits.
    np.testing.assert_allclose(found, expected, atol=1.0)
    limited = clustering.leave_out_beyond(10)
    clear = abs(expected - 10) > 1
    np.testing.assert_array_equal((limited.labels == 0)[clear], (expected > 10)[clear])


def test_silhouettes_of_a_sweep_are_of_what_is_left(thumbnail):
    sweep = sweep_clusters(thumbnail, [1, 2, 4], max_distance=20)
    points = COLOR_SPACES["lab"].from_srgb(thumbnail.reshape(-1, 3))
    table = sweep.to_dataframe().set_index("n_clusters")
    assert np.isnan(table.loc[1, "silhouette"])
    for k in (2, 4):
        labels = sweep[k].predict(thumbnail).ravel()
        assert (labels == 0).any()
        kept = labels > 0
        expected = silhouette_score(points[kept], labels[kept])
        assert table.loc[k, "silhouette"] == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    ("edit", "parts"),
    [
        (lambda c: c.merge_similar(-1), ["max_difference", "at least 0", "-1"]),
        (lambda c: c.merge_similar("5"), ["max_difference", "'5'"]),
        (lambda c: c.drop_and_refit(2), ["min_fraction must be in 0..1", "2"]),
        (lambda c: c.leave_out_beyond(0), ["max_distance", "greater than 0", "0"]),
        (lambda c: c.leave_out_beyond(float("nan")), ["max_distance", "nan"]),
        (
            lambda c: c.leave_out_beyond(1e-9),
            ["within ΔE2000 1e-09", "more clusters than 8"],
        ),
        (lambda c: cluster_colors(c.histogram, 3, max_distance=True), ["max_distance", "True"]),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_sentence(refused, eight, edit, parts):
    with refused(*parts):
        edit(eight)


def test_background_of_any_part_stays_when_more_is_left_out(thumbnail):
    # The part of what is too far comes first after a split, and that of the background last.
    once = cluster_colors(thumbnail, 5).leave_out_beyond(12).split(1, 2)
    last = int(once.label_of[-1])
    twice = once.set_background(last).leave_out_beyond(8)
    assert last not in twice.row_labels
    background = once.labels == last
    assert (twice.labels[background] == 0).all()
    assert twice.n_too_far > once.n_too_far


def test_with_a_largest_distance_one_label_stays_free(thumbnail, refused, monkeypatch):
    monkeypatch.setattr(limiting, "MAX_LABELS", 6)
    assert cluster_colors(thumbnail, 5, max_distance=11).n_clusters == 5
    with refused("There can be at most 5 clusters with max_distance, got 6"):
        cluster_colors(thumbnail, 6, max_distance=11)
