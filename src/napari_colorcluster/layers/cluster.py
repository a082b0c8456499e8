"""Clustering a layer from start to end, as the console does it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from napari_colorcluster.core.clustering.clustering import ColorClustering
from napari_colorcluster.core.clustering.fitting import cluster_colors
from napari_colorcluster.core.correcting.overlay import Overlay
from napari_colorcluster.core.files.results import read_result
from napari_colorcluster.layers.images.shown import Shown
from napari_colorcluster.layers.regions.region import Region, masks_of
from napari_colorcluster.layers.result.results import results
from napari_colorcluster.layers.result.segmentation import Segmentation
from napari_colorcluster.layers.source import resolve_source

if TYPE_CHECKING:
    from napari.components import ViewerModel
    from napari.layers import Layer


def cluster_layer(
    viewer: ViewerModel,
    layer: Layer | str | None = None,
    *,
    region: Region | Mapping[str, Any] | None = None,
    min_pixels: int = 1,
    overlay: Overlay | Mapping[str, Any] | str | os.PathLike[str] | None = None,
    **keywords: Any,
) -> ColorClustering:
    """Cluster the colors of a layer, as napari shows them, and show the result above it.

    Parameters
    ----------
    viewer : napari.Viewer
        Where the layer is and the result is shown.
    layer : Image, str or None
        An RGB image layer or its name; by default the active one. Its contrast limits and gamma
        count as they do on the screen: of more than 8 bits, ``cluster_colors(layer.data)`` sees
        other colors.
    region : Region or mapping, optional
        Which part of the image takes part, such as ``{"layer": "Shapes", "outside": True}`` or
        ``{"layer": "leaf", "label": 3}``; by default all of it.
    min_pixels : int, default 1
        Patches of fewer pixels are specks: they go to the cluster around them.
    overlay : Overlay, mapping or path, optional
        Pixels to paint on the result: as `Overlay.to_dict` gives them, or a file with a saved
        clustering that holds some. By default none.
    **keywords
        As for `cluster_colors`: ``n_clusters``, ``method``, ``color_space``, ``standardize``,
        ``lightness_weight``, ``mask``, ``random_state``, ``min_alpha``, ``max_distance`` and the
        method's own options.

    Returns
    -------
    ColorClustering
        The palette and what paints with it, by color alone. The viewer has "<image> quantized" and
        "<image> clusters" above the image; calling again updates the two in place. With
        `min_pixels` or an `overlay`, pixels change their cluster there: the shares that are shown
        are the ``features`` of "<image> clusters".

    Raises
    ------
    ValueError
        Where there is no RGB image to cluster or a keyword is not allowed; nothing is changed.

    Examples
    --------
    In napari's console, with a photo open:

    >>> import napari_colorcluster as ncc  # doctest: +SKIP
    >>> clustering = ncc.cluster_layer(viewer, n_clusters=4)  # doctest: +SKIP
    >>> clustering.palette.to_dataframe()  # doctest: +SKIP
    """
    source = resolve_source(viewer, layer)
    shown = Shown.of(source)
    mask = keywords.get("mask")
    if region is not None and mask is not None:
        raise ValueError("Either a mask or a region can tell which pixels take part, got both.")
    if mask is not None and len(shown.levels) > 1:
        raise ValueError(
            f"A mask needs an image of one resolution; {source.name!r} has {len(shown.levels)}."
        )
    if not isinstance(region, Region | None):
        region = Region.from_dict(viewer, region)
    masks = masks_of(region, source) if mask is None else (mask,)
    if masks is not None:
        keywords["mask"] = masks[0]
    painted = as_overlay(overlay)
    clustering = cluster_colors(shown.pictures[0], **keywords)
    asked = keywords.get("n_clusters")
    made = Segmentation(clustering, masks, region, min_pixels, n_asked=asked, overlay=painted)
    results.show(viewer, source, made.paint(shown.pictures))
    return clustering


def as_overlay(
    given: Overlay | Mapping[str, Any] | str | os.PathLike[str] | None,
) -> Overlay | None:
    """Take painted pixels as `cluster_layer` is given them."""
    if isinstance(given, str | os.PathLike):
        return read_result(given).overlay
    return given if isinstance(given, Overlay | None) else Overlay.from_dict(given)
