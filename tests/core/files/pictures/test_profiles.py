"""Embedded profiles: against Pillow's LittleCMS on every pixel, and photos that come back."""

import io

import dask.array as da
import imagecodecs
import numpy as np
import pytest
import tifffile
from PIL import Image, ImageCms
from scipy.optimize import linear_sum_assignment
from skimage import data as photos
from skimage.color import deltaE_ciede2000, rgb2lab

from napari_colorcluster import cluster_colors
from napari_colorcluster.core.color.devices.profiles import srgb_profile
from napari_colorcluster.core.files.pictures import chunks
from napari_colorcluster.core.files.pictures.colors import distinct
from napari_colorcluster.core.files.pictures.read import read_image

PHOTOS = ["astronaut", "chelsea", "coffee", "rocket", "immunohistochemistry", "retina"]


def littlecms(image, profile, mode):
    """What LittleCMS makes of each pixel; of inks without its table, which is far off in places."""
    flags = ImageCms.Flags.NOOPTIMIZE if mode == "CMYK" else 0
    transform = ImageCms.buildTransform(
        *(io.BytesIO(profile), ImageCms.createProfile("sRGB"), mode, "RGB"),
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION | flags,
    )
    return np.asarray(transform.apply(image))


@pytest.mark.parametrize("version", [2, 4])
@pytest.mark.parametrize("suffix", ["png", "jpg", "webp", "tif"])
def test_8_bits_are_converted_as_littlecms_does_each_pixel(tmp_path, photo, space, suffix, version):
    path, profile = tmp_path / f"image.{suffix}", space.profile(version)
    Image.fromarray(photo).save(path, icc_profile=profile)
    picture = read_image(path)
    with Image.open(path) as image:
        expected = littlecms(image.convert("RGB"), profile, "RGB")
    np.testing.assert_array_equal(picture.pixels, expected)
    assert picture.notes == (f"{space.name} converted to sRGB.",)


def test_colors_in_a_table_are_those_of_each_pixel(coffee, space, tmp_path):
    large = np.concatenate([coffee, coffee[::-1]], axis=1)
    assert large[..., 0].size > distinct.BLOCK_PIXELS
    path, profile = tmp_path / "image.tif", space.profile()
    tifffile.imwrite(path, large, photometric="rgb", iccprofile=profile)
    expected = littlecms(Image.fromarray(large), profile, "RGB")
    np.testing.assert_array_equal(read_image(path).pixels, expected)


