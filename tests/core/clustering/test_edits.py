"""Edits: values that leave the one before alone, play again to the bit, and count every pixel."""

import json
import pickle
from collections import Counter

import dask.array as da
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist
from sklearn.cluster import KMeans

from napari_colorcluster import (
    COLOR_SPACES,
    METHODS,
    ColorHistogram,
    RectangularRange,
    cluster_colors,
)
from napari_colorcluster.core.clustering.edits import EDITS, apply_edits
from napari_colorcluster.core.pixels.codes import encode
from napari_colorcluster.core.pixels.lookup import MAX_LABELS


@pytest.fixture(scope="module")
def clustering(photo):
    return cluster_colors(photo, 6)


@pytest.fixture(scope="module")
def small(thumbnail):
    return cluster_colors(thumbnail, 5)


def sse_of(image, labels, color_space="lab"):
    """Sum over the pixels of clusters of the squared distance to their mean."""
    points = COLOR_SPACES[color_space].from_srgb(image.reshape(-1, 3))
    groups = [points[labels.ravel() == label] for label in np.unique(labels) if label]
    return sum(((group - group.mean(axis=0)) ** 2).sum() for group in groups)


def state(clustering, image):
    """All there is to see of a clustering, as bytes."""
    return (
        clustering.predict(image).tobytes(),
        clustering.quantize(image).tobytes(),
        clustering.palette.to_dataframe().to_csv(),
        clustering.centers.tobytes(),
        clustering.label_colors.tobytes(),
        json.dumps(clustering.settings),
    )


def test_a_merge_has_the_smallest_label_and_all_the_pixels(photo, clustering):
    before, merged = clustering.predict(photo), clustering.merge([4, 2])
    expected = np.where(before == 4, 2, before)
    np.testing.assert_array_equal(merged.predict(photo), expected)
    assert sorted(merged.palette.labels) == [1, 2, 3, 5, 6]
    row = merged.palette.row_of(2)
    assert merged.palette.pixels[row] == (expected == 2).sum()
    lab = COLOR_SPACES["lab"].from_srgb(photo[expected == 2])
    np.testing.assert_allclose(merged.centers[row], lab.mean(axis=0))
    assert merged.inertia == pytest.approx(sse_of(photo, expected), rel=1e-9)


def test_merging_shares_the_table_of_colors(clustering):
    assert clustering.merge([1, 2]).set_background(3)._look_up is clustering._look_up


@pytest.mark.parametrize("n_clusters", [2, 4])
def test_a_split_is_kmeans_of_that_clusters_pixels(photo, clustering, n_clusters):
    before, split = clustering.predict(photo), clustering.split(1, n_clusters)
    after = split.predict(photo)
    assert np.unique(after[before == 1]).tolist() == [1, *range(7, 6 + n_clusters)]
    np.testing.assert_array_equal(after[before != 1], before[before != 1])
    lab = COLOR_SPACES["lab"].from_srgb(photo[before == 1])
    best = KMeans(n_clusters, n_init=10, random_state=0).fit(lab).inertia_
    assert sse_of(photo, np.where(before == 1, after, 0)) <= 1.002 * best
    pixels = [(after == label).sum() for label in (1, *range(7, 6 + n_clusters))]
    assert pixels == sorted(pixels, reverse=True)
    assert split.inertia == pytest.approx(sse_of(photo, after), rel=1e-9)


def test_a_split_takes_the_smallest_free_labels(small):
    assert sorted(small.merge([2, 4]).split(1, 3).palette.labels) == [1, 2, 3, 4, 5, 6]


def test_what_was_merged_can_be_split_and_background_stays(thumbnail, small):
    before = small.predict(thumbnail)
    edited = small.set_background(5).merge([1, 3]).split(1, 3)
    after = edited.predict(thumbnail)
    np.testing.assert_array_equal(after == 0, before == 5)
    np.testing.assert_array_equal(np.isin(after, [1, 3, 5]), np.isin(before, [1, 3]))
    assert edited.n_background == (before == 5).sum()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("space", ["lab", "hsv"])
def test_every_method_splits_in_as_many_as_asked(thumbnail, method, space):
    asked = None if METHODS[method]().finds_n_clusters else 2
    clustering = cluster_colors(thumbnail, asked, method, space, standardize=True)
    before = clustering.predict(thumbnail)
    split = clustering.split(1, 3)
    after = split.predict(thumbnail)
    assert len(np.unique(after[before == 1])) == 3
    np.testing.assert_array_equal(after[before != 1], before[before != 1])
    assert split.n_clusters == clustering.n_clusters + 2


