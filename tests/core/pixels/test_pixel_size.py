import pytest

from napari_colorcluster.core.pixels.pixel_size import PixelSize


@pytest.mark.parametrize("size", [0, -1.5, float("inf"), float("nan"), "a", None, True])
def test_a_size_that_is_none_is_refused(refused, size):
    with refused("above 0", str(size)):
        PixelSize(size, "mm²")


@pytest.mark.parametrize("n_axes", [0, 1, 4])
def test_pixels_have_two_or_three_axes(refused, n_axes):
    with refused("area (2) or a volume (3)", str(n_axes)):
        PixelSize(1, "mm", n_axes)
