"""What decoding a part of a TIFF takes, as tifffile decodes it."""

import numpy as np
import pytest
import tifffile

from napari_colorcluster.core.files.pictures.formats.tiff.limits import segment_bytes
from napari_colorcluster.core.files.pictures.read import read_image


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


def rewritten(path, **values):
    """Overwrite tags of a TIFF's page; None leaves one out."""
    with tifffile.TiffFile(path, mode="r+") as file:
        for name, value in values.items():
            tag = file.pages.first.tags[name]
            if value is None:
                # Under the number of a tag that means nothing here.
                file.filehandle.seek(tag.offset)
                file.filehandle.write((65000).to_bytes(2, "little"))
            else:
                tag.overwrite(value)


@pytest.mark.parametrize("compression", [None, "zlib"])
@pytest.mark.parametrize("blank", [{"StripOffsets": None}, {"StripOffsets": 0}])
@pytest.mark.parametrize("rows", [16, 2**31 - 16])
def test_a_blank_picture_takes_no_memory_whatever_it_claims(
    tmp_path, refused, thumbnail, compression, blank, rows
):
    path = tmp_path / "image.tif"
    tifffile.imwrite(path, thumbnail, photometric="rgb", compression=compression, metadata=None)
    rewritten(path, ImageLength=2**31 - 16, RowsPerStrip=rows, **blank)
    with refused(f"The file claims {thumbnail.shape[1] * (2**31 - 16):,} pixels"):
        read_image(path)


@pytest.mark.parametrize("compression", [None, "zlib"])
def test_a_picture_of_which_nothing_is_stored_is_cut_off(tmp_path, refused, thumbnail, compression):
    path = tmp_path / "image.tif"
    tifffile.imwrite(path, thumbnail, photometric="rgb", compression=compression, metadata=None)
    rewritten(path, StripOffsets=0, StripByteCounts=0)
    with refused("cut off or damaged"):
        read_image(path)


def test_tiles_that_are_left_out_are_blank(tmp_path, thumbnail):
    path = tmp_path / "image.tif"
    tifffile.imwrite(path, thumbnail, photometric="rgb", tile=(16, 16), metadata=None)
    with tifffile.TiffFile(path) as file:
        offsets = [*file.pages.first.dataoffsets]
    rewritten(path, TileOffsets=[0, *offsets[1:]])
    expected = thumbnail.copy()
    expected[:16, :16] = 0
    np.testing.assert_array_equal(read_image(path).pixels, expected)
