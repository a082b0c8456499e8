"""How large the pixels of a layer are in the world, by its scale and units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from napari_colorcluster.core.pixels.pixel_size import PixelSize

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
    widths = np.asarray(layer.scale)
    if level:
        widths = widths * np.asarray(layer.downsample_factors)[level]
    return _pixel_size(layer.units, widths, np.asarray(layer.affine.linear_matrix))


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
    affine = np.asarray(layer.affine.linear_matrix)[-2:, -2:]
    return _pixel_size(layer.units[-2:], np.asarray(layer.scale)[-2:], affine)


def saved_pixel_size(attributes: Mapping[str, Any]) -> PixelSize | None:
    """Find `pixel_size_of` a layer that is being saved, from its attributes."""
    units, scale = attributes.get("units"), attributes.get("scale")
    if units is None or scale is None:
        return None
    affine = attributes.get("affine")
    affine = np.eye(len(scale) + 1) if affine is None else np.asarray(affine)
    return _pixel_size(units, np.asarray(scale), affine[:-1, :-1])


def _pixel_size(units: Sequence[Any], widths: np.ndarray, affine: np.ndarray) -> PixelSize | None:
    axes = [axis for axis, unit in enumerate(units) if unit.is_compatible_with("meter")]
    if len(axes) not in (2, 3):
        return None
    unit = units[axes[-1]]
    factors = [(1.0 * units[axis]).to(unit).magnitude for axis in axes]
    # Neither a rotation nor napari's shear changes an area; an affine transform may.
    widened = np.linalg.det(affine[np.ix_(axes, axes)])
    size = float(abs(np.prod(factors) * np.prod(widths[axes]) * widened))
    if not (np.isfinite(size) and size > 0):
        return None
    return PixelSize(size, f"{unit ** len(axes):~P}", len(axes))
