"""That pictures come upright: in each of the eight ways, as Pillow's exif_transpose has it."""

import dask.array as da
import numpy as np
import pytest
import tifffile
from PIL import Image, ImageOps

from napari_colorcluster.core.files.pictures import chunks
from napari_colorcluster.core.files.pictures.orientation import upright
from napari_colorcluster.core.files.pictures.read import read_image


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif"])
def test_each_orientation_is_as_pillow_has_it(tmp_path, thumbnail, suffix, orientation):
    path = tmp_path / f"image.{suffix}"
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(thumbnail).save(path, exif=exif)
    picture = read_image(path)
    with Image.open(path) as image:
        expected = np.asarray(ImageOps.exif_transpose(image).convert("RGB"))
    np.testing.assert_array_equal(picture.pixels, expected)
    assert picture.pixels.flags.c_contiguous
    assert len(picture.notes) == (orientation > 1)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_lazy_pictures_are_turned_too(tmp_path, monkeypatch, thumbnail, orientation):
    path = tmp_path / "image.tif"
    code = ("H", 1, orientation, True)
    tifffile.imwrite(path, thumbnail, photometric="rgb", extratags=[(274, *code)])
    whole = read_image(path).pixels
    monkeypatch.setattr(chunks, "STREAM_BYTES", 100)
    lazy = read_image(path).pixels
    assert isinstance(lazy, da.Array)
    np.testing.assert_array_equal(lazy, whole)
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = Image.fromarray(thumbnail)
    image.getexif()[0x0112] = orientation
    np.testing.assert_array_equal(whole, np.asarray(ImageOps.exif_transpose(image)))


def test_stacks_turn_in_their_planes(thumbnail):
    stack = np.stack([thumbnail, thumbnail // 2])
    turned = upright(stack, 6)
    np.testing.assert_array_equal(turned, np.rot90(stack, -1, axes=(1, 2)))


@pytest.mark.parametrize("wrong", [0, 9, 255])
def test_a_number_that_is_no_orientation_leaves_all_as_it_is(thumbnail, wrong):
    assert upright(thumbnail, wrong) is thumbnail


def test_the_lengths_of_sides_turn_with_the_pixels(tmp_path):
    path = tmp_path / "image.tif"
    how = {"resolution": (10, 20), "resolutionunit": "CENTIMETER"}
    tags = [(274, "H", 1, 6, True)]
    tifffile.imwrite(path, np.zeros((8, 9, 3), np.uint8), photometric="rgb", extratags=tags, **how)
    assert read_image(path).lengths == {"x": (0.05, "cm"), "y": (0.1, "cm")}
