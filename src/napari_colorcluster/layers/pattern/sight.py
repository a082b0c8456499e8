"""Where the canvas looks: whether a pixel of a layer is in sight, and going there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from napari.components import ViewerModel
    from napari.layers import Layer


def go_where(viewer: ViewerModel, layer: Layer, mask: np.ndarray, corner: Sequence[int]) -> None:
    """Look at the middle of a mask that begins at a corner of a layer's data, unless it is seen."""
    middle = np.array(corner, float)
    middle[-2:] += (np.array(mask.shape) - 1) / 2
    if not is_in_sight(viewer, layer, middle):
        go_to(viewer, layer, middle)


def go_to(viewer: ViewerModel, layer: Layer, index: Sequence[float]) -> None:
    """Move the sliders and the camera so that a pixel of a layer is in the middle of the canvas."""
    world = _world(viewer, layer, index)
    dims = viewer.dims
    for axis in dims.not_displayed:
        if axis >= dims.ndim - layer.ndim:
            dims.set_point(axis, world[axis])
    center = np.zeros(3)
    displayed = world[list(dims.displayed)]
    center[3 - len(displayed) :] = displayed
    viewer.scene.camera.center = tuple(center)


def is_in_sight(viewer: ViewerModel, layer: Layer, index: Sequence[float]) -> bool:
    """Whether a pixel of a layer is on the canvas as it is now."""
    dims, offset = viewer.dims, viewer.dims.ndim - layer.ndim
    low, high = np.asarray(layer.corner_pixels)
    if layer.multiscale:
        factor = np.asarray(layer.downsample_factors)[layer.data_level]
        low, high = low * factor, (high + 1) * factor
    shown = [axis - offset for axis in dims.displayed if axis >= offset]
    here = np.rint(layer.world_to_data(dims.point[-layer.ndim :]))
    return all(
        low[axis] <= at <= high[axis] if axis in shown else here[axis] == at
        for axis, at in enumerate(index)
    )


def _world(viewer: ViewerModel, layer: Layer, index: Sequence[float]) -> np.ndarray:
    """A position in a layer's data in the viewer's world, in which the last axes are its own."""
    world = np.array(viewer.dims.point, float)
    world[len(world) - layer.ndim :] = layer.data_to_world(np.asarray(index, float))
    return world
