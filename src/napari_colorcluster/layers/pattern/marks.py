"""Layers that mark something on another one: the outline of a patch, and boundaries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from napari.layers import Image, Layer
from napari.utils.colormaps import Colormap
from scipy.ndimage import maximum_filter

if TYPE_CHECKING:
    from napari.components import ViewerModel

OUTLINE = 2
"""Width of each of the two lines of an outline, in pixels of the screen."""

_MOST = 32
"""Width of such a line in pixels of the layer, at most."""


class Mark:
    """One layer above all others, that is there or not; the active layer stays active.

    Parameters
    ----------
    viewer : napari.Viewer
        Where it is.
    """

    def __init__(self, viewer: ViewerModel) -> None:
        self._viewer = viewer
        self._layer: Image | None = None

    @property
    def is_there(self) -> bool:
        """Whether it is shown, and no one has removed it."""
        return self._layer is not None and self._layer in self._viewer.layers

    def show(self, layer: Image) -> None:
        """Put a layer in the place of the one before."""
        self.off()
        self._layer = layer
        selection = self._viewer.layers.selection
        active = selection.active
        # napari makes what is added active; listeners would follow it there and back.
        with selection.events.active.blocker():
            self._viewer.layers.append(layer)
            selection.active = active

    def off(self) -> None:
        """Remove it."""
        if self.is_there:
            self._viewer.layers.remove(self._layer)
        self._layer = None


def outline(mask: np.ndarray, corner: Sequence[int], layer: Layer, zoom: float, name: str) -> Image:
    """Outline pixels: a black line around them and a white one around that, seen on any color.

    Parameters
    ----------
    mask : ndarray, shape (height, width), bool
        The pixels.
    corner : sequence of int
        Where the mask begins in the data of the layer.
    layer : napari.layers.Layer
        What they are pixels of.
    zoom : float
        Pixels of the screen for one unit of the world.
    name : str
        The name of the outline's layer.
    """
    size = float(np.abs(np.asarray(layer.scale)[-2:]).min())
    width = int(np.clip(np.ceil(OUTLINE / (zoom * size)), 1, _MOST))
    padded = np.pad(mask, 2 * width).astype(np.uint8)
    near, far = (maximum_filter(padded, 2 * step * width + 1) for step in (1, 2))
    drawn = near + far - 2 * padded
    # 1 in the outer line, 2 in the inner one.
    drawn = drawn.reshape((1,) * (len(corner) - 2) + drawn.shape)
    start = np.array(corner, float)
    start[-2:] -= 2 * width
    colors = Colormap(
        [[0, 0, 0, 0], [1, 1, 1, 1], [0, 0, 0, 1]], name="outline", interpolation="zero"
    )
    return Image(
        drawn,
        name=name,
        colormap=colors,
        contrast_limits=(0, 2),
        **_placed(layer, start),
    )


def boundary_layer(painted: np.ndarray, layer: Layer, name: str) -> Image:
    """Make a layer of the boundaries that `boundary_image` has painted."""
    highest = float(painted.max(initial=0)) or 1.0
    shown = np.array([[0.99, 0.91, 0.14], [0.93, 0.38, 0.15], [0.62, 0.0, 0.35]])
    # From yellow for those that are hard to see to purple, all on a ground that is left free.
    colors = np.c_[np.vstack([shown[:1], shown]), [0, 1, 1, 1]]
    lowest = float(painted[painted > 0].min(initial=highest)) / 2 / highest
    steps = Colormap(colors, name="ΔE", controls=[0, lowest, (1 + lowest) / 2, 1])
    return Image(
        painted,
        name=name,
        colormap=steps,
        contrast_limits=(0, highest),
        **_placed(layer, np.zeros(layer.ndim)),
    )


def _placed(layer: Layer, start: np.ndarray) -> dict[str, Any]:
    """Where data lie that begin at a position in another layer's data."""
    origin = np.asarray(layer.data_to_world(np.zeros(layer.ndim)))
    axes = [np.asarray(layer.data_to_world(step)) - origin for step in np.eye(layer.ndim)]
    affine = np.eye(layer.ndim + 1)
    affine[:-1, :-1] = np.stack(axes, axis=1)
    affine[:-1, -1] = layer.data_to_world(start)
    placed = {"affine": affine, "units": layer.units, "axis_labels": layer.axis_labels}
    return {**placed, "blending": "translucent_no_depth", "interpolation2d": "nearest"}
