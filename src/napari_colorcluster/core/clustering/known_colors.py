"""A clustering of colors whose labels are known, as a file tells them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from napari_colorcluster.core.clustering.clustering import ColorClustering
from napari_colorcluster.core.clustering.edits import check_edits
from napari_colorcluster.core.clustering.settings import Settings
from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.methods.protocol import Grouping
from napari_colorcluster.core.methods.rules import KnownPoints, NearestKnown
from napari_colorcluster.core.pixels.histogram import ColorHistogram


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
    space = settings.working_space(histogram)
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
