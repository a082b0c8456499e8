"""A clustering around colors that are known beforehand: those of a palette that came alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from napari_colorcluster.core.fitting import cluster_colors

if TYPE_CHECKING:
    from napari_colorcluster.core.clustering import ColorClustering
    from napari_colorcluster.core.palette import Palette


def cluster_around(palette: Palette, color_space: str = "lab") -> ColorClustering:
    """Make the clustering that a palette stands for; what is behind `from_palette`.

    Parameters
    ----------
    palette : Palette
        The colors.
    color_space : str, default "lab"
        Where the nearest of them is looked for.

    Raises
    ------
    ValueError
        Where there is no color, or the space is unknown.
    """
    if not len(palette):
        raise ValueError("A palette without colors cannot be applied to images.")
    # k-means with as many clusters as colors: each is the center of its own.
    colors, rows = np.unique(palette.colors, axis=0, return_index=True)
    clustering = cluster_colors(colors[np.newaxis], len(colors), color_space=color_space)
    [found] = clustering.predict(colors[np.newaxis]).tolist()
    labels = palette.labels[rows].tolist()
    names = {label: palette.names[row] for label, row in zip(labels, rows.tolist(), strict=True)}
    return clustering.relabel(zip(found, labels, strict=True), names)
