"""Connected regions, numbered as scikit-image numbers them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from skimage import measure

from napari_colorcluster import cluster_colors
from napari_colorcluster.core.pattern.connected import regions as module
from napari_colorcluster.core.pattern.connected.regions import find_regions

planes = arrays.arrays(
    np.uint8,
    arrays.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=14),
    elements=st.integers(0, 2),
)


def numbered(labels, connectivity):
    regions, n_regions = find_regions(labels, connectivity)
    assert n_regions == regions.max(initial=-1) + 1
    return regions + 1


@pytest.fixture(
    scope="module", params=[1, 30, 1 << 18], ids="{} pixels a strip".format, autouse=True
)
def _strips(request):
    """Strips of a row, of some, and of all."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_STRIP_PIXELS", request.param)
        yield


@given(planes, st.sampled_from([1, 2]))
def test_as_scikit_image_numbers_them(labels, connectivity):
    expected = measure.label(labels, background=0, connectivity=connectivity)
    np.testing.assert_array_equal(numbered(labels, connectivity), expected)


@pytest.mark.parametrize("connectivity", [1, 2])
def test_a_photo_in_clusters(photo, connectivity):
    labels = cluster_colors(photo, 6).predict(photo)
    for each in (labels, labels.astype(np.int32)):
        expected = measure.label(labels, background=0, connectivity=connectivity)
        np.testing.assert_array_equal(numbered(each, connectivity), expected)


@pytest.mark.parametrize("connectivity", [1, 2])
def test_a_spiral_is_one_region(connectivity):
    labels = np.zeros((23, 23), np.uint8)
    for i in range(0, 11, 2):
        labels[i, max(i - 2, 0) : 23 - i] = labels[22 - i, i : 23 - i] = 1
        labels[i : 23 - i, 22 - i] = labels[i + 2 : 23 - i, i] = 1
    assert numbered(labels, connectivity).max() == 1
