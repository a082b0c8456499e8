"""Tables as spreadsheets and people write them."""

import io

import pandas as pd
import pytest

from napari_colorcluster import Palette, read_palette
from napari_colorcluster.core.files.palettes import csv_file
from napari_colorcluster.core.pixels.pixel_size import PixelSize

COLORS = [[255, 0, 0], [0, 128, 0]]
NAMES = ["bright red", "leaf, old"]


def read(text, encoding="utf-8"):
    return csv_file.parse(text.encode(encoding))


def test_the_file_is_the_table_that_pandas_reads():
    palette = Palette(COLORS, [3, 1], NAMES, [4, 2])
    table = pd.read_csv(io.BytesIO(csv_file.render(palette, "")))
    pd.testing.assert_frame_equal(table, palette.to_dataframe(), check_dtype=False)


def test_areas_are_written_where_they_are_known_and_left_out_when_read(tmp_path):
    palette = Palette(COLORS, [3, 1], NAMES, [4, 2])
    palette.write(tmp_path / "out.csv", PixelSize(0.1, "µm²"))
    table = pd.read_csv(tmp_path / "out.csv")
    assert table["area"].tolist() == pytest.approx([0.3, 0.1])
    assert table["area_unit"].tolist() == ["µm²", "µm²"]
    assert read_palette(tmp_path / "out.csv") == palette


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_separators_line_ends_and_marks_of_other_programs(end, separator, encoding):
    rows = (("Name", "HEX", "Index"), (NAMES[0], "#F00", "7"), (f'"{NAMES[1]}"', "008000", "3"))
    text = end.join(separator.join(row) for row in rows)
    assert read(text, encoding) == Palette(COLORS, [0, 0], NAMES, [7, 3])


def test_any_columns_that_give_a_color_will_do():
    expected = Palette(COLORS, [0, 0], ["red", "green"], [1, 2])
    assert read("hex\n#ff0000\n#008000\n").hex == expected.hex
    assert read("blue,red,green\n0,255,0\n0,0,128\n").hex == expected.hex
    assert read(" r ; g ; b ; name \n255;0;0;red\n\n 0; 128.0; 0; green \n;;;\n") == expected
    assert read("sep=;\nhex;name;fraction\n#ff0000;red;0,75\n#008000;green;0,25\n") == expected
    assert read("sep=,\nhex,name\n#ff0000,red\n#008000,green\n") == expected
    assert csv_file.recognizes(b"\r\nsep=\t\r\nhex\tname\r\n#ff0000\tred")
    assert read("hex,name,fraction\n#ff0000,red,0,75\n#008000,green,0,25\n") == expected


def test_lines_that_begin_with_a_hash_are_comments_unless_that_is_a_color():
    expected = Palette(COLORS, [0, 0], ["red", "green"])
    comment = "# paints, of the old house; as seen\n"
    assert read(f"{comment}hex;name\n#ff0000;red\n#one more, really\n#008000;green\n") == expected
    assert read(f"#\n{comment}\nhex,name\n#f00,red\n{comment}#008000,green\n#\n") == expected
    assert csv_file.recognizes(f"{comment}hex;name\n#f00;red\n".encode())


def test_an_ambiguous_column_is_taken_for_what_fits():
    expected = Palette(COLORS, [0, 0], ["red", "green"], [7, 3])
    assert read("color,hex,label\nred,#ff0000,7\ngreen,#008000,3\n") == expected
    assert read("label,color,index\nred,#ff0000,7\ngreen,#008000,3\n") == expected
    assert read("color,r,g,b,label\nred,255,0,0,7\ngreen,0,128,0,3\n") == expected
    assert read("r,red,green,blue,label,name\n9,255,0,0,7,red\n9,0,128,0,3,green\n") == expected


def test_counts_and_names_may_be_missing():
    palette = read("hex,name,pixels\n#ff0000,,12\n#ff0000, scarlet ,\n")
    assert palette.pixels.tolist() == [12, 0]
    assert palette.names[0]
    assert palette.names[1] == "scarlet"


def test_names_with_quotes_and_in_windows_encoding():
    assert read('hex,name\n#f00,"the ""old"" red"\n').names == ('the "old" red',)
    assert read('hex, name\n#f00, "red, bright"\n').names == ("red, bright",)
    assert read("hex,name\n#f00,Rosé\n", "cp1252").names == ("Rosé",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "name,red,green\na,1,2\n",
            "line 1 must name a column hex, or the columns red, green and blue",
        ),
        ("hex,hex\n#f00,#f00\n", "line 1 has two columns named hex"),
        ("hex,red,green,blue\n#f00,255,0,1\n", "line 2 has hex '#f00', but"),
        ("\n\nsep=;\nhex;name\nred;b\n", "line 5 has hex 'red', which must be #rrggbb"),
        ("hex,name\n\n#f00,a\nred,b\n", "line 4 has hex 'red', which must be #rrggbb"),
        ("red,green,blue\n1,2,256\n", "line 2 has blue '256', which must be an integer in 0..255"),
        ("red,green,blue\n1,2.5,6\n", "line 2 has green '2.5'"),
        ("red,green,blue\n1,2,\n", "line 2 needs a color"),
        ("hex,pixels\n#f00,-1\n", "line 2 has pixels '-1', which must be an integer of at least 0"),
        ("hex,pixels\n#f00,1e3\n", "line 2 has pixels '1e3'"),
        ("# paints\nname,color\na,#f00\nb,#ff00\n", "line 4 has hex '#ff00', which"),
        ("hex,name\n#f00,a\n#ff00,b\n", "line 3 has hex '#ff00', which must be #rrggbb"),
        ("hex,index\n#f00,0\n", "line 2 has index '0', which must be an integer of at least 1"),
        ("hex,index\n#f00,2\n#0f0,\n", "line 3 has index ''"),
        ("hex,index\n#f00,2\n#0f0,2\n", "line 3 has index 2, which line 2 has already"),
        ("name,hex\na, b,#f00\n", "line 2 has 3 values for 2 columns"),
        (f"hex,pixels\n#f00,{2**63 - 1}\n#0f0,1\n", "add up to more than"),
        ("hex,name\n", "no color"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path, refused, text, said):
    path = tmp_path / "palette.csv"
    path.write_text(text)
    with refused(f"Cannot read 'palette.csv': {said}" if "line" in said else said):
        read_palette(path)
