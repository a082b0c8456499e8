"""Giving the colors of a range to one cluster: which clusters give, and what comes of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from napari_colorcluster.core.clustering.clusters import Clusters
from napari_colorcluster.core.clustering.editing.registry import grouped
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
    labels, group_of = grouped(clustering)
    beyond = group_of[clustering.partition.beyond]
    has_label = np.flatnonzero((labels == label) & ~np.isin(np.arange(len(labels)), (0, beyond)))
    if not len(has_label):
        has_label, labels = [len(labels)], np.append(labels, label)
    target = int(has_label[0])
    gives = np.isin(labels, labels if within is None else list(within))
    partition, part_of = clustering.partition.reassign(group_of, target, gives, color_range)
    label_of = np.zeros(partition.n_parts + 1, np.int64)
    label_of[part_of] = labels
    # Where a group has no color left, its part is that of the target.
    label_of[part_of[target]] = label
    if not label_of.any():
        raise ValueError("A cluster must be left beside the background, got a range of all colors.")
    return {"partition": partition, "label_of": label_of}
