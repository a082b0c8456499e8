"""Files of all kinds that show six paints: each is read as it looks, or refused in a sentence."""

import re
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image, ImageOps

from napari_colorcluster import cluster_colors
from napari_colorcluster.core.files.pictures.read import read_image

SHAPE = (64, 96)
PAINTS = [
    ((200, 40, 40), (slice(0, 20), slice(0, 30))),
    ((40, 160, 60), (slice(0, 20), slice(30, 96))),
    ((50, 70, 190), (slice(20, 44), slice(0, 60))),
    ((230, 200, 60), (slice(20, 44), slice(60, 96))),
    ((120, 120, 125), (slice(44, 64), slice(0, 40))),
    ((240, 240, 235), (slice(44, 64), slice(40, 96))),
]


@pytest.fixture(scope="module")
def base(data):
    """The plain picture."""
    return np.asarray(Image.open(data / "png_srgb.png"))


def assert_painted(pixels, tolerance):
    for paint, where in PAINTS:
        inside = pixels[where][2:-2, 2:-2]
        assert np.abs(inside[inside[..., -1] > 0][:, :3].mean(axis=0) - paint).max() < tolerance


@pytest.mark.parametrize("name", ["t_plain.tif", "t_planar.tif", "t_ij_cyx.tif", "png_srgb.png"])
def test_plain_files_are_read_to_the_bit(data, base, name):
    picture = read_image(data / name)
    np.testing.assert_array_equal(picture.pixels, base)
    assert picture.notes == ()
    assert_painted(picture.pixels, 2)


@pytest.mark.parametrize("name", ["avif.avif", "t_ycbcr_pil.tif", "exif1.jpg", "t_pal.tif"])
def test_what_is_coded_with_loss_shows_the_paints(data, name):
    assert_painted(read_image(data / name).pixels, 4)


@pytest.mark.parametrize("name", ["jpg_cmyk_pil.jpg", "t_cmyk.tif", "t_lab.tif"])
def test_other_models_show_the_paints_and_tell_the_rule(data, name):
    picture = read_image(data / name)
    assert picture.pixels.shape == (*SHAPE, 3)
    assert_painted(picture.pixels, 4)
    (note,) = picture.notes
    assert re.search("CMYK|CIELAB", note)


@pytest.mark.parametrize(
    "name", ["exif1.jpg", "exif3.jpg", "exif6.jpg", "exif8.jpg", "exif6_png.png", "exif6_webp.webp"]
)
def test_turned_files_are_as_pillow_turns_them(data, name):
    with Image.open(data / name) as image:
        expected = np.asarray(ImageOps.exif_transpose(image))
    np.testing.assert_array_equal(read_image(data / name).pixels, expected)


def test_a_turned_tiff_is_upright(data, base):
    pixels = read_image(data / "exif6_tif.tif").pixels
    np.testing.assert_array_equal(pixels, np.rot90(base, -1))


def test_16_bits_stay(data, base):
    for name in ("t_rgb16.tif", "png16_rgba.png"):
        pixels = read_image(data / name).pixels
        assert pixels.dtype == np.uint16
        np.testing.assert_array_equal(np.rint(pixels[..., :3] / 257), base)


def test_12_bits_in_16_are_told(data):
    picture = read_image(data / "t_12in16.tif")
    (note,) = picture.notes
    assert "probably holds 12-bit data" in note
    assert "contrast limits of 0 and 4095" in note
    assert 3000 < picture.pixels.max() < 4096


