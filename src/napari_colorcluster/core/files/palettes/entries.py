"""From the entries of a palette file to a palette, with every value checked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from numbers import Real
from typing import Any

import numpy as np

from napari_colorcluster.core.color.checks import check_color
from napari_colorcluster.core.color.names import color_names
from napari_colorcluster.core.color.palette import Palette

CHANNELS = ("red", "green", "blue")
_MAX_INT = np.iinfo(np.int64).max


def palette_from_entries(entries: Iterable[tuple[str, Mapping[str, Any]]]) -> Palette:
    """Make a palette from the entries of a file.

    Parameters
    ----------
    entries : iterable of (str, mapping)
        Where each entry is, such as ``"line 3"``, and its values: ``hex``, or ``red``, ``green``
        and ``blue``. ``index``, ``name`` and ``pixels`` may be missing, None or blank. Numbers may
        be strings. Other keys are ignored.

    Returns
    -------
    Palette
        Labels are the indices, or 1, 2, ... if no entry has one.

    Raises
    ------
    ValueError
        If an entry has no color, or an invalid index or count; the message says where.
    """
    entries = list(entries)
    if not entries:
        raise ValueError("it has no colors.")
    colors = [_color(where, entry) for where, entry in entries]
    names = [entry.get("name") for _, entry in entries]
    pixels = [_integer(where, entry, "pixels", 0, _MAX_INT, 0) for where, entry in entries]
    if sum(pixels) > _MAX_INT:
        raise ValueError(f"its pixels add up to more than {_MAX_INT:,}.")
    return Palette(colors, pixels, complete_names(colors, names), _labels(entries))


def complete_names(colors: Any, names: Iterable[Any]) -> tuple[str, ...]:
    """Strip the names, and name a color without one after the nearest known color."""
    stripped = {row: str(name).strip() for row, name in enumerate(names) if name is not None}
    given = {row: name for row, name in stripped.items() if name}
    if len(given) == len(colors):
        return tuple(given.values())
    return color_names(np.array(colors), given)


def _labels(entries: list[tuple[str, Mapping[str, Any]]]) -> list[int] | None:
    if all(_is_missing(entry.get("index")) for _, entry in entries):
        return None
    labels: dict[int, str] = {}
    for where, entry in entries:
        label = _integer(where, entry, "index", 1, _MAX_INT)
        if label in labels:
            raise ValueError(f"{where} has index {label}, which {labels[label]} has already.")
        labels[label] = where
    return list(labels)


def _color(where: str, entry: Mapping[str, Any]) -> tuple[int, int, int]:
    rgb = None
    if not any(_is_missing(entry.get(channel)) for channel in CHANNELS):
        rgb = tuple(_integer(where, entry, channel, 0, 255) for channel in CHANNELS)
    value = entry.get("hex")
    if _is_missing(value):
        if rgb is None:
            raise ValueError(f"{where} needs a color, as hex or as red, green and blue.")
        return rgb
    code = str(value).strip()
    try:
        color = check_color(code if code.startswith("#") else f"#{code}")
    except ValueError:
        raise ValueError(f"{where} has hex {value!r}, which must be #rrggbb or #rgb.") from None
    if rgb not in (None, color):
        raise ValueError(f"{where} has hex {value!r}, but red, green and blue {rgb}.")
    return color


def _integer(
    where: str,
    entry: Mapping[str, Any],
    key: str,
    least: int,
    most: int,
    default: int | None = None,
) -> int:
    value = entry.get(key)
    if _is_missing(value) and default is not None:
        return default
    number = _as_integer(value)
    if number is None or not least <= number <= most:
        allowed = f"in {least}..{most}" if most < _MAX_INT else f"of at least {least}"
        raise ValueError(f"{where} has {key} {value!r}, which must be an integer {allowed}.")
    return number


def _as_integer(value: Any) -> int | None:
    """The integer that a number or a string stands for; spreadsheets may append ".0"."""
    if isinstance(value, str) and re.fullmatch(r"\s*[+-]?[0-9]{1,30}(\.0*)?\s*", value):
        return int(value.partition(".")[0])
    if isinstance(value, Real) and not isinstance(value, bool | np.bool_) and value % 1 == 0:
        return int(value)
    return None


def _is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
