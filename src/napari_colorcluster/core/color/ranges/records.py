"""Color ranges from what JSON holds of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from napari_colorcluster.core.color.ranges.color_range import ColorRange
from napari_colorcluster.core.color.ranges.lasso import LassoRange
from napari_colorcluster.core.color.ranges.rectangular import RectangularRange
from napari_colorcluster.core.color.ranges.spherical import SphericalRange

RANGES: Mapping[str, type[ColorRange]] = {
    each.kind: each for each in (SphericalRange, RectangularRange, LassoRange)
}
"""The color ranges by what `ColorRange.to_dict` calls them."""


def as_color_range(value: Any) -> ColorRange:
    """What may be given as a color range: one, or what its `to_dict` gave.

    Raises
    ------
    ValueError
        Where it is something else.
    """
    if isinstance(value, ColorRange):
        return value
    kinds = ", ".join(map(repr, RANGES))
    if not isinstance(value, Mapping):
        raise ValueError(f"A color range must be one, or a dict with a 'kind', got {value!r}.")
    kind = value.get("kind")
    if not isinstance(kind, str) or kind not in RANGES:
        raise ValueError(f"The kind of a color range must be one of {kinds}, got {kind!r}.")
    stored = {name: each for name, each in value.items() if name != "kind"}
    known = [each.name for each in fields(RANGES[kind])]
    for name in stored:
        if name not in known:
            raise ValueError(f"A {kind} range has {', '.join(known)}, got {name!r}.")
    try:
        return RANGES[kind](**stored)
    except TypeError:
        raise ValueError(f"A {kind} range needs {', '.join(known[:2])}, got {value!r}.") from None
