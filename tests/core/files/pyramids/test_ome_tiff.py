"""OME-TIFF in levels: what tifffile and the specification say of them."""

import numpy as np
import pytest
import tifffile

from napari_colorcluster.core.files.pyramids.ome_tiff import write_ome_tiff


@pytest.mark.parametrize("n_channels", [None, 3])
def test_levels_are_reduced_images_below_the_image(tmp_path, n_channels):
    channels = () if n_channels is None else (n_channels,)
    image = np.random.default_rng(0).integers(0, 256, (2, 70, 45, *channels), np.uint8)

    def tiles_of(level):
        reduced = image[:, :: 2**level, :: 2**level]
        more = [(0, -size % 16) for size in reduced.shape[1:3]]
        filled = np.pad(reduced, [(0, 0), *more, *(((0, 0),) * len(channels))])
        for plane in filled:
            for row in range(0, plane.shape[0], 16):
                for column in range(0, plane.shape[1], 16):
                    yield np.ascontiguousarray(plane[row : row + 16, column : column + 16])

    photometric = "minisblack" if n_channels is None else "rgb"
    layout = image.shape[:3], image.dtype, 16, 2, "leaf", {"x": (0.5, "µm"), "y": (0.25, "µm")}
    resolution = {"resolution": (20_000, 40_000), "resolutionunit": "CENTIMETER"}
    path = tmp_path / "leaf.ome.tif"
    write_ome_tiff(path, tiles_of, *layout, n_channels, photometric=photometric, **resolution)
    with tifffile.TiffFile(path) as file:
        (series,) = file.series
        assert [level.shape for level in series.levels] == [
            (2, 70, 45, *channels),
            (2, 35, 23, *channels),
            (2, 18, 12, *channels),
        ]
        for level, each in enumerate(series.levels):
            np.testing.assert_array_equal(each.asarray(), image[:, :: 2**level, :: 2**level])
            # A reader that knows no levels takes what is reduced for no image of its own.
            assert {page.aspage().is_reduced for page in each.pages} == {level > 0}
        first = series.levels[0].keyframe
        assert first.get_resolution("CENTIMETER") == (20_000, 40_000)
