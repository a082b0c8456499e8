"""Scripts that are run: they make the same result, whatever the names and settings."""

import ast
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from napari.components import ViewerModel

import napari_colorcluster as ncc
from napari_colorcluster.core.correcting.overlay import Overlay
from napari_colorcluster.core.files.results import write_result
from napari_colorcluster.layers.images.shown import Shown
from napari_colorcluster.layers.pattern.spacing import spacing_of
from napari_colorcluster.layers.result import script as script_module
from napari_colorcluster.layers.result.results import results
from napari_colorcluster.layers.result.saved import saved_result
from napari_colorcluster.layers.result.script import pattern_script, python_script, result_script
from napari_colorcluster.layers.result.segmentation import Segmentation


@pytest.fixture
def viewer(thumbnail):
    viewer = ViewerModel()
    viewer.add_image(thumbnail, name="photo", rgb=True)
    return viewer


def run(script, viewer):
    namespace = {"viewer": viewer}
    exec(compile(script, "<console>", "exec"), namespace)
    return namespace["clustering"]


def call_in(script):
    """The keywords that the script gives `cluster_layer`, as values, after its two arguments."""
    _, assign = ast.parse(script).body
    viewer, name = assign.value.args
    assert viewer.id == "viewer"
    keywords = {each.arg: ast.literal_eval(each.value) for each in assign.value.keywords}
    return ast.literal_eval(name), keywords


@pytest.mark.parametrize(
    "keywords",
    [
        {},
        {"n_clusters": np.int64(3), "random_state": np.uint32(7)},
        {"n_clusters": 4, "color_space": "oklab", "lightness_weight": np.float32(0.5)},
        {"n_clusters": 4, "color_space": "rgb", "standardize": np.True_},
        {"n_clusters": 3, "method": "agglomerative", "linkage": "average"},
        {"n_clusters": None, "method": "agglomerative", "distance_threshold": 2000},
        {"n_clusters": 3, "method": "agglomerative", "max_colors": np.int32(100)},
        {"n_clusters": None, "method": "dbscan", "eps": 3},
        {"n_clusters": "auto", "method": "median_cut"},
    ],
)
def test_run_on_the_image_it_gives_the_same_to_the_bit(
    viewer, thumbnail, assert_identical, keywords
):
    clustering = ncc.cluster_colors(thumbnail, **keywords)
    script = python_script("photo", clustering.settings)
    assert_identical(run(script, viewer), clustering)
    through_json = json.loads(json.dumps(clustering.settings))
    assert python_script("photo", through_json) == script


def test_edits_are_made_again(viewer, thumbnail, assert_identical):
    clustering = (
        ncc.cluster_colors(thumbnail, 6)
        .merge([2, 3])
        .split(1, 2)
        .rename(1, "bone \"'\\ 骨")
        .recolor(4, (1, 2, 3))
        .relabel({5: 9})
        .absorb(0.02)
    )
    script = python_script("photo", clustering.settings)
    assert_identical(run(script, viewer), clustering)
    assert "        ['merge', [2, 3]],\n" in script
    assert max(map(len, script.splitlines())) <= 88


def test_a_calibration_and_a_white_point_are_given_but_not_the_patches(
    viewer, thumbnail, calibration
):
    how = {"color_space": "od", "white": (250, 245, 235), "calibration": calibration}
    clustering = ncc.cluster_colors(thumbnail, 4, **how)
    script = python_script("photo", clustering.settings)
    again = run(script, viewer)
    assert again.palette == clustering.palette
    np.testing.assert_array_equal(again.predict(thumbnail), clustering.predict(thumbnail))
    assert again.settings == {
        **clustering.settings,
        "calibration": {**calibration.to_dict(), "patches": []},
    }
    assert max(map(len, script.splitlines())) <= 88


def test_what_is_as_by_default_is_left_out_but_for_k(thumbnail):
    settings = ncc.cluster_colors(thumbnail).settings
    assert call_in(python_script("photo", settings)) == ("photo", {"n_clusters": 5})
    settings = ncc.cluster_colors(thumbnail, 3, "agglomerative", linkage="single").settings
    needed = {"n_clusters": 3, "method": "agglomerative", "linkage": "single"}
    assert call_in(python_script("photo", settings))[1] == needed
    settings = ncc.cluster_colors(thumbnail, None, "dbscan", color_space="hsv").settings
    assert call_in(python_script("photo", settings))[1] == {
        "method": "dbscan",
        "color_space": "hsv",
    }


def test_a_short_call_is_one_line():
    assert python_script("leaf", {"n_clusters": 4, "edits": [["merge", [2, 3]]]}) == (
        "import napari_colorcluster as ncc\n\n"
        "clustering = ncc.cluster_layer("
        "viewer, 'leaf', n_clusters=4, edits=[['merge', [2, 3]]])\n"
    )


def test_the_region_and_the_smallest_speckle_are_given_where_there_are_any():
    region = {"layer": "cells", "label": 3, "outside": True}
    _, keywords = call_in(python_script("photo", {"n_clusters": 2}, region, 20))
    assert keywords == {"n_clusters": 2, "region": region, "min_pixels": 20}


