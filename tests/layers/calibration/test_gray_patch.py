"""The disk around a point, cut out of an image."""

import dask.array as da
import numpy as np
import pytest

from napari_colorcluster.core.pixels.picture import Picture
from napari_colorcluster.layers.calibration.gray_patch import disk_around

ROWS, COLUMNS = np.mgrid[:30, :40]
IMAGE = np.stack([ROWS, COLUMNS, ROWS], axis=-1).astype(np.uint8)


@pytest.mark.parametrize("point", [(15.2, 20.4), (0, 0), (29.4, 39.4), (3, 38)])
@pytest.mark.parametrize(
    "wrap", [np.asarray, da.from_array, Picture], ids=["numpy", "dask", "picture"]
)
def test_it_holds_the_pixels_within_the_radius_and_no_others(point, wrap):
    window, mask = disk_around(wrap(IMAGE), point, 5)
    pixels = np.asarray(window.pixels if wrap is Picture else window)
    found = {tuple(map(int, pixel[:2])) for pixel in pixels[mask]}
    row, column = np.rint(point)
    near = (ROWS - row) ** 2 + (COLUMNS - column) ** 2 <= 25
    assert found == set(zip(ROWS[near].tolist(), COLUMNS[near].tolist(), strict=True))


@pytest.mark.parametrize("point", [(-1, 5), (30, 5), (5, -0.6), (5, 39.6)])
def test_a_point_outside_is_refused(point, refused):
    with refused("click a gray patch in the image"):
        disk_around(IMAGE, point)