def test_each_distinct_color_is_asked_for_once(coffee):
    asked = []

    def darker(colors):
        asked.append(colors)
        return colors // 2

    large = np.concatenate([coffee, coffee[::-1]], axis=1)
    rgba = np.dstack([large, large[..., 0]])
    np.testing.assert_array_equal(distinct.map_colors(rgba[..., :3], darker), large // 2)
    asked = np.concatenate(asked)
    expected = np.unique(large.reshape(-1, 3), axis=0)
    np.testing.assert_array_equal(np.unique(asked, axis=0), expected)
    assert len(asked) == len(expected)


def test_16_bits_are_kept_and_converted(tmp_path, photo, space):
    path = tmp_path / "image.tif"
    stored = space.encode(photo, np.uint16)
    tifffile.imwrite(path, stored, photometric="rgb", iccprofile=space.profile())
    pixels = read_image(path).pixels
    assert pixels.dtype == np.uint16
    assert np.abs(pixels / 257 - photo).max() < 0.6


def test_floats_are_kept_and_converted_and_what_is_no_number_stays_so(tmp_path, photo, spaces):
    path, space = tmp_path / "image.tif", spaces["Adobe RGB (1998)"]
    stored = space.encode(photo, np.uint16).astype(np.float32) / 65535
    stored[3, 4, 1] = np.nan
    tifffile.imwrite(path, stored, photometric="rgb", iccprofile=space.profile())
    pixels = read_image(path).pixels
    assert pixels.dtype == np.float32
    assert np.isnan(pixels[3, 4]).all()
    pixels[3, 4] = photo[3, 4] / 255
    assert np.abs(pixels * 255 - photo).max() < 0.1


def test_a_lazy_picture_is_converted_lazily(tmp_path, monkeypatch, photo, space):
    path = tmp_path / "image.tif"
    rgba = np.dstack([photo, photo[..., 0]])
    how = {"extrasamples": ["unassalpha"], "iccprofile": space.profile()}
    tifffile.imwrite(path, rgba, photometric="rgb", tile=(64, 64), compression="zlib", **how)
    whole = read_image(path)
    monkeypatch.setattr(chunks, "STREAM_BYTES", 100)
    lazy = read_image(path)
    assert isinstance(lazy.pixels, da.Array)
    assert lazy.notes == whole.notes
    np.testing.assert_array_equal(lazy.pixels, whole.pixels)
    np.testing.assert_array_equal(whole.pixels[..., 3], rgba[..., 3])


def test_the_profile_of_srgb_changes_nothing(tmp_path, photo, spaces):
    for profile in (srgb_profile(), spaces["sRGB"].profile(2), spaces["sRGB"].profile(4)):
        Image.fromarray(photo).save(tmp_path / "image.png", icc_profile=profile)
        picture = read_image(tmp_path / "image.png")
        np.testing.assert_array_equal(picture.pixels, photo)
        assert picture.notes == ()


@pytest.mark.parametrize("suffix", ["png", "jpg", "tif"])
def test_gray_with_a_profile(tmp_path, photo, dark_gray, suffix):
    path = tmp_path / f"image.{suffix}"
    gray = Image.fromarray(photo[..., 1])
    gray.save(path, icc_profile=dark_gray)
    with Image.open(path) as image:
        expected = littlecms(image, dark_gray, "L")
    picture = read_image(path)
    np.testing.assert_array_equal(picture.pixels, expected)
    assert picture.notes == ("Test gray converted to sRGB.",)
    assert np.abs(expected[..., 0].astype(int) - photo[..., 1]).mean() > 3


def test_gray_with_a_profile_for_colors_is_taken_as_equal_parts(tmp_path, photo, spaces):
    profile = spaces["ProPhoto RGB"].profile()
    gray = Image.fromarray(photo[..., 1])
    gray.save(tmp_path / "image.png", icc_profile=profile)
    expected = littlecms(gray.convert("RGB"), profile, "RGB")
    np.testing.assert_array_equal(read_image(tmp_path / "image.png").pixels, expected)


@pytest.mark.parametrize(("mode", "kind"), [("RGB", "rgb"), ("L", "gray")])
def test_a_profile_without_a_name_is_told_in_plain_words(tmp_path, photo, mode, kind):
    """LittleCMS calls those that it makes "RGB built-in" and "gray built-in"."""
    primaries = (
        {"primaries": [0.64, 0.33, 1, 0.21, 0.71, 1, 0.15, 0.06, 1]} if mode == "RGB" else {}
    )
    profile = imagecodecs.cms_profile(kind, whitepoint=[0.3127, 0.329, 1], gamma=1.6, **primaries)
    Image.fromarray(photo).convert(mode).save(tmp_path / "image.png", icc_profile=profile)
    notes = read_image(tmp_path / "image.png").notes
    assert notes == ("A nameless color profile converted to sRGB.",)


@pytest.mark.parametrize(("mode", "kind"), [("RGB", "scanner"), ("CMYK", "inks")])
def test_8_bits_through_a_table_are_as_exact_as_floats(tmp_path, coffee, mode, kind, request):
    profile, path = request.getfixturevalue(kind), tmp_path / "image.tif"
    image = Image.fromarray(coffee[:200]).convert(mode)
    image.save(path, icc_profile=profile)
    expected = imagecodecs.cms_transform(
        *(np.asarray(image) / np.float32(2.55 if mode == "CMYK" else 255), profile, srgb_profile()),
        colorspace=mode.lower(),
        outcolorspace="rgb",
        outdtype="float32",
        intent=1,
        flags=int(ImageCms.Flags.BLACKPOINTCOMPENSATION | ImageCms.Flags.NOOPTIMIZE),
    )
    assert np.abs(read_image(path).pixels - 255 * expected.clip(0, 1)).max() < 0.7


@pytest.mark.parametrize("suffix", ["jpg", "tif"])
def test_inks_with_a_profile(tmp_path, photo, inks, suffix):
    path = tmp_path / f"image.{suffix}"
    Image.fromarray(photo).convert("CMYK").save(path, icc_profile=inks)
    with Image.open(path) as image:
        expected = littlecms(image, inks, "CMYK")
    picture = read_image(path)
    np.testing.assert_array_equal(picture.pixels, expected)
    assert picture.notes == ("Test inks converted to sRGB.",)


def test_adobe_rgb_that_a_camera_tells_in_exif_alone(tmp_path, photo, spaces):
    path, space = tmp_path / "image.jpg", spaces["Adobe RGB (1998)"]
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0xA005] = {1: "R03"}
    image = Image.fromarray(photo)
    image.save(path, exif=exif, quality=98)
    with Image.open(path) as stored:
        expected = littlecms(stored, space.profile(), "RGB").astype(int)
    picture = read_image(path)
    assert np.abs(picture.pixels - expected).max() <= 1
    assert picture.notes == ("Adobe RGB (told by Exif) converted to sRGB.",)
    # A profile says it better.
    image.save(path, exif=exif, icc_profile=spaces["sRGB"].profile())
    assert read_image(path).notes == ()
    exif.get_ifd(0x8769)[0xA005] = {1: "R98"}
    image.save(path, exif=exif)
    assert read_image(path).notes == ()


