"""What all formats of palette files have in common: written, read back, equal, or refused."""

import os
import unicodedata

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from napari_colorcluster import (
    ColorClustering,
    Palette,
    cluster_colors,
    read_clustering,
    read_palette,
)
from napari_colorcluster.core.color.names import color_names
from napari_colorcluster.core.files.palettes import (
    FORMATS,
    is_palette,
    read_as_clustering,
    title_of,
)

KEEPS_ALL = {".csv", ".json"}
KEEPS_NO_NAMES = {".hex"}


def is_plain(name):
    """Whether a name is one that every format can hold as it is."""
    controls = any(unicodedata.category(each) == "Cc" for each in name)
    return bool(name) and name == name.strip() and name != "Untitled" and not controls


channel = st.integers(0, 255)
rows = st.tuples(
    st.tuples(channel, channel, channel),
    st.integers(0, 10**15),
    st.text(min_size=1, max_size=12).filter(is_plain),
    st.integers(1, 65_535),
)


@pytest.fixture
def palette():
    colors = [[107, 63, 42], [239, 227, 200], [0, 0, 255]]
    return Palette(colors, [50, 30, 20], ["brown", "bone, old", "blue"], [2, 7, 1])


@pytest.mark.parametrize("suffix", FORMATS)
@given(rows=st.lists(rows, min_size=1, max_size=20, unique_by=lambda row: row[3]))
@example(rows=[((0, 0, 0), 0, name, 1) for name in ["7 8"]])
@example(rows=[((9, 9, 9), 0, "*/ --a: #fff; /*", 1), ((8, 8, 8), 0, "\\*/\\", 2)])
@example(rows=[((9, 9, 9), 0, "light peach", 1), ((8, 8, 8), 0, "Light  Peach 2", 2)])
@example(rows=[((1, 2, 3), 5, '"', 3), ((1, 2, 3), 0, "a;b\N{NO-BREAK SPACE}c", 2)])
@example(rows=[((9, 9, 9), 1, "#\N{LINE SEPARATOR}é\N{RAINBOW}", 9)])
def test_what_is_written_is_read_back(suffix, rows):
    colors, pixels, names, labels = zip(*rows, strict=True)
    palette = Palette(colors, pixels, names, labels)
    again = FORMATS[suffix].parse(FORMATS[suffix].render(palette, "a title"))
    if suffix in KEEPS_ALL:
        assert again == palette
    elif suffix in KEEPS_NO_NAMES:
        assert again == Palette(colors, [0] * len(colors), color_names(again.colors))
    else:
        assert again == Palette(colors, [0] * len(colors), names)


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_name_with_line_ends_harms_no_other_color(suffix):
    palette = Palette([[1, 2, 3], [4, 5, 6]], [1, 1], ["a\r\n7 7 7\tb\n", "c"])
    again = FORMATS[suffix].parse(FORMATS[suffix].render(palette, "two\nlines"))
    np.testing.assert_array_equal(again.colors, palette.colors)
    assert again.names[1] == "c" or suffix in KEEPS_NO_NAMES


@pytest.mark.parametrize("suffix", FORMATS)
def test_files_are_written_and_read(tmp_path, palette, suffix):
    path = tmp_path / f"My palette{suffix.upper()}"
    palette.write(path)
    again = read_palette(str(path))
    assert again.hex == palette.hex
    assert again.names == palette.names or suffix in KEEPS_NO_NAMES
    assert (again == palette) == (suffix in KEEPS_ALL)
    assert is_palette(path)
    assert os.listdir(tmp_path) == [path.name]


@pytest.mark.parametrize("suffix", sorted(set(FORMATS) - {".json"}))
def test_of_a_clustering_other_formats_hold_the_palette(tmp_path, thumbnail, refused, suffix):
    path = tmp_path / f"palette{suffix}"
    clustering = cluster_colors(thumbnail, 3)
    clustering.write(path)
    assert read_palette(path).hex == clustering.palette.hex
    with refused(suffix, "'palette", "no clustering", "read_palette"):
        read_clustering(path)


def test_a_file_is_applied_as_its_clustering_or_else_as_its_palette(
    tmp_path, thumbnail, assert_identical
):
    clustering = cluster_colors(thumbnail, 3).merge([1, 3])
    clustering.write(tmp_path / "whole.json")
    assert_identical(read_as_clustering(tmp_path / "whole.json"), clustering)
    for name in ("palette.json", "palette.gpl"):
        clustering.palette.write(tmp_path / name)
        nearest = ColorClustering.from_palette(read_palette(tmp_path / name))
        assert_identical(read_as_clustering(tmp_path / name), nearest)


@pytest.mark.parametrize("name", ["palette.act", "palette", ".gpl"])
def test_an_unknown_suffix_is_refused_before_anything_is_done(tmp_path, palette, refused, name):
    allowed = ".csv, .json, .gpl, .ase"
    with refused(allowed, repr(name)):
        palette.write(tmp_path / name)
    with refused(allowed, repr(name)):
        read_palette(tmp_path / name)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("leaf.colors.json", "leaf"),
        ("Leaf.v2.COLORS.CSV", "Leaf.v2"),
        ("leaf.gpl", "leaf"),
        (".colors.json", ".colors"),
        ("leaf.txt", "leaf.txt"),
    ],
)
def test_a_title_is_the_name_without_the_longest_known_suffix(name, title):
    assert title_of(f"folder/{name}") == title


def test_own_files_are_those_of_their_last_suffix(tmp_path, thumbnail, assert_identical):
    clustering = cluster_colors(thumbnail, 3)
    clustering.write(tmp_path / "leaf.colors.json")
    assert_identical(read_clustering(tmp_path / "leaf.colors.json"), clustering)
    clustering.palette.write(tmp_path / "leaf.colors.csv")
    assert read_palette(tmp_path / "leaf.colors.csv") == clustering.palette


def test_a_file_that_is_missing_is_a_matter_of_the_system(tmp_path, palette):
    with pytest.raises(FileNotFoundError):
        read_palette(tmp_path / "palette.gpl")
    with pytest.raises(FileNotFoundError):
        palette.write(tmp_path / "nowhere" / "palette.gpl")
    assert not is_palette(tmp_path / "palette.gpl")


@pytest.mark.parametrize("suffix", FORMATS)
def test_what_is_no_palette_is_refused_by_name(tmp_path, refused, suffix):
    for data in (b"", b"\0\xff\xfe\x81\n\r\0", b"1 2 3\n", "\ufeff".encode("utf-16")):
        path = tmp_path / f"rubbish{suffix}"
        path.write_bytes(data)
        assert not is_palette(path)
        with refused(f"Cannot read 'rubbish{suffix}': "):
            read_palette(path)


@pytest.mark.parametrize("suffix", FORMATS)
@given(data=st.data())
def test_a_damaged_file_gives_a_palette_or_a_sentence(suffix, data):
    colors = [[107, 63, 42], [239, 227, 200], [0, 0, 255]]
    written = FORMATS[suffix].render(Palette(colors, [5, 3, 2], ["one", "two", "é"]), "title")
    at = data.draw(st.integers(0, len(written)))
    damaged = written[:at] + data.draw(st.binary(max_size=4)) + written[at + 2 :]
    FORMATS[suffix].recognizes(damaged[:100])
    try:
        palette = FORMATS[suffix].parse(damaged)
    except ValueError as error:
        assert str(error).endswith(".")  # noqa: PT017
    else:
        assert len(palette) >= 1
