"""The colors that represent clusters, against every pixel and all pairs of colors."""

import json
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from napari_colorcluster import (
    COLOR_SPACES,
    METHODS,
    Calibration,
    ColorHistogram,
    cluster_colors,
    read_clustering,
)
from napari_colorcluster.core.clustering.known_colors import cluster_as_labeled
from napari_colorcluster.core.clustering.matching import match_labels

# Clips a third of the coffee, so that many of its colors become the same.
BRIGHT = Calibration("affine", [[2.4, 0, 0], [0.1, 2.1, 0], [0, 0, 2.6], [0, 0.01, -0.02]])


def pixels_of(clustering, image, label):
    """The true colors (n, 3) of a cluster's pixels, as numbers in [0, 1], not rounded."""
    colors = image[clustering.predict(image) == label]
    calibration = clustering.keywords.get("calibration")
    if calibration is None:
        return colors / 255
    return np.clip(Calibration.from_dict(calibration).transform(colors), 0, 1)


def points_of(clustering, colors):
    return (
        COLOR_SPACES[clustering.keywords["color_space"]].from_srgb(colors)
        * clustering.partition.space.scale
    )


def as_tuple(color):
    return tuple(np.asarray(color).tolist())


HOW = [
    *({"method": name, "color_space": "lab"} for name in METHODS),
    *({"color_space": name} for name in ("rgb", "oklab", "linear_rgb", "hsv", "od")),
    {"color_space": "lab", "standardize": True, "lightness_weight": 0.3},
    {"calibration": BRIGHT},
    {"calibration": BRIGHT, "color_space": "hsv", "method": "gaussian_mixture"},
]


@pytest.mark.parametrize("how", HOW, ids=lambda how: "-".join(map(str, how)) + str(HOW.index(how)))
def test_the_mode_and_the_medoid_are_those_of_all_pixels(thumbnail, how):
    finds_k = METHODS[how.get("method", "kmeans")]().finds_n_clusters
    clustering = cluster_colors(thumbnail, None if finds_k else 4, **how)
    mode, medoid = clustering.represent("mode"), clustering.represent("medoid")
    for row, label in enumerate(clustering.palette.labels.tolist()):
        pixels = pixels_of(clustering, thumbnail, label)
        points = points_of(clustering, pixels)
        mean = points.mean(axis=0)

        seen = np.rint(255 * pixels).astype(int)
        counts = Counter(map(as_tuple, seen))
        most = max(counts.values())
        most_frequent = np.array([color for color, n in counts.items() if n == most])
        to_mean = ((points_of(clustering, most_frequent / 255) - mean) ** 2).sum(axis=1)
        found = as_tuple(mode.colors[row])
        assert counts[found] == most
        own = to_mean[(most_frequent == found).all(axis=1)]
        assert own.item() == pytest.approx(to_mean.min(), rel=1e-6, abs=1e-9)

        sums = cdist(points, points, "sqeuclidean").sum(axis=1)
        is_found = (seen == medoid.colors[row]).all(axis=1)
        assert sums[is_found].min() == pytest.approx(sums.min(), rel=1e-9, abs=1e-9)


def test_nothing_but_the_colors_changes(thumbnail):
    clustering = cluster_colors(thumbnail, 5).recolor(2, "#123456")
    shown = clustering.represent("mode")
    np.testing.assert_array_equal(shown.predict(thumbnail), clustering.predict(thumbnail))
    np.testing.assert_array_equal(shown.palette.pixels, clustering.palette.pixels)
    np.testing.assert_array_equal(shown.centers, clustering.centers)
    assert shown.inertia == clustering.inertia
    own = {as_tuple(color) for color in thumbnail.reshape(-1, 3)}
    assert {as_tuple(color) for color in shown.palette.colors} <= own
    quantized = {as_tuple(color) for color in shown.quantize(thumbnail).reshape(-1, 3)}
    assert quantized == {as_tuple(color) for color in shown.palette.colors}
    assert shown.represent("mean").palette == cluster_colors(thumbnail, 5).palette
    assert shown.recolor(1, "#123456").palette.hex[0] == "#123456"


@given(st.data())
@settings(max_examples=25)
def test_later_edits_are_shown_by_what_they_consist_of(data):
    colors = st.lists(st.tuples(*[st.integers(0, 255)] * 3), min_size=4, max_size=40, unique=True)
    colors = data.draw(colors)
    counts = data.draw(st.lists(st.integers(1, 9), min_size=len(colors), max_size=len(colors)))
    by = data.draw(st.sampled_from(["mode", "medoid"]))
    clustering = cluster_colors(ColorHistogram(colors, counts), 4)
    edits = {
        "merge": lambda each: each.merge([1, 3]),
        "background": lambda each: each.set_background(2),
        "relabel": lambda each: each.relabel({1: 9}),
        "refit": lambda each: each.drop_and_refit(0.2),
    }
    edit = edits[data.draw(st.sampled_from(list(edits)))]
    first = edit(clustering.represent(by))
    assert first.palette == edit(clustering).represent(by).palette
    again = cluster_colors(ColorHistogram(colors, counts), **json.loads(json.dumps(first.settings)))
    assert again.palette == first.palette


def test_equally_many_pixels_go_by_the_mean_and_then_by_the_number():
    gray = [(100, 100, 100), (110, 110, 110), (150, 150, 150)]
    clustering = cluster_colors(ColorHistogram(gray, [4, 4, 4]), 1, color_space="rgb")
    assert clustering.represent("mode").palette.hex == ("#6e6e6e",)
    assert clustering.represent("medoid").palette.hex == ("#6e6e6e",)
    two = cluster_colors(ColorHistogram([(10, 10, 10), (20, 20, 20)], [3, 3]), 1, color_space="rgb")
    assert two.represent("mode").palette.hex == ("#0a0a0a",)
    assert two.represent("medoid").palette.hex == ("#0a0a0a",)


def test_it_is_saved_and_passed_on_to_the_next_run(tmp_path, thumbnail):
    clustering = cluster_colors(thumbnail, 4).represent("mode").recolor(2, "#123456")
    assert clustering.settings["edits"] == [["represent", "mode"], ["recolor", 2, "#123456"]]
    clustering.write(tmp_path / "cup.colors.json")
    read = read_clustering(tmp_path / "cup.colors.json")
    assert read.palette == clustering.palette
    assert read.representative == "mode"

    run = match_labels(cluster_colors(thumbnail, 5), clustering)
    assert run.representative == "mode"
    assert not run.given_colors
    assert ["represent", "mode"] in run.settings["edits"]


def test_what_cannot_represent_a_cluster_is_refused(thumbnail, refused):
    clustering = cluster_colors(thumbnail, 3)
    for wrong in ("median", None, ["mode"]):
        with refused("'mean', 'mode', 'medoid'", f"got {wrong!r}"):
            clustering.represent(wrong)


def test_of_labels_that_are_known_already_it_is_the_same(thumbnail):
    for by in ("mode", "medoid", "mean"):
        saved = cluster_colors(thumbnail, 4).represent("mode").represent(by).recolor(3, "#123456")
        stored = {**saved.settings, "random_state": 7}
        made = cluster_as_labeled(saved.histogram, saved.labels, saved.palette, stored)
        assert made.palette == saved.palette
        assert made.representative == by
        assert made.given_colors == {3: (0x12, 0x34, 0x56)}
        # A merged cluster is shown by what it consists of.
        assert made.merge([1, 2]).colors.tolist() == saved.merge([1, 2]).colors.tolist()