def test_colors_never_seen_go_to_the_nearest_piece_of_the_nearest_cluster(photo, astronaut):
    clustering = cluster_colors(photo, 4)
    split = clustering.split(2, 3)
    labels, before = split.predict(astronaut), clustering.predict(astronaut)
    np.testing.assert_array_equal(labels[before != 2], before[before != 2])
    inside = before == 2
    centers = {label: split.centers[split.palette.row_of(label)] for label in (2, 5, 6)}
    points = COLOR_SPACES["lab"].from_srgb(astronaut[inside])
    distances = cdist(points, np.array(list(centers.values())))
    nearest = np.array(list(centers))[distances.argmin(axis=1)]
    # Colors that the photo has are where the last round of k-means left them: also the nearest.
    np.testing.assert_array_equal(labels[inside], nearest)


def test_absorbing_gives_small_clusters_to_the_nearest_large_one(photo, clustering):
    limit = float(clustering.palette.fractions[2])
    edited = clustering.absorb(limit)
    large = clustering.row_labels[:3]
    assert sorted(edited.palette.labels) == sorted(large)
    target = cdist(clustering.centers, clustering.centers[:3]).argmin(axis=1)
    new = np.array([0, *large[target]])
    np.testing.assert_array_equal(edited.predict(photo), new[clustering.predict(photo)])
    given = clustering.give_away(clustering.row_labels[3:].tolist())
    np.testing.assert_array_equal(given.labels, edited.labels)


def test_where_all_are_small_the_largest_stays(clustering):
    assert clustering.absorb(1).palette.labels.tolist() == [1]
    assert clustering.absorb(0).palette == clustering.palette


def test_background_has_label_0_no_share_and_no_color(photo, clustering):
    before, edited = clustering.predict(photo), clustering.set_background(1)
    labels = edited.predict(photo)
    np.testing.assert_array_equal(labels, np.where(before == 1, 0, before))
    assert edited.palette.fractions.sum() == pytest.approx(1)
    assert edited.palette.n_pixels == (before != 1).sum()
    assert not edited.quantize(photo)[before == 1].any()
    assert edited.inertia == pytest.approx(sse_of(photo, labels), rel=1e-9)
    _, painted = edited.predict_and_paint(photo, alpha=True)
    np.testing.assert_array_equal(painted[..., 3], np.where(before == 1, 0, 255))


@pytest.mark.parametrize("color", ["#aa3300", "#A30", (170, 51, 0), np.array([170, 51, 0])])
def test_a_color_is_painted_until_the_means_are_restored(thumbnail, small, color):
    edited = small.recolor(2, color)
    assert edited.palette.hex[edited.palette.row_of(2)] == "#aa3300"
    assert (edited.quantize(thumbnail)[small.predict(thumbnail) == 2] == [170, 51, 0]).all()
    np.testing.assert_array_equal(edited.centers, small.centers)
    assert edited.represent("mean").palette == small.palette


def test_a_merge_keeps_what_was_given_to_the_label_that_stays(small):
    edited = small.recolor(2, "#a30").rename(2, "bone").recolor(3, "#0f0").rename(3, "leaf")
    edited = edited.merge([2, 3])
    row = edited.palette.row_of(2)
    assert (edited.palette.names[row], edited.palette.hex[row]) == ("bone", "#aa3300")
    # What was given to a label that is gone does not come back with the label.
    again = edited.split(2, 2)
    assert 3 in again.palette.labels
    assert "leaf" not in again.palette.names
    assert "#00ff00" not in again.palette.hex
    assert "bone" in again.palette.names


def test_new_labels_take_colors_and_names_along(thumbnail, small):
    edited = small.recolor(1, "#a30").rename(1, "bone").relabel({1: 300, 2: 1})
    labels = edited.predict(thumbnail)
    assert labels.dtype == edited.labels.dtype == np.uint16
    new = np.array([0, 300, 1, 3, 4, 5])
    np.testing.assert_array_equal(labels, new[small.predict(thumbnail)])
    assert edited.palette.names[edited.palette.row_of(300)] == "bone"
    assert edited.label_colors.shape == (301, 3)
    assert edited.label_colors[300].tolist() == [170, 51, 0]
    assert not edited.label_colors[[0, 2, 6, 299]].any()
    np.testing.assert_array_equal(edited.quantize(thumbnail), edited.label_colors[labels])


