"""What edits are given, checked: labels, colors and names of clusters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from numbers import Integral
from typing import Any

import numpy as np


def check_label(known: np.ndarray, label: Any) -> int:
    """Check that a label is one of those that are known, and list these where it is not."""
    if not is_integer(label) or label not in known:
        labels = sorted(known.tolist())
        shown = ", ".join(map(str, labels[:12])) + (", ..." if len(labels) > 12 else "")
        raise ValueError(f"There is no label {label!r}; there are {shown}.")
    return int(label)


def check_several(what: str, values: Any) -> list[Any]:
    """Check that these are several values, of whatever kind."""
    if isinstance(values, str | Mapping) or not isinstance(values, Iterable):
        raise ValueError(f"{what} must be several labels, such as [2, 3], got {values!r}.")
    return list(values)


def check_pairs(what: str, pairs: Any) -> list[tuple[Any, Any]]:
    """Check that this is a mapping, or pairs as JSON keeps one, and give the pairs."""
    given = list(pairs.items()) if isinstance(pairs, Mapping) else pairs
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise ValueError(f"{what} must be a dict or pairs, got {pairs!r}.")
    given = list(given)
    if not all(isinstance(pair, list | tuple) and len(pair) == 2 for pair in given):
        raise ValueError(f"{what} must be a dict or pairs, got {pairs!r}.")
    return [tuple(pair) for pair in given]


def check_color(color: Any) -> tuple[int, int, int]:
    """Check and read a color: "#rrggbb", "#rgb" or three integers in 0..255."""
    if isinstance(color, str):
        if re.fullmatch("#[0-9a-fA-F]{3}", color):
            color = "#" + "".join(2 * digit for digit in color[1:])
        if re.fullmatch("#[0-9a-fA-F]{6}", color):
            return tuple(bytes.fromhex(color[1:]))
    elif isinstance(color, Iterable):
        color = list(color)
        if len(color) == 3 and all(is_integer(each) and 0 <= each <= 255 for each in color):
            return tuple(map(int, color))
    raise ValueError(
        f'A color must be "#rrggbb", "#rgb" or three integers in 0..255, got {color!r}.'
    )


def check_name(name: Any) -> str:
    """Check a name, and give it without blanks around it."""
    if not isinstance(name, str) or not name.strip():
        raise ValueError(f"A name must be a text that is not empty, got {name!r}.")
    return name.strip()


def is_integer(value: Any) -> bool:
    """Whether this is an integer, numpy's included; True and False are none."""
    return isinstance(value, Integral) and not isinstance(value, bool | np.bool_)
