"""Labels that stay with their colors from one run to the next."""

import json
from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import XKCD_COLORS, to_rgb
from skimage.color import deltaE_ciede2000, rgb2lab

from napari_colorcluster import ColorHistogram, cluster_colors
from napari_colorcluster.core.clustering import matching
from napari_colorcluster.core.clustering.matching import (
    SAME_COLOR,
    followed_labels,
    match_labels,
    match_names,
    same_clusters,
)

COLORS = np.array([[10, 10, 10], [60, 120, 60], [200, 60, 40], [240, 240, 240]], np.uint8)


def of_counts(counts, colors=COLORS):
    """One cluster a color; the labels follow the counts."""
    return cluster_colors(ColorHistogram(colors, counts), len(colors))


def label_of(clustering, color):
    return int(clustering.labels[(clustering.histogram.colors == color).all(axis=1)][0])


def test_the_limit_is_the_least_distance_of_two_basic_color_words():
    words = ["black", "white", "grey", "red", "green", "blue", "yellow", "orange", "brown"]
    words += ["pink", "purple"]
    lab = rgb2lab([to_rgb(XKCD_COLORS[f"xkcd:{word}"]) for word in words])
    nearest = min(deltaE_ciede2000(one, other) for one, other in combinations(lab, 2))
    assert round(nearest) == SAME_COLOR


def test_colors_keep_their_labels_when_their_shares_change():
    before, after = of_counts([40, 30, 20, 10]), of_counts([10, 20, 30, 40])
    matched = match_labels(after, before)
    for color in COLORS:
        assert label_of(matched, color) == label_of(before, color)
    assert matched.palette.labels.tolist() == [4, 3, 2, 1]


def test_the_same_again_is_the_clustering_itself(thumbnail):
    before = cluster_colors(thumbnail, 5)
    after = cluster_colors(thumbnail, 5)
    assert match_labels(after, before) is after


def test_the_sum_of_differences_is_as_small_as_any_assignment_has(photo):
    before, after = cluster_colors(photo, 5), cluster_colors(photo, 5, color_space="rgb")
    matched = match_labels(after, before)
    lab = [rgb2lab(each.palette.colors / 255) for each in (after, before)]
    apart = np.array([deltaE_ciede2000(color, lab[1]) for color in lab[0][:, np.newaxis]])
    capped = np.minimum(apart, SAME_COLOR)
    least = min(capped[range(5), order].sum() for order in permutations(range(5)))
    rows = [before.palette.row_of(label_of_row(matched, after, row)) for row in range(5)]
    cost = sum(SAME_COLOR if at is None else apart[row, at] for row, at in enumerate(rows))
    assert cost == pytest.approx(least)


def label_of_row(matched, after, row):
    label = int(after.row_labels[row])
    return int(matched.labels[after.labels == label][0])


def test_a_color_that_was_not_there_has_a_label_that_was_not_either():
    before = of_counts([40, 30, 20], COLORS[:3]).merge([1, 3])
    assert sorted(before.palette.labels) == [1, 2]
    after = of_counts([1, 50, 60], COLORS[1:])
    matched = match_labels(after, before)
    assert label_of(matched, COLORS[1]) == 2
    assert label_of(matched, COLORS[3]) == 3
    assert 1 not in matched.palette.labels


def test_names_that_were_given_come_along_and_colors_do_not():
    before = of_counts([40, 30, 20, 10]).rename(3, "ripe").recolor(3, "#00ff00")
    matched = match_labels(of_counts([10, 20, 30, 40]), before)
    row = matched.palette.row_of(3)
    assert matched.palette.names[row] == "ripe"
    assert matched.palette.colors[row].tolist() == COLORS[2].tolist()


def test_a_name_of_before_wins_over_a_found_one_and_yields_to_a_given_one():
    plain = of_counts([10, 20, 30, 40])
    taken = plain.palette.names[1]
    matched = match_labels(plain, of_counts([40, 30, 20, 10]).rename(1, taken + "!"))
    assert taken + "!" in matched.palette.names
    before = of_counts([40, 30, 20, 10]).rename(1, "own")
    again = match_labels(plain.rename(1, "own"), before)
    assert again.palette.names.count("own") == 1
    assert again.palette.names[again.palette.row_of(label_of(again, COLORS[3]))] == "own"


