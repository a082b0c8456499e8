"""Tables of images as editors and spreadsheets save them."""

import pytest

from napari_colorcluster.study.inputs.image_table import read_image_table

ROWS = ({"image": "leaf, old", "site": "Köln"}, {"image": "twig", "site": ""})


@pytest.fixture
def table(tmp_path):
    def write(text, encoding="utf-8"):
        (tmp_path / "table.csv").write_bytes(text.encode(encoding))
        return tmp_path / "table.csv"

    return write


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ('image,site\n"leaf, old",Köln\ntwig\n', "utf-8"),
        ('image;site;\r\nleaf, old;Köln;\r\n"twig";;\r\n;;\r\n', "utf-8-sig"),
        ("sep=;\r\nimage;site\r\nleaf, old;Köln\r\ntwig;\r\n", "utf-8-sig"),
        ("image\tsite\r\nleaf, old\tKöln\r\ntwig\t\r\n", "utf-16"),
    ],
)
def test_spreadsheets_separate_and_code_tables_in_their_ways(table, text, encoding):
    assert read_image_table(table(text, encoding)).rows == ROWS


@pytest.mark.parametrize(
    ("text", "encoding", "said"),
    [
        ("", "utf-8", "a column named image, and each column named once, got nothing."),
        ("file,site\na,b\n", "utf-8", "got 'file', 'site'."),
        ("image,site,site\na,b,c\n", "utf-8", "each column named once"),
        ("image,site\na,Köln\n", "latin-1", "save it as CSV in UTF-8."),
        ("image,site\na," + "b" * 200_000, "utf-8", "cannot be read as CSV"),
    ],
)
def test_what_is_no_table_of_images_is_refused_in_a_sentence(table, text, encoding, said):
    with pytest.raises(ValueError, match=said):
        read_image_table(table(text, encoding))
