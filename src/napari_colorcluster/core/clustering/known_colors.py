"""A clustering of colors whose labels are known already, such as those of a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from napari_colorcluster.core.clustering.clustering import ColorClustering
from napari_colorcluster.core.clustering.edits import check_edits
from napari_colorcluster.core.clustering.parts.representatives import MEAN, check_representative
from napari_colorcluster.core.clustering.settings import Settings
from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.methods.protocol import Grouping
from napari_colorcluster.core.methods.rules import KnownPoints, NearestKnown
from napari_colorcluster.core.pixels.histogram import ColorHistogram


def cluster_as_labeled(
    histogram: ColorHistogram, labels: np.ndarray, palette: Palette, stored: Mapping[str, Any]
) -> ColorClustering:
    """Make a clustering of colors from their labels, without running a method.

    Parameters
    ----------
    histogram : ColorHistogram
        The colors.
    labels : ndarray, shape (n_colors,), integer
        The label of each; 0 for background.
    palette : Palette
        The colors and names of the labels.
    stored : mapping
        The settings, edits included, that the labels were once made with. They become the settings
        of the clustering, though they do not reproduce it.

    Returns
    -------
    ColorClustering
        Any other color has the label of the nearest of these colors in the working space.

    Raises
    ------
    ValueError
        If the settings are not valid.
    """
    keywords = {key: value for key, value in stored.items() if key != "edits"}
    edits = check_edits(stored.get("edits", ()))
    settings = Settings.from_dict(keywords)
    space = settings.working_space(histogram)
    points = space.points(histogram.colors)
    used, groups = np.unique(labels, return_inverse=True)
    grouping = Grouping(groups, NearestKnown(KnownPoints(points), groups))
    clustering = ColorClustering.from_grouping(histogram, space, points, grouping, keywords)
    label_of = np.zeros(len(used) + 1, np.int64)
    label_of[clustering.partition.parts] = labels
    represented_by = [
        check_representative(*arguments) for name, *arguments in edits if name == "represent"
    ]
    clustering = replace(
        clustering,
        label_of=label_of,
        edits=tuple(map(tuple, edits)),
        representative=represented_by[-1] if represented_by else MEAN,
    )
    own = dict(zip(clustering.row_labels.tolist(), clustering.colors.tolist(), strict=True))
    colors = dict(zip(palette.labels.tolist(), palette.colors.tolist(), strict=True))
    is_ordered = any(name == "reorder" for name, *_ in edits)
    return replace(
        clustering,
        order=tuple(palette.labels.tolist()) if is_ordered else (),
        given_colors={
            label: tuple(color) for label, color in colors.items() if color != own[label]
        },
        given_names=dict(zip(colors, palette.names, strict=True)),
    )
