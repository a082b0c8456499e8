"""Palettes as JSON, and clusterings that come back to the bit without their image."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from napari_colorcluster import (
    METHODS,
    ColorHistogram,
    cluster_colors,
    read_clustering,
    read_palette,
)
from napari_colorcluster.core.files.palettes import json_file


@pytest.fixture(scope="module")
def unseen():
    """Colors all over the cube, most of them in no photo."""
    return np.random.default_rng(1).integers(0, 256, (40, 50, 3), np.uint8)


@pytest.fixture
def written(tmp_path, thumbnail):
    """A clustering's file, and what is in it."""
    path = tmp_path / "coffee.json"
    cluster_colors(thumbnail, 3).write(path)
    return path, json.loads(path.read_text("utf-8"))


def edits_of(clustering):
    """The clustering with some edits, then with more."""
    clustering = clustering.split(1, 3).recolor(1, "#aa3300").rename(1, "bone, “old”")
    yield clustering
    smallest = int(clustering.row_labels[-1])
    yield clustering.relabel({1: 300}).set_background(smallest).absorb(0.02)


@pytest.mark.parametrize("method", METHODS)
def test_every_method_comes_back_to_the_bit(tmp_path, thumbnail, unseen, assert_identical, method):
    n_clusters = None if METHODS[method]().finds_n_clusters else 4
    thumbnail = thumbnail[::2, ::2]
    clustering = cluster_colors(thumbnail, n_clusters, method)
    for each in (clustering, *edits_of(clustering)):
        path = tmp_path / "whole.json"
        each.write(path)
        again = read_clustering(path)
        assert_identical(again, each)
        for image in (thumbnail, unseen):
            np.testing.assert_array_equal(again.predict(image), each.predict(image))
            np.testing.assert_array_equal(again.quantize(image), each.quantize(image))
        assert read_palette(path) == each.palette


def test_settings_of_all_kinds_come_back(tmp_path, thumbnail, unseen, assert_identical):
    settings = {
        "n_clusters": 3,
        "method": "agglomerative",
        "color_space": "oklab",
        "standardize": True,
        "lightness_weight": 0.3,
        "random_state": 7,
        "linkage": "average",
    }
    mask = np.arange(thumbnail[..., 0].size).reshape(thumbnail.shape[:2]) % 3 > 0
    clustering = cluster_colors(thumbnail, mask=mask, **settings)
    clustering.write(tmp_path / "whole.json")
    again = read_clustering(tmp_path / "whole.json")
    assert_identical(again, clustering)
    assert again.histogram.n_excluded == np.count_nonzero(~mask)
    np.testing.assert_array_equal(again.predict(unseen), clustering.predict(unseen))


@given(st.dictionaries(st.integers(0, 2**24 - 1), st.integers(1, 2**40), min_size=1))
def test_any_histogram_is_packed_and_unpacked(counts):
    codes = np.array(sorted(counts))
    colors = np.stack([codes >> 16, codes >> 8 & 255, codes & 255], axis=1).astype(np.uint8)
    histogram = ColorHistogram(colors, [counts[code] for code in codes.tolist()], 5)
    clustering = cluster_colors(histogram, 1)
    again = json_file.parse_clustering(json_file.render_clustering(clustering))
    assert again.histogram == histogram


def test_the_file_says_what_it_is(written):
    path, content = written
    assert content["format"] == "napari-colorcluster/1"
    assert content["version"]
    assert content["clustering"]["settings"]["method"] == "kmeans"
    assert json_file.recognizes(path.read_bytes()[:200])
    assert path.stat().st_size < 20_000


def test_a_palette_written_by_hand_is_read():
    text = """{"format": "napari-colorcluster/1",
               "palette": [{"hex": "#ff0000", "name": "red"}, {"red": 0, "green": 1, "blue": 2}]}"""
    palette = json_file.parse(text.encode("utf-8-sig"))
    assert palette.hex == ("#ff0000", "#000102")
    assert palette.names[0] == "red"
    assert palette.pixels.tolist() == [0, 0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{\n"format": ', "line 2 is not valid JSON"),
        ("[1, 2]", "it is not a palette"),
        ("[" * 100_000, "it is nested too deeply"),
        ('{"type": "FeatureCollection"}', 'have "format": "napari-colorcluster/1"'),
        ('{"format": "napari-colorcluster/2"}', "its format is 'napari-colorcluster/2'"),
        ('{"format": "napari-colorcluster/1"}', 'a list of colors under "palette"'),
        ('{"format": "napari-colorcluster/1", "palette": []}', "it has no colors"),
        (
            '{"format": "napari-colorcluster/1", "palette": [{"hex": "#123", "pixels": 0.5}]}',
            "color 1 has pixels 0.5",
        ),
        (
            '{"format": "napari-colorcluster/1", "palette": [{"hex": "#123", "index": true}]}',
            "color 1 has index True",
        ),
    ],
)
def test_what_is_wrong_is_said(tmp_path, refused, text, said):
    path = tmp_path / "wrong.json"
    path.write_text(text)
    for read in (read_palette, read_clustering):
        with refused("Cannot read 'wrong.json': ", said):
            read(path)