def test_renumbered_clusters_are_1_to_k_by_their_pixels(small):
    edited = small.merge([2, 5]).relabel({1: 9}).recolor(9, "#a30").rename(3, "bone")
    renumbered = edited.renumber()
    assert renumbered.palette.labels.tolist() == [1, 2, 3, 4]
    assert renumbered.palette.pixels.tolist() == sorted(edited.palette.pixels, reverse=True)
    assert renumbered.palette.hex == edited.palette.hex
    assert renumbered.given_names == {edited.palette.row_of(3) + 1: "bone"}
    assert renumbered.settings["edits"][-1] == ["renumber"]


def test_more_than_255_parts_can_become_few_labels():
    reds, greens = np.divmod(np.arange(300), 20)
    colors = np.stack([13 * reds, 12 * greens, np.full(300, 80)], axis=1).astype(np.uint8)
    merged = cluster_colors(colors[np.newaxis], 300).merge(range(3, 301))
    labels = merged.predict(colors)
    assert labels.dtype == np.uint8
    assert Counter(labels.tolist()) == {1: 1, 2: 1, 3: 298}


def test_palette_rows_are_the_largest_first_and_ties_by_label():
    histogram = ColorHistogram([[0, 0, 0], [0, 0, 90], [0, 90, 0], [90, 0, 0]], [5, 5, 5, 5])
    edited = cluster_colors(histogram, 4).relabel({1: 9}).merge([3, 4])
    assert edited.palette.labels.tolist() == [3, 2, 9]
    assert edited.palette.to_dataframe()["index"].tolist() == [3, 2, 9]


