"""The order of rows: an edit that lasts, and changes nothing but the order."""

import json

import numpy as np
import pytest

from napari_colorcluster import ColorHistogram, cluster_colors, read_clustering
from napari_colorcluster.core.clustering.matching import match_labels


@pytest.fixture(scope="module")
def clustering(thumbnail):
    return cluster_colors(thumbnail, 6)


def order(clustering):
    return clustering.palette.labels.tolist()


def test_only_the_order_changes(thumbnail, clustering):
    reordered = clustering.reorder([5, 1, 6])
    assert order(reordered) == [5, 1, 6, 2, 3, 4]
    assert reordered.palette.n_pixels == thumbnail[..., 0].size
    for row, label in enumerate(order(reordered)):
        before = clustering.palette.row_of(label)
        assert reordered.palette.rows[row] == clustering.palette.rows[before]
        np.testing.assert_array_equal(reordered.centers[row], clustering.centers[before])
    np.testing.assert_array_equal(reordered.predict(thumbnail), clustering.predict(thumbnail))
    np.testing.assert_array_equal(reordered.quantize(thumbnail), clustering.quantize(thumbnail))


def test_by_what_colors_are(clustering):
    light = clustering.reorder("lightness")
    red, green, blue = light.palette.colors.T.astype(int)
    luma = 299 * red + 587 * green + 114 * blue
    assert (np.diff(luma) < 0).all()
    assert light.settings["edits"] == [["reorder", "lightness"]]
    assert order(light.reorder("share")) == order(clustering)
    assert light.reorder("share").order == ()


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        ([("merge", [5, 3, 1])], [4, 6, 2, 1]),
        ([("split", 6, 3)], [4, 6, 2, 5, 3, 1, 7, 8]),
        ([("set_background", 2)], [4, 6, 5, 3, 1]),
        ([("relabel", {4: 9, 1: 4})], [9, 6, 2, 5, 3, 4]),
        ([("recolor", 4, "#000000"), ("rename", 6, "last")], [4, 6, 2, 5, 3, 1]),
    ],
)
def test_later_edits_keep_the_places(clustering, edits, expected):
    edited = clustering.reorder([4, 6, 2, 5, 3, 1])
    for name, *arguments in edits:
        edited = getattr(edited, name)(*arguments)
    n_old = len(set(expected) & set(range(1, 7)) | ({9} & set(expected)))
    assert order(edited)[:n_old] == expected[:n_old]
    assert sorted(order(edited)) == sorted(expected)
    new = edited.palette.pixels[n_old:]
    assert (np.diff(new) <= 0).all()


def test_small_clusters_are_small_wherever_they_stand(clustering):
    fraction = float(np.sort(clustering.palette.fractions)[2])
    reordered = clustering.reorder([6, 5, 4, 3, 2, 1])
    for name in ("absorb", "drop_and_refit"):
        expected = getattr(clustering, name)(fraction)
        edited = getattr(reordered, name)(fraction)
        assert set(order(edited)) == set(order(expected))
        assert order(edited) == sorted(order(edited), reverse=True)
    assert order(reordered.absorb(1.0)) == [1]


def test_settings_and_files_keep_it(clustering, thumbnail, tmp_path, assert_identical):
    reordered = clustering.reorder([3, 1]).merge([4, 5]).rename(1, "first")
    settings = json.loads(json.dumps(reordered.settings))
    assert_identical(cluster_colors(thumbnail, **settings), reordered)
    reordered.write(tmp_path / "leaf.colors.json")
    again = read_clustering(tmp_path / "leaf.colors.json")
    assert_identical(again, reordered)
    assert order(again) == order(reordered) == [3, 1, *order(reordered)[2:]]


def test_a_file_that_is_clustered_otherwise_keeps_it(clustering, tmp_path):
    path = tmp_path / "leaf.colors.json"
    clustering.reorder([3, 6]).write(path)
    content = json.loads(path.read_text())
    # As if this version gave other clusters.
    content["clustering"]["settings"]["random_state"] = 1
    content["clustering"]["settings"]["color_space"] = "rgb"
    path.write_text(json.dumps(content))
    assert order(read_clustering(path))[:2] == [3, 6]


def test_another_run_goes_on_with_it(clustering, thumbnail):
    before = clustering.reorder([5, 2])
    assert order(match_labels(clustering, before))[:2] == [5, 2]
    other = match_labels(cluster_colors(thumbnail, 4), before)
    kept = [label for label in (5, 2) if label in order(other)]
    assert order(other)[: len(kept)] == kept


def test_what_is_no_order_is_refused(clustering, refused):
    with refused("No cluster is numbered 9"):
        clustering.reorder([1, 9])
    with refused("one place only", "[1, 2, 1]"):
        clustering.reorder([1, 2, 1])
    with refused("'size'"):
        clustering.reorder("size")
    with refused("labels, such as [2, 1]", "3"):
        clustering.reorder(3)


def test_one_color_has_one_order():
    histogram = ColorHistogram(np.array([[1, 2, 3]], np.uint8), np.array([4]))
    assert order(cluster_colors(histogram, 1).reorder("hue")) == [1]
