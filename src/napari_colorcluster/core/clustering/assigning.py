"""Giving the colors of a range to one cluster: which clusters give, and what comes of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from napari_colorcluster.core.clustering.clusters import Clusters
from napari_colorcluster.core.color.ranges.color_range import ColorRange


def reassigned(
    clustering: Clusters, color_range: ColorRange, label: int, within: Iterable[int] | None = None
) -> dict[str, Any]:
    """Give the colors of a range to a cluster.

    Parameters
    ----------
    clustering : Clusters
        The clusters.
    color_range : ColorRange
        The colors.
    label : int
        Who gets them: a label of the palette, a new one, or 0 for the background.
    within : iterable of int, optional
        The labels that give, 0 for the background; by default all do.

    Returns
    -------
    dict
        The ``partition`` and ``label_of`` that come of it.

    Raises
    ------
    ValueError
        If no color gets a label that is new, or no cluster would be left.
    """
    labels, groups = np.unique(clustering.label_of[1:], return_inverse=True)
    labels = labels.astype(np.int64)
    if label not in labels:
        labels = np.append(labels, label)
    target = int(np.flatnonzero(labels == label)[0]) + 1
    gives = np.isin(labels, labels if within is None else list(within))
    partition, part_of = clustering.partition.reassign(
        np.append(0, groups + 1), target, np.append(False, gives), color_range
    )
    label_of = np.zeros(partition.n_parts + 1, np.int64)
    label_of[part_of[1:]] = labels
    # Where a group has no color left, its part is that of the target.
    label_of[part_of[target]] = label
    if not label_of.any():
        raise ValueError("A cluster must be left beside the background, got a range of all colors.")
    return {"partition": partition, "label_of": label_of}
