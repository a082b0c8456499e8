"""Errors as napari's notifications: how they are told, not which there are."""

from __future__ import annotations

from napari.utils.notifications import notification_manager, show_error


def report(error: Exception) -> None:
    """Tell an error: in a sentence where a person can mend it, else in full."""
    if isinstance(error, ValueError | OSError | MemoryError):
        show_error(str(error) or f"There is not enough memory ({type(error).__name__}).")
    else:
        notification_manager.receive_error(type(error), error, error.__traceback__)
