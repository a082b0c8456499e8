"""What becomes of each image, and what there is to say of it: results, notes, failures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from napari_colorcluster.core.support.progress import Cancelled, Progress
from napari_colorcluster.study.inputs.naming import printable
from napari_colorcluster.study.inputs.sources import Source

Task = Callable[[Source, Progress], Any]
"""What is done with one image."""


@dataclass(frozen=True)
class Message:
    """Something that a person should know.

    Attributes
    ----------
    kind : "skipped", "warning", "note" or "waiting"
        An image that was skipped and why; what is unexpected in the results; how an image was read;
        or that another run has the folder.
    text : str
        A sentence or more.
    source : Source, optional
        The image; None where it is about all of them.
    """

    kind: str
    text: str
    source: Source | None = None

    def __str__(self) -> str:
        text = " ".join(printable(line) for line in self.text.splitlines())
        if self.kind == "waiting":
            return text
        of = "All images together" if self.source is None else printable(self.source.path)
        return f"Skipped {of}: {text}" if self.kind == "skipped" else f"{of}: {text}"


@dataclass(frozen=True)
class Outcome:
    """What became of one image.

    Attributes
    ----------
    source : Source
        The image.
    result : object, optional
        What the task gave.
    reason : str, optional
        Why it was skipped, in one line.
    """

    source: Source
    result: Any = None
    reason: str | None = None

    @property
    def message(self) -> Message | None:
        """That it was skipped, if it was."""
        return None if self.reason is None else Message("skipped", self.reason, self.source)


def attempt(task: Task, source: Source, progress: Progress) -> Outcome:
    """Do a task with an image; a bad file must not stop the others.

    Raises
    ------
    Cancelled
        Where `progress` does.
    """
    try:
        return Outcome(source, task(source, progress))
    except Cancelled:
        raise
    except Exception as error:  # Readers raise all kinds of them.
        return Outcome(source, reason=reason_of(error))


def reason_of(error: BaseException) -> str:
    """One line on what went wrong."""
    message = " ".join(str(error).split())
    if message and isinstance(error, ValueError | OSError):
        return message
    if isinstance(error, MemoryError):
        return "There is not enough memory for it."
    return f"It could not be processed: {message or 'no reason is known'}"
