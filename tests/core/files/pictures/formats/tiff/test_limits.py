"""What decoding a part of a TIFF takes, as tifffile decodes it."""

import numpy as np
import pytest
import tifffile

from napari_colorcluster.core.files.pictures.formats.tiff.limits import segment_bytes


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
@pytest.mark.parametrize(
    ("shape", "keywords"),
    [
        ((48, 64), {"tile": (16, 32)}),
        ((48, 64), {"rowsperstrip": 12}),
        ((48, 64, 3), {"photometric": "rgb", "tile": (16, 32)}),
        ((48, 64, 3), {"photometric": "rgb", "rowsperstrip": 12}),
        ((3, 48, 64), {"photometric": "rgb", "planarconfig": "separate", "tile": (16, 32)}),
        ((3, 48, 64), {"photometric": "rgb", "planarconfig": "separate", "rowsperstrip": 12}),
        ((2, 48, 64), {"volumetric": True, "tile": (2, 16, 16)}),
    ],
)
def test_a_part_takes_what_it_decodes_to(tmp_path, shape, keywords, dtype):
    tifffile.imwrite(tmp_path / "image.tif", np.ones(shape, dtype), compression="zlib", **keywords)
    with tifffile.TiffFile(tmp_path / "image.tif") as file:
        page = file.pages.first
        parts = [part for part, _, _ in page.segments()]
        assert len(parts) > 1
        assert {part.nbytes for part in parts} == {segment_bytes(page)}
