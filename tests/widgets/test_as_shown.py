"""Layers as napari shows them, in a real window: the palette is that of what is on the screen."""

import numpy as np
import pytest
from skimage.color import deltaE_ciede2000, rgb2lab

import napari_colorcluster as ncc
from napari_colorcluster.layers.result.results import results
from napari_colorcluster.widgets.commands import open_panel

LAYERS = {
    "12 bits in uint16": lambda photo: (photo.astype(np.uint16) << 4, {}),
    "float 0..0.25": lambda photo: (photo / np.float32(1020), {}),
    "float 0..255": lambda photo: (photo.astype(np.float64), {}),
    "int64 0..255": lambda photo: (photo.astype(np.int64), {}),
    "gamma 0.4": lambda photo: (photo, {"gamma": 0.4}),
    "limits 0..100": lambda photo: (photo, {"contrast_limits": (0, 100)}),
    "both, in uint16": lambda photo: (
        photo.astype(np.uint16) * 257,
        {"gamma": 1.7, "contrast_limits": (9_000, 50_000)},
    ),
}


@pytest.fixture
def window(make_napari_viewer, told):
    viewer = make_napari_viewer(show=True)
    viewer.window.resize(1200, 800)
    return viewer


def on_screen(viewer):
    """What the canvas shows of the layers, a pixel for a pixel."""
    return viewer.export_figure(flash=False)[..., :3]


def differences(palette, other):
    """ΔE2000 of each color of a palette from the nearest one of another, and the other way."""
    one, two = (rgb2lab(each.colors / 255) for each in (palette, other))
    table = deltaE_ciede2000(one[:, None], two[None])
    return np.concatenate([table.min(axis=0), table.min(axis=1)])


@pytest.mark.parametrize("kind", LAYERS)
def test_the_palette_is_that_of_the_screen(window, photo, kind):
    pixels, look = LAYERS[kind](photo)
    window.add_image(pixels, name="photo", rgb=True, **look)
    seen = on_screen(window)
    palette = ncc.cluster_layer(window, n_clusters=5).palette
    expected = ncc.cluster_colors(seen, n_clusters=5).palette
    assert abs(palette.n_pixels - expected.n_pixels) <= sum(photo.shape[:2]) + 1
    assert differences(palette, expected).max() <= 1
    if look:
        plain = ncc.cluster_colors(photo, n_clusters=5).palette
        assert differences(palette, plain).max() > 1


def test_live_follows_contrast_limits_and_gamma(window, photo, qtbot):
    layer = window.add_image(photo, name="photo", rgb=True)
    panel = open_panel(window)
    panel.live.setChecked(True)

    def rest():
        qtbot.waitUntil(lambda: not panel.session.is_busy, timeout=60_000)
        return results.of(layer).palette

    def hidden(*layers):
        for each in layers:
            each.visible = not each.visible

    panel.run()
    before = rest()
    for change in ({"contrast_limits": (0, 100)}, {"gamma": 0.5}):
        for name, value in change.items():
            setattr(layer, name, value)
        after = rest()
        made = window.layers[1:]
        hidden(*made)
        expected = ncc.cluster_colors(on_screen(window), n_clusters=5).palette
        hidden(*made)
        assert differences(after, expected).max() <= 1
        assert differences(after, before).max() > 1
        before = after
