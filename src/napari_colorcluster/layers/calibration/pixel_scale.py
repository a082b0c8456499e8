"""The size of an image's pixels from a card of known width that lies in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from napari.layers import Image, Layer

from napari_colorcluster.core.color.calibration.card import Card, ordered_corners
from napari_colorcluster.layers.calibration.plane import Plane
from napari_colorcluster.layers.calibration.turn import turn_by_sides

if TYPE_CHECKING:
    from napari.components import ViewerModel

UNIT = "mm"


def pixel_side(card: Card, corners: np.ndarray, width: float) -> float:
    """Find how wide a pixel is at the middle of a card, whose perspective counts.

    Parameters
    ----------
    card : Card
        Its patches are square.
    corners : ndarray, shape (4, 2)
        Row and column of its field's corners, in order around it.
    width : float
        How wide the field is, in millimeters; it is as high as square patches ask for.

    Returns
    -------
    float
        Millimeters: the side of a square of a pixel's area.

    Raises
    ------
    ValueError
        Where the corners are not those of a convex quadrilateral.
    """
    from skimage.transform import estimate_transform

    corners = np.roll(ordered_corners(corners, keep=True), -turn_by_sides(corners, card), axis=0)
    field = np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) * [width, width / card.aspect]
    to_field = estimate_transform("projective", corners, field)
    middle = to_field.inverse(field.mean(axis=0))[0]
    # A step of a hundredth of a pixel: there, the transform is as good as linear.
    steps = middle + 0.01 * np.array([[0, 0], [1, 0], [0, 1]])
    origin, down, right = to_field(steps)
    area = abs(np.linalg.det(np.stack([down - origin, right - origin])))
    return float(np.sqrt(area) / 0.01)


def set_pixel_side(viewer: ViewerModel, image: Image, plane: Plane, side: float) -> None:
    """Give an image's pixels a size, and those of the layers that were drawn over it.

    Parameters
    ----------
    viewer : napari.Viewer
        Where the image is.
    image : Image
        The image layer.
    plane : Plane
        Where its card lies.
    side : float
        The side of a pixel, in millimeters. One that is not square keeps its shape.
    """
    axes = list(plane.axes)
    factor = side / float(np.sqrt(np.prod(np.abs(image.scale[axes]))))
    over = [layer for layer in viewer.layers if _lies_over(layer, image)]
    # All are found before one is set: some follow the image of their own accord.
    for layer, changes in [(each, _scaled(each, axes, factor)) for each in (image, *over)]:
        for name, value in changes.items():
            setattr(layer, name, value)


def _scaled(layer: Layer, axes: list[int], factor: float) -> dict[str, Any]:
    scale, translate, units = layer.scale.copy(), layer.translate.copy(), list(layer.units)
    scale[axes] *= factor
    translate[axes] *= factor
    for axis in axes:
        units[axis] = UNIT
    return {"scale": scale, "translate": translate, "units": tuple(units)}


def _lies_over(layer: Layer, image: Image) -> bool:
    """Whether a layer was drawn over an image: it is no image, and lies on the same pixels."""
    if isinstance(layer, Image) or layer.ndim != image.ndim:
        return False
    return np.array_equal(layer.scale, image.scale) and layer.units == image.units
