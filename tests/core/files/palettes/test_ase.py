"""Adobe's swatches, held against the published layout, byte for byte, and LittleCMS's colors."""

import re
import struct

import numpy as np
import pytest
from PIL import Image, ImageCms

from napari_colorcluster import Palette, read_palette
from napari_colorcluster.core.files.palettes import ase

# The layout of http://iamacamera.org/default.aspx?id=109: signature, version 1.0, one block;
# a color of 28 bytes; a name of 4 units, 0 the last; the model, three floats, normal.
RED = bytes.fromhex(
    """41534546 0001 0000 00000001
       0001 0000001C 0004 0052 0065 0064 0000 52474220 3F800000 00000000 00000000 0002"""
)
# The same in a group "Ink".
GROUPED = bytes.fromhex(
    """41534546 0001 0000 00000003
       C001 0000000A 0004 0049 006E 006B 0000
       0001 0000001C 0004 0052 0065 0064 0000 52474220 3F800000 00000000 00000000 0002
       C002 00000000"""
)
# A gray of no name; a group "Ink" with a CMYK color "C 1", one in Lab of no name and with 2 bytes
# more than are known, and an unknown block; after the group's end one in RGB, spot; then rest.
MIXED = bytes.fromhex(
    """41534546 0001 0000 00000007
       0001 0000000E 0001 0000 47726179 3F000000 0000
       C001 0000000A 0004 0049 006E 006B 0000
       0001 0000001E 0003 0043 0020 0031 434D594B 3F800000 3F000000 00000000 3E800000
            0000
       0001 00000016 0000 4C414220 3F000000 42700000 C2200000 0002 ABCD
       0007 00000003 010203
       C002 00000000
       0001 0000001A 0003 00C9 D83C DF08 52474220 00000000 3F000000 40000000 0001
       0000"""
)


def test_the_bytes_are_those_of_the_published_layout():
    assert ase.render(Palette([[255, 0, 0]], [1], ["Red"]), "Ink") == GROUPED
    assert ase.parse(GROUPED) == ase.parse(RED)
    assert ase.parse(RED) == Palette([[255, 0, 0]], [0], ["Red"])


def test_names_end_at_their_padding():
    text = "Green".encode("utf-16-be") + b"\0\0" * 3
    block = struct.pack(">H", 8) + text + b"RGB " + struct.pack(">3fH", 0, 1, 0, 2)
    data = struct.pack(">4sHHIHI", b"ASEF", 1, 0, 1, 1, len(block)) + block
    assert ase.parse(data).names == ("Green",)


def test_all_models_with_and_without_groups():
    with pytest.warns(UserWarning, match="CMYK without a profile"):
        palette = ase.parse(MIXED)
    assert len(palette) == 4
    assert palette.hex[0] == "#808080"
    assert palette.hex[1] == "#0060bf"  # (1 - 1, 1 - 0.5, 1 - 0) × 0.75
    assert palette.hex[3] == "#0080ff"  # what is beyond 1 counts as 1
    assert palette.names[1] == "C 1"
    assert palette.names[3] == "É\N{RAINBOW}"
    assert all(palette.names)
    assert palette.pixels.tolist() == [0, 0, 0, 0]


def lab_block(values):
    block = struct.pack(">H4s3fH", 0, b"LAB ", *values, 2)
    return struct.pack(">HI", 1, len(block)) + block


def ase_of(labs):
    return struct.pack(">4sHHI", b"ASEF", 1, 0, len(labs)) + b"".join(map(lab_block, labs))


def test_lab_is_what_color_management_makes_of_it():
    lab, srgb = ImageCms.createProfile("LAB", 5000), ImageCms.createProfile("sRGB")
    levels = np.random.default_rng(0).integers(40, 216, (1, 60, 3), np.uint8)
    how = {"renderingIntent": 1, "flags": ImageCms.Flags.NOOPTIMIZE}
    there = ImageCms.buildTransform(srgb, lab, "RGB", "LAB", **how)
    back = ImageCms.buildTransform(lab, srgb, "LAB", "RGB", **how)
    coded = ImageCms.applyTransform(Image.fromarray(levels), there)
    expected = np.asarray(ImageCms.applyTransform(coded, back))[0].astype(int)
    lightness, *others = np.moveaxis(np.asarray(coded)[0], -1, 0)
    points = np.stack([lightness / 255, *(each.view(np.int8) for each in others)], axis=-1)
    colors = ase.parse(ase_of(points.tolist())).colors
    assert np.abs(colors - expected).max() <= 1


@pytest.mark.parametrize("lab", [(0, 0, 0), (1, 0, 0), (0, 127, 127), (1, -128, 127), (9, 1e30, 0)])
def test_lab_beyond_all_colors_is_clipped(lab):
    color = ase.parse(ase_of([lab])).colors[0].tolist()
    if not any(lab[1:]):
        assert color == [255 * lab[0]] * 3


@pytest.mark.parametrize("length", range(len(MIXED) - 2))
def test_a_truncated_file_is_refused_with_its_byte(length):
    with pytest.raises(ValueError, match=r"byte \d+ ") as caught:
        ase.parse(MIXED[:length])
    assert int(re.search(r"byte (\d+)", str(caught.value))[1]) <= length


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"*3DSMAX_ASCIIEXPORT\t200", "byte 0 should begin the signature 'ASEF'"),
        (RED[:4] + b"\0\2" + RED[6:], "byte 4 has version 2.0, but only 1.0 is supported"),
        (RED.replace(b"RGB ", b"HSB "), "byte 28 has the color model 'HSB ', but only 'RGB '"),
        (RED.replace(b"\0\x04\0R", b"\0\x99\0R"), "byte 18 begins a name longer than its block"),
        (RED.replace(b"\x3f\x80", b"\x7f\xc0"), "byte 32 begins a color that is not finite"),
        (RED.replace(b"\0\x1c\0", b"\0\x1d\0"), "byte 12 begins a block of 29 bytes"),
        (RED.replace(b"\0\x1c\0", b"\0\x12\0"), "byte 32 should begin a color"),
        (RED[:8] + b"\0\0\0\0", "it has no colors"),
    ],
)
def test_what_is_wrong_is_said_with_its_byte(tmp_path, refused, data, said):
    path = tmp_path / "wrong.ase"
    path.write_bytes(data)
    with refused(f"Cannot read 'wrong.ase': {said}"):
        read_palette(path)


def test_a_name_that_is_too_long_is_refused(tmp_path, refused):
    path = tmp_path / "long.ase"
    with refused("at most 65,534 characters, got 65,535"):
        Palette([[1, 2, 3]], [1], ["x" * 65_535]).write(path)
    assert not path.exists()
    ase.parse(ase.render(Palette([[1, 2, 3]], [1], ["x" * 65_534]), ""))
