"""Where a layer lies that shows something of an image: where the image lies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from napari.layers import Layer

PLACEMENT = ("scale", "translate", "rotate", "shear", "affine", "units", "axis_labels")
"""What decides where a layer lies: the names of properties, and of their events."""


def placement_of(layer: Layer) -> dict[str, Any]:
    """Where a layer lies, as keywords of another one."""
    return {name: getattr(layer, name) for name in PLACEMENT}


def place(layer: Layer, placement: Mapping[str, Any]) -> None:
    """Move a layer to where its image is, if the image has moved: each move is a redraw."""
    for name, value in placement.items():
        here = getattr(layer, name)
        same = here == value if isinstance(value, tuple) else np.array_equal(here, value)
        if not same:
            setattr(layer, name, value)
