"""What becomes of an image whose task fails, in one line."""

from pathlib import Path

import pytest

from napari_colorcluster.core.support.progress import Cancelled, silent
from napari_colorcluster.study.inputs.sources import Source
from napari_colorcluster.study.workers.outcome import Message, attempt

SOURCE = Source(Path("beetles/one.png"), "one")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ValueError("It has no\n  colors."), "It has no colors."),
        (FileNotFoundError("There is no such file."), "There is no such file."),
        (MemoryError(), "There is not enough memory for it."),
        (MemoryError("Unable to allocate 9 TiB"), "There is not enough memory for it."),
        (KeyError("ome"), "It could not be processed: 'ome'"),
        (ValueError(), "It could not be processed: no reason is known"),
    ],
)
def test_a_failure_is_told_in_a_line_and_stops_nothing(error, reason):
    def task(source, progress):
        raise error

    outcome = attempt(task, SOURCE, silent)
    assert (outcome.source, outcome.result, outcome.reason) == (SOURCE, None, reason)
    assert str(outcome.message) == f"Skipped {SOURCE.path}: {reason}"


def test_a_result_has_no_message():
    outcome = attempt(lambda source, progress: source.path.name, SOURCE, silent)
    assert (outcome.result, outcome.message) == ("one.png", None)


def test_cancelling_is_no_failure():
    def task(source, progress):
        raise Cancelled

    with pytest.raises(Cancelled):
        attempt(task, SOURCE, silent)


@pytest.mark.parametrize(
    ("message", "text"),
    [
        (Message("warning", "Odd.", SOURCE), f"{SOURCE.path}: Odd."),
        (Message("warning", "Odd\nand even."), "All images together: Odd and even."),
        (Message("waiting", "Another run has it."), "Another run has it."),
    ],
)
def test_a_message_says_of_what_it_is(message, text):
    assert str(message) == text
