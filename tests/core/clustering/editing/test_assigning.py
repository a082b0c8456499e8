"""Giving the colors of a range to a cluster: to every pixel, on other images, and again."""

import json
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from napari_colorcluster import (
    ColorClustering,
    Palette,
    RectangularRange,
    SphericalRange,
    cluster_colors,
    count_range,
)

DARK = RectangularRange((None, None, None), (30, None, None))
MIDDLE = RectangularRange((35, None, None), (60, None, None))


@pytest.fixture(scope="module")
def small(thumbnail):
    return cluster_colors(thumbnail, 5)


def inside(image, color_range):
    return color_range(image.reshape(-1, 3)).reshape(image.shape[:-1])


def test_the_colors_become_a_cluster_of_their_own(thumbnail, small):
    before, chosen = small.predict(thumbnail), inside(thumbnail, MIDDLE)
    edited = small.assign(MIDDLE)
    expected = np.where(chosen, 6, before)
    np.testing.assert_array_equal(edited.predict(thumbnail), expected)
    pixels = dict(zip(edited.palette.labels.tolist(), edited.palette.pixels.tolist(), strict=True))
    labels, counts = np.unique(expected, return_counts=True)
    assert pixels == dict(zip(labels.tolist(), counts.tolist(), strict=True))
    points = small.partition.space.points(thumbnail.reshape(-1, 3))
    for label in labels:
        center = edited.centers[edited.palette.row_of(label)]
        np.testing.assert_allclose(center, points[expected.ravel() == label].mean(axis=0))
    assert pixels[6] == count_range(thumbnail, MIDDLE).pixels


@pytest.mark.parametrize("label", [0, 2])
@pytest.mark.parametrize("within", [None, [1, 3]])
def test_the_colors_go_to_a_cluster_or_to_the_background(thumbnail, small, label, within):
    before, chosen = small.predict(thumbnail), inside(thumbnail, MIDDLE)
    if within is not None:
        chosen &= np.isin(before, within)
    edited = small.assign(MIDDLE, label, within)
    np.testing.assert_array_equal(edited.predict(thumbnail), np.where(chosen, label, before))
    assert edited.palette.fractions.sum() == pytest.approx(1)


def test_colors_come_back_from_the_background(thumbnail, small):
    before, chosen = small.predict(thumbnail), inside(thumbnail, MIDDLE)
    left = small.set_background([1, 2])
    edited = left.assign(MIDDLE, 4, [0])
    expected = np.where(np.isin(before, [1, 2]), np.where(chosen, 4, 0), before)
    np.testing.assert_array_equal(edited.predict(thumbnail), expected)
    np.testing.assert_array_equal(left.assign(MIDDLE, 4).predict(thumbnail)[chosen], 4)


def test_on_another_image_the_range_rules_colors_never_seen(astronaut, small):
    before, chosen = small.predict(astronaut), inside(astronaut, MIDDLE)
    edited = small.assign(MIDDLE, 2)
    np.testing.assert_array_equal(edited.predict(astronaut), np.where(chosen, 2, before))
    # No cluster lies wholly within the range: it would be gone, and its other colors with it.
    darkest = RectangularRange((None, None, None), (5, None, None))
    again = edited.split(2, 2).assign(darkest)
    assert len(again.palette) == len(edited.palette) + 2
    np.testing.assert_array_equal(again.predict(astronaut) == 7, inside(astronaut, darkest))


def test_of_a_cluster_that_is_gone_other_colors_go_the_same_way(astronaut, thumbnail, small):
    label = int(small.row_labels[-1])
    colors = small.histogram.colors[small.labels == label]
    points = small.partition.space.points(colors)
    box = RectangularRange(points.min(axis=0), points.max(axis=0))
    edited = small.assign(box, 1, [label])
    assert label not in edited.palette.labels
    merged = small.merge([1, label])
    np.testing.assert_array_equal(edited.predict(astronaut), merged.predict(astronaut))
    assert edited.n_clusters == 4


