"""What is told to a person: as napari's notifications, and in the panel that it concerns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import fields
from pathlib import Path

from napari.utils.notifications import notification_manager, show_error, show_info
from psygnal import Signal

from napari_colorcluster.core.methods import METHODS
from napari_colorcluster.core.support.reading_files import system_error

_LABELS = {
    "n_clusters": "k",
    **{each.name: each.metadata["label"] for method in METHODS.values() for each in fields(method)},
}
"""What the panel calls the parameters whose values messages tell, as in ``eps=2``."""

_PARAMETER = re.compile(rf"\b({'|'.join(_LABELS)})=")


def report(error: Exception) -> None:
    """Show an error: as a sentence where a person can mend it, else with its traceback."""
    if isinstance(error, ValueError | OSError | MemoryError):
        show_error(in_words(error))
    else:
        notification_manager.receive_error(type(error), error, error.__traceback__)


def tell(text: str) -> None:
    """Show a sentence that is no error."""
    show_info(text)


def in_words(error: Exception) -> str:
    """What an error says, with the panel's words for parameters; of memory it says too little."""
    if isinstance(error, MemoryError) and not str(error):
        return "There is not enough memory."
    text = str(error) or type(error).__name__
    for name in set(_PARAMETER.findall(text)):
        text = text.replace(f"{name}=", f"{_LABELS[name]} = ")
        text = re.sub(rf"\b{name}\b", _LABELS[name], text)
    return text


@contextmanager
def reported(report: Callable[[Exception], None] = report) -> Iterator[None]:
    """A context that reports a `ValueError` in place of raising it."""
    try:
        yield
    except ValueError as error:
        report(error)


@contextmanager
def saving(
    what: str, path: str | Path, report: Callable[[Exception], None] = report
) -> Iterator[None]:
    """A context that reports why something could not be saved to a path."""
    with reported(report):
        try:
            yield
        except OSError as error:
            reason = error.strerror or error
            raise ValueError(f"{what} could not be saved to {path}: {reason}.") from error


@contextmanager
def opening(
    what: str, path: str | Path, report: Callable[[Exception], None] = report
) -> Iterator[None]:
    """A context that reports why something could not be read from a path."""
    with reported(report):
        try:
            yield
        except OSError as error:
            reason = system_error(error).strerror or error
            raise ValueError(f"{what} could not be read from {path}: {reason}.") from error


class Notices:
    """What one panel tells: it shows all of it in full, and napari the errors among it."""

    failed = Signal(str)
    """Emitted with an error in words."""
    said = Signal(str)
    """Emitted with what has been done."""

    def say(self, text: str) -> None:
        """Tell what has been done, in a sentence."""
        self.said.emit(text)

    def report(self, error: Exception) -> None:
        """Tell an error, as the function `report` does."""
        self.failed.emit(in_words(error))
        report(error)

    def reported(self) -> AbstractContextManager[None]:
        """As the function `reported`."""
        return reported(self.report)

    @contextmanager
    def saving(self, what: str, path: str | Path) -> Iterator[None]:
        """As the function `saving`; and where the file was saved, that is told."""
        with saving(what, path, self.report):
            yield
            self.say(f"{what} was saved as {path}.")

    def opening(self, what: str, path: str | Path) -> AbstractContextManager[None]:
        """As the function `opening`."""
        return opening(what, path, self.report)

    def close(self) -> None:
        """Tell nobody any more."""
        self.failed.disconnect()
        self.said.disconnect()
