"""Checks of what edits are given: labels and names of clusters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from napari_colorcluster.core.support.numbers import is_integer, is_number

_MOST_SHOWN = 12
"""Labels that a message lists."""


def check_label(known: np.ndarray, label: Any) -> int:
    """Check that a label is among the known ones."""
    if not is_integer(label) or label not in known:
        raise ValueError(f"No cluster is numbered {label!r} ({_there_are(known)}).")
    return int(label)


def _there_are(known: np.ndarray) -> str:
    """Which labels there are, in words."""
    *labels, last = map(str, sorted(known.tolist()))
    if not labels:
        return f"there is only {last}"
    shown = ", ".join(labels[:_MOST_SHOWN])
    return f"there are {shown}{', …' if labels[_MOST_SHOWN:] else ' and'} {last}"


def check_labels(known: np.ndarray, labels: Any) -> list[int]:
    """Check several labels, and return each once, ascending."""
    if isinstance(labels, str | Mapping) or not isinstance(labels, Iterable):
        raise ValueError(f"labels must be several labels, such as [2, 3], got {labels!r}.")
    return sorted({check_label(known, label) for label in labels})


def check_pairs(what: str, pairs: Any) -> list[tuple[Any, Any]]:
    """Check a mapping, or the list of pairs that stands for it in JSON, and return the pairs."""
    items = list(pairs.items()) if isinstance(pairs, Mapping) else pairs
    if isinstance(items, Iterable) and not isinstance(items, str):
        items = list(items)
        if all(isinstance(pair, list | tuple) and len(pair) == 2 for pair in items):
            return [tuple(pair) for pair in items]
    raise ValueError(f"{what} must be a dict or pairs, got {pairs!r}.")


def check_name(name: Any) -> str:
    """Check a name, and return it without surrounding whitespace."""
    if not isinstance(name, str) or not name.strip():
        said = "cannot be empty" if isinstance(name, str) else f"must be a text, got {name!r}"
        raise ValueError(f"A name {said}.")
    return name.strip()


def check_fraction(what: str, fraction: Any) -> float:
    """Check a fraction of the pixels, 0 to 1."""
    if not is_number(fraction):
        raise ValueError(f"{what} must be a number in 0..1, got {fraction!r}.")
    if not 0 <= fraction <= 1:
        raise ValueError(f"{what} must be in 0..1, got {fraction:g}.")
    return float(fraction)


def check_max_distance(what: str, distance: Any, *, zero: bool = False) -> float:
    """Check a distance between colors: a number greater than 0, or one that may be 0 as well."""
    if not is_number(distance) or not 0 <= distance < float("inf") or (distance == 0 and not zero):
        least = "of at least 0" if zero else "greater than 0"
        raise ValueError(f"{what} must be a ΔE2000, a number {least}, got {distance!r}.")
    return float(distance)
