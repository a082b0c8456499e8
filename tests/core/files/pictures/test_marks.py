"""What written pictures say of themselves, as other readers see it."""

import io

import numpy as np
import pytest
import tifffile
from PIL import Image, ImageCms

from napari_colorcluster.core.color.devices.profiles import srgb_profile
from napari_colorcluster.core.files.pictures.lengths import parse_lengths
from napari_colorcluster.core.files.pictures.marks import png_marks, tiff_sizes
from napari_colorcluster.core.files.pictures.read import read_image


def saved(thumbnail, lengths):
    file = io.BytesIO()
    Image.fromarray(thumbnail).save(file, "PNG", **png_marks(lengths))
    file.seek(0)
    return Image.open(file)


def test_a_png_says_that_it_is_srgb_and_how_large_its_pixels_are(thumbnail):
    image = saved(thumbnail, parse_lengths("0.5x0.25um"))
    assert image.info["srgb"] == 0
    np.testing.assert_allclose(np.array(image.info["dpi"]) / 0.0254, [2e6, 4e6], rtol=1e-6)
    np.testing.assert_array_equal(image, thumbnail)


@pytest.mark.parametrize("text", ["0.5", "1e-4nm"])
def test_a_png_says_no_size_that_is_unknown_or_too_small_to_be_said(thumbnail, text):
    image = saved(thumbnail, parse_lengths(text))
    assert image.info["srgb"] == 0
    assert "dpi" not in image.info


def test_a_tiff_gives_back_the_size_of_its_pixels(tmp_path, thumbnail):
    path = tmp_path / "image.tif"
    sizes = tiff_sizes(parse_lengths("2x4um"))
    tifffile.imwrite(path, thumbnail, photometric="rgb", iccprofile=srgb_profile(), **sizes)
    picture = read_image(path)
    assert picture.notes == ()
    assert picture.pixel_size.unit == "cm²"
    assert picture.pixel_size.size == pytest.approx(8e-8)
    assert tiff_sizes({}) == {}


def test_the_profile_is_srgb_and_always_the_same():
    profile = ImageCms.ImageCmsProfile(io.BytesIO(srgb_profile()))
    assert "sRGB" in ImageCms.getProfileDescription(profile)
    assert profile.profile.creation_date.year == 2000
