"""Photoshop's swatches, by the layout that Adobe publishes and by LittleCMS."""

import struct

import numpy as np
import pytest
from PIL import Image, ImageCms

from napari_colorcluster import Palette
from napari_colorcluster.core.files.palettes import aco

# Version 1, one color, RGB 255 0 0; version 2, the same with its name of 4 units, 0 the last.
RED = bytes.fromhex(
    """0001 0001 0000 FFFF 0000 0000 0000
       0002 0001 0000 FFFF 0000 0000 0000 00000004 0052 0065 0064 0000"""
)
FIRST = RED[:14]
SECOND = RED[14:]


def swatches(*colors):
    """A section of version 1."""
    return struct.pack(">HH", 1, len(colors)) + b"".join(
        struct.pack(">H", model) + struct.pack(f">{layout}", *values)
        for model, layout, values in colors
    )


def test_the_bytes_are_those_of_the_published_layout():
    assert aco.render(Palette([[255, 0, 0]], [1], ["Red"]), "title") == RED
    for data in (RED, SECOND):
        assert aco.parse(data) == Palette([[255, 0, 0]], [0], ["Red"])
    assert aco.parse(FIRST).hex == ("#ff0000",)
    assert aco.parse(FIRST + b"rest").hex == ("#ff0000",)


def test_every_model_is_read():
    data = swatches(
        (0, "4H", (0x8080, 0, 0xFFFF, 0)),
        (1, "4H", (0x5555, 0xFFFF, 0xFFFF, 0)),  # a hue of 120°
        (2, "4H", (0, 0x8000, 0xFFFF, 0xFFFF)),  # full cyan, half magenta
        (8, "4H", (5000, 0, 0, 0)),
    )
    with pytest.warns(UserWarning, match="CMYK without a profile"):
        palette = aco.parse(data)
    assert palette.hex == ("#8000ff", "#00ff00", "#0080ff", "#808080")


def test_lab_is_what_color_management_makes_of_it():
    lab = np.array([[6500, 2000, -3000], [3000, -1000, 500], [10000, 0, 0]])
    read = aco.parse(swatches(*((7, "H3h", (*each, 0)) for each in lab.tolist()))).colors
    profiles = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    how = {"renderingIntent": 1, "flags": ImageCms.Flags.NOOPTIMIZE}
    transform = ImageCms.buildTransform(*profiles, "LAB", "RGB", **how)
    # Pillow's 8 bits: L* from 0 to 255, and a* and b* as bytes with a sign.
    scaled = np.rint(lab / 100 * [2.55, 1, 1]).astype(np.int16).astype(np.uint8)
    picture = Image.frombytes("LAB", (len(lab), 1), scaled.tobytes())
    expected = np.asarray(ImageCms.applyTransform(picture, transform))[0]
    assert np.abs(read.astype(int) - expected).max() <= 2


@pytest.mark.parametrize("length", range(1, len(SECOND)))
def test_a_truncated_file_is_refused_with_its_byte(length):
    with pytest.raises(ValueError, match=r"^byte \d+ should begin .* bytes are left\.$"):
        aco.parse(SECOND[:length])


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\0\3\0\1" + RED[4:14], "byte 0 has version 3"),
        (b"\0\1\0\1\0\x09" + RED[6:14], "byte 4 has the color model 9"),
        (b"\0\1\0\0", "it has no colors"),
        (SECOND[:14] + b"\xff" + SECOND[15:], "byte 14 has a name of"),
    ],
)
def test_what_is_wrong_is_said_with_its_byte(refused, data, said):
    with refused(said):
        aco.parse(data)


def test_only_swatches_are_recognized():
    assert aco.recognizes(RED)
    for other in (b"", b"\0\1\0", b"\0\1\0\0\0\0", b"ASEF\0\1", b"\0\1\0\1\0\x33"):
        assert not aco.recognizes(other)
