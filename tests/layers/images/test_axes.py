"""What the axes of a layer are called."""

import numpy as np
from napari.layers import Image

from napari_colorcluster.layers.images.axes import axis_name


def test_an_axis_without_a_name_is_called_by_its_number():
    film = np.zeros((2, 40, 50, 3), np.uint8)
    assert axis_name(Image(film, rgb=True), 0) == "axis 0"
    assert axis_name(Image(film, rgb=True, axis_labels=("t", "y", "x")), 0) == "t"
