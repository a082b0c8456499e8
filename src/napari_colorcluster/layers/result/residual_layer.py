"""The layer that shows where a clustering is wrong: how far each pixel is from its cluster's color.

On one scale for all images and clusterings, so that two can be compared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from napari.layers import Image

from napari_colorcluster.layers.images.layer_data import METADATA_KEY
from napari_colorcluster.layers.result.placement import PLACEMENT, place, placement_of
from napari_colorcluster.layers.result.provenance import provenance
from napari_colorcluster.layers.result.results import LayerResult, results

if TYPE_CHECKING:
    from napari.components import ViewerModel

LIMITS = (0.0, 20.0)
"""The ΔE2000 that are shown darkest and brightest. Above 5 two colors differ for anybody, and at 20
they have little in common."""


class ResidualLayers:
    """Which image has a residual layer: by the layers themselves, never by their names."""

    def __init__(self) -> None:
        self._of_source: WeakKeyDictionary[Image, Image] = WeakKeyDictionary()

    def of(self, viewer: ViewerModel, source: Image | None) -> Image | None:
        """The residual layer of an image; None where there is none, or it was removed."""
        layer = None if source is None else self._of_source.get(source)
        return layer if layer is not None and layer in viewer.layers else None

    def show(self, viewer: ViewerModel, source: Image, residuals: list[Any]) -> Image:
        """Show residuals above the result that they are of, in the layer of those before if any.

        Parameters
        ----------
        viewer : napari.Viewer
            Where the image is.
        source : Image
            The image layer, which has a result.
        residuals : list of array, shape (...), float32
            Those of each level of the image, the full resolution first.
        """
        result: LayerResult = results.of(source)
        data = residuals if source.multiscale else residuals[0]
        layer = self.of(viewer, source)
        if layer is not None and (layer.ndim, layer.multiscale) != (source.ndim, source.multiscale):
            self.remove(viewer, source)
            layer = None
        if layer is None:
            layer = Image(
                data,
                name=f"{source.name} residuals",
                rgb=False,
                colormap="magma",
                contrast_limits=LIMITS,
                multiscale=source.multiscale,
                **placement_of(source),
            )
            self._of_source[source] = layer
            for name in PLACEMENT:
                getattr(source.events, name).connect(self._follow)
            above = result.labels if result.labels in viewer.layers else source
            results.insert(viewer, source, layer, above, select=False)
        else:
            layer.data = data
            place(layer, placement_of(source))
        made = {**provenance(result.segmentation, source), "residuals": "ΔE2000"}
        layer.metadata = {**layer.metadata, METADATA_KEY: made}
        return layer

    def remove(self, viewer: ViewerModel, source: Image) -> None:
        """Remove the residual layer of an image, if it is there."""
        layer = self.of(viewer, source)
        if layer is not None:
            viewer.layers.remove(layer)
        if self._of_source.pop(source, None) is not None:
            for name in PLACEMENT:
                getattr(source.events, name).disconnect(self._follow)

    def _follow(self, event: Any) -> None:
        """Move the layer along with its image."""
        source = event.source
        layer = self._of_source.get(source)
        if layer is not None and layer.ndim == source.ndim:
            place(layer, {event.type: getattr(source, event.type)})


residual_layers = ResidualLayers()
"""The residual layers of this session."""