@pytest.mark.parametrize("dtype", [np.uint16, np.uint32, np.float32, np.float64])
def test_inks_of_every_type_with_a_profile(tmp_path, photo, inks, dtype):
    cmyk = np.asarray(Image.fromarray(photo).convert("CMYK"))
    expected = littlecms(Image.fromarray(photo).convert("CMYK"), inks, "CMYK") / 255
    most = 1 if np.dtype(dtype).kind == "f" else np.iinfo(dtype).max
    stored = (cmyk / 255 * most).astype(dtype)
    tifffile.imwrite(tmp_path / "image.tif", stored, photometric="separated", iccprofile=inks)
    pixels = read_image(tmp_path / "image.tif").pixels
    pixels = pixels / (65535 if pixels.dtype == np.uint16 else 1)
    assert np.abs(pixels - expected).mean() < 0.004
    assert np.abs(pixels - expected).max() < 0.04


def test_inks_without_a_profile_follow_a_rule_that_is_told(tmp_path, photo):
    cmyk = Image.fromarray(photo).convert("CMYK")
    cmyk.save(tmp_path / "image.tif")
    picture = read_image(tmp_path / "image.tif")
    difference = picture.pixels.astype(int) - np.asarray(cmyk.convert("RGB"))
    assert np.abs(difference).max() <= 1
    assert "red is taken as (1 - cyan) × (1 - black)" in picture.notes[0]
    deep = np.asarray(cmyk) * np.uint16(257)
    tifffile.imwrite(tmp_path / "deep.tif", deep, photometric="separated")
    assert np.abs(read_image(tmp_path / "deep.tif").pixels / 257 - picture.pixels).max() <= 0.6


