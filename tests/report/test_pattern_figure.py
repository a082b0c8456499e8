"""The heat map of transitions: what is written in it, and in which colors."""

import numpy as np
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

import napari_colorcluster as ncc
from napari_colorcluster.report.pattern_figure import draw_transitions

LABELS = np.array([[1, 1, 2, 2], [1, 1, 2, 2], [3, 3, 2, 2]])
PALETTE = ncc.Palette([[250, 250, 240], [10, 10, 60], [200, 0, 0]], [4, 6, 2], ("a", "b", "c"))


def drawn(pattern, color="black"):
    figure = Figure(layout="constrained")
    draw_transitions(figure, pattern, color)
    figure.draw_without_rendering()
    return figure.axes[0]


def texts(axes):
    size = round(len(axes.texts) ** 0.5)
    return np.reshape([text.get_text() for text in axes.texts], (size, size)).tolist()


def test_cells_hold_the_shares_of_boundaries_in_percent():
    axes = drawn(ncc.measure_pattern(LABELS, PALETTE))
    # Five boundaries: two between a and b, two between a and c, one between b and c.
    assert texts(axes) == [["1", "40", "40"], ["40", "2", "20"], ["40", "20", "3"]]
    heat, own = (image.get_array() for image in axes.images)
    np.testing.assert_allclose(heat.filled(0), [[0, 0.4, 0.4], [0.4, 0, 0.2], [0.4, 0.2, 0]])
    np.testing.assert_allclose(own[range(3), range(3), :3], PALETTE.colors / 255)
    assert axes.texts[0].get_color() == "black"
    assert axes.texts[4].get_color() == "white"


def test_clusters_without_colors_are_gray():
    _, own = (image.get_array() for image in drawn(ncc.measure_pattern(LABELS)).images)
    np.testing.assert_allclose(own[range(3), range(3), :3], 128 / 255)


def test_many_clusters_are_drawn_without_numbers():
    labels = np.arange(1, 31)[np.newaxis].repeat(2, axis=0)
    axes = drawn(ncc.measure_pattern(labels), "white")
    assert not axes.texts
    assert not axes.get_xticklabels()


def test_ticks_have_the_color_of_the_text():
    axes = drawn(ncc.measure_pattern(LABELS, PALETTE), "#123456")
    assert to_rgba(axes.get_xticklabels()[0].get_color()) == to_rgba("#123456")


def test_one_cluster_has_no_boundary():
    assert texts(drawn(ncc.measure_pattern(np.ones((3, 3), int)))) == [["1"]]
