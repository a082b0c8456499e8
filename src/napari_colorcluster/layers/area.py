"""How large the pixels of a layer are in the world, as its scale and units tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from napari_colorcluster.core.pixel_size import PixelSize

if TYPE_CHECKING:
    from napari.layers import Layer


def pixel_size_of(layer: Layer, level: int = 0) -> PixelSize | None:
    """Find the area of a layer's pixels, or the volume of its voxels.

    Parameters
    ----------
    layer : napari.layers.Layer
        A layer. Of its axes those count whose unit is a length: neither time nor "pixel", which
        is napari's word for no unit.
    level : int, default 0
        The level of a pyramid whose pixels are meant.

    Returns
    -------
    PixelSize or None
        An area where two axes have lengths, a volume where three have, in the unit of the last of
        them; None for any other number, or where a scale has no size.
    """
    axes = [axis for axis, unit in enumerate(layer.units) if unit.is_compatible_with("meter")]
    if len(axes) not in (2, 3):
        return None
    unit = layer.units[axes[-1]]
    factors = [(1.0 * layer.units[axis]).to(unit).magnitude for axis in axes]
    # Neither a rotation nor napari's shear changes an area; an affine transform may.
    widened = np.linalg.det(np.asarray(layer.affine.linear_matrix)[np.ix_(axes, axes)])
    size = float(abs(np.prod(factors) * np.prod(np.asarray(layer.scale)[axes]) * widened))
    if level:
        size *= float(np.prod(np.asarray(layer.downsample_factors)[level][axes]))
    if not (np.isfinite(size) and size > 0):
        return None
    return PixelSize(size, f"{unit ** len(axes):~P}", len(axes))
