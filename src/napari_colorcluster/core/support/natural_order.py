"""The order in which people expect names: ``site 2`` before ``site 10``."""

from __future__ import annotations

import re
from collections.abc import Iterable


def in_natural_order(names: Iterable[str]) -> list[str]:
    """Sort names, each once, with the numbers in them by their values; an empty one comes last.

    Parameters
    ----------
    names : iterable of str
        The names.

    Returns
    -------
    list of str
    """
    return sorted(set(names), key=_key)


def _key(name: str) -> tuple[bool, list[tuple[str, bool, int, str]], str]:
    parts = []
    for text, number in re.findall(r"([^0-9]*)([0-9]*)", name.casefold()):
        # By its length first, as integers of any number of digits are.
        digits = number.lstrip("0")
        parts.append((text, bool(number), len(digits), digits))
    # Of names that are alike but for case or zeros, the text itself tells.
    return name == "", parts, name
