"""The axes of a layer beside those on the canvas: their names, and what the sliders show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from napari_colorcluster.layers.images.layer_data import levels

if TYPE_CHECKING:
    from napari.components import ViewerModel
    from napari.layers import Layer


def slider_axes(viewer: ViewerModel, layer: Layer) -> list[int]:
    """The axes of a layer that have a slider, 0..ndim - 1; those on the canvas are left out."""
    # napari lines up the last axes of all layers.
    offset = viewer.dims.ndim - layer.ndim
    return [axis - offset for axis in sorted(viewer.dims.not_displayed) if axis >= offset]


def axis_name(layer: Layer, axis: int) -> str:
    """What an axis is called: as the layer says, or its number where it says nothing."""
    name = layer.axis_labels[axis]
    # napari counts them from the last one on where nobody has named them.
    return f"axis {axis}" if name.removeprefix("axis ").startswith("-") else name


def frame_shown(viewer: ViewerModel, layer: Layer, axis: int) -> int:
    """The frame of a layer along an axis that the sliders show, within 0..its length - 1."""
    point = viewer.dims.point[viewer.dims.ndim - layer.ndim :]
    frame = round(float(layer.world_to_data(point)[axis]))
    return min(max(frame, 0), levels(layer)[0].shape[axis] - 1)
