"""A file is there whole or not at all, and nothing else is left behind."""

import os

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


def test_the_folder_of_a_zarr_is_replaced_as_a_whole(tmp_path):
    path, beside = tmp_path / "leaf.zarr", tmp_path / "unfinished"
    beside.mkdir()
    for text in ("before", "after"):
        with whole_file(path, beside) as unfinished:
            (unfinished / text).mkdir(parents=True)
            (unfinished / text / "0").write_text(text)
        assert [each.name for each in path.iterdir()] == [text]
    assert list(beside.iterdir()) == []


def test_no_file_takes_the_place_of_a_folder(tmp_path):
    path = tmp_path / "leaf.csv"
    path.mkdir()
    (path / "mine.txt").write_text("kept")
    with pytest.raises(OSError, match=r"leaf\.csv"), whole_file(path) as unfinished:
        unfinished.write_text("after")
    assert (path / "mine.txt").read_text() == "kept"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("while_it", ["is written", "gets its name"])
def test_a_folder_that_fails_leaves_the_one_that_was_there(tmp_path, monkeypatch, while_it):
    path = tmp_path / "leaf.zarr"
    path.mkdir()
    (path / "0").write_text("before")
    replace, moved = os.replace, []

    def fails_once(old, new):
        moved.append(old)
        if len(moved) == 2:
            raise OSError("full")
        replace(old, new)

    def write():
        with whole_file(path) as unfinished:
            unfinished.mkdir()
            (unfinished / "0").write_text("after")
            if while_it == "is written":
                raise OSError("full")

    monkeypatch.setattr(os, "replace", fails_once)
    with pytest.raises(OSError, match="full"):
        write()
    assert len(moved) == (0 if while_it == "is written" else 3)
    assert (path / "0").read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]
