"""Errors, and what else there is to tell, as napari's notifications."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from napari.utils.notifications import notification_manager, show_error, show_info


def report(error: Exception) -> None:
    """Show an error: as a sentence where a person can mend it, else with its traceback."""
    if isinstance(error, ValueError | OSError | MemoryError):
        show_error(str(error) or f"There is not enough memory ({type(error).__name__}).")
    else:
        notification_manager.receive_error(type(error), error, error.__traceback__)


def tell(text: str) -> None:
    """Show a sentence that is no error."""
    show_info(text)


@contextmanager
def reported() -> Iterator[None]:
    """A context that reports a `ValueError` in place of raising it."""
    try:
        yield
    except ValueError as error:
        report(error)


@contextmanager
def saving(what: str, path: str | Path) -> Iterator[None]:
    """A context that reports why something could not be saved to a path."""
    with reported():
        try:
            yield
        except OSError as error:
            reason = error.strerror or error
            raise ValueError(f"{what} could not be saved to {path}: {reason}.") from error


@contextmanager
def opening(what: str, path: str | Path) -> Iterator[None]:
    """A context that reports why something could not be read from a path."""
    with reported():
        try:
            yield
        except OSError as error:
            reason = error.strerror or error
            raise ValueError(f"{what} could not be read from {path}: {reason}.") from error