@pytest.mark.parametrize(
    ("edit", "parts"),
    [
        (lambda c: c.merge([2]), ["at least two different labels", "got [2]"]),
        (lambda c: c.merge([2, 2]), ["at least two different labels"]),
        (lambda c: c.merge([2, 9]), ["No cluster is numbered 9", "1, 2, 3, 4 and 5"]),
        (lambda c: c.merge(2), ["labels must be several labels", "got 2"]),
        (lambda c: c.merge([True, 2]), ["numbered True"]),
        (lambda c: c.split(7), ["numbered 7"]),
        (lambda c: c.split(1, 1), ["split in 2 to", "got 1"]),
        (lambda c: c.split(1, 10_000), ["number of its distinct colors", "got 10000"]),
        (lambda c: c.split(1, 2.0), ["split in 2 to", "got 2.0"]),
        (lambda c: c.absorb(1.5), ["min_fraction must be in 0..1", "got 1.5"]),
        (lambda c: c.absorb(float("nan")), ["min_fraction must be in 0..1", "got nan"]),
        (lambda c: c.absorb("1 %"), ["min_fraction must be a number", "'1 %'"]),
        (lambda c: c.set_background(0), ["numbered 0"]),
        (lambda c: c.give_away(c.palette.labels), ["A cluster must be left"]),
        (lambda c: c.give_away([1, 99]), ["99"]),
        (lambda c: c.absorb(1).set_background(1), ["must be left beside the background", "got 1"]),
        (lambda c: c.set_background(c.palette.labels), ["must be left beside the background"]),
        (lambda c: c.set_background("all"), ["labels must be several labels", "'all'"]),
        (lambda c: c.relabel({9: 1}), ["numbered 9"]),
        (lambda c: c.relabel({1: 2}), ["cannot have the same label", "{1: 2}"]),
        (lambda c: c.relabel({1: 0}), [f"1..{MAX_LABELS:,}", "got 0"]),
        (lambda c: c.relabel({1: 65_536}), [f"1..{MAX_LABELS:,}", "got 65536"]),
        (lambda c: c.relabel([1, 2]), ["mapping must be a dict or pairs", "[1, 2]"]),
        (lambda c: c.relabel({}, {9: "bone"}), ["numbered 9 after"]),
        (lambda c: c.relabel({}, {1: "x", 2: "x"}), ["cannot have the same name"]),
        (lambda c: c.recolor(1, "red"), ['"#rrggbb"', "got 'red'"]),
        (lambda c: c.recolor(1, (1, 2, 256)), ["0..255", "[1, 2, 256]"]),
        (lambda c: c.recolor(1, 7), ["0..255", "got 7"]),
        (lambda c: c.rename(1, "  "), ["cannot be empty"]),
        (lambda c: c.rename(1, c.palette.names[1]), ["has the name", "already"]),
        (lambda c: c.rename(1, None), ["a text", "got None"]),
        (lambda c: apply_edits(c, "merge"), ["edits must hold edits", "'merge'"]),
        (lambda c: apply_edits(c, ["merge"]), ["An edit must be one of merge", "'merge'"]),
        (lambda c: apply_edits(c, [["melt", 1]]), ["An edit must be one of", "['melt', 1]"]),
        (lambda c: apply_edits(c, [[["merge"], 1]]), ["An edit must be one of"]),
        (lambda c: apply_edits(c, [["split"]]), ["'split' takes label, n_clusters", "['split']"]),
        (lambda c: apply_edits(c, [["renumber", 1]]), ["takes nothing"]),
        (lambda c: apply_edits(c, None), ["edits must hold edits", "None"]),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_sentence(refused, small, edit, parts):
    with refused(*parts):
        edit(small)


def test_a_cluster_of_one_color_cannot_be_split(refused):
    clustering = cluster_colors(np.array([[[0, 0, 0], [9, 9, 9]]], np.uint8), 2)
    with refused("has a single color"):
        clustering.split(1)


def test_there_are_no_more_clusters_than_labels(refused, small, monkeypatch):
    monkeypatch.setattr("napari_colorcluster.core.clustering.editable.MAX_LABELS", 7)
    full = small.split(1, 3)
    assert len(full.palette) == 7
    with refused("at most 7 clusters, got 8."):
        small.split(1, 4)
    with refused("at most 7 clusters, got 8."):
        full.assign(RectangularRange((None, None, None), (30, None, None)))


def test_edits_that_are_malformed_are_refused_before_counting(refused, thumbnail):
    def told(fraction, what):
        raise AssertionError("counted already")

    with refused("An edit must be one of"):
        cluster_colors(thumbnail, 3, edits=[["melt"]], progress=told)


def drawn_edit(draw, clustering):
    """Some edit that can be made of a clustering, as its name and arguments."""
    labels = sorted(clustering.palette.labels.tolist())
    label = draw(st.sampled_from(labels))
    n_colors = int((clustering.labels == label).sum())
    kinds = ["recolor", "rename", "represent", "absorb", "relabel", "renumber"]
    kinds += ["merge", "set_background"] if len(labels) > 1 else []
    kinds += ["split"] if n_colors > 1 else []
    kinds += ["merge_similar", "drop_and_refit", "leave_out_beyond"]
    kind = draw(st.sampled_from(kinds))
    if kind == "merge":
        return kind, draw(st.lists(st.sampled_from(labels), min_size=2, max_size=4, unique=True))
    if kind == "split":
        return kind, label, draw(st.integers(2, min(4, n_colors)))
    if kind == "recolor":
        return kind, label, draw(st.tuples(*[st.integers(0, 255)] * 3))
    if kind == "rename":
        return kind, label, f"named {draw(st.integers(0, 10**9))} {len(clustering.edits)}"
    if kind == "represent":
        return kind, draw(st.sampled_from(["mean", "mode", "medoid"]))
    if kind in ("absorb", "drop_and_refit"):
        return kind, draw(st.floats(0, 0.2))
    if kind == "merge_similar":
        return kind, draw(st.floats(0, 20))
    if kind == "leave_out_beyond":
        return kind, draw(st.floats(12, 40))
    if kind == "relabel":
        new = draw(
            st.lists(st.integers(1, 400), min_size=len(labels), max_size=len(labels), unique=True)
        )
        return kind, dict(zip(labels, new, strict=True))
    return (kind, label) if kind == "set_background" else (kind,)


@settings(max_examples=25)
@given(
    st.data(),
    st.sampled_from([("kmeans", "lab"), ("agglomerative", "rgb"), ("median_cut", "oklab")]),
)
def test_any_edits_leave_what_was_and_play_again_to_the_bit(thumbnail, assert_identical, data, how):
    method, space = how
    history = [cluster_colors(thumbnail, 5, method, space, standardize=space == "rgb")]
    before = [state(history[0], thumbnail)]
    for _ in range(data.draw(st.integers(1, 6))):
        name, *arguments = drawn_edit(data.draw, history[-1])
        history.append(getattr(history[-1], name)(*arguments))
        before.append(state(history[-1], thumbnail))
    assert [state(each, thumbnail) for each in history] == before

    last = history[-1]
    labels = last.predict(thumbnail)
    palette = last.palette
    assert palette.fractions.sum() == pytest.approx(1)
    assert len(set(palette.names)) == len(palette)
    counts = Counter(labels[labels > 0].tolist())
    assert counts == dict(zip(palette.labels.tolist(), palette.pixels.tolist(), strict=True))
    codes, where = np.unique(encode(thumbnail), return_inverse=True)
    np.testing.assert_array_equal(last.histogram.codes, codes)
    np.testing.assert_array_equal(last.labels[where], labels)
    assert last.inertia == pytest.approx(sse_of_scaled(last, labels, thumbnail), rel=1e-7, abs=1e-6)

    again = cluster_colors(thumbnail, **json.loads(json.dumps(last.settings)))
    assert_identical(again, last)
    assert state(again, thumbnail) == before[-1]
    lazy = last.predict_and_paint(da.from_array(thumbnail, chunks=(20, 30, 2)))
    np.testing.assert_array_equal(lazy[0].compute(scheduler="synchronous"), labels)
    np.testing.assert_array_equal(
        lazy[1].compute(scheduler="synchronous"), last.quantize(thumbnail)
    )


def sse_of_scaled(clustering, labels, image):
    points = clustering.partition.space.points(image.reshape(-1, 3))
    flat = labels.ravel()
    groups = [points[flat == label] for label in np.unique(flat) if label]
    return sum(((group - group.mean(axis=0)) ** 2).sum() for group in groups)


def test_an_edited_clustering_survives_a_pickle(thumbnail, astronaut, small, assert_identical):
    edited = small.split(1, 3).merge([2, 6]).rename(3, "bone").recolor(4, "#123").set_background(5)
    expected = edited.predict(astronaut)
    pickled = pickle.dumps(edited)
    again = pickle.loads(pickled)
    assert_identical(again, edited)
    np.testing.assert_array_equal(again.predict(astronaut), expected)
    assert len(pickled) < 1_000_000
    for array in (again.labels, again.label_of, again.centers, again.pixels, again.partition.parts):
        assert not array.flags.writeable


def test_many_splits_still_label_and_pickle(thumbnail):
    clustering = cluster_colors(thumbnail, 2)
    for _ in range(100):
        clustering = clustering.split(int(np.bincount(clustering.labels).argmax()), 2)
    again = pickle.loads(pickle.dumps(clustering))
    image = thumbnail ^ 1
    np.testing.assert_array_equal(again.predict(image), clustering.predict(image))
    assert len(clustering.palette) == 102


def test_arrays_of_an_edited_clustering_are_read_only(small):
    edited = small.merge([1, 2]).split(1, 2).set_background(4)
    arrays = (edited.labels, edited.label_of, edited.colors, edited.pixels, edited.centers)
    for array in (*arrays, edited.row_labels, edited.mean_colors, edited.label_colors):
        assert not array.flags.writeable


def test_what_settings_give_away_changes_nothing(small):
    edited = small.merge([2, 3])
    edited.settings["edits"][0][1].append(4)
    assert edited.settings["edits"] == [["merge", [2, 3]]]
    assert "edits" not in small.settings


def test_every_edit_is_a_method_with_words(small):
    for name in EDITS:
        assert getattr(small, name).__doc__
    assert set(EDITS) >= {"merge", "split", "recolor", "rename", "absorb", "set_background"}


def test_names_keep_their_numbers_when_another_cluster_is_renamed():
    greys = [[100, 100, 100], [101, 101, 101], [102, 102, 102]]
    clustering = cluster_colors(ColorHistogram(greys, [3, 2, 1]), 3)
    first, second, third = clustering.palette.names
    assert second == f"{first} 2"
    assert clustering.rename(1, "bone").palette.names == ("bone", second, third)
    # A name gives way only where it has been given to another.
    freed = clustering.rename(1, "bone").rename(2, first)
    assert freed.palette.names == ("bone", first, third)


def test_several_clusters_are_left_out_at_once(small):
    at_once, one_by_one = small.set_background([4, 2]), small.set_background(2).set_background(4)
    assert at_once.palette == one_by_one.palette
    assert at_once.settings["edits"] == [["set_background", [2, 4]]]
    assert apply_edits(small, at_once.settings["edits"]).palette == at_once.palette
    assert small.set_background([2]).settings["edits"] == [["set_background", 2]]