def test_the_matching_is_in_the_settings(thumbnail, assert_identical):
    before = cluster_colors(thumbnail, 4).split(1, 2).rename(2, "bone")
    matched = match_labels(cluster_colors(thumbnail, 5, "agglomerative"), before)
    assert matched.settings["edits"]
    again = cluster_colors(thumbnail, **json.loads(json.dumps(matched.settings)))
    assert_identical(again, matched)


def test_names_go_to_the_like_color_whatever_its_label(thumbnail, assert_identical):
    before = of_counts([40, 30, 20, 10]).rename(3, "ripe")
    after = of_counts([10, 20, 30, 40])
    named = match_names(after, before)
    assert named.palette.labels.tolist() == [1, 2, 3, 4]
    assert named.palette.names[named.palette.row_of(label_of(named, COLORS[2]))] == "ripe"
    assert named.given_names == {same_clusters(before, after)[3]: "ripe"}
    assert match_names(after, of_counts([1, 2, 3, 4])) is after
    again = cluster_colors(named.histogram, **json.loads(json.dumps(named.settings)))
    assert_identical(again, named)


def test_clusters_are_followed_through_edits_and_by_color_through_runs():
    before = of_counts([40, 30, 20, 10])
    edited = before.merge([2, 3]).relabel({2: 9}).set_background(4)
    assert followed_labels(before, edited) == {1: 1, 2: 9, 3: 9}
    assert followed_labels(before, edited.renumber()) == {1: 2, 2: 1, 3: 1}
    assert followed_labels(edited, before) in ({1: 1, 9: 2}, {1: 1, 9: 3})
    split = edited.split(9, 2)
    assert followed_labels(edited, split) == {1: 1, 9: 9}
    assert followed_labels(split, edited) == {1: 1, 9: 9, 2: 9}
    reversed_ = of_counts([10, 20, 30, 40])
    assert followed_labels(before, reversed_) == {1: 4, 2: 3, 3: 2, 4: 1}
    assert followed_labels(before, of_counts([1, 2], COLORS[:2])) == {1: 2, 2: 1}
    # A split of other pixels is not the one that was undone.
    five = ColorHistogram([*COLORS, [0, 0, 250]], [9, 8, 7, 6, 5])
    one, other = before.merge([1, 2]).split(1, 2), cluster_colors(five, 4).merge([1, 2])
    assert one.keywords == other.keywords
    assert followed_labels(one, other) == same_clusters(one, other)


def palette_of(n_colors, seed):
    colors = np.random.default_rng(seed).choice(256**3, n_colors, replace=False, shuffle=False)
    colors = np.stack([colors >> 16, colors >> 8 & 255, colors & 255], axis=1).astype(np.uint8)
    return of_counts(np.ones(n_colors, np.int64), np.unique(colors, axis=0))


@pytest.mark.parametrize("n_before", [3, 4, 30])
def test_close_colors_are_paired_as_all_are_where_none_compete(monkeypatch, n_before):
    before = palette_of(n_before, seed=1)
    # One step away in blue: closer than any other.
    moved = before.histogram.colors.copy()
    moved[:, 2] ^= 1
    after = of_counts(np.arange(1, n_before + 1), np.unique(moved, axis=0))
    of_all = same_clusters(after, before)
    monkeypatch.setattr(matching, "_MOST_PAIRS", 0)
    assert same_clusters(after, before) == of_all
    assert len(of_all) == n_before


def test_of_hundreds_of_clusters_only_close_ones_are_compared(monkeypatch):
    before, after = palette_of(900, seed=1), palette_of(600, seed=2)
    monkeypatch.setattr(matching, "delta_e", None)
    pairs = same_clusters(after, before)
    rows = [after.row_labels.tolist().index(label) for label in pairs]
    others = [before.row_labels.tolist().index(label) for label in pairs.values()]
    lab, lab_before = (rgb2lab(each.mean_colors / 255) for each in (after, before))
    assert len(set(pairs.values())) == len(pairs) > 400
    assert deltaE_ciede2000(lab[rows], lab_before[others]).max() < SAME_COLOR
    matched = match_labels(after, before)
    assert len(set(matched.row_labels.tolist())) == 600


