"""The samples as napari opens them."""

import numpy as np
import pytest
from napari.components import ViewerModel

from napari_colorcluster.core.files.samples.patches import painted_patches
from napari_colorcluster.layers.contributions.samples import (
    beetle_layers,
    leaf_layers,
    leaf_with_card_layers,
    painted_patches_layers,
    ripening_layers,
)
from napari_colorcluster.layers.source import source_layers


def test_the_sample_opens_as_two_images_that_tell_the_truth():
    viewer = ViewerModel()
    for data, attributes, kind in painted_patches_layers():
        getattr(viewer, f"add_{kind}")(data, **attributes)
    assert [layer.name for layer in viewer.layers] == [
        "painted patches (shaded)",
        "painted patches (flat)",
    ]
    flat, _, palette = painted_patches()
    np.testing.assert_array_equal(viewer.layers[1].data, flat)
    truth = viewer.layers[1].metadata["true_palette"]
    assert [row["hex"] for row in truth] == list(palette.hex)


@pytest.mark.parametrize(
    ("layers", "axes"),
    [
        (beetle_layers, ("y", "x")),
        (leaf_layers, ("y", "x")),
        (leaf_with_card_layers, ("y", "x")),
        (ripening_layers, ("day", "y", "x")),
    ],
)
def test_each_sample_opens_as_an_image_to_cluster(layers, axes):
    viewer = ViewerModel()
    [(data, attributes, kind)] = layers()
    image = getattr(viewer, f"add_{kind}")(data, **attributes)
    assert source_layers(viewer) == [image]
    assert image.axis_labels == axes
    assert sum(row["fraction"] for row in image.metadata["true_palette"]) == pytest.approx(1)


def test_the_place_of_the_card_is_told():
    [(data, attributes, _)] = leaf_with_card_layers()
    corners = np.array(attributes["metadata"]["card_corners"])
    assert corners.shape == (4, 2)
    assert ((corners > 0) & (corners < data.shape[:2])).all()
