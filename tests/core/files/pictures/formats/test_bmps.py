"""Colors of BMPs, by headers that are written here as Windows GDI's documents have them."""

import struct

import numpy as np
import pytest

from napari_colorcluster.core.files.pictures.read import read_image


@pytest.fixture
def read(tmp_path, thumbnail):
    """Read the thumbnail in a BMP whose header ends with these bytes."""

    def read(colors, profile=b""):
        height, width = thumbnail.shape[:2]
        rows = np.zeros((height, width * 3 + -width * 3 % 4), np.uint8)
        rows[:, : width * 3] = thumbnail[::-1, :, ::-1].reshape(height, -1)
        size = 40 + 16 + len(colors)
        head = struct.pack("<IiiHHIIiiII", size, width, height, 1, 24, 0, 0, 0, 0, 0, 0)
        head += bytes(16) + colors
        file = struct.pack("<2sIHHI", b"BM", 0, 0, 0, 14 + size)
        (tmp_path / "image.bmp").write_bytes(file + head + rows.tobytes() + profile)
        return read_image(tmp_path / "image.bmp")

    return read


def calibrated(lights, gamma):
    numbers = [round(number * 2**30) for number in np.ravel(lights)]
    return struct.pack("<4s9i3I", b"", *numbers, *[round(gamma * 2**16)] * 3)


def primaries(space):
    """X, Y and Z of a space's red, green and blue under its own white."""
    corners = np.array([(x / y, 1, (1 - x - y) / y) for x, y in (space.white, *space.primaries)])
    return corners[1:] * np.linalg.solve(corners[1:].T, corners[0])[:, np.newaxis]


def embedded(length, start=124):
    return b"DEBM" + bytes(48 + 4) + struct.pack("<3I", start, length, 0)


def test_an_embedded_profile_is_applied(read, thumbnail, spaces):
    space = spaces["Display P3"]
    profile = space.profile()
    start = 124 + thumbnail.shape[0] * (thumbnail.shape[1] * 3 + -thumbnail.shape[1] * 3 % 4)
    picture = read(embedded(len(profile), start), profile)
    assert picture.notes == ("Display P3 converted to sRGB.",)
    # The way back, where the colors are not beyond sRGB.
    inside = ((picture.pixels > 0) & (picture.pixels < 255)).all(axis=-1)
    back = space.encode(picture.pixels, np.uint8)
    assert np.abs(back.astype(int) - thumbnail)[inside].max() <= 2


@pytest.mark.parametrize(("start", "length"), [(2**31, 500), (124, 500), (2**31, 2**32 - 1)])
def test_a_profile_that_is_not_there_is_told(read, thumbnail, start, length):
    picture = read(embedded(length, start))
    np.testing.assert_array_equal(picture.pixels, thumbnail)
    assert "color profile is damaged" in picture.notes[0]


def test_gamma_and_primaries_are_those_of_png(read, thumbnail, spaces):
    space = spaces["Adobe RGB (1998)"]
    picture = read(calibrated(primaries(space), space.gamma))
    assert picture.notes == ("Gamma 0.4547 with primaries of its own converted to sRGB.",)
    inside = ((picture.pixels > 0) & (picture.pixels < 255)).all(axis=-1)
    back = space.encode(picture.pixels, np.uint8)
    assert np.abs(back.astype(int) - thumbnail)[inside].max() <= 2


@pytest.mark.parametrize("kind", ["srgb", "none", "zeros", "a gamma alone"])
def test_what_is_srgb_or_says_nothing_stays(read, thumbnail, spaces, kind):
    colors = {
        "srgb": calibrated(primaries(spaces["sRGB"]), 2.2),
        "none": b"BGRs" + bytes(48),
        "zeros": bytes(52),
        "a gamma alone": calibrated(np.zeros(9), 1.0),
    }[kind]
    picture = read(colors)
    np.testing.assert_array_equal(picture.pixels, thumbnail)
    assert picture.notes == ()


def test_numbers_that_make_no_sense_are_ignored_and_told(read, thumbnail):
    picture = read(b"\0\0\0\0" + b"\xff" * 48)
    np.testing.assert_array_equal(picture.pixels, thumbnail)
    assert all("make no sense" in note or "makes no sense" in note for note in picture.notes)
    assert len(picture.notes) == 2
    assert "The file's primaries make no sense and are ignored." in picture.notes