@pytest.mark.parametrize(
    ("where", "value", "said"),
    [
        (("clustering",), None, "holds a palette but no clustering"),
        (("clustering",), [], "needs settings and a histogram"),
        (("clustering", "settings"), {"method": "k-means"}, "Unknown method 'k-means'"),
        (("clustering", "settings"), {"image": 1}, "keyword that cluster_colors does not accept"),
        (("clustering", "histogram"), None, "needs a histogram"),
        (("clustering", "histogram", "n_colors"), 1, '"steps" does not hold 1 packed'),
        (("clustering", "histogram", "n_colors"), 2**24, '"steps" does not hold 16,777,216'),
        (("clustering", "histogram", "n_colors"), 0, '"n_colors" must be an integer in 1..'),
        (("clustering", "histogram", "n_excluded"), -1, '"n_excluded" must be an integer'),
        (("clustering", "histogram", "counts"), "rubbish", '"counts" does not hold'),
        (("clustering", "histogram", "labels"), 5, '"labels" does not hold'),
        (("clustering", "histogram", "steps"), 5, '"steps" does not hold'),
    ],
)
def test_a_clustering_that_cannot_come_back_is_refused(written, refused, where, value, said):
    path, content = written
    *outer, last = where
    inside = content
    for key in outer:
        inside = inside[key]
    inside[last] = value
    path.write_text(json.dumps(content))
    with refused("Cannot read 'coffee.json': ", said):
        read_clustering(path)
    assert len(read_palette(path)) == 3


def test_a_palette_that_another_version_made_is_not_mistaken(written, refused):
    path, content = written
    content["version"] = "0.0.9"
    content["palette"][0]["pixels"] += 1
    path.write_text(json.dumps(content))
    with refused("napari-colorcluster 0.0.9 made a different palette from its colors than"):
        read_clustering(path)
    assert read_palette(path).pixels[0] == content["palette"][0]["pixels"]


@pytest.mark.parametrize("how", [{"n_clusters": 2}, {"edits": [["merge", [7, 8]]]}])
def test_where_other_clusters_come_out_the_files_own_are_kept(
    tmp_path, thumbnail, unseen, monkeypatch, how
):
    clustering = cluster_colors(thumbnail, 5).merge([2, 4]).set_background(3)
    clustering = clustering.rename(1, "bark").recolor(5, "#00ff00")
    path = tmp_path / "leaf.json"
    clustering.write(path)
    content = json.loads(path.read_text())
    content["clustering"]["settings"] |= how
    path.write_text(json.dumps(content))
    again = read_clustering(path)
    assert again.palette == clustering.palette
    np.testing.assert_array_equal(again.labels, clustering.labels)
    np.testing.assert_array_equal(again.predict(thumbnail), clustering.predict(thumbnail))
    np.testing.assert_array_equal(again.quantize(thumbnail), clustering.quantize(thumbnail))
    # Colors never seen before go where the nearest known one does.
    from scipy.spatial import cKDTree

    points = again.partition.space.points
    known = points(clustering.histogram.colors)
    nearest = cKDTree(known).query(points(unseen.reshape(-1, 3)))[1]
    np.testing.assert_array_equal(again.predict(unseen).ravel(), clustering.labels[nearest])
    again.write(tmp_path / "again.json")
    assert read_clustering(tmp_path / "again.json").palette == clustering.palette


def test_a_file_without_labels_is_read_as_before(written):
    path, content = written
    del content["clustering"]["histogram"]["labels"]
    path.write_text(json.dumps(content))
    assert len(read_clustering(path).palette) == 3


def test_names_of_the_file_do_not_matter(written):
    path, content = written
    content["palette"][0]["name"] = "a word of another version"
    path.write_text(json.dumps(content))
    assert "a word of another version" not in read_clustering(path).palette.names
