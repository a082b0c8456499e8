"""What kind of thing an argument is: a sentence where it is another, in place of a traceback."""

from collections.abc import Iterable
from typing import Any


def check_kind(name: str, value: Any, kind: type) -> None:
    """Check that an argument is an instance of a class.

    Raises
    ------
    ValueError
        Where it is not; it names the argument, the class and what was given.
    """
    if not isinstance(value, kind):
        raise ValueError(f"{name} must be a {kind.__name__}, got {type(value).__name__}.")


def check_kinds(name: str, values: Iterable[Any], kind: type) -> None:
    """Check that an argument holds instances of a class alone.

    Raises
    ------
    ValueError
        Where it holds something else; it names the argument, the class and what was found.
    """
    for value in values:
        if not isinstance(value, kind):
            got = type(value).__name__
            raise ValueError(f"{name} must hold a {kind.__name__} each, got {got}.")
