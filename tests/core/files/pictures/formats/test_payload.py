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
