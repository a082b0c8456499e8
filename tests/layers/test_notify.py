"""Errors that a person can mend become one sentence; others are raised."""

import pytest

from napari_colorcluster.core.color.calibration.card import find_card
from napari_colorcluster.layers.notify import Notices, in_words, opening, reported, saving


def test_what_a_person_can_mend_is_reported_and_not_raised(told):
    with reported():
        raise ValueError("Choose an image.")
    assert told.pop() == ("error", "Choose an image.")


@pytest.mark.parametrize(
    ("said", "told_as"),
    [
        ("No color with eps=2: raise eps.", "No color with Radius = 2: raise Radius."),
        ("n_clusters=9 is too many.", "k = 9 is too many."),
        ("max_colors=9 and x_eps=1.", "Max colors = 9 and x_eps=1."),
        ("No layer is named 'eps'.", "No layer is named 'eps'."),
    ],
)
def test_parameters_are_told_by_their_labels(said, told_as):
    assert in_words(ValueError(said)) == told_as


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


def test_a_file_that_the_library_does_not_find_is_named_once(told, tmp_path):
    path = tmp_path / "card.csv"
    with opening("The card", path):
        find_card(path)
    said = f"The card could not be read from {path}: No such file or directory."
    assert told.pop() == ("error", said)


@pytest.fixture
def notices():
    return Notices()


@pytest.fixture
def heard(notices):
    heard = []
    notices.failed.connect(lambda text: heard.append(("failed", text)))
    notices.said.connect(lambda text: heard.append(("said", text)))
    return heard


def test_notices_tell_an_error_to_napari_and_to_who_listens(notices, heard, told):
    with notices.reported():
        raise ValueError("Choose an image.")
    assert told.pop() == ("error", "Choose an image.")
    assert heard == [("failed", "Choose an image.")]
    notices.close()
    notices.report(ValueError("Choose a layer."))
    assert told.pop() == ("error", "Choose a layer.")
    assert len(heard) == 1


def test_notices_tell_what_was_saved_or_why_not(notices, heard, told, tmp_path):
    path = tmp_path / "palette.csv"
    with notices.saving("The palette", path):
        path.write_text("")
    assert heard == [("said", f"The palette was saved as {path}.")]
    with notices.saving("The palette", tmp_path / "none" / "palette.csv"):
        (tmp_path / "none" / "palette.csv").write_text("")
    assert heard[1:] == [("failed", told.pop()[1])]
    with notices.opening("The card", tmp_path / "none"):
        (tmp_path / "none").read_text()
    assert heard[2:] == [("failed", told.pop()[1])]


def test_memory_that_is_too_small_has_words(notices, heard, told):
    notices.report(MemoryError())
    assert heard == [("failed", "There is not enough memory.")]
    assert told.pop() == ("error", "There is not enough memory.")
