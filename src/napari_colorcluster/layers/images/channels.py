"""Images that napari took for grayscale though they may have color channels: what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from napari.layers import Image, Layer

from napari_colorcluster.layers.images.layer_data import levels, unwrapped

if TYPE_CHECKING:
    from napari.components import ViewerModel

_N_CHANNELS = (3, 4)


@dataclass(frozen=True)
class Channels:
    """Where the color channels of a grayscale layer may be.

    Attributes
    ----------
    axis : int or None
        The axis of its data that may hold them, 0..ndim - 1; None where other layers do.
    note : str
        What a panel says of the layer, in one or two sentences.
    advice : str
        What to do in napari's console, without a full stop.
    """

    axis: int | None
    note: str
    advice: str


def possible_channels(viewer: ViewerModel, layer: Layer | None) -> Channels | None:
    """Find out whether a grayscale layer may be, or be part of, an image of colors.

    napari takes an image for RGB where its last axis has the length 3 or 4, but not a small one,
    and not one whose channels come first.

    Parameters
    ----------
    viewer : napari.Viewer
        Where it is.
    layer : Layer or None
        Any layer.

    Returns
    -------
    Channels or None
        None for what is no grayscale image, and for one without a sign of color.
    """
    if not _is_gray(layer):
        return None
    full = levels(layer)[0]
    if np.dtype(full.dtype).kind not in "uif":
        return None
    axis = _channel_axis(full.shape)
    if axis is not None:
        last = axis == full.ndim - 1
        where = "its last axis" if last else f"axis {axis}"
        data = "layer.data" if last else f"np.moveaxis(layer.data, {axis}, -1)"
        return Channels(
            axis,
            f'"{layer.name}" was read as grayscale. If {where}, of length {full.shape[axis]}, '
            "holds its colors, press Make it RGB.",
            f"if {where} holds its colors, viewer.add_image({data}, rgb=True) makes it RGB",
        )
    alike = [
        other
        for other in map(unwrapped, viewer.layers)
        if _is_gray(other) and levels(other)[0].shape == full.shape
    ]
    if len(alike) not in _N_CHANNELS:
        return None
    merge = (
        "give them the colormaps red, green and blue, select them in the layer list, right-click "
        "them and choose Merge to RGB"
    )
    return Channels(
        None,
        f'"{layer.name}" is grayscale. If it is one of {len(alike)} channels, {merge}.',
        f"if it is one of {len(alike)} channels, {merge}",
    )


def make_rgb(viewer: ViewerModel, layer: Image, axis: int) -> Image:
    """Add a grayscale layer again as RGB, and hide it.

    Parameters
    ----------
    viewer : napari.Viewer
        Where it is.
    layer : Image
        The layer.
    axis : int
        The axis of its data that holds the channels.
    """
    data: list[Any] = [np.moveaxis(level, axis, -1) for level in levels(layer)]
    rgb = viewer.add_image(
        data if layer.multiscale else data[0],
        multiscale=layer.multiscale,
        rgb=True,
        name=f"{layer.name} RGB",
        scale=np.delete(layer.scale, axis),
        translate=np.delete(layer.translate, axis),
        units=_without(layer.units, axis),
        axis_labels=_without(layer.axis_labels, axis),
        metadata=dict(layer.metadata),
    )
    layer.visible = False
    return rgb


def _is_gray(layer: Layer | None) -> bool:
    return isinstance(layer, Image) and not layer.rgb


def _channel_axis(shape: tuple[int, ...]) -> int | None:
    """The axis that may hold channels: the last, the one before rows and columns, or the first."""
    if len(shape) < 3:
        return None
    likely = (len(shape) - 1, len(shape) - 3, 0)
    return next((axis for axis in likely if shape[axis] in _N_CHANNELS), None)


def _without(values: tuple[Any, ...], axis: int) -> tuple[Any, ...]:
    return values[:axis] + values[axis + 1 :]
