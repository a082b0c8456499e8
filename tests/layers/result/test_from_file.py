"""Labels from a file, shown with the palette that they were saved with."""

import numpy as np
import pytest
from napari.components import ViewerModel

from napari_colorcluster import Palette
from napari_colorcluster.core.files.saved_labels import SavedLabels
from napari_colorcluster.layers.images.layer_data import METADATA_KEY
from napari_colorcluster.layers.result.from_file import show_as_saved

NUMBERS = np.array([[0, 1], [4, 4]])
SAVED = SavedLabels(
    Palette([[255, 0, 0], [0, 0, 255]], [0.25, 0.5], ["sky", "sea"], [1, 4]), {"method": "kmeans"}
)


def assert_as_saved(labels):
    np.testing.assert_array_equal(labels.data, NUMBERS)
    np.testing.assert_array_equal(labels.get_color(1), [1, 0, 0, 1])
    np.testing.assert_array_equal(labels.get_color(4), [0, 0, 1, 1])
    names = labels.features.set_index("index")["name"]
    assert (names[1], names[4]) == ("sky", "sea")
    assert labels.metadata == {"mine": 7, METADATA_KEY: {"method": "kmeans"}}


def test_a_labels_layer_stays_the_layer_it_is():
    viewer = ViewerModel()
    layer = viewer.add_labels(NUMBERS.astype(np.int32), name="cells", metadata={"mine": 7})
    viewer.add_labels(NUMBERS, name="on top")
    assert show_as_saved(viewer, layer, SAVED) is layer
    assert [each.name for each in viewer.layers] == ["cells", "on top"]
    assert_as_saved(layer)


@pytest.mark.parametrize("is_active", [True, False])
def test_a_gray_image_becomes_labels_in_its_place(is_active):
    viewer = ViewerModel()
    keywords = {"name": "cells", "metadata": {"mine": 7}, "scale": (2, 3), "translate": (5, 0)}
    image = viewer.add_image(NUMBERS.astype(np.uint8), **keywords)
    other = viewer.add_image(np.zeros((2, 2)), name="on top")
    viewer.layers.selection.active = image if is_active else other
    labels = show_as_saved(viewer, image, SAVED)
    assert list(viewer.layers) == [labels, other]
    assert viewer.layers.selection.active is (labels if is_active else other)
    assert labels.name == "cells"
    np.testing.assert_array_equal(labels.scale, [2, 3])
    np.testing.assert_array_equal(labels.translate, [5, 0])
    assert_as_saved(labels)
