"""From the entries of a file, as somebody wrote them, to a palette; every value is checked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from numbers import Real
from typing import Any

import numpy as np

from napari_colorcluster.core.clustering.checks import check_color
from napari_colorcluster.core.color.names import color_names
from napari_colorcluster.core.color.palette import Palette

CHANNELS = ("red", "green", "blue")
_LARGEST = np.iinfo(np.int64).max


def palette_of(entries: Iterable[tuple[str, Mapping[str, Any]]]) -> Palette:
    """Make a palette of entries.

    Parameters
    ----------
    entries : iterable of (str, mapping)
        Where each entry stands, such as ``"line 3"``, and what it says: ``hex``, or ``red``,
        ``green`` and ``blue``; ``index``, ``name`` and ``pixels`` may be missing, None or blank.
        Numbers may be texts. What else there is, is ignored.

    Returns
    -------
    Palette
        Labels are the indices, or 1, 2, ... where no entry has one.

    Raises
    ------
    ValueError
        Where an entry gives no color, or what is no index or no count; it says where.
    """
    entries = list(entries)
    if not entries:
        raise ValueError("there is no color in it.")
    colors = [_color(where, entry) for where, entry in entries]
    names = [entry.get("name") for _, entry in entries]
    pixels = [_number(where, entry, "pixels", 0, _LARGEST, 0) for where, entry in entries]
    if sum(pixels) > _LARGEST:
        raise ValueError(f"its pixels add up to more than {_LARGEST:,}.")
    return Palette(colors, pixels, names_of(colors, names), _labels(entries))


def names_of(colors: Any, names: Iterable[Any]) -> tuple[str, ...]:
    """Names without blanks around them; where one is missing, that of the nearest known color."""
    given = {at: str(name).strip() for at, name in enumerate(names) if name is not None}
    given = {at: name for at, name in given.items() if name}
    if len(given) == len(colors):
        return tuple(given.values())
    return color_names(np.array(colors), given)


def _labels(entries: list[tuple[str, Mapping[str, Any]]]) -> list[int] | None:
    if all(_is_missing(entry.get("index")) for _, entry in entries):
        return None
    labels: dict[int, str] = {}
    for where, entry in entries:
        label = _number(where, entry, "index", 1, _LARGEST)
        if label in labels:
            raise ValueError(f"{where} has index {label}, which {labels[label]} has already.")
        labels[label] = where
    return list(labels)


def _color(where: str, entry: Mapping[str, Any]) -> tuple[int, int, int]:
    channels = [each for each in CHANNELS if not _is_missing(entry.get(each))]
    color = None
    if len(channels) == 3:
        color = tuple(_number(where, entry, each, 0, 255) for each in CHANNELS)
    value = entry.get("hex")
    if _is_missing(value):
        if color is None:
            raise ValueError(f"{where} needs a color, as hex or as red, green and blue.")
        return color
    code = str(value).strip()
    try:
        as_code = check_color(code if code.startswith("#") else f"#{code}")
    except ValueError:
        raise ValueError(f"{where} has hex {value!r}, where #rrggbb or #rgb is allowed.") from None
    if color not in (None, as_code):
        raise ValueError(f"{where} has hex {value!r}, but red, green and blue {color}.")
    return as_code


def _number(
    where: str,
    entry: Mapping[str, Any],
    key: str,
    least: int,
    most: int,
    missing: int | None = None,
) -> int:
    value = entry.get(key)
    if _is_missing(value) and missing is not None:
        return missing
    number = _whole(value)
    if number is None or not least <= number <= most:
        allowed = f"in {least}..{most}" if most < _LARGEST else f"of at least {least}"
        raise ValueError(f"{where} has {key} {value!r}, where an integer {allowed} is allowed.")
    return number


def _whole(value: Any) -> int | None:
    """The integer that a number or a text is; spreadsheets may put ".0" behind it."""
    if isinstance(value, str) and re.fullmatch(r"\s*[+-]?[0-9]{1,30}(\.0*)?\s*", value):
        return int(value.partition(".")[0])
    if isinstance(value, Real) and not isinstance(value, bool | np.bool_) and value % 1 == 0:
        return int(value)
    return None


def _is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
