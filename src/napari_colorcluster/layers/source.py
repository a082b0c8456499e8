"""Which layer of a viewer is clustered, and which of the other layers can outline a region."""

from __future__ import annotations

from typing import TYPE_CHECKING

from napari.layers import Image, Labels, Layer, Shapes

from napari_colorcluster.layers.images.channels import possible_channels
from napari_colorcluster.layers.images.layer_data import TOOL_KEY, is_source, unwrapped
from napari_colorcluster.layers.regions.region import Region
from napari_colorcluster.layers.result.results import results

if TYPE_CHECKING:
    from napari.components import ViewerModel


def source_layers(viewer: ViewerModel) -> list[Image]:
    """The layers of `viewer` that can be clustered, the topmost last."""
    return [unwrapped(layer) for layer in viewer.layers if is_source(unwrapped(layer))]


def active_source(viewer: ViewerModel) -> Image | None:
    """The active layer, or what its clustering was made from; None where it is no RGB image."""
    active = unwrapped(viewer.layers.selection.active)
    if active is None:
        return None
    active = results.source_of(active) or active
    return active if is_source(active) else None


def resolve_source(viewer: ViewerModel, layer: Layer | str | None = None) -> Image:
    """Find the layer to cluster.

    Parameters
    ----------
    viewer : napari.Viewer
        Where it is.
    layer : Image, str or None
        The layer or its name. By default the active one, or the only one that can be clustered.

    Raises
    ------
    ValueError
        Where there is no such layer, or it is no RGB image; it says what is there instead.
    """
    if not len(viewer.layers):
        raise ValueError("There is no layer to cluster: open an RGB image first.")
    if layer is None:
        candidates = source_layers(viewer)
        found = active_source(viewer)
        active = unwrapped(viewer.layers.selection.active)
        if found is None and active is None and len(candidates) == 1:
            found = candidates[0]
        if found is not None and found not in viewer.layers:
            raise ValueError(
                f"The image that {active.name!r} was made from, {found.name!r}, is not in this "
                "viewer any more."
            )
        if found is not None:
            return found
        if active is None:
            raise ValueError("No layer is active: select the RGB image to cluster.")
        layer = active
    elif isinstance(layer, str):
        if layer not in viewer.layers:
            known = ", ".join(repr(each.name) for each in viewer.layers)
            raise ValueError(f"There is no layer named {layer!r}; there are {known}.")
        layer = viewer.layers[layer]
    layer = unwrapped(layer)
    if layer not in viewer.layers:
        raise ValueError(f"The layer {layer.name!r} is not in this viewer.")
    if not isinstance(layer, Image) or not layer.rgb:
        kind = "grayscale image" if isinstance(layer, Image) else f"{type(layer).__name__} layer"
        channels = possible_channels(viewer, layer)
        advice = "" if channels is None else f": {channels.advice}"
        raise ValueError(
            f"Only RGB images have colors to cluster; the layer {layer.name!r} is a {kind}{advice}."
        )
    return layer


def regions_for(viewer: ViewerModel, source: Image) -> list[Region]:
    """List the regions of an image that the layers of a viewer outline, the lowest layer first.

    Parameters
    ----------
    viewer : napari.Viewer
        Where the layers are.
    source : Image
        The image layer.

    Returns
    -------
    list of Region
        Inside and outside each Shapes layer and each Labels layer that no clustering made and that
        is no tool; of a Labels layer all labels together, and the selected one. See also
        `each_object_of`.
    """
    layers = [unwrapped(layer) for layer in viewer.layers]
    outlining = [
        layer
        for layer in layers
        if isinstance(layer, Labels | Shapes)
        and layer is not source
        and results.source_of(layer) is None
        and TOOL_KEY not in layer.metadata
    ]
    return [
        Region(layer, label, outside)
        for layer in outlining
        for label in (None, *((layer.selected_label,) if isinstance(layer, Labels) else ()))
        for outside in (False, True)
    ]


def each_object_of(regions: list[Region]) -> list[Region]:
    """The regions in which each label is an object: one of each Labels layer among others."""
    layers = dict.fromkeys(region.layer for region in regions)
    return [Region(layer, each=True) for layer in layers if isinstance(layer, Labels)]
