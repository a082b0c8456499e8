"""Labels across runs: the clusters of a new run take over the labels of like colors before."""

from __future__ import annotations

from itertools import islice

import numpy as np

from napari_colorcluster.core.clustering.clustering import ColorClustering
from napari_colorcluster.core.clustering.edits import free_labels
from napari_colorcluster.core.color.differences import delta_e
from napari_colorcluster.core.pixels.lookup import MAX_LABELS

SAME_COLOR = 18.0
"""The ΔE2000 from which on colors are no longer taken for the same. The closest two of the eleven
basic color words in the XKCD survey, blue and purple, are that far apart: beyond, people would
call the color something else."""


def match_labels(clustering: ColorClustering, before: ColorClustering | None) -> ColorClustering:
    """Give the clusters of a new run the labels that their colors had before.

    Parameters
    ----------
    clustering : ColorClustering
        The new run.
    before : ColorClustering or None
        What was there before, of the same image or another; None where nothing was.

    Returns
    -------
    ColorClustering
        `clustering`, relabeled; itself where all labels are right already. Clusters are paired so
        that the sum of the ΔE2000 [1]_ between their mean colors is as small as can be, an
        unpaired one counting `SAME_COLOR`; only pairs closer than that keep a label. Others have
        labels that `before` did not use. Names that were given before stay with their label;
        colors that were given do not: the means are new.

    References
    ----------
    .. [1] G. Sharma, W. Wu and E. N. Dalal, "The CIEDE2000 color-difference formula", Color Res.
       Appl. 30 (2005).
    """
    if before is None:
        return clustering
    labels = _matched(clustering, before)
    mapping = {old: new for old, new in labels.items() if old != new}
    own = {labels[old]: name for old, name in clustering.given_names.items()}
    kept = set(labels.values()) - set(own)
    names = {
        label: name
        for label, name in before.given_names.items()
        if label in kept and name not in own.values()
    }
    if not mapping and not names:
        return clustering
    return clustering.relabel(mapping, names)


def _matched(clustering: ColorClustering, before: ColorClustering) -> dict[int, int]:
    """The label that each label becomes."""
    from scipy.optimize import linear_sum_assignment

    apart = np.minimum(delta_e(clustering.mean_colors, before.mean_colors), SAME_COLOR)
    rows, rows_before = linear_sum_assignment(apart)
    pairs = zip(rows.tolist(), rows_before.tolist(), strict=True)
    new = {
        int(clustering.row_labels[row]): int(before.row_labels[row_before])
        for row, row_before in pairs
        if apart[row, row_before] < SAME_COLOR
    }
    others = [label for label in clustering.row_labels.tolist() if label not in new]
    unused = free_labels(before.row_labels)
    found = [label for label in islice(unused, len(others)) if label <= MAX_LABELS]
    # Only where labels run out are those of clusters that are gone used again.
    found += islice(free_labels([*new.values(), *found]), len(others) - len(found))
    return {**new, **dict(zip(others, found, strict=True))}
