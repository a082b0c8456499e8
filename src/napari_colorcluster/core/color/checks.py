"""Checks of colors that a person gives: written out, or as numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from napari_colorcluster.core.support.numbers import is_integer


def check_color(color: Any) -> tuple[int, int, int]:
    """Check a color, "#rrggbb", "#rgb" or three integers in 0..255, and return the integers."""
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
