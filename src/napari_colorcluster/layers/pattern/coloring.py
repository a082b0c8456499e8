"""Which colors and names the labels of a layer have, and patterns described by them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from napari.layers import Labels
from napari.utils.colormaps import DirectLabelColormap

from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.pattern.pattern import Pattern
from napari_colorcluster.layers.result.results import results

if TYPE_CHECKING:
    from collections.abc import Mapping


def palette_of(layer: Labels) -> Palette | None:
    """The colors and names of a layer's labels, as far as they are known.

    Parameters
    ----------
    layer : napari.layers.Labels
        The clusters of a result, or any other Labels layer.

    Returns
    -------
    Palette or None
        Of a result its palette. Of any other layer the labels that its colormap gives a color
        each, with the names in its features; None where the colormap gives labels colors at
        random, as napari's own does, since these say nothing of an image.
    """
    shown = results.of(results.source_of(layer))
    if shown is not None and shown.labels is layer:
        return shown.palette
    if not isinstance(layer.colormap, DirectLabelColormap):
        return None
    colors = {
        int(label): np.asarray(color)
        for label, color in layer.colormap.color_dict.items()
        if label is not None and label > 0 and np.asarray(color)[-1] > 0
    }
    names = _names(layer)
    return Palette(
        [np.rint(255 * color[:3]) for color in colors.values()],
        np.zeros(len(colors)),
        tuple(names.get(label, str(label)) for label in colors),
        list(colors),
    )


def _names(layer: Labels) -> Mapping[int, str]:
    features = layer.features
    if not {"index", "name"} <= set(features.columns):
        return {}
    return dict(zip(features["index"].tolist(), map(str, features["name"]), strict=True))


def described(pattern: Pattern, palette: Palette | None, *, with_absent: bool) -> Pattern:
    """Give the clusters of a pattern their colors and names.

    Parameters
    ----------
    pattern : Pattern
        Of the labels that occur.
    palette : Palette or None
        The colors. Where a label has none, or none is known, the pattern stays without.
    with_absent : bool
        Whether clusters of the palette that do not occur are part of the pattern.
    """
    if palette is None or not np.isin(pattern.labels, palette.labels).all():
        return pattern
    kept = np.ones(len(palette), bool) if with_absent else np.isin(palette.labels, pattern.labels)
    labels = palette.labels[kept]
    order = np.argsort(labels)
    at = order[np.searchsorted(labels, pattern.labels, sorter=order)]
    k = len(labels)
    horizontal, vertical = np.zeros((2, k, k), np.int64)
    pixels = np.zeros(k, np.int64)
    horizontal[np.ix_(at, at)], vertical[np.ix_(at, at)] = pattern.horizontal, pattern.vertical
    pixels[at] = pattern.pixels
    return replace(
        pattern,
        horizontal=horizontal,
        vertical=vertical,
        pixels=pixels,
        labels=labels,
        colors=palette.colors[kept],
        names=tuple(name for name, keep in zip(palette.names, kept, strict=True) if keep),
    )
