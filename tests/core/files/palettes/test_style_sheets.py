"""Palettes for the web: what is written is what designers write, and theirs is read."""

import pytest

from napari_colorcluster import Palette, read_palette
from napari_colorcluster.core.files.palettes import FORMATS

PALETTE = Palette(
    [[241, 217, 194], [107, 63, 42], [0, 0, 255], [1, 2, 3]],
    [4, 3, 2, 1],
    ["light peach", "Été 2", "light peach 2", "*/ {"],
)


def written(suffix):
    return FORMATS[suffix].render(PALETTE, "leaf").decode().splitlines()


def test_css_is_written_as_custom_properties():
    assert written(".css") == [
        "/* leaf */",
        ":root {",
        "  --light-peach: #f1d9c2;",
        "  --ete-2: #6b3f2a; /* Été 2 */",
        "  --light-peach-2: #0000ff;",
        "  --color: #010203; /* *\\/ { */",
        "}",
    ]


def test_a_theme_of_tailwind_has_its_names():
    lines = written(".tailwind.css")
    assert lines[1:3] == ["@theme {", "  --color-light-peach: #f1d9c2;"]


def test_sass_and_plain_lists():
    assert written(".scss")[:3] == [
        "// leaf",
        "$light-peach: #f1d9c2;",
        "$ete-2: #6b3f2a; // Été 2",
    ]
    assert written(".hex") == ["f1d9c2", "6b3f2a", "0000ff", "010203"]


CSS = """
/* --not-this: #000000; */
:root { --brand: #ABC; --gap: 4px; --ink: rgb(1, 2, 3) /* black */; --dusk:rgb(9 8 7) }
@theme { --color-sky-blue: #87ceeb; /* not the sea */ }
.a { color: #ffffff; }
"""


@pytest.mark.parametrize("name", ["site.css", "site.tailwind.css"])
def test_css_of_others_is_read(tmp_path, name):
    (tmp_path / name).write_text(CSS)
    palette = read_palette(tmp_path / name)
    assert palette.hex == ("#aabbcc", "#010203", "#090807", "#87ceeb")
    assert palette.names == ("brand", "ink", "dusk", "not the sea")


def test_sass_and_lists_of_others_are_read(tmp_path):
    lines = ["$brand: #ABC !default;", "$gap: 4px;", "  $ink : rgb(1, 2, 3); // the ink", ".a { }"]
    (tmp_path / "site.scss").write_text("\n".join(lines))
    palette = read_palette(tmp_path / "site.scss")
    assert (palette.hex, palette.names) == (("#aabbcc", "#010203"), ("brand", "the ink"))
    (tmp_path / "site.hex").write_text("#AABBCC\r\n\r\n010203\n")
    assert read_palette(tmp_path / "site.hex").hex == ("#aabbcc", "#010203")


def test_what_is_wrong_is_said_with_its_line(tmp_path, refused):
    for name, text, said in (
        ("a.css", "a { color: #fff; }", "it has no colors"),
        ("a.scss", "$a: 4px;", "it has no colors"),
        ("a.hex", "aabbcc\n\n:10010000\n", "line 3 must be a color as rrggbb, got ':10010000'"),
        ("b.css", ":root {\n--a: rgb(1, 2, 300);\n}", "line 2 has blue '300'"),
    ):
        (tmp_path / name).write_text(text)
        with refused(said):
            read_palette(tmp_path / name)


@pytest.mark.parametrize(
    ("value", "color"),
    [
        ("RebeccaPurple", "#663399"),
        ("#f00f", "#ff0000"),
        ("rgb(10%, 20%, 30%)", "#1a334d"),
        ("rgb(10% 20% 30% / 1)", "#1a334d"),
        ("rgba(1,2,3,1.0)", "#010203"),
        ("hsl(120deg 100% 25%)", "#008000"),
        ("hsla(240, 100%, 50%, 100%)", "#0000ff"),
        # As Chromium shows them; the last is red-500 of Tailwind 4, beyond what sRGB has.
        ("oklch(62.8% 0.2577 29.23)", "#ff0000"),
        ("oklab(0.5 0 0)", "#636363"),
        ("oklch(0.637 0.237 25.331)", "#fb2c36"),
    ],
)
@pytest.mark.parametrize(("suffix", "sigil"), [(".css", "--"), (".scss", "$")])
def test_colors_are_read_in_all_ways_that_are_well_defined(tmp_path, suffix, sigil, value, color):
    (tmp_path / f"a{suffix}").write_text(f"{sigil}font: serif;\n{sigil}a: {value};\n")
    assert read_palette(tmp_path / f"a{suffix}").hex == (color,)


@pytest.mark.parametrize(
    "value",
    [
        *("#12345", "#ff000080", "rgb(1 2 3 / 50%)", "rgba(0, 0, 0, .5)", "hsl(a, b, c)"),
        *("hwb(120 10% 10%)", "color-mix(in srgb, var(--b), red)", "oklch(1 2)", "rgb(nan 1 1)"),
        *("hsl(0.5turn 10% 10%)", "lab(50% 20 20)", "color(display-p3 1 0 0)", "rgb(-1 2 3)"),
        *("oklab(nan 0 0)", "oklch(0.5 0.1 10%)", "rgb(from red r g b)"),
    ],
)
@pytest.mark.parametrize(("suffix", "sigil"), [(".css", "--"), (".scss", "$")])
def test_no_color_is_dropped_without_a_word(tmp_path, refused, suffix, sigil, value):
    (tmp_path / f"a{suffix}").write_text(f"{sigil}a: #fff;\n{sigil}b: {value};\n")
    with refused(f"line 2 has the color {value}, which is not read: write it as #rrggbb."):
        read_palette(tmp_path / f"a{suffix}")