@pytest.mark.parametrize("name", ["png16_rgba.png", "t_rgba_unassoc.tif", "png_la_alpha.png"])
def test_alpha_is_kept_where_the_file_has_it(data, name):
    pixels = read_image(data / name).pixels
    most = np.iinfo(pixels.dtype).max
    expected = np.repeat([0, 128, 255], [24, 12, 60]) * (most // 255)
    np.testing.assert_array_equal(pixels[..., 3], np.broadcast_to(expected, SHAPE))


def test_a_transparent_entry_of_a_palette_is_kept(data):
    with Image.open(data / "png_pal_trns.png") as image:
        expected = np.asarray(image.convert("RGBA"))
    np.testing.assert_array_equal(read_image(data / "png_pal_trns.png").pixels, expected)
    assert 0 < (expected[..., 3] == 0).sum() < expected[..., 3].size


def test_multiplied_colors_are_divided_again(data):
    straight = read_image(data / "t_rgba_unassoc.tif").pixels
    pixels = read_image(data / "t_rgba_premult.tif").pixels
    np.testing.assert_array_equal(pixels[..., 3], straight[..., 3])
    seen = straight[..., 3] > 0
    assert np.abs(pixels[seen].astype(int) - straight[seen]).max() <= 1


@pytest.mark.parametrize("name", ["t_rgbx_unspec.tif", "t_rgb_extra0.tif"])
def test_a_fourth_band_is_no_alpha(data, base, name):
    picture = read_image(data / name)
    np.testing.assert_array_equal(picture.pixels, base)
    (note,) = picture.notes
    assert "neither color nor alpha" in note
    assert cluster_colors(picture.pixels, 6).palette.n_pixels == 6144


def test_gray_is_equal_parts_in_every_format(data):
    png, jpeg = (read_image(data / f"{kind}_gray.{kind}").pixels for kind in ("png", "jpg"))
    bits = read_image(data / "t_1bit.tif").pixels
    for pixels in (png, jpeg, bits):
        assert pixels.shape == (*SHAPE, 3)
        assert pixels.dtype == np.uint8
        assert (pixels == pixels[..., :1]).all()
    assert np.abs(png.astype(int) - jpeg).mean() < 4
    assert np.unique(bits).tolist() == [0, 255]


@pytest.mark.parametrize(
    ("name", "n_frames"),
    [("gif_anim.gif", 5), ("webp_anim.webp", 5), ("apng.png", 5), ("t_multipage.tif", 3)],
)
def test_frames_and_pages_are_a_stack(data, base, name, n_frames):
    pixels = read_image(data / name).pixels
    assert pixels.shape == (n_frames, *SHAPE, 3)
    assert np.abs(pixels[0].astype(int) - base).mean() < 6
    assert len({frame.tobytes() for frame in pixels}) == n_frames


@pytest.mark.parametrize("name", ["t_multipage_diff.tif", "t_thumb_first.tif"])
def test_of_pages_of_two_sizes_the_full_one_is_the_picture(data, base, name):
    picture = read_image(data / name)
    np.testing.assert_array_equal(picture.pixels, base)
    (note,) = picture.notes
    assert "96 × 64" in note


def test_linear_light_becomes_srgb(data, base):
    picture = read_image(data / "png_gama1.png")
    stored = np.asarray(Image.open(data / "png_gama1.png")) / 255
    encoded = np.where(stored <= 0.0031308, 12.92 * stored, 1.055 * stored ** (1 / 2.4) - 0.055)
    assert np.abs(picture.pixels - 255 * encoded).max() <= 1
    assert picture.notes == ("Gamma 1 with sRGB's primaries converted to sRGB.",)


def test_primaries_that_are_told_count(data, spaces):
    stored = np.asarray(Image.open(data / "png_chrm_adobe.png"))
    picture = read_image(data / "png_chrm_adobe.png")
    adobe, srgb = spaces["Adobe RGB (1998)"], spaces["sRGB"]
    light = (stored / 255) ** 2.2 @ adobe.to_d50.T @ np.linalg.inv(srgb.to_d50).T
    assert np.abs(picture.pixels - 255 * srgb.encode_light(light.clip(0, 1))).max() <= 1.1
    assert "primaries of its own" in picture.notes[0]


def test_what_is_no_number_is_left_out(data, base):
    pixels = read_image(data / "t_floatnan.tif").pixels
    assert np.isnan(pixels[:5]).all()
    np.testing.assert_array_equal(np.rint(pixels[5:] * 255), base[5:])
    assert cluster_colors(pixels, 6).palette.n_pixels == 59 * 96


def test_one_color_and_no_pixel(data):
    assert len(np.unique(read_image(data / "one_colour.png").pixels.reshape(-1, 3), axis=0)) == 1
    assert not read_image(data / "all_transparent.png").pixels[..., 3].any()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("t_float255.tif", "divide them by 255"),
        ("trunc.jpg", "truncated"),
        ("trunc.tif", "cut off"),
        ("text.png", "This file format is not supported"),
        ("zero.jpg", "The file is empty"),
        *((f"header.{suffix}", "pixels, more than its") for suffix in ("bmp", "jpg", "gif", "png")),
        ("header.tif", "pixels, more than its"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(data, refused, capfd, name, said):
    with refused(said) as _:
        read_image(data / name)
    assert capfd.readouterr().err == ""


def test_claims_cost_no_memory(data):
    code = """
import resource, sys
from pathlib import Path
from napari_colorcluster import read_image
read_image(sys.argv[1] + "/t_plain.tif"), read_image(sys.argv[1] + "/png_srgb.png")
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for path in Path(sys.argv[1]).glob("header.*"):
    try:
        read_image(path)
    except ValueError:
        pass
    else:
        raise SystemExit(f"{path} was read")
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    done = subprocess.run(
        [sys.executable, "-c", code, data], capture_output=True, text=True, timeout=120, check=True
    )
    unit = 1 if sys.platform == "darwin" else 1024
    assert int(done.stdout) * unit < 50e6
