"""The colors that labels are known to have, and patterns that are described by them."""

import numpy as np
import pytest
from napari.components import ViewerModel
from napari.layers import Labels
from napari.utils.colormaps import DirectLabelColormap

import napari_colorcluster as ncc
from napari_colorcluster.layers.pattern.coloring import described, palette_of
from napari_colorcluster.layers.result.results import results

LABELS = np.array([[1, 1, 5], [1, 7, 5]])
COLORS = {None: "transparent", 1: "red", 5: "#0000ff", 9: "lime"}


def drawn(colors, **how):
    return Labels(LABELS, colormap=DirectLabelColormap(color_dict=colors), **how)


def test_random_colors_are_no_colors():
    assert palette_of(Labels(LABELS)) is None


def test_a_result_has_its_palette(thumbnail):
    viewer = ViewerModel()
    image = viewer.add_image(thumbnail, rgb=True)
    ncc.cluster_layer(viewer, image, n_clusters=3)
    assert palette_of(results.of(image).labels) is results.of(image).palette


def test_any_layer_has_the_colors_and_names_that_it_gives():
    features = {"index": [0, 1, 9], "name": ["none", "petal", "leaf"]}
    palette = palette_of(drawn(COLORS, features=features))
    assert palette.labels.tolist() == [1, 5, 9]
    assert palette.colors.tolist() == [[255, 0, 0], [0, 0, 255], [0, 255, 0]]
    assert palette.names == ("petal", "5", "leaf")


@pytest.mark.parametrize("with_absent", [True, False])
def test_a_described_pattern_is_the_one_measured_with_the_palette(with_absent):
    palette = palette_of(drawn(COLORS | {7: "white"}))
    pattern = ncc.measure_pattern(LABELS, spacing=(2, 3), unit="mm")
    expected = ncc.measure_pattern(LABELS, palette, spacing=(2, 3), unit="mm")
    found = described(pattern, palette, with_absent=with_absent)
    assert found.labels.tolist() == ([1, 5, 9, 7] if with_absent else [1, 5, 7])
    assert found.n_clusters == (4 if with_absent else 3)
    assert (found.spacing, found.unit) == (expected.spacing, expected.unit)
    boundaries, wanted = (
        each.boundaries().query("pairs > 0").reset_index(drop=True) for each in (found, expected)
    )
    assert boundaries.equals(wanted)
    if with_absent:
        assert found.indices().equals(expected.indices())
        assert found.patches().equals(expected.patches())


def test_a_label_without_a_color_leaves_all_colors_out():
    pattern = ncc.measure_pattern(LABELS)
    assert described(pattern, palette_of(drawn(COLORS)), with_absent=True) is pattern
    assert described(pattern, None, with_absent=True) is pattern
