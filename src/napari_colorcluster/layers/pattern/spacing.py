"""How far apart the pixels of a layer are along each axis of a plane."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from napari_colorcluster.core.files.pictures.lengths import Lengths, known_lengths

if TYPE_CHECKING:
    from napari.layers import Layer

Spacing = tuple[tuple[float, float], str | None]
"""Size of a pixel along rows and columns of the array, (y, x), and its unit where it has one."""


def spacing_of(layer: Layer) -> Spacing:
    """Find the size of a layer's pixels along its last two axes, by its scale and units.

    Parameters
    ----------
    layer : napari.layers.Layer
        A layer; of a pyramid, its full resolution is meant.

    Returns
    -------
    spacing : (float, float)
        Along y and x, in the unit of x. 1 where a scale has no size.
    unit : str or None
        None where one of the two axes has no length, such as "pixel", napari's word for no unit.
    """
    stretched = np.linalg.norm(np.asarray(layer.affine.linear_matrix)[:, -2:], axis=0)
    sizes = np.abs(np.asarray(layer.scale)[-2:]) * stretched
    height, width = layer.units[-2:]
    unit = None
    if height.is_compatible_with("meter") and width.is_compatible_with("meter"):
        sizes[0] *= (1.0 * height).to(width).magnitude
        unit = f"{width:~P}"
    if not (np.isfinite(sizes).all() and (sizes > 0).all()):
        return (1.0, 1.0), None
    return tuple(sizes.tolist()), unit


def lengths_of(layer: Layer) -> Lengths:
    """The lengths of the sides of a layer's pixels, as files write them; those that are known."""
    (height, width), unit = spacing_of(layer)
    return known_lengths((("y", height, unit), ("x", width, unit)))
