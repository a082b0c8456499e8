"""The palette file whose layer was active last, until it is applied or a setting changes."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import ref

from napari_colorcluster.layers.images.layer_data import is_palette_layer, unwrapped

if TYPE_CHECKING:
    from napari.components import ViewerModel
    from napari.layers import Layer


class DroppedPalette:
    """Remembers the layer of a palette file.

    Parameters
    ----------
    viewer : napari.Viewer
        Where the layer is.
    """

    def __init__(self, viewer: ViewerModel) -> None:
        self._viewer = viewer
        self._layer: ref[Layer] | None = None

    def look_at(self, layer: Layer | None) -> bool:
        """Take the active layer, where it is one of a palette file.

        Returns
        -------
        bool
            Whether there is such a layer, this one or one before.
        """
        if is_palette_layer(layer):
            self._layer = ref(layer)
        return self._layer is not None

    def forget(self) -> bool:
        """Drop it until it is active again; return whether there was one."""
        was_there = self._layer is not None
        self._layer = None
        return was_there

    def layer(self, has_result: bool) -> Layer | None:
        """The layer whose palette is to be shown; None where there is something else to show.

        Parameters
        ----------
        has_result : bool
            Whether the chosen image has a palette of its own: that is shown again once another
            layer is active.
        """
        layer = None if self._layer is None else self._layer()
        if layer is None or layer not in self._viewer.layers:
            return None
        is_active = unwrapped(self._viewer.layers.selection.active) is layer
        return layer if is_active or not has_result else None
