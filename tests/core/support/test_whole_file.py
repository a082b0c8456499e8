"""A file is there whole or not at all, and nothing else is left behind."""

import pytest

from napari_colorcluster.core.support.whole_file import whole_file


def test_the_name_is_taken_at_the_end_only(tmp_path):
    path = tmp_path / "shares.csv"
    path.write_text("before")
    with whole_file(path) as unfinished:
        unfinished.write_text("after")
        assert path.read_text() == "before"
        assert unfinished.parent == tmp_path
        assert unfinished.suffix == ".csv"
    assert path.read_text() == "after"
    assert list(tmp_path.iterdir()) == [path]


def test_what_fails_leaves_the_file_that_was_there(tmp_path):
    path = tmp_path / "shares.csv"
    path.write_text("before")

    def fail_halfway():
        with whole_file(path) as unfinished:
            unfinished.write_text("aft")
            raise OSError("No space left on device")

    with pytest.raises(OSError, match="No space left"):
        fail_halfway()
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_missing_is_told_with_the_name_of_the_file(tmp_path):
    path = tmp_path / "missing" / "shares.csv"
    with pytest.raises(FileNotFoundError) as caught, whole_file(path) as unfinished:
        unfinished.write_text("after")
    assert caught.value.filename == str(path)
    assert str(path) in str(caught.value)