def test_a_rule_of_true_colors_obeys_the_calibration(thumbnail, calibration):
    clustering = cluster_colors(thumbnail, 4, calibration=calibration)
    chosen = MIDDLE(thumbnail.reshape(-1, 3), calibration).reshape(thumbnail.shape[:-1])
    np.testing.assert_array_equal(clustering.assign(MIDDLE).predict(thumbnail) == 5, chosen)


@settings(max_examples=12)
@given(
    st.tuples(*[st.integers(0, 255)] * 3),
    st.floats(2, 60),
    st.sampled_from(["kmeans", "agglomerative", "median_cut"]),
)
def test_what_was_assigned_and_is_merged_back_is_as_it_was(
    thumbnail, astronaut, assert_identical, color, radius, method
):
    clustering = cluster_colors(thumbnail, 5, method)
    ball = SphericalRange(color, radius)
    label = int(clustering.labels[0])
    owned = clustering.labels == label
    taken = owned & ball(clustering.histogram.colors)
    if not taken.any():
        return
    edited = clustering.assign(ball, within=[label])
    again = cluster_colors(thumbnail, **json.loads(json.dumps(edited.settings)))
    assert_identical(again, edited)
    image = astronaut[::16, ::16]
    np.testing.assert_array_equal(
        pickle.loads(pickle.dumps(edited)).predict(image), edited.predict(image)
    )
    if (taken == owned).all():
        # Nothing is left of it: the new cluster is the old one by another number.
        back = edited.relabel({int(edited.labels[taken][0]): label})
    else:
        back = edited.merge([label, 6])
    np.testing.assert_array_equal(back.labels, clustering.labels)
    np.testing.assert_array_equal(back.predict(image), clustering.predict(image))
    np.testing.assert_allclose(back.centers, clustering.centers)
    assert back.inertia == pytest.approx(clustering.inertia)


def test_it_plays_again_from_a_file(tmp_path, thumbnail, assert_identical, small):
    from napari_colorcluster import read_clustering

    edited = small.assign(SphericalRange("#8c5a32", 18), within=[1, 2]).assign(DARK, 3)
    edited.write(tmp_path / "edited.json")
    assert_identical(read_clustering(tmp_path / "edited.json"), edited)
    stored = edited.settings["edits"]
    assert stored[0][2:] == [None, [1, 2]]
    stored[0][1]["radius"] = 1
    assert edited.settings["edits"][0][1]["radius"] == 18


def test_colors_of_a_file_can_be_given_away_though_it_has_none_in_the_range(astronaut):
    palette = Palette([[250, 250, 250], [10, 10, 10]], [1, 1], ["light", "dark"], [1, 2])
    clustering = ColorClustering.from_palette(palette)
    edited = clustering.assign(MIDDLE, 2)
    expected = np.where(inside(astronaut, MIDDLE), 2, clustering.predict(astronaut))
    np.testing.assert_array_equal(edited.predict(astronaut), expected)
    assert edited.palette == clustering.palette


ALL = RectangularRange((None,) * 3, (None,) * 3)


@pytest.mark.parametrize(
    ("edit", "parts"),
    [
        (lambda c: c.assign(SphericalRange("#00ff00", 3)), ["None of the colors", "range"]),
        (lambda c: c.assign(SphericalRange("#00ff00", 3), 0), ["None of the colors", "range"]),
        (lambda c: c.assign(DARK, 9), ["numbered 9"]),
        (lambda c: c.assign(DARK, True), ["numbered True"]),
        (lambda c: c.assign(DARK, 1, [2, 9]), ["numbered 9"]),
        (lambda c: c.assign(DARK, 1, 2), ["labels must be several labels", "got 2"]),
        (lambda c: c.assign(ALL, 0), ["must be left beside the background"]),
        (lambda c: c.assign("dark"), ["A color range must be", "'dark'"]),
    ],
)
def test_what_cannot_be_assigned_is_refused_in_a_sentence(refused, small, edit, parts):
    with refused(*parts):
        edit(small)