@pytest.mark.parametrize("kind", ["cielab", "icclab"])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_lab_is_taken_as_under_d50(tmp_path, photo, kind, dtype):
    # Bradford's adaptation is in the numbers of sRGB under D50, which scikit-image has not.
    lab = ImageCms.applyTransform(
        Image.fromarray(photo),
        ImageCms.buildTransform(
            *(ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB"),
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        ),
    )
    lab = np.frombuffer(lab.tobytes(), np.int8).reshape(photo.shape)
    lightness, ab = lab[..., :1].view(np.uint8) / 255, lab[..., 1:].astype(float)
    if dtype == np.uint16:
        stored = [lightness * (65535 if kind == "cielab" else 65280), ab * 256]
    else:
        stored = [lightness * 255, ab]
    middle = 2 ** (8 * np.dtype(dtype).itemsize - 1)
    ab = stored[1] % (2 * middle) if kind == "cielab" else stored[1] + middle
    stored = np.rint(np.concatenate([stored[0], ab], axis=-1)).astype(dtype)
    tifffile.imwrite(tmp_path / "image.tif", stored, photometric=kind)
    picture = read_image(tmp_path / "image.tif")
    pixels = picture.pixels.astype(float) * (255 if dtype == np.uint16 else 1)
    assert np.abs(pixels - photo).mean() < 0.8
    assert "under D50" in picture.notes[0]


@pytest.mark.parametrize("damage", ["cut", "noise", "inks", "nothing"])
def test_a_profile_that_cannot_be_applied_is_told_once(tmp_path, photo, spaces, inks, damage):
    profile = bytearray(spaces["Display P3"].profile())
    if damage == "noise":
        profile[128:400] = np.random.default_rng(0).bytes(272)
    profile = {"cut": profile[:200], "inks": inks, "nothing": b"\1"}.get(damage, profile)
    Image.fromarray(photo).save(tmp_path / "image.png", icc_profile=bytes(profile))
    picture = read_image(tmp_path / "image.png")
    np.testing.assert_array_equal(picture.pixels, photo)
    (note,) = picture.notes
    assert "profile" in note
    assert "is ignored" in note


def palette_distance(image, expected):
    """Mean ΔE2000 of the palettes' colors, and the largest difference of their shares."""
    one, other = (cluster_colors(each, 5).palette for each in (image, expected))
    labs = [rgb2lab(each.colors[np.newaxis] / 255)[0] for each in (one, other)]
    distances = deltaE_ciede2000(labs[0][:, np.newaxis], labs[1][np.newaxis])
    rows, columns = linear_sum_assignment(distances)
    shares = [each.pixels / each.pixels.sum() for each in (one, other)]
    return distances[rows, columns].mean(), np.abs(shares[0][rows] - shares[1][columns]).max()


@pytest.mark.parametrize("name", PHOTOS)
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_photos_in_wide_spaces_have_the_palette_of_the_original(tmp_path, space, name, dtype):
    photo = np.ascontiguousarray(getattr(photos, name)()[::3, ::3])
    stored = space.encode(photo, dtype)
    path = tmp_path / "image.tif"
    tifffile.imwrite(path, stored, photometric="rgb", iccprofile=space.profile())
    difference, of_shares = palette_distance(read_image(path).pixels, photo)
    before, _ = palette_distance(stored, photo)
    print(
        f"{space.name} {name} {np.dtype(dtype)}: {before:.2f} -> {difference:.3f}, {of_shares:.4f}"
    )
    # 8 bits of a space as wide as these two are too few for the dark colors of a photo.
    is_coarse = dtype == np.uint8 and space.name in ("ProPhoto RGB", "Wide Gamut RGB")
    assert difference <= (1 if is_coarse else 0.5)
    assert of_shares <= 0.01


def test_signed_integers_that_hold_8_bits_are_converted_as_8_bits(tmp_path, thumbnail, spaces):
    profile = spaces["Adobe RGB (1998)"].profile()
    found = []
    for dtype in (np.uint8, np.int16, np.int32):
        tifffile.imwrite(
            *(tmp_path / "image.tif", thumbnail.astype(dtype)),
            **{"photometric": "rgb", "iccprofile": profile},
        )
        found.append(read_image(tmp_path / "image.tif"))
    for picture in found[1:]:
        np.testing.assert_array_equal(picture.pixels, found[0].pixels)
        assert "it is taken as 8 bits" in picture.notes[0]