@given(st.text(), st.lists(st.tuples(st.integers(1, 9), st.text()), max_size=8), st.text())
def test_every_name_is_written_so_that_python_reads_it_back(name, names, layer):
    settings = {"n_clusters": 2, "edits": [["rename", label, to] for label, to in names]}
    region = {"layer": layer, "label": None, "outside": False}
    script = python_script(name, settings, region)
    read, keywords = call_in(script)
    assert read == name
    assert keywords.get("edits", []) == settings["edits"]
    assert keywords["region"] == region
    assert script.isprintable() or set(filter(lambda c: not c.isprintable(), script)) == {"\n"}


def test_settings_that_are_none_are_refused(refused):
    with refused("Unknown method 'magic'"):
        python_script("photo", {"n_clusters": 2, "method": "magic"})


@pytest.mark.parametrize("size", [{}, {"scale": (0.5, 0.25), "units": ("mm", "mm")}])
def test_the_lines_for_the_pattern_measure_what_is_shown(viewer, size):
    for name, value in size.items():
        setattr(viewer.layers["photo"], name, value)
    spacing, unit = spacing_of(viewer.layers["photo"])
    script = python_script("photo", {"n_clusters": 3}, min_pixels=6)
    script += pattern_script("photo clusters", spacing, unit)
    namespace = {"viewer": viewer}
    exec(compile(script, "<console>", "exec"), namespace)
    labels, palette = viewer.layers["photo clusters"].data, namespace["clustering"].palette
    expected = ncc.measure_pattern(labels, palette, spacing=spacing, unit=unit)
    assert namespace["indices"].equals(expected.indices())
    assert namespace["patches"].equals(expected.patches())


def test_of_a_pyramid_the_script_measures_the_full_resolution():
    assert "clusters.data[0]," in pattern_script("photo clusters", multiscale=True)


@pytest.mark.parametrize("step", [60, 7, 3])
def test_what_was_painted_is_in_the_script(viewer, thumbnail, step):
    overlay = Overlay.from_pixels((47, 68), range(0, 900, step), 2)
    made = Segmentation(ncc.cluster_colors(thumbnail, 3), overlay=overlay)
    script = result_script("photo", made)
    assert max(map(len, script.splitlines())) <= 88
    assert Overlay.from_dict(call_in(script)[1]["overlay"]) == overlay
    run(script, viewer)
    expected = made.paint([thumbnail]).labels[0]
    np.testing.assert_array_equal(viewer.layers["photo clusters"].data, expected)


@pytest.mark.parametrize(("limits", "gamma"), [((0, 65535), 1.0), ((0, 9000), 1.0), ((7, 99), 0.5)])
def test_limits_and_gamma_of_the_image_are_in_the_script(thumbnail, limits, gamma):
    deep = thumbnail.astype(np.uint16) * 16
    viewer, again = ViewerModel(), ViewerModel()
    layer = viewer.add_image(deep, name="photo", rgb=True, contrast_limits=limits, gamma=gamma)
    ncc.cluster_layer(viewer, n_clusters=3)
    result = results.of(layer)
    # Opened again, napari chooses limits by itself.
    opened = again.add_image(deep, name="photo", rgb=True)
    assert tuple(opened.contrast_limits) != limits
    clustering = run(result_script("photo", result.segmentation, result.shown), again)
    assert clustering.palette == result.palette


def test_eight_bits_as_napari_shows_them_need_no_limits(viewer, thumbnail):
    made = Segmentation(ncc.cluster_colors(thumbnail, 3))
    shown = Shown.of(viewer.layers["photo"])
    assert result_script("photo", made, shown) == result_script("photo", made)
    viewer.layers["photo"].gamma = 0.5
    script = result_script("photo", made, Shown.of(viewer.layers["photo"]))
    assert "viewer.layers['photo'].gamma = 0.5\n" in script


def test_few_runs_are_written_so_that_a_person_can_read_them(thumbnail):
    overlay = Overlay.from_pixels((47, 68), [5, 6, 7, 80], [1, 1, 1, 2])
    script = result_script("photo", Segmentation(ncc.cluster_colors(thumbnail, 3), overlay=overlay))
    assert "overlay={'shape': [47, 68], 'runs': [[5, 3, 1], [80, 1, 2]]}" in script


def test_what_is_too_long_for_a_script_is_in_a_file_beside_it(
    viewer, thumbnail, monkeypatch, tmp_path
):
    monkeypatch.setattr(script_module, "_MOST_PAINTED", 100)
    overlay = Overlay.from_pixels((47, 68), range(0, 900, 3), 2)
    made = Segmentation(ncc.cluster_colors(thumbnail, 3), overlay=overlay)
    script = result_script("photo", made)
    comment, rest = script.split("\n", 1)
    assert comment.startswith("# The corrections by hand are in a file: ")
    assert call_in(rest)[1]["overlay"] == "photo.colors.json"
    monkeypatch.chdir(tmp_path)
    write_result(saved_result(made), "photo.colors.json")
    run(script, viewer)
    expected = made.paint([thumbnail]).labels[0]
    np.testing.assert_array_equal(viewer.layers["photo clusters"].data, expected)
