"""GIMP's palettes, held against the published format and against files of other programs."""

import numpy as np
import pytest

from napari_colorcluster import Palette, read_palette
from napari_colorcluster.core.files.palettes import gpl

# As https://developer.gimp.org/core/standards/gpl describes it.
WRITTEN = b"""GIMP Palette
Name: Leaf
Columns: 0
#
107  63  42\tbrown
  0   0 255\tlight blue
"""


def test_the_bytes_are_those_of_the_published_format():
    palette = Palette([[107, 63, 42], [0, 0, 255]], [2, 1], ["brown", "light blue"])
    assert gpl.render(palette, "Leaf") == WRITTEN


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_and_marks(end, mark):
    data = (mark + WRITTEN.decode()).replace("\n", end).encode()
    palette = gpl.parse(data)
    assert palette.names == ("brown", "light blue")
    assert palette.hex == ("#6b3f2a", "#0000ff")
    assert palette.pixels.tolist() == [0, 0]
    assert gpl.recognizes(data[:30])


def test_comments_blanks_missing_names_and_old_headers():
    text = """GIMP Palette
#Palette of 2003, before there were names of palettes

\t 255   0\t0    deep   red # not a comment
0 128 0
  # indented
 0 0 255\tUntitled
10 20 30 40 gray
"""
    palette = gpl.parse(text.encode())
    assert palette.hex == ("#ff0000", "#008000", "#0000ff", "#0a141e")
    assert palette.names[0] == "deep   red # not a comment"
    assert palette.names[1]
    assert palette.names[2] not in ("", "Untitled")
    assert palette.names[3] == "40 gray"
    assert palette.labels.tolist() == [1, 2, 3, 4]


def test_the_opacity_that_aseprite_writes_is_no_name():
    text = "GIMP Palette\nChannels: RGBA\n#\n  0   0   0   0 Transparent\n254  91  89 255 Red\n"
    palette = gpl.parse(text.encode())
    np.testing.assert_array_equal(palette.colors, [[0, 0, 0], [254, 91, 89]])
    assert palette.names == ("Transparent", "Red")


def test_a_color_may_be_named_as_a_header():
    palette = gpl.parse(b"GIMP Palette\n1 2 3 Name: x\n4 5 6 Columns: 4\n")
    assert palette.names == ("Name: x", "Columns: 4")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("JASC-PAL\n0100\n", "line 1 must be 'GIMP Palette', got 'JASC-PAL'"),
        ("GIMP Palette\nName: a\n#\n1 2 3\n1 256 3\n", "line 5 has green '256', which"),
        ("GIMP Palette\n1 -2 3\n", "line 2 has green '-2'"),
        ("GIMP Palette\n1 2\n", "line 2 needs 3 integers in 0..255, got '1 2'"),
        ("GIMP Palette\nChannels: RGBA\n1 2 3\n", "line 3 needs 4 integers"),
        ("GIMP Palette\n1 2 red\n", "line 2 has blue 'red'"),
        ("GIMP Palette\n1 2 3\nName: late\n", "line 3 needs 3 integers"),
        ("GIMP Palette\nName: empty\n#\n", "it has no colors"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path, refused, text, said):
    path = tmp_path / "wrong.gpl"
    path.write_text(text)
    with refused(f"Cannot read 'wrong.gpl': {said}"):
        read_palette(path)
