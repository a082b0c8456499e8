"""Errors that a person can mend become one sentence; others are raised."""

import pytest

from napari_colorcluster.layers.notify import opening, reported, saving


def test_what_a_person_can_mend_is_reported_and_not_raised(told):
    with reported():
        raise ValueError("Choose an image.")
    assert told.pop() == ("error", "Choose an image.")


def test_what_nobody_expected_is_raised(told):
    with pytest.raises(ZeroDivisionError), reported():
        raise ZeroDivisionError
    assert not told


def test_a_file_that_cannot_be_written_is_named_with_the_reason(told, tmp_path):
    path = tmp_path / "missing" / "palette.csv"
    with saving("The palette", path):
        path.write_text("")
    assert told.pop() == (
        "error",
        f"The palette could not be saved to {path}: No such file or directory.",
    )


def test_a_file_that_cannot_be_read_is_named_with_the_reason(told, tmp_path):
    path = tmp_path / "card.csv"
    with opening("The card", path):
        path.read_text()
    assert told.pop() == (
        "error",
        f"The card could not be read from {path}: No such file or directory.",
    )
