"""Numbers of things as a person writes them."""

import numpy as np
import pytest

from napari_colorcluster import ColorHistogram, cluster_colors, measure_pattern
from napari_colorcluster.core.support.words import counted


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 pages"), (1, "1 page"), (2, "2 pages"), (4096, "4,096 pages")]
)
def test_one_has_no_plural(number, words):
    assert counted(number, "page") == words


def test_an_irregular_plural_is_given():
    assert [counted(n, "matrix", "matrices") for n in (1, 2)] == ["1 matrix", "2 matrices"]


def test_one_of_a_thing_has_no_plural_where_values_are_shown():
    one = cluster_colors(np.zeros((1, 1, 3), np.uint8), 1)
    assert repr(one.histogram) == "ColorHistogram: 1 color of 1 pixel"
    assert repr(one).splitlines()[0].endswith("1 cluster by k-means in CIELAB, 1 pixel")
    assert repr(one.palette).splitlines()[0] == "Palette of 1 color, 1 pixel"
    pattern = measure_pattern(np.ones((1, 2), np.uint8), one.palette)
    assert repr(pattern) == "Pattern of 1 cluster, 2 pixels, 1 pair of neighbors"
    several = ColorHistogram([[0, 0, 0], [9, 9, 9]], [500, 600])
    assert repr(several) == "ColorHistogram: 2 colors of 1,100 pixels"
