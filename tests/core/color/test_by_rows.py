"""Functions of colors by blocks of rows: equal to the bit to one call with all of them."""

import numpy as np
import pytest
from skimage.color import rgb2lab

from napari_colorcluster.core.color import by_rows
from napari_colorcluster.core.color.by_rows import map_rows
from napari_colorcluster.core.color.spaces import COLOR_SPACES


def colors(n):
    return np.random.default_rng(n).integers(0, 256, (n, 3), np.uint8)


@pytest.mark.parametrize("n_threads", [1, 2, None])
@pytest.mark.parametrize("n", [0, 1, 9, 10, 11, 64])
@pytest.mark.parametrize("space", COLOR_SPACES.values(), ids=COLOR_SPACES)
def test_neither_blocks_nor_threads_change_a_bit(monkeypatch, space, n, n_threads):
    monkeypatch.setattr(by_rows, "_ROWS", 10)
    expected = np.array([space.from_srgb(color[np.newaxis])[0] for color in colors(n)])
    mapped = map_rows(space.from_srgb, colors(n), n_threads)
    assert mapped.shape == (n, 3)
    assert mapped.dtype == np.float64
    np.testing.assert_array_equal(mapped, expected.reshape(n, 3))


def test_many_colors_are_those_of_scikit_image():
    many = colors(30_000)
    mapped = map_rows(COLOR_SPACES["lab"].from_srgb, many)
    np.testing.assert_allclose(mapped, rgb2lab(many), atol=1e-9)
