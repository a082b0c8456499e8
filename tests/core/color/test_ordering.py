"""Orders of colors, by scikit-image's CIELAB and by what everybody sees."""

import numpy as np
import pytest
from skimage.color import rgb2lab

from napari_colorcluster import Palette
from napari_colorcluster.core.color.ordering import ORDERS, ordered_labels

NAMES = ["white", "Blue", "red", "black", "green", "yellow", "gray"]
COLORS = [
    *([255, 255, 255], [0, 0, 255], [255, 0, 0], [0, 0, 0]),
    *([0, 255, 0], [255, 255, 0], [128, 128, 128]),
]
PALETTE = Palette(COLORS, [5, 9, 9, 1, 30, 2, 4], NAMES, [7, 2, 1, 4, 6, 3, 5])


def names(order):
    return [PALETTE.names[PALETTE.row_of(label)] for label in ordered_labels(PALETTE, order)]


@pytest.mark.parametrize("order", ORDERS)
def test_each_label_is_there_once(order):
    assert sorted(ordered_labels(PALETTE, order)) == list(range(1, 8))


def test_orders_are_what_they_are_called():
    assert ordered_labels(PALETTE, "label") == list(range(1, 8))
    assert names("share") == ["green", "red", "Blue", "white", "gray", "yellow", "black"]
    assert names("name") == ["black", "Blue", "gray", "green", "red", "white", "yellow"]
    assert names("hue") == ["red", "yellow", "green", "Blue", "white", "gray", "black"]
    lightness = dict(zip(NAMES, rgb2lab(np.array(COLORS) / 255)[:, 0], strict=True))
    assert names("lightness") == sorted(NAMES, key=lightness.get, reverse=True)


def test_another_order_is_refused(refused):
    for order in ("size", None, 3):
        with refused("'share', 'label', 'lightness', 'hue', 'name'", repr(order)):
            ordered_labels(PALETTE, order)
