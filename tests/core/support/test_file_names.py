"""Names that every system allows, and that are free."""

from contextlib import suppress

import pytest

from napari_colorcluster.core.support.file_names import as_file_name, unused_path
from napari_colorcluster.core.support.whole_file import whole_folder


@pytest.mark.parametrize(
    ("text", "name"),
    [("leaf [1]", "leaf [1]"), ("a/b:c", "a_b_c"), (" x. ", "x"), ("..", "_"), ("\n\t", "__")],
)
def test_what_is_not_allowed_is_replaced(text, name):
    assert as_file_name(text) == name


def test_a_path_that_is_taken_is_numbered(tmp_path):
    assert unused_path(tmp_path / "leaf") == tmp_path / "leaf"
    (tmp_path / "leaf").mkdir()
    (tmp_path / "leaf 2").write_text("")
    assert unused_path(tmp_path / "leaf") == tmp_path / "leaf 3"


def test_a_folder_is_there_once_it_is_whole(tmp_path):
    with whole_folder(tmp_path / "leaf") as unfinished:
        (unfinished / "a").write_text("1")
        assert not (tmp_path / "leaf").exists()
    assert (tmp_path / "leaf" / "a").read_text() == "1"
    with suppress(KeyError), whole_folder(tmp_path / "other") as unfinished:
        (unfinished / "a").write_text("1")
        raise KeyError
    assert [path.name for path in tmp_path.iterdir()] == ["leaf"]
