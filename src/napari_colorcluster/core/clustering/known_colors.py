"""Clusterings of what a file knows: colors of a palette that came alone, or labels of colors."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from napari_colorcluster.core.clustering.clustering import ColorClustering
from napari_colorcluster.core.clustering.edits import check_edits
from napari_colorcluster.core.clustering.fitting import cluster_colors
from napari_colorcluster.core.clustering.settings import Settings
from napari_colorcluster.core.color.names import unique_names
from napari_colorcluster.core.color.working_space import WorkingSpace
from napari_colorcluster.core.files import palettes as palette_files
from napari_colorcluster.core.methods.protocol import Grouping
from napari_colorcluster.core.methods.rules import KnownPoints, NearestKnown

if TYPE_CHECKING:
    from napari_colorcluster.core.color.palette import Palette
    from napari_colorcluster.core.pixels.histogram import ColorHistogram


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


def cluster_as_labeled(
    histogram: ColorHistogram, labels: np.ndarray, palette: Palette, stored: Mapping[str, Any]
) -> ColorClustering:
    """Make a clustering of colors whose labels are known, whatever a method would make of them.

    Parameters
    ----------
    histogram : ColorHistogram
        The colors.
    labels : ndarray, shape (n_colors,), integer
        The label of each; 0 for background.
    palette : Palette
        The colors and names of the labels.
    stored : mapping
        The settings that it was once made with, edits included. They stay its settings, but do
        not give it again.

    Returns
    -------
    ColorClustering
        Any other color belongs where the nearest of these does, in the working space.

    Raises
    ------
    ValueError
        Where the settings are none.
    """
    keywords = {key: value for key, value in stored.items() if key != "edits"}
    edits = check_edits(stored.get("edits", ()))
    settings = Settings.from_dict(keywords)
    space = WorkingSpace.for_histogram(
        settings.space,
        histogram,
        standardize=settings.standardize,
        lightness_weight=settings.lightness_weight,
    )
    points = space.points(histogram.colors)
    used, groups = np.unique(labels, return_inverse=True)
    rule = NearestKnown(KnownPoints(points), groups)
    clustering = ColorClustering.from_grouping(
        histogram, space, points, Grouping(groups, rule), keywords
    )
    label_of = np.zeros(len(used) + 1, np.int64)
    label_of[clustering.partition.parts] = labels
    clustering = replace(clustering, label_of=label_of, edits=edits)
    rows = list(zip(palette.labels.tolist(), palette.colors.tolist(), palette.names, strict=True))
    means = dict(zip(clustering.row_labels.tolist(), clustering.colors.tolist(), strict=True))
    return replace(
        clustering,
        given_colors={label: tuple(color) for label, color, _ in rows if means[label] != color},
        given_names={label: name for label, _, name in rows},
    )


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
