"""A clustering around colors that are known beforehand: those of a palette that came alone."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import numpy as np

from napari_colorcluster.core import palette_files
from napari_colorcluster.core.fitting import cluster_colors
from napari_colorcluster.core.names import unique_names

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
    # A file may give several colors one name; clusters have names of their own.
    kept = np.sort(rows).tolist()
    unique = dict(zip(kept, unique_names([palette.names[row] for row in kept]), strict=True))
    names = {label: unique[row] for label, row in zip(labels, rows.tolist(), strict=True)}
    return clustering.relabel(zip(found, labels, strict=True), names)


def clustering_of_file(path: str | os.PathLike[str]) -> ColorClustering:
    """Read what a palette file can be applied as.

    Parameters
    ----------
    path : path-like
        A file that `Palette.read` reads.

    Returns
    -------
    ColorClustering
        The whole clustering where the file holds one, else that which its palette stands for.

    Raises
    ------
    ValueError
        Where the file is malformed.
    OSError
        Where it cannot be read.
    """
    try:
        return palette_files.read_clustering(path)
    except palette_files.NoClustering:
        return cluster_around(palette_files.read(path))
