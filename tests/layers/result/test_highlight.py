"""Selected clusters keep their colors and all else is veiled; only a colormap changes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from napari.layers import Labels

from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.layers.result.highlight import (
    VEIL_ALPHA,
    Spotlight,
    highlight,
    highlight_colormap,
)
from napari_colorcluster.layers.result.results import label_colormap

LABELS = (1, 2, 5, 300)
COLORS = np.array([[200, 30, 20], [0, 0, 0], [255, 255, 255], [90, 180, 250]], np.uint8)
DATA = np.array([[0, 1, 2], [5, 300, 7]], np.uint16)


def seen(layer):
    """The color of each pixel as napari itself maps it, RGBA in 0..1."""
    return layer.colormap.map(layer.data)


@pytest.fixture
def layer():
    return Labels(DATA, opacity=0.4, blending="additive", visible=False)


def test_the_selected_are_opaque_in_their_colors_and_all_else_is_veiled(layer):
    highlight(layer, LABELS, COLORS, [1, 300])
    picture = seen(layer)
    np.testing.assert_allclose(picture[0, 1], [200 / 255, 30 / 255, 20 / 255, 1], atol=1e-6)
    np.testing.assert_allclose(picture[1, 1], [90 / 255, 180 / 255, 250 / 255, 1], atol=1e-6)
    for left_out_or_other in ((0, 0), (0, 2), (1, 0), (1, 2)):
        np.testing.assert_allclose(picture[left_out_or_other], [0, 0, 0, VEIL_ALPHA], atol=1e-6)


def test_dark_clusters_stand_out_from_a_light_veil(layer):
    highlight(layer, LABELS, COLORS, [2])
    np.testing.assert_allclose(seen(layer)[0, 2], [0, 0, 0, 1])
    np.testing.assert_allclose(seen(layer)[1, 0], [1, 1, 1, VEIL_ALPHA], atol=1e-6)


@pytest.mark.parametrize("selected", [(), (7,)])
def test_with_nothing_selected_the_layer_looks_as_a_result_does(layer, selected):
    highlight(layer, LABELS, COLORS, [2])
    highlight(layer, range(1, 5), COLORS, selected)
    plain = label_colormap(Palette(COLORS, [4, 3, 2, 1], "abcd"))
    np.testing.assert_array_equal(seen(layer), plain.map(DATA))
    assert seen(layer)[0, 0, 3] == 0


def test_without_a_veil_all_else_is_transparent(layer):
    highlight(layer, LABELS, COLORS, [1, 300], veiled=False)
    picture = seen(layer)
    np.testing.assert_allclose(picture[0, 1], [200 / 255, 30 / 255, 20 / 255, 1], atol=1e-6)
    assert picture[1, 1, 3] == 1
    for left_out_or_other in ((0, 0), (0, 2), (1, 0), (1, 2)):
        assert picture[left_out_or_other][3] == 0


def test_the_layers_own_settings_stay(layer):
    data = layer.data
    for selected in ([5], []):
        before = layer.colormap
        highlight(layer, LABELS, COLORS, selected)
        assert layer.colormap is not before  # else napari would not redraw
        assert layer.data is data
        assert (layer.opacity, layer.blending, layer.visible) == (0.4, "additive", False)


@given(st.sets(st.sampled_from(LABELS)))
def test_who_is_selected_is_opaque_and_nobody_else(selected):
    colors = highlight_colormap(LABELS, COLORS, selected).map(np.array(LABELS))
    opaque = {label for label, color in zip(LABELS, colors, strict=True) if color[3] == 1}
    assert opaque == (selected or set(LABELS))


def test_one_layer_is_lit_at_a_time():
    palette = Palette(COLORS, [1] * 4, ["a", "b", "c", "d"], LABELS)
    one, other = Labels(DATA), Labels(DATA)
    plain = label_colormap(palette).map(DATA)
    for layer in (one, other):
        layer.colormap = label_colormap(palette)
    spotlight = Spotlight()
    spotlight.show(one, palette, [1])
    assert not np.array_equal(seen(one), plain)
    spotlight.show(other, palette, [2])
    np.testing.assert_array_equal(seen(one), plain)
    assert not np.array_equal(seen(other), plain)
    spotlight.off()
    np.testing.assert_array_equal(seen(other), plain)


def test_a_layer_is_left_with_the_colors_it_has_got_since():
    before = Palette(COLORS, [1] * 4, ["a", "b", "c", "d"], LABELS)
    after = Palette(COLORS[::-1], [1] * 4, ["a", "b", "c", "d"], LABELS)
    layer, spotlight = Labels(DATA), Spotlight()
    spotlight.show(layer, before, [1])
    spotlight.show(layer, after, [])
    np.testing.assert_array_equal(seen(layer), label_colormap(after).map(DATA))
    colormap = layer.colormap
    spotlight.off()
    assert layer.colormap is colormap