def run_of(labels, n_before, given=()):
    """A clustering with these labels of the colors, one cluster a color, and a run as if new."""
    colors = palette_of(n_before, seed=3).histogram.colors
    before = of_counts(np.arange(n_before, 0, -1), colors)
    before = before.relabel(dict(enumerate(labels, 1)), {label: f"n{label}" for label in given})
    return colors, before


def test_a_few_clusters_after_hundreds_are_numbered_from_1():
    colors, before = run_of(range(1, 301), 300)
    few = of_counts([4, 5, 3, 2, 1], colors[[1, 3, 73, 85, 197]])
    matched = match_labels(few, before)
    # What can keep its label does; the largest of the others has the smallest that is free.
    assert [label_of(matched, color) for color in few.histogram.colors] == [2, 4, 1, 3, 5]
    assert match_labels(few, matched).row_labels.tolist() == [4, 2, 1, 3, 5]


def test_names_and_rows_stay_with_their_clusters_where_others_are_numbered_anew():
    colors, before = run_of(range(1, 301), 300, given=[86, 3])
    before = before.reorder([198, 74])
    # The cluster of label 3 is gone: who gets its label does not get its name.
    few = of_counts([5, 4, 3, 2, 1], colors[[1, 73, 85, 99, 197]])
    matched = match_labels(few, before)
    assert matched.given_names == {86: "n86"}
    assert [label_of(matched, color) for color in few.histogram.colors] == [2, 1, 86, 3, 4]
    assert matched.palette.labels.tolist()[:2] == [4, 1]


def test_labels_that_were_given_by_hand_stay_however_large():
    colors, before = run_of([10, 200, 3000], 3)
    for counts in ([1, 2, 3], [3, 2, 1]):
        matched = match_labels(of_counts(counts, colors), before)
        assert [label_of(matched, color) for color in colors] == [10, 200, 3000]
    more = palette_of(20, seed=3).histogram.colors
    matched = match_labels(of_counts(range(1, 21), more), before)
    assert {200, 3000} < set(matched.row_labels.tolist()) <= {*range(1, 21), 200, 3000}


@settings(max_examples=30)
@given(st.data())
def test_labels_are_unique_and_small_and_names_are_kept(data):
    n_before, n_after = data.draw(st.integers(1, 60)), data.draw(st.integers(1, 60))
    labels = data.draw(
        st.lists(st.integers(1, 400), min_size=n_before, max_size=n_before, unique=True)
    )
    named = data.draw(st.sets(st.sampled_from(labels)))
    colors, before = run_of(labels, n_before, named)
    pool = np.unique(np.concatenate([colors, palette_of(60, seed=4).histogram.colors]), axis=0)
    chosen = data.draw(st.permutations(range(len(pool))))[:n_after]
    after = of_counts(range(n_after, 0, -1), pool[sorted(chosen)])
    matched = match_labels(after, before)
    new = matched.row_labels.tolist()
    assert len(set(new)) == n_after
    same = same_clusters(after, before)
    names = {label: before.given_names[label] for label in same.values() if label in named}
    assert matched.given_names == names
    by_hand = {label for label in labels if label > n_before + 10} | named
    assert all(1 <= label <= n_after + 10 for label in new if label not in by_hand)
    assert by_hand & set(same.values()) <= set(new)


@settings(max_examples=30)
@given(st.integers(1, 40), st.sampled_from([-1, 1]), st.randoms(use_true_random=False))
def test_one_cluster_more_or_fewer_leaves_the_labels_as_they_are(n_before, step, random):
    colors = palette_of(n_before + 1, seed=5).histogram.colors
    counts = random.sample(range(1, 100), n_before + 1)
    before = of_counts(counts[:n_before], colors[:n_before])
    kept = sorted(random.sample(range(n_before), max(1, n_before - 1)))
    kept = kept if step < 0 else range(n_before + 1)
    after = of_counts([counts[-1 - at] for at in kept], colors[kept])
    matched = match_labels(after, before)
    was, now = (
        {tuple(color): label_of(each, color) for color in each.histogram.colors.tolist()}
        for each in (before, matched)
    )
    assert all(now[color] == label for color, label in was.items() if color in now)
