"""The sample as napari opens it."""

import numpy as np
from napari.components import ViewerModel

from napari_colorcluster.core.files.samples import painted_patches
from napari_colorcluster.layers.contributions.samples import painted_patches_layers


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
