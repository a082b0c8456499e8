"""Clustering a layer from start to end, as the console does it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from napari_colorcluster.core.clustering import ColorClustering
from napari_colorcluster.core.fitting import cluster_colors
from napari_colorcluster.layers.results import paint_levels, results
from napari_colorcluster.layers.source import levels, resolve_source

if TYPE_CHECKING:
    from napari.components import ViewerModel
    from napari.layers import Layer


def cluster_layer(
    viewer: ViewerModel, layer: Layer | str | None = None, **keywords: Any
) -> ColorClustering:
    """Cluster the colors of a layer and show the result above it.

    Parameters
    ----------
    viewer : napari.Viewer
        Where the layer is and the result is shown.
    layer : Image, str or None
        An RGB image layer or its name; by default the active one.
    **keywords
        As for `cluster_colors`: ``n_clusters``, ``method``, ``color_space``, ``standardize``,
        ``lightness_weight``, ``mask``, ``random_state`` and the method's own options.

    Returns
    -------
    ColorClustering
        The palette and what paints with it. The viewer has "<image> quantized" and
        "<image> clusters" above the image; calling again updates the two in place.

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
    pyramid = levels(source)
    if keywords.get("mask") is not None and len(pyramid) > 1:
        raise ValueError(
            f"A mask needs an image of one resolution; {source.name!r} has {len(pyramid)}."
        )
    clustering = cluster_colors(pyramid[0], **keywords)
    painted = paint_levels(clustering, pyramid, keywords.get("mask"))
    results.show(viewer, source, painted)
    return clustering
