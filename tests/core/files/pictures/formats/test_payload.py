"""The bytes of a file that hold pixels, whatever else is in it."""

import pytest
from PIL import Image

from napari_colorcluster.core.files.pictures.formats.payload import payload_bytes


@pytest.fixture
def count(tmp_path, thumbnail):
    def count(form, more=b"", **options):
        path = tmp_path / "image"
        Image.fromarray(thumbnail).save(path, form, **options)
        path.write_bytes(path.read_bytes() + more)
        return payload_bytes(path, form), path.stat().st_size

    return count


@pytest.mark.parametrize("n_bytes", [4000, 4001])
@pytest.mark.parametrize(
    ("form", "options", "told"),
    [
        ("JPEG", {}, "icc_profile"),
        ("GIF", {}, "comment"),
        ("WEBP", {}, "icc_profile"),
        ("WEBP", {"lossless": True}, "icc_profile"),
        ("AVIF", {}, "icc_profile"),
    ],
)
def test_a_profile_or_comment_holds_none(count, form, options, told, n_bytes):
    plain, n_plain = count(form, **options)
    assert 0.5 * n_plain < plain < n_plain
    found, n_all = count(form, **{told: b"," * n_bytes}, **options)
    assert n_all >= n_plain + n_bytes
    assert found == plain


@pytest.mark.parametrize("form", ["JPEG", "GIF", "WEBP", "AVIF"])
def test_what_is_appended_holds_none(count, form):
    plain, n_plain = count(form)
    assert count(form, more=bytes(5000)) == (plain, n_plain + 5000)


def test_of_other_formats_all_bytes_count(count):
    n_bytes, n_all = count("BMP", more=bytes(9))
    assert n_bytes == n_all


@pytest.fixture
def altered(tmp_path, thumbnail):
    """Count in a file as Pillow writes it, and once its bytes are altered."""

    def altered(form, alter, **options):
        path = tmp_path / "image"
        Image.fromarray(thumbnail).save(path, form, **options)
        plain = path.read_bytes()
        before = payload_bytes(path, form)
        path.write_bytes(alter(plain))
        return before, payload_bytes(path, form)

    return altered


def test_bytes_that_fill_up_before_a_marker_of_a_jpeg_are_no_marker(altered):
    plain, found = altered("JPEG", lambda data: data.replace(b"\xff\xdb", b"\xff\xff\xff\xff\xdb"))
    assert found == plain


def test_a_jpeg_without_a_scan_may_hold_pixels_anywhere(altered):
    _, found = altered("JPEG", lambda data: data[: data.index(b"\xff\xda")].ljust(700, b"\xff"))
    assert found == 700


def test_an_image_of_a_gif_that_ends_in_its_descriptor_has_none(altered):
    plain, found = altered("GIF", lambda data: data[:-1] + b",\0\0;")
    assert found == plain


def blocks_of_gif(path):
    """The image's blocks in a GIF of one: from where Pillow begins to decode to the last 0."""
    with Image.open(path) as image:
        ((_, _, start, _),) = image.tile
    return start, path.stat().st_size - len(b"\0;") - start


@pytest.mark.parametrize("n_colors", [2, 3, 16, 256])
def test_the_blocks_of_a_gif_begin_behind_as_many_colors_as_it_has(tmp_path, thumbnail, n_colors):
    path = tmp_path / "image.gif"
    Image.fromarray(thumbnail).quantize(n_colors).save(path)
    _, n_bytes = blocks_of_gif(path)
    assert payload_bytes(path, "GIF") == n_bytes


@pytest.mark.parametrize(
    ("flags", "n_colors"), [(0x80, 2), (0x87, 256), (0x20, 0), (0x07, 0), (0x47, 0)]
)
def test_an_image_of_a_gif_may_have_colors_of_its_own(tmp_path, thumbnail, flags, n_colors):
    path = tmp_path / "image.gif"
    Image.fromarray(thumbnail[..., 0]).quantize(2).save(path)
    data = path.read_bytes()
    start, n_bytes = blocks_of_gif(path)
    # Before the blocks stand the flags, the colors, and the least size of codes.
    colors = bytes(range(3)) * n_colors
    path.write_bytes(data[: start - 2] + bytes([flags]) + colors + data[start - 1 :])
    assert blocks_of_gif(path) == (start + len(colors), n_bytes)
    assert payload_bytes(path, "GIF") == n_bytes


def with_wide_size(data):
    """The box ``mdat`` with its size in eight bytes."""
    at = data.index(b"mdat") - 4
    size = int.from_bytes(data[at : at + 4], "big")
    wide = (1).to_bytes(4, "big") + b"mdat" + (size + 8).to_bytes(8, "big")
    return data[:at] + wide + data[at + 8 :]


def test_boxes_may_tell_their_size_in_eight_bytes(altered):
    plain, found = altered("AVIF", with_wide_size)
    assert found == plain


def test_after_a_box_that_claims_less_than_its_head_there_are_none(altered):
    plain, found = altered("AVIF", lambda data: data + b"\0\0\0\7free" + b"\0\0\0\x10mdat12345678")
    assert found == plain
    plain, found = altered("AVIF", lambda data: data + b"\0\0\0\x10mdat12345678")
    assert found == plain + 8


def test_the_last_tile_of_a_jpeg_2000_may_be_all_that_follows(altered):
    def open_ended(data):
        at = data.rindex(b"\xff\x90\0\x0a") + 6
        return data[:at] + bytes(4) + data[at + 4 :]

    plain, found = altered("JPEG2000", open_ended, tile_size=(32, 32))
    # The mark of the end is among it.
    assert found == plain + 2
