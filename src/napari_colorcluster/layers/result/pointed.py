"""Which cluster the mouse points at or clicks, whatever layer is active, visible or on top."""

from __future__ import annotations

from collections.abc import Generator
from math import ceil, dist
from typing import TYPE_CHECKING, Any

import numpy as np

from napari_colorcluster.core.pixels.image import is_dask

if TYPE_CHECKING:
    from napari.layers import Labels

STILL = 4
"""How far the mouse may slip between press and release of a click, in pixels of the canvas."""

_STEPS = 2
"""How many times the pixels along a view are looked at, each."""


def is_click(event: Any) -> Generator[None, None, bool]:
    """Follow a press of the mouse to its release; whether it was a click, and no drag.

    Parameters
    ----------
    event : mouse event of napari
        As a callback in ``viewer.mouse_drag_callbacks`` is given it, which says
        ``yield from is_click(event)``.
    """
    start = tuple(event.pos)
    yield
    while event.type == "mouse_move":
        if dist(start, event.pos) > STILL:
            return False
        yield
    # napari skips moves that follow each other closely, so the release may be far off.
    return dist(start, event.pos) <= STILL


def label_at(layer: Labels, event: Any) -> int:
    """Find the label under the mouse.

    Parameters
    ----------
    layer : napari.layers.Labels
        The clusters, visible or hidden.
    event : mouse event of napari
        With ``position``, ``view_direction`` and ``dims_displayed``.

    Returns
    -------
    int
        A label; 0 where there is none. In three dimensions it is the first one that is seen in the
        direction of the view: what is transparent is looked through.
    """
    if len(event.dims_displayed) == 3:
        return _label_on_ray(layer, event)
    if not layer.visible:
        return _hidden_label_at(layer, event.position)
    value = layer.get_value(
        event.position,
        view_direction=event.view_direction,
        dims_displayed=event.dims_displayed,
        world=True,
    )
    if layer.multiscale and value is not None:
        _, value = value
    return 0 if value is None else int(value)


def pixel_at(layer: Labels, event: Any) -> tuple[int, ...] | None:
    """Find the pixel under the mouse, of the full resolution.

    Parameters
    ----------
    layer : napari.layers.Labels
        The clusters, visible or hidden.
    event : mouse event of napari
        With ``position`` and ``dims_displayed``.

    Returns
    -------
    tuple of int or None
        Its index; None outside of the layer, and where the canvas does not show a plane of its last
        two axes, which are those of patches.
    """
    shown = sorted(axis - len(event.position) for axis in event.dims_displayed)
    if shown != [-2, -1]:
        return None
    at = np.rint(layer.world_to_data(event.position)).astype(int)
    inside = all(0 <= index < length for index, length in zip(at, _full(layer).shape, strict=True))
    return tuple(at.tolist()) if inside else None


def _label_on_ray(layer: Labels, event: Any) -> int:
    """The first label that is not transparent, from where the view enters the layer."""
    ends = layer.get_ray_intersections(
        event.position, event.view_direction, list(event.dims_displayed)
    )
    if ends[0] is None:
        return 0
    data = _full(layer)
    steps = ceil(_STEPS * dist(*ends)) + 1
    at = np.rint(np.linspace(*ends, steps)).astype(int)
    at = at[((at >= 0) & (at < data.shape)).all(axis=1)]
    labels = np.asarray((data.vindex if is_dask(data) else data)[tuple(at.T)])
    seen = labels[(labels > 0) & (layer.colormap.map(labels)[:, 3] > 0)]
    return int(seen[0]) if len(seen) else 0


def is_in_memory(layer: Labels, n_displayed: int = 2) -> bool:
    """Whether `label_at` needs no computation, in as many dimensions as are displayed.

    Of a dask image napari holds the labels that are shown in two dimensions.
    """
    return (layer.visible and n_displayed == 2) or isinstance(_full(layer), np.ndarray)


def _hidden_label_at(layer: Labels, position: Any) -> int:
    """The label of the full resolution: napari gives no value of a layer that is hidden."""
    data = _full(layer)
    at = np.rint(layer.world_to_data(position)).astype(int)
    inside = all(0 <= index < length for index, length in zip(at, data.shape, strict=True))
    return int(np.asarray(data[tuple(at)])) if inside else 0


def _full(layer: Labels) -> Any:
    return layer.data[0] if layer.multiscale else layer.data
