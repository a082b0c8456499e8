"""What a layer is: its arrays, and whether it is an image to cluster; not what was made of it."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
from napari.layers import Image, Layer

METADATA_KEY = "napari_colorcluster"
"""Where in ``layer.metadata`` a result says how it was made."""

TOOL_KEY = "napari_colorcluster_tool"
"""Where in ``layer.metadata`` a layer says that it is a tool of the panel, there for a while."""


def unwrapped(layer: Any) -> Any:
    """The layer itself where napari hands out a proxy of it."""
    return getattr(layer, "__wrapped__", layer)


def is_source(layer: Layer | None) -> bool:
    """Whether a layer can be clustered: an RGB image that does not show colors of another one.

    Results, copies of results and the bars of palette files are recognized by their metadata.
    """
    return isinstance(layer, Image) and layer.rgb and METADATA_KEY not in layer.metadata


def is_palette_layer(layer: Layer | None) -> bool:
    """Whether a layer shows the bar of a palette file: see `read_palette`."""
    return layer is not None and "palette" in layer.metadata.get(METADATA_KEY, {})


def levels(layer: Layer) -> list[Any]:
    """The arrays of a layer, the full resolution first; one, unless it is a pyramid."""
    return list(layer.data) if layer.multiscale else [layer.data]


def n_pixels(level: Any) -> float:
    """Number of pixels of a level; not a number where the sizes of chunks are unknown."""
    return prod(level.shape[:-1])


def level_centers(full: tuple[int, ...], coarse: tuple[int, ...]) -> tuple[np.ndarray, ...]:
    """Which pixels of the full resolution the centers of a coarser level's pixels fall into.

    Parameters
    ----------
    full, coarse : tuple of int
        The shapes of both, without channels.

    Returns
    -------
    tuple of ndarray
        An index into an array of the full shape; what it selects has the coarse shape.
    """
    return np.ix_(
        *((2 * np.arange(n) + 1) * size // (2 * n) for size, n in zip(full, coarse, strict=True))
    )
