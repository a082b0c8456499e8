"""What the system says of a file that cannot be read, in a sentence without its numbers."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def in_a_sentence(path: str | os.PathLike[str]) -> Iterator[None]:
    """A context in which a file is read.

    Raises
    ------
    OSError
        Of the type that was raised in it: that there is no such file, or why it cannot be read.
    """
    try:
        yield
    except FileNotFoundError as error:
        raise FileNotFoundError(f"There is no file {os.fspath(path)}.") from error
    except OSError as error:
        if error.strerror is None:
            raise
        raise type(error)(f"{os.fspath(path)} cannot be read: {error.strerror}.") from error


def system_error(error: OSError) -> OSError:
    """What the system raised, where `in_a_sentence` has made a sentence of it."""
    return error.__cause__ if isinstance(error.__cause__, OSError) else error
