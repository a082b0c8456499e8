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
    axes = [axis for axis in range(layer.ndim) if _has_length(layer, axis)]
    return _size_of(layer, axes, level) if len(axes) in (2, 3) else None


def pixel_area_of(layer: Layer) -> PixelSize | None:
    """Find the area of a layer's pixels within a plane: that of its last two axes.

    Parameters
    ----------
    layer : napari.layers.Layer
        A layer; of a pyramid, its full resolution is meant.

    Returns
    -------
    PixelSize or None
        An area, of a stack of planes as well; None where one of the two axes has no length.
    """
    axes = [layer.ndim - 2, layer.ndim - 1]
    return _size_of(layer, axes) if all(_has_length(layer, axis) for axis in axes) else None


def _has_length(layer: Layer, axis: int) -> bool:
    return layer.units[axis].is_compatible_with("meter")


def _size_of(layer: Layer, axes: list[int], level: int = 0) -> PixelSize | None:
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
