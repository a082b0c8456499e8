"""What counts as a number in an argument."""

from numbers import Integral, Real
from typing import Any


def is_integer(value: Any) -> bool:
    """Whether a value is an integer, of Python or numpy; True and False are not."""
    return isinstance(value, Integral) and not isinstance(value, bool)


def is_number(value: Any) -> bool:
    """Whether a value is a real number, of Python or numpy; True and False are not."""
    return isinstance(value, Real) and not isinstance(value, bool)
