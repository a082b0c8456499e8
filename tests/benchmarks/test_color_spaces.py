"""Small pictures of the comparison of color spaces, so that it cannot rot."""

from pathlib import Path

import numpy as np
import pytest

import napari_colorcluster as ncc


@pytest.fixture
def color_spaces(monkeypatch):
    monkeypatch.syspath_prepend(Path(__file__).parents[2] / "benchmarks")
    import color_spaces

    monkeypatch.setattr(color_spaces, "SHAPE", (40, 60))
    return color_spaces


def test_the_pictures_are_the_same_each_time(color_spaces):
    for make in (color_spaces.stained, lambda random: color_spaces.paints(random, even=False)):
        (image, truth), again = (make(np.random.default_rng(3)) for _ in range(2))
        assert image.shape == (*truth.shape, 3) == (40, 60, 3)
        np.testing.assert_array_equal(image, again[0])


def test_clear_paints_are_told_apart_in_every_space(color_spaces):
    colors = np.array([[220, 30, 30], [30, 30, 200], [240, 240, 240]], np.uint8)
    truth = np.repeat([2, 0, 1, 2], 10)[:, np.newaxis] + np.zeros(60, int)
    for name in ncc.COLOR_SPACES:
        assert color_spaces.share_right(colors[truth], truth, color_space=name) == 1


def test_as_many_clusters_as_colors_leave_no_residual(color_spaces):
    corners = 255 * np.indices((2, 2, 2), np.uint8).reshape(1, 3, 8).swapaxes(1, 2)
    assert color_spaces.mean_residual([corners], color_space="rgb") == 0


def test_what_is_in_the_wrong_cluster_is_not_right(color_spaces):
    image = np.repeat(np.array([[10] * 3, [250] * 3], np.uint8), 10, axis=0)[:, np.newaxis]
    truth = (np.arange(20) >= 5).astype(int)[:, np.newaxis]
    assert color_spaces.share_right(image, truth) == 0.75
