"""Boxes that tell colors, byte by byte."""

import pytest

from napari_colorcluster.core.files.pictures.formats.color_box import described_by
from napari_colorcluster.core.files.pictures.formats.described import from_cicp


@pytest.fixture
def described(tmp_path):
    def described(body, kind, before=b"\0\0\0\x0cftyp1234", size=None):
        path = tmp_path / "image"
        size = 8 + len(body) if size is None else size
        path.write_bytes(before + size.to_bytes(4, "big") + b"colr" + body + b"what follows")
        return described_by(path, kind)

    return described


@pytest.mark.parametrize("kind", ["AVIF", "HEIF"])
def test_numbers_of_primaries_and_curve_are_those_of_cicp(described, kind):
    p3 = described(b"nclx\0\x0c\0\x0d\0\0\x80", kind)
    assert p3 == from_cicp(12, 13)
    assert p3 is not None
    assert p3 != described(b"nclx\0\x09\0\x10\0\x09\x80", kind) == from_cicp(9, 16)


@pytest.mark.parametrize(
    "body", [b"prof a profile, which Pillow tells", b"rICCetc.", b"nclx\0\x0c"]
)
def test_another_box_tells_nothing(described, body):
    assert described(body, "AVIF") is None


def test_a_profile_of_jpeg_2000_ends_with_its_box(described):
    assert described(b"\2\0\0a profile", "JPEG2000") == (b"a profile", "")
    # By number: that of sRGB.
    assert described(b"\1\0\0\0\0\0\x10", "JPEG2000") is None


def test_without_a_box_there_is_nothing(tmp_path):
    path = tmp_path / "image"
    for data in (b"", b"no color", b"olrcolr nclx\0\x0c\0\x0d"):
        path.write_bytes(data)
        assert described_by(path, "AVIF") is None
