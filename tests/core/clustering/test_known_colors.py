"""A clustering around the colors of a palette that came alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from skimage.color import rgb2lab

from napari_colorcluster import ColorClustering, Palette


def palette_of(colors, labels=None):
    n = len(colors)
    return Palette(colors, np.zeros(n, int), [f"color {i}" for i in range(n)], labels)


@given(arrays(np.uint8, (7, 3)), arrays(np.uint8, (5, 4, 3)))
def test_each_color_goes_to_the_nearest_of_the_palette(colors, image):
    clustering = ColorClustering.from_palette(palette_of(colors))
    labels = clustering.predict(image)
    away = np.linalg.norm(rgb2lab(image)[..., np.newaxis, :] - rgb2lab(colors), axis=-1)
    chosen = np.take_along_axis(away, labels[..., np.newaxis].astype(int) - 1, -1)[..., 0]
    np.testing.assert_allclose(chosen, away.min(axis=-1), atol=1e-6)


@given(st.permutations([1, 4, 2, 9, 300]))
def test_labels_names_and_colors_stay(labels):
    colors = [[250, 10, 10], [0, 0, 255], [9, 200, 90], [255, 255, 255], [1, 2, 3]]
    palette = palette_of(colors, labels)
    made = ColorClustering.from_palette(palette).palette
    assert made.labels.tolist() == sorted(labels)
    for row, label in enumerate(made.labels.tolist()):
        before = labels.index(label)
        assert made.colors[row].tolist() == colors[before]
        assert made.names[row] == f"color {before}"


def test_of_the_same_color_twice_the_first_stays():
    palette = palette_of([[9, 9, 9], [200, 0, 0], [9, 9, 9]], [5, 6, 7])
    assert ColorClustering.from_palette(palette).row_labels.tolist() == [5, 6]


def test_another_space():
    palette = palette_of([[0, 0, 0], [255, 255, 255]])
    clustering = ColorClustering.from_palette(palette, "rgb")
    assert clustering.settings["color_space"] == "rgb"
    assert clustering.predict(np.full((1, 1, 3), 120, np.uint8)) == 1  # lighter than half in Lab


def test_a_palette_without_colors_is_refused():
    with pytest.raises(ValueError, match="without colors"):
        ColorClustering.from_palette(palette_of(np.empty((0, 3), np.uint8)))


def test_names_that_repeat_are_told_apart():
    colors = [[250, 10, 10], [9, 200, 90], [0, 0, 255]]
    palette = Palette(colors, [0] * 3, ["leaf", "sky", "leaf"])
    made = ColorClustering.from_palette(palette).palette
    assert dict(zip(made.labels.tolist(), made.names, strict=True)) == {
        **{1: "leaf", 2: "sky", 3: "leaf 2"}
    }
