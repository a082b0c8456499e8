"""Some clusters alone on the canvas, the rest dimmed: by a colormap of their Labels layer."""

from __future__ import annotations

from collections.abc import Iterable
from weakref import ref

import numpy as np
from napari.layers import Labels
from napari.utils.colormaps import DirectLabelColormap

from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.color.spaces import LUMA

VEIL_ALPHA = 0.9
"""How much of what is not selected the veil over it hides; less by the layer's own opacity."""

DARK = 0.3
"""Mean luma, 0 to 1, below which the selected colors would be lost on a dark ground."""


def highlight(
    layer: Labels,
    labels: Iterable[int],
    colors: np.ndarray,
    selected: Iterable[int] = (),
    *,
    veiled: bool = True,
) -> None:
    """Show the selected clusters of a Labels layer in their colors, all else dimmed.

    Nothing but the layer's colormap is set; its data, opacity and blending stay as they are.

    Parameters
    ----------
    layer : napari.layers.Labels
        The clusters.
    labels, colors, selected, veiled
        As `highlight_colormap` takes them.
    """
    # A new one each time: napari does not redraw when a colormap is changed in place.
    layer.colormap = highlight_colormap(labels, colors, selected, veiled=veiled)


class Spotlight:
    """Selected clusters alone on the canvas, of one layer at a time."""

    def __init__(self) -> None:
        self._lit: tuple[ref[Labels], Palette] | None = None

    def show(
        self, layer: Labels, palette: Palette, selected: Iterable[int], *, veiled: bool = True
    ) -> None:
        """Show the selected clusters of a layer alone; with none, all of it as it was.

        Parameters
        ----------
        layer : napari.layers.Labels
            The clusters. The layer that was lit before, if it is another, is as it was.
        palette : Palette
            Their colors.
        selected, veiled
            As `highlight_colormap` takes them.
        """
        selected = tuple(selected)
        if self._lit is not None and self._lit[0]() is not layer:
            self.off()
        if selected or self._lit is not None:
            highlight(layer, palette.labels, palette.colors, selected, veiled=veiled)
        self._lit = (ref(layer), palette) if selected else None

    def off(self) -> None:
        """Leave nothing dimmed."""
        layer, palette = (None, None) if self._lit is None else (self._lit[0](), self._lit[1])
        self._lit = None
        if layer is not None:
            highlight(layer, palette.labels, palette.colors)


def highlight_colormap(
    labels: Iterable[int],
    colors: np.ndarray,
    selected: Iterable[int] = (),
    *,
    veiled: bool = True,
) -> DirectLabelColormap:
    """The colors of a Labels layer, with a veil over what is not selected.

    Parameters
    ----------
    labels : iterable of int, length n_clusters
        The labels, each once, with gaps or without.
    colors : ndarray, shape (n_clusters, 3), uint8
        The sRGB color of each.
    selected : iterable of int, default none
        The labels that keep their colors; any that is no label counts for nothing. Where none is
        left, all keep their colors and what has no label is transparent.
    veiled : bool, default True
        Whether there is a veil. In three dimensions it would hide what it surrounds: without it,
        what is not selected is transparent.

    Returns
    -------
    napari.utils.colormaps.DirectLabelColormap
        Its veil is black, or white where the selected colors are dark themselves.
    """
    opaque = np.ones((len(colors), 4), np.float32)
    opaque[:, :3] = np.asarray(colors, np.uint8) / np.float32(255)
    shown = dict(zip(map(int, labels), opaque, strict=True))
    kept = shown.keys() & set(map(int, selected))
    other = np.zeros(4, np.float32)
    if kept:
        luma = np.mean([shown[label][:3] @ LUMA for label in sorted(kept)])
        other[:] = float(luma < DARK)
        other[3] = VEIL_ALPHA if veiled else 0
        shown = {label: color if label in kept else other for label, color in shown.items()}
    return DirectLabelColormap(color_dict={None: other, 0: other, **shown})
