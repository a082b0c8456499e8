"""What Pillow reads, and what it does not tell: films, PSD, 16 bits, boxes of colors, plugins."""

import io
import os
import struct
import sys
import zlib

import imagecodecs
import numpy as np
import pytest
from PIL import Image

from napari_colorcluster import count_colors
from napari_colorcluster.core.files.pictures.formats.described import HDR
from napari_colorcluster.core.files.pictures.kinds import SUFFIXES
from napari_colorcluster.core.files.pictures.read import read_image


@pytest.fixture
def read(tmp_path):
    """Read bytes as a file of that name."""

    def read(data, name="image.png"):
        (tmp_path / name).write_bytes(data)
        return read_image(tmp_path / name)

    return read


def encoded(image, form, **keywords):
    file = io.BytesIO()
    image.save(file, form, **keywords)
    return file.getvalue()


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def with_chunk(png, kind, data):
    """A PNG with one more chunk, right after its header."""
    return png[:33] + chunk(kind, data) + png[33:]


def gif_frame(left, top, pixels):
    """A frame of a GIF with codes of 9 bits that are cleared before they would grow."""
    height, width = pixels.shape
    codes = []
    for at, value in enumerate(pixels.ravel().tolist()):
        codes += [256, value] if at % 200 == 0 else [value]
    bits = sum(code << 9 * at for at, code in enumerate([*codes, 257]))
    data = bits.to_bytes((9 * (len(codes) + 1) + 7) // 8, "little")
    blocks = b"".join(
        bytes([len(data[i : i + 255])]) + data[i : i + 255] for i in range(0, len(data), 255)
    )
    return b"," + struct.pack("<4HB", left, top, width, height, 0) + b"\x08" + blocks + b"\0"


@pytest.mark.parametrize(("height", "width"), [(10, 20), (20, 10)])
def test_a_frame_that_reaches_over_the_screen_is_cut_off(read, height, width):
    palette = bytes(value for gray in range(256) for value in (gray, gray, gray))
    head = b"GIF89a" + struct.pack("<2H3B", width, height, 0xF7, 0, 0) + palette
    first = np.full((height, width), 50, np.uint8)
    second = np.full((height + 5, width + 10), 200, np.uint8)
    picture = read(head + gif_frame(0, 0, first) + gif_frame(5, 0, second) + b";", "image.gif")
    assert picture.pixels.shape[:3] == (2, height, width)
    assert (picture.pixels[0, ..., :3] == 50).all()
    assert (picture.pixels[1, :, 5:, :3] == 200).all()
    assert picture.notes == (
        "Frames of other sizes than the first are cut off or filled up to its size.",
    )


@pytest.mark.parametrize("n_frames", [1, 2])
def test_what_frames_leave_of_the_screen_is_transparent(read, n_frames):
    palette = bytes(value for gray in range(256) for value in (gray, 9, gray))
    data = b"GIF89a" + struct.pack("<2H3B", 30, 20, 0xF7, 0, 0) + palette
    for at in range(n_frames):
        data += gif_frame(5 + 10 * at, 4, np.full((8, 10), 50 + at, np.uint8))
    picture = read(data + b";", "image.gif")
    pixels = picture.pixels.reshape(n_frames, 20, 30, 4)
    for at, frame in enumerate(pixels):
        expected = np.zeros((20, 30), np.uint8)
        expected[4:12, 5 : 15 + 10 * at] = 255
        np.testing.assert_array_equal(frame[..., 3], expected)
        assert frame[4, 5].tolist() == [50, 9, 50, 255]
    if n_frames == 1:
        assert picture.notes == (
            "What the frame leaves of the GIF's screen is transparent, as browsers show it.",
        )
        assert count_colors(picture).colors.tolist() == [[50, 9, 50]]


def psd(channels, n_layers):
    channels = np.moveaxis(channels, -1, 0)
    n, height, width = channels.shape
    layers = b"" if n_layers is None else struct.pack(">h", n_layers)
    mask = struct.pack(">I", len(layers)) + layers if layers else b""
    head = b"8BPS" + struct.pack(">H6xHIIHH", 1, n, height, width, 8, 3)
    return head + bytes(8) + struct.pack(">I", len(mask)) + mask + b"\0\0" + channels.tobytes()


@pytest.mark.parametrize("n_layers", [None, 1])
def test_a_saved_selection_is_no_alpha(read, thumbnail, n_layers):
    picture = read(psd(np.dstack([thumbnail, thumbnail[..., 0]]), n_layers), "image.psd")
    np.testing.assert_array_equal(picture.pixels, thumbnail)
    assert "saved selection" in picture.notes[0]


def test_a_psd_of_inks_of_its_own_is_not_taken_for_gray(read, thumbnail, refused):
    data = bytearray(psd(thumbnail, None))
    data[24:26] = b"\0\7"
    with refused("inks of its own"):
        read(bytes(data), "image.psd")


def test_transparency_of_the_merged_picture_is_alpha(read, thumbnail):
    rgba = np.dstack([thumbnail, thumbnail[..., 0]])
    picture = read(psd(rgba, -1), "image.psd")
    np.testing.assert_array_equal(picture.pixels, rgba)
    assert picture.notes == ()


def test_png_of_16_bits_keeps_them(read, thumbnail):
    deep = thumbnail.astype(np.uint16) * 257 - (thumbnail > 0)
    for data in (deep, deep[..., 1], deep[..., :2], np.dstack([deep, deep[..., 0]])):
        pixels = read(imagecodecs.png_encode(np.ascontiguousarray(data))).pixels
        assert pixels.dtype == np.uint16
        if data.ndim == 2:
            data = data[..., np.newaxis]
        expected = {1: data[..., [0] * 3], 2: data[..., [0, 0, 0, -1]]}.get(data.shape[-1], data)
        np.testing.assert_array_equal(pixels, expected)


def test_frames_of_16_bits_are_read_with_8_and_that_is_told(read, thumbnail):
    frames = np.stack([thumbnail, thumbnail // 2]).astype(np.uint16) * 257
    picture = read(imagecodecs.apng_encode(frames))
    np.testing.assert_array_equal(picture.pixels, frames >> 8)
    assert picture.notes == ("Frames of 16 bits are read with 8.",)


@pytest.mark.parametrize("n_channels", [1, 3])
def test_the_transparent_color_of_a_png_of_16_bits_is_left_out(read, n_channels):
    colors = np.array([[[1, 2, 3], [4, 2, 3]]], np.uint16)[..., :n_channels] * 5000
    key = struct.pack(">3H", 5000, 10000, 15000)[: 2 * n_channels]
    pixels = read(with_chunk(imagecodecs.png_encode(colors), b"tRNS", key)).pixels
    np.testing.assert_array_equal(pixels[..., :3], np.broadcast_to(colors, (1, 2, 3)))
    np.testing.assert_array_equal(pixels[..., 3], [[0, 65535]])


@pytest.mark.parametrize("most", [1023, 65535])
def test_ppm_of_more_than_8_bits_keeps_them(read, most):
    values = np.linspace(0, most, 60).astype(">u2").reshape(4, 5, 3)
    pixels = read(f"P6 5 4 {most}\n".encode() + values.tobytes(), "image.ppm").pixels
    np.testing.assert_array_equal(pixels, np.rint(values * (65535 / most)))


def test_jpeg_2000_of_12_bits_keeps_them(read, thumbnail):
    values = thumbnail.astype(np.uint16) * 16
    data = imagecodecs.jpeg2k_encode(values, level=0, reversible=True, bitspersample=12)
    pixels = read(data, "image.jp2").pixels
    np.testing.assert_array_equal(pixels, np.rint(values * (65535 / 4095)))


def test_premultiplied_and_rare_modes(read, thumbnail):
    image = Image.fromarray(thumbnail)
    for mode, form in (("1", "PNG"), ("L", "BMP"), ("P", "GIF"), ("YCbCr", "JPEG")):
        expected = encoded(image.convert(mode), form)
        pixels = read(expected, f"image.{form.lower()}").pixels
        oracle = np.asarray(Image.open(io.BytesIO(expected)).convert("RGB"))
        np.testing.assert_array_equal(pixels, oracle)


@pytest.mark.parametrize("suffix", ["bmp", "tga", "qoi", "pcx", "ico", "dds", "webp", "jp2"])
def test_formats_without_loss_are_read_to_the_bit(read, thumbnail, suffix):
    forms = {"jp2": "JPEG2000"}
    keywords = {"ico": {"sizes": [(68, 47)]}, "webp": {"lossless": True}}.get(suffix, {})
    data = encoded(Image.fromarray(thumbnail), forms.get(suffix, suffix.upper()), **keywords)
    np.testing.assert_array_equal(read(data, f"image.{suffix}").pixels[..., :3], thumbnail)


def test_a_name_says_nothing_of_what_is_inside(read, thumbnail):
    for form in ("PNG", "TIFF", "BMP"):
        data = encoded(Image.fromarray(thumbnail), form)
        np.testing.assert_array_equal(read(data, "image.jpg").pixels, thumbnail)


@pytest.mark.parametrize("primaries", [None, "sRGB"])
def test_the_gamma_that_once_meant_srgb_means_it(read, thumbnail, primaries):
    png = with_chunk(encoded(Image.fromarray(thumbnail), "PNG"), b"gAMA", struct.pack(">I", 45455))
    if primaries:
        corners = (31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)
        png = with_chunk(png, b"cHRM", struct.pack(">8I", *corners))
    picture = read(png)
    np.testing.assert_array_equal(picture.pixels, thumbnail)
    assert picture.notes == ()


def test_srgb_and_profiles_count_before_gamma(read, thumbnail, spaces):
    profile = spaces["Display P3"].profile()
    plain = encoded(Image.fromarray(thumbnail), "PNG")
    gamma = struct.pack(">I", 100000)
    told = with_chunk(with_chunk(plain, b"gAMA", gamma), b"sRGB", b"\0")
    np.testing.assert_array_equal(read(told).pixels, thumbnail)
    embedded = encoded(Image.fromarray(thumbnail), "PNG", icc_profile=profile)
    expected = read(embedded).pixels
    both = read(with_chunk(embedded, b"gAMA", gamma))
    np.testing.assert_array_equal(both.pixels, expected)
    assert both.notes == ("Display P3 converted to sRGB.",)


def test_code_points_of_a_png_are_a_profile(read, thumbnail, spaces):
    stored = spaces["Display P3"].encode(thumbnail, np.uint8)
    plain = encoded(Image.fromarray(stored), "PNG")
    picture = read(with_chunk(plain, b"cICP", bytes([12, 13, 0, 1])))
    assert np.abs(picture.pixels.astype(int) - thumbnail).max() <= 2
    assert picture.notes == ("Display P3 converted to sRGB.",)
    assert read(with_chunk(plain, b"cICP", bytes([1, 13, 0, 1]))).notes == ()
    hdr = read(with_chunk(plain, b"cICP", bytes([9, 16, 0, 1])))
    np.testing.assert_array_equal(hdr.pixels, stored)
    assert hdr.notes == (HDR,)


@pytest.mark.parametrize("bits", [8, 16])
def test_the_narrow_range_of_video_is_spread(read, bits):
    """BT.2100's table 9: black is 16 and white is 235, of 8 bits; alpha is none of it."""
    levels = np.array([0, 16, 125.5, 235, 255]) * 2 ** (bits - 8)
    values = np.repeat(levels[np.newaxis, :, np.newaxis], 4, axis=2).astype(f"u{bits // 8}")
    data = imagecodecs.png_encode(values)
    picture = read(with_chunk(data, b"cICP", bytes([1, 13, 0, 0])))
    colors = picture.pixels[0, :, :3] / (2**bits - 1)
    np.testing.assert_allclose(colors, np.repeat([[0], [0], [0.5], [1], [1]], 3, 1), atol=0.003)
    np.testing.assert_array_equal(picture.pixels[..., 3], values[..., 3])
    assert picture.notes == (
        "The colors are of video's narrow range, which is spread over the whole one.",
    )


@pytest.mark.parametrize("brands", [b"heicmif1heic", b"mif1mif1miaf", b"phonmiafheic"])
def test_heic_asks_for_its_plugin(read, refused, monkeypatch, brands):
    """Whether it is the first brand of the file or another one."""
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    data = b"\0\0\0\x18ftyp" + brands[:4] + bytes(4) + brands[4:] + bytes(100)
    with refused('HEIC pictures need pillow-heif: pip install "napari-colorcluster[heif]".'):
        read(data, "image.heic")


def test_avif_asks_for_its_plugin(read, refused, monkeypatch, data):
    from PIL import features

    monkeypatch.setattr(features, "check", lambda feature: False)
    with refused("install Pillow 11.3 or later"):
        read((data / "avif.avif").read_bytes(), "image.avif")


def test_photos_of_phones_and_slides_are_taken_from_folders():
    assert {".heic", ".heif", ".avif", ".j2k", ".qptiff", ".psd", ".webp"} <= SUFFIXES


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a pipe with a name is Unix's")
def test_a_pipe_is_refused_at_once(tmp_path, refused):
    os.mkfifo(tmp_path / "x.png")
    with refused("neither a file nor a zarr's folder"):
        read_image(tmp_path / "x.png")


def test_a_file_that_is_not_there_says_so(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"^There is no file gone\.png\.$"):
        read_image(tmp_path / "gone.png")


def test_a_file_that_may_not_be_read_is_told_without_a_number(tmp_path, monkeypatch):
    (tmp_path / "x.png").write_bytes(b"x")

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.open", refuse)
    with pytest.raises(PermissionError, match=r"^x\.png cannot be read: Permission denied\.$"):
        read_image(tmp_path / "x.png")


def test_a_folder_that_is_no_zarr_is_refused(tmp_path, refused):
    (tmp_path / "x.png").mkdir()
    with refused("x.png is a folder, not an image or a zarr."):
        read_image(tmp_path / "x.png")
    with refused("No file is named."):
        read_image("")


def png_of(rows, header, *chunks):
    """A PNG of packed rows (Y, n_bytes) with a header's width, depth and color type."""
    width, depth, kind = header
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, len(rows), depth, kind, 0, 0, 0))
    data = zlib.compress(b"".join(b"\0" + row.tobytes() for row in rows))
    return b"".join(
        [b"\x89PNG\r\n\x1a\n", head, *chunks, chunk(b"IDAT", data), chunk(b"IEND", b"")]
    )


@pytest.mark.parametrize("depth", [1, 2, 4, 8])
def test_the_transparent_gray_of_a_png_of_every_depth_is_left_out(read, depth):
    gray = np.arange(32).reshape(2, 16) % 2**depth
    bits = (gray[..., np.newaxis] >> np.arange(depth)[::-1]) & 1
    rows = np.packbits(bits.reshape(2, -1).astype(bool), axis=1)
    pixels = read(png_of(rows, (16, depth, 0), chunk(b"tRNS", b"\0\1"))).pixels
    np.testing.assert_array_equal(pixels[..., 0], gray * (255 // (2**depth - 1)))
    np.testing.assert_array_equal(pixels[..., 3], np.where(gray == 1, 0, 255))


@pytest.mark.parametrize("most", [255, 1023, 65535])
@pytest.mark.parametrize("end", ["\n", ""])
def test_plain_ppm_is_read_as_its_numbers(read, most, end):
    values = np.linspace(0, most, 60).astype(int).reshape(4, 5, 3)
    words = "\n".join(" ".join(map(str, row.ravel())) + " # a row" for row in values)
    pixels = read(f"P3 5 4 {most}\n{words}{end}".encode(), "image.ppm").pixels
    scale = np.iinfo(pixels.dtype).max / most
    np.testing.assert_array_equal(pixels, np.rint(values * scale))
    assert pixels.dtype == (np.uint8 if most == 255 else np.uint16)


def test_gray_frames_keep_their_profile(read, thumbnail, dark_gray):
    frames = [Image.fromarray(thumbnail[..., channel]) for channel in range(2)]
    keywords = {"save_all": True, "append_images": frames[1:], "icc_profile": dark_gray}
    picture = read(encoded(frames[0], "PNG", **keywords))
    assert picture.notes == ("Test gray converted to sRGB.",)
    for frame, gray in zip(picture.pixels, frames, strict=True):
        still = read(encoded(gray, "PNG", icc_profile=dark_gray))
        np.testing.assert_array_equal(frame, still.pixels)


def test_the_still_that_stands_for_an_animation_is_no_frame(read, thumbnail):
    still, *frames = (Image.fromarray(thumbnail // part) for part in (1, 2, 3))
    keywords = {"save_all": True, "append_images": frames, "default_image": True}
    picture = read(encoded(still, "PNG", **keywords))
    np.testing.assert_array_equal(picture.pixels, np.stack([thumbnail // 2, thumbnail // 3]))
    assert "still image" in picture.notes[0]


def test_bits_of_a_psd_are_ink(read):
    ink = np.array([[1, 0, 0, 1, 1, 0, 1, 0]] * 3)
    head = b"8BPS" + struct.pack(">H6xHIIHH", 1, 1, 3, 8, 1, 0)
    rows = np.packbits(ink.astype(bool), axis=1).tobytes()
    pixels = read(head + bytes(12) + b"\0\0" + rows, "image.psd").pixels
    np.testing.assert_array_equal(pixels[..., 0], 255 - 255 * ink)


def test_what_cannot_be_opened_for_its_depth_says_so(read, refused):
    head = b"8BPS" + struct.pack(">H6xHIIHH", 1, 3, 3, 8, 16, 3)
    with refused("The PSD has 16 bits per channel; 8 are needed"):
        read(head + bytes(14) + bytes(3 * 8 * 6), "image.psd")
    deep = imagecodecs.jpeg8_encode(np.full((20, 30), 3000, np.uint16), bitspersample=12)
    with refused("The JPEG has 12 bits per channel; 8 are needed"):
        read(deep, "image.jpg")


def test_a_cut_avif_is_truncated_and_no_unknown_format(read, refused, data):
    whole = (data / "avif.avif").read_bytes()
    with refused("The file is damaged, truncated or in an unknown format."):
        read(whole[: len(whole) // 2], "image.avif")


def test_a_heic_without_its_beginning_may_be_damaged(read, refused):
    with refused("This file format is not supported, or its beginning is damaged"):
        read(bytes(300), "image.heic")


LONG = zlib.compress(bytes(3 << 20))
BAD_CHUNKS = {
    "gAMA": chunk(b"gAMA", b"\0\0"),
    "cHRM": chunk(b"cHRM", bytes(12)),
    "sRGB": chunk(b"sRGB", b""),
    "cICP": chunk(b"cICP", b"\1"),
    "eXIf": chunk(b"eXIf", b"garbage"),
    "iCCP": chunk(b"iCCP", b"x\0\0garbage"),
    "iTXt": chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + LONG),
    "tRNS": chunk(b"tRNS", b"\0"),
}


@pytest.mark.parametrize("name", BAD_CHUNKS)
def test_a_damaged_chunk_besides_the_pixels_is_left_out_and_told(read, thumbnail, name):
    plain = encoded(Image.fromarray(thumbnail), "PNG")
    picture = read(plain[:33] + BAD_CHUNKS[name] + plain[33:])
    np.testing.assert_array_equal(picture.pixels, thumbnail)
    assert picture.notes == (f"The file's {name} chunk is damaged or too large, and is ignored.",)


def test_texts_do_not_matter_whatever_is_in_them(read, thumbnail):
    plain = encoded(Image.fromarray(thumbnail), "PNG")
    wrong = chunk(b"tEXt", b"a\0b")[:-1] + b"x"
    hidden = chunk(b"tEXt", b"a\0\0\0\0\4cICP\1\x08\0\1 IDAT")
    for extra in (wrong, hidden, chunk(b"zTXt", b"a\0\0" + LONG)):
        picture = read(plain[:33] + extra + plain[33:] + b"appended")
        np.testing.assert_array_equal(picture.pixels, thumbnail)
        assert picture.notes == ()


def test_code_points_count_behind_a_text_that_names_the_pixels(read, thumbnail):
    plain = encoded(Image.fromarray(thumbnail), "PNG")
    text, points = chunk(b"tEXt", b"a\0IDAT"), chunk(b"cICP", bytes([12, 13, 0, 1]))
    assert read(plain[:33] + text + points + plain[33:]).notes == ("Display P3 converted to sRGB.",)


def test_a_profile_of_any_length_is_applied(read, thumbnail, spaces):
    stored = spaces["Display P3"].encode(thumbnail, np.uint8)
    profile = spaces["Display P3"].profile() + bytes(2 << 20)
    profile = struct.pack(">I", len(profile)) + profile[4:]
    picture = read(encoded(Image.fromarray(stored), "PNG", icc_profile=profile))
    assert np.abs(picture.pixels.astype(int) - thumbnail).max() <= 2


@pytest.mark.parametrize("gamma", [0, 1, 2_100_000_000])
def test_a_gamma_that_makes_no_sense_is_ignored(read, thumbnail, gamma):
    png = with_chunk(encoded(Image.fromarray(thumbnail), "PNG"), b"gAMA", struct.pack(">I", gamma))
    picture = read(png)
    np.testing.assert_array_equal(picture.pixels, thumbnail)
    assert "makes no sense and is ignored" in picture.notes[0]


@pytest.mark.parametrize(
    "lights",
    [
        (64000, 0) * 3,
        (64000, 33000) * 3,
        # Blue that has no luminance, blue beyond all lights, and a white that they do not mix to.
        (64000, 33000, 30000, 60000, 15000, 0),
        (64000, 33000, 30000, 60000, 95000, 6000),
        (64000, 33000, 60000, 35000, 65000, 30000),
    ],
)
def test_primaries_that_make_no_sense_are_ignored(read, thumbnail, lights):
    corners = struct.pack(">8I", 31270, 32900, *lights)
    picture = read(with_chunk(encoded(Image.fromarray(thumbnail), "PNG"), b"cHRM", corners))
    np.testing.assert_array_equal(picture.pixels, thumbnail)
    assert "make no sense and are ignored" in picture.notes[0]


def test_damaged_metadata_is_a_note_and_no_warning(read, thumbnail):
    image = Image.fromarray(thumbnail)
    cut = Image.Exif()
    cut[0x112] = 6
    for form, exif in (("JPEG", cut.tobytes()[:20]), ("WEBP", b"Exif\0\0garbage!")):
        data = encoded(image, form, exif=exif)
        assert read(data, f"image.{form}").notes == (
            "The file's metadata is damaged and is ignored in part.",
        )
    data = encoded(image, "JPEG")
    segment = b"MPF\0garbage"
    segment = b"\xff\xe2" + struct.pack(">H", len(segment) + 2) + segment
    assert "metadata is damaged" in read(data[:2] + segment + data[2:], "image.jpg").notes[0]
