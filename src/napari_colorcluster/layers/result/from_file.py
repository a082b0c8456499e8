"""Labels that were saved with their palette, opened again: colors, names and how they were made."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from napari.layers import Image, Labels, Layer

from napari_colorcluster.core.files.label_tiffs import SUFFIXES
from napari_colorcluster.core.files.saved_labels import SavedLabels
from napari_colorcluster.layers.images.layer_data import METADATA_KEY
from napari_colorcluster.layers.result.placement import placement_of
from napari_colorcluster.layers.result.results import label_colormap, label_features

if TYPE_CHECKING:
    from napari.components import ViewerModel


def label_file_of(layer: Layer) -> Path | None:
    """The TIFF file of a layer that may show labels saved with their palette; else None.

    napari's own reader opens such a file, as it does any TIFF, and knows only the numbers: integers
    of 8 or 16 bits become a gray image.
    """
    may_be = isinstance(layer, Labels) or (isinstance(layer, Image) and not layer.rgb)
    path = layer.source.path
    if not may_be or path is None or METADATA_KEY in layer.metadata or layer.multiscale:
        return None
    is_whole = np.dtype(layer.data.dtype).kind in "ui" and Path(path).suffix.lower() in SUFFIXES
    return Path(path) if is_whole else None


def show_as_saved(viewer: ViewerModel, layer: Layer, saved: SavedLabels) -> Labels:
    """Give labels the palette they were saved with; a gray image of them becomes a Labels layer.

    Parameters
    ----------
    viewer : napari.Viewer
        Where the layer is.
    layer : Image or Labels
        What napari has opened the file as.
    saved : SavedLabels
        What the file says.

    Returns
    -------
    Labels
        The layer, or the one in its place.
    """
    palette = saved.palette
    made = {} if saved.made is None else {METADATA_KEY: saved.made}
    look = {"colormap": label_colormap(palette), "features": label_features(palette)}
    look["metadata"] = {**layer.metadata, **made}
    if isinstance(layer, Labels):
        for name, value in look.items():
            setattr(layer, name, value)
        return layer
    labels = Labels(layer.data, name=layer.name, **look, **placement_of(layer))
    layers = viewer.layers
    active, at = layers.selection.active, layers.index(layer)
    layers.remove(layer)
    if active is None or active is layer:
        layers.insert(at, labels)
        return labels
    # napari makes what is inserted active; listeners would follow it there and back.
    with layers.selection.events.active.blocker():
        layers.insert(at, labels)
        layers.selection.active = active
    return labels
