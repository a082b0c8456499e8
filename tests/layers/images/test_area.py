"""The size of a pixel, as napari's own extent of the layer has it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from napari.layers import Image

from napari_colorcluster.core.pixels.pixel_size import PixelSize
from napari_colorcluster.layers.images.area import pixel_area_of, pixel_size_of

STEPS = st.floats(1e-3, 1e3)


def image(*shape, **keywords):
    return Image(np.zeros((*shape, 3), np.uint8), rgb=True, **keywords)


@given(STEPS, STEPS)
def test_all_pixels_together_cover_what_the_layer_extends_over(height, width):
    layer = image(4, 5, scale=(height, width), units=("um", "um"))
    # From the outer edges of the first pixels to those of the last.
    low, high = layer.extent.world - np.array([[0.5], [-0.5]]) * [height, width]
    assert 20 * pixel_size_of(layer).size == pytest.approx(np.prod(high - low))


def test_the_unit_is_that_of_the_last_axis():
    layer = image(4, 5, scale=(0.002, 3), units=("mm", "um"))
    size = pixel_size_of(layer)
    assert (size.unit, size.n_axes, size.quantity) == ("µm²", 2, "area")
    assert size.size == pytest.approx(6)


@pytest.mark.parametrize(
    ("units", "expected"),
    [
        (("um", "um", "um"), PixelSize(30, "µm³", 3)),
        (("s", "mm", "mm"), PixelSize(15, "mm²")),
        (("pixel", "nm", "nm"), PixelSize(15, "nm²")),
        (("s", "pixel", "pixel"), None),
        (("um", "pixel", "pixel"), None),
        (None, None),
    ],
)
def test_axes_count_whose_unit_is_a_length(units, expected):
    assert pixel_size_of(image(2, 4, 5, scale=(2, 3, 5), units=units)) == expected


def test_a_transform_counts_and_a_turned_or_mirrored_image_is_as_large():
    turned = image(4, 5, scale=(-2, 3), rotate=30, shear=[0.5], units=("mm", "mm"))
    assert pixel_size_of(turned).size == pytest.approx(6)
    layer = image(4, 5, scale=(2, 3), affine=np.diag([10, 0.5, 1]), units=("mm", "mm"))
    assert pixel_size_of(layer).size == pytest.approx(30)


def test_pixels_of_a_coarse_level_are_larger():
    levels = [np.zeros((size, 2 * size, 3), np.uint8) for size in (80, 40, 20)]
    layer = Image(levels, rgb=True, multiscale=True, scale=(0.5, 0.5), units=("um", "um"))
    sizes = [pixel_size_of(layer, level).size for level in range(3)]
    assert sizes == pytest.approx([0.25, 1, 4])


@pytest.mark.parametrize(
    ("units", "expected"),
    [
        (("um", "um", "um"), PixelSize(15, "µm²")),
        (("s", "mm", "mm"), PixelSize(15, "mm²")),
        (("um", "um", "pixel"), None),
        (None, None),
    ],
)
def test_a_plane_of_a_stack_has_an_area(units, expected):
    assert pixel_area_of(image(2, 4, 5, scale=(2, 3, 5), units=units)) == expected
