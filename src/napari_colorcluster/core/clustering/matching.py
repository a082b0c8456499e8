"""Clusters across runs and edits: which of one clustering are those of another, by their colors."""

from __future__ import annotations

from typing import Any

import numpy as np

from napari_colorcluster.core.clustering.clustering import ColorClustering
from napari_colorcluster.core.clustering.editable import free_labels
from napari_colorcluster.core.color.differences import delta_e
from napari_colorcluster.core.pixels.lookup import MAX_LABELS

SAME_COLOR = 18.0
"""The ΔE2000 from which colors count as different. It is the distance of blue and purple, the
closest two of the eleven basic color terms in the XKCD survey: beyond it, people would call the
color something else."""

_SPARE = 10
"""Labels are kept up to so many above the number of clusters."""

_MOST_PAIRS = 250_000
"""With more pairs of clusters, only close ones are compared: all the differences between 4,000
clusters and 4,000 take several seconds, and those between 65,535 and as many would fill 34 GB."""

_CLOSE = 16
"""So many are close, measured in CIELAB."""


def match_labels(clustering: ColorClustering, before: ColorClustering | None) -> ColorClustering:
    """Relabel the clusters of a new run so that similar colors keep their labels.

    Parameters
    ----------
    clustering : ColorClustering
        The new run.
    before : ColorClustering or None
        The previous run, of the same image or another; None if there was none.

    Returns
    -------
    ColorClustering
        `clustering`, relabeled; itself if all labels match already. Names that were given before
        stay with their labels, and so do the order of the rows and what represents a cluster;
        colors that were given do not, since the clusters are new.

    Notes
    -----
    Clusters are paired so that the sum of the ΔE2000 [1]_ between their mean colors is minimal,
    where each difference counts as `SAME_COLOR` at most. Pairs closer than that keep the label;
    other clusters get labels that `before` did not use. Where a label would be more than 10 above
    the number of clusters, those above that number are not kept: these clusters get the smallest
    free labels, the largest first; but labels with a given name, and those that were as far above
    before, stay. With more than some 500 clusters in both, the closest are paired first, each with
    one of the 16 that are closest in CIELAB.

    References
    ----------
    .. [1] G. Sharma, W. Wu and E. N. Dalal, "The CIEDE2000 color-difference formula", Color Res.
       Appl. 30 (2005).
    """
    if before is None:
        return clustering
    same = same_clusters(clustering, before)
    new = _new_labels(clustering, before, same)
    mapping = {old: label for old, label in new.items() if old != label}
    own, given = clustering.given_names, before.given_names
    names = {
        new[label]: given[was]
        for label, was in same.items()
        if was in given and label not in own and given[was] not in own.values()
    }
    if mapping or names:
        clustering = clustering.relabel(mapping, names)
    now = {was: new[label] for label, was in same.items()}
    order = [now[label] for label in before.order if label in now]
    if order:
        clustering = clustering.reorder(order)
    if not clustering.given_colors and clustering.representative != before.representative:
        clustering = clustering.represent(before.representative)
    return clustering


def match_names(clustering: ColorClustering, before: ColorClustering | None) -> ColorClustering:
    """Give the clusters of a new run the names that similar colors were given; labels stay.

    Parameters
    ----------
    clustering, before
        As `match_labels` takes them.

    Returns
    -------
    ColorClustering
        `clustering` with the names; itself where none were given before.
    """
    if before is None or not before.given_names:
        return clustering
    label_now, own = same_clusters(before, clustering), clustering.given_names
    names = {
        label_now[label]: name
        for label, name in before.given_names.items()
        if label_now.get(label, 0) not in (0, *own) and name not in own.values()
    }
    return clustering.relabel({}, names) if names else clustering


def same_clusters(clustering: ColorClustering, before: ColorClustering) -> dict[int, int]:
    """Pair the clusters of two runs that have similar colors, as `match_labels` does.

    Returns
    -------
    dict of int to int
        From labels of `clustering` to labels of `before`; clusters without a pair are not in it.
    """
    colors, colors_before = clustering.mean_colors, before.mean_colors
    is_large = len(colors) * len(colors_before) > _MOST_PAIRS
    rows, rows_before = (_pair_close if is_large else _pair)(colors, colors_before)
    labels, labels_before = clustering.row_labels[rows], before.row_labels[rows_before]
    return dict(zip(labels.tolist(), labels_before.tolist(), strict=True))


def _pair(colors: np.ndarray, others: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pair colors, sRGB (n, 3), with others (m, 3): the rows of those that are similar."""
    from scipy.optimize import linear_sum_assignment

    cost = np.minimum(delta_e(colors, others), SAME_COLOR)
    rows, other_rows = linear_sum_assignment(cost)
    similar = cost[rows, other_rows] < SAME_COLOR
    return rows[similar], other_rows[similar]


def _pair_close(colors: np.ndarray, others: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pair colors as `_pair` does, but the most similar first, each with one of the closest."""
    from scipy.spatial import cKDTree
    from skimage.color import deltaE_ciede2000, rgb2lab

    lab, other_lab = rgb2lab(colors / 255), rgb2lab(others / 255)
    n_close = min(_CLOSE, len(others))
    _, close = cKDTree(other_lab).query(lab, k=np.arange(1, n_close + 1))
    rows, close = np.repeat(np.arange(len(colors)), n_close), close.ravel()
    difference = deltaE_ciede2000(lab[rows], other_lab[close])
    order = np.argsort(difference, kind="stable")
    order = order[difference[order] < SAME_COLOR]
    pairs: dict[int, int] = {}
    taken = set()
    for row, other in zip(rows[order].tolist(), close[order].tolist(), strict=True):
        if row not in pairs and other not in taken:
            pairs[row] = other
            taken.add(other)
    return np.array([*pairs], np.intp), np.array([*pairs.values()], np.intp)


def followed_labels(before: ColorClustering, after: ColorClustering) -> dict[int, int]:
    """Return to the labels of a clustering those that its clusters have in another.

    Parameters
    ----------
    before, after : ColorClustering
        Of the same image. Where one is an edit of the other, clusters are followed through the
        edits; else similar colors are matched.

    Returns
    -------
    dict of int to int
        Without the labels of clusters that are gone or background.
    """
    of_same = after.histogram is before.histogram and after.keywords == before.keywords
    if after.partition is before.partition or (of_same and _is_split(before.edits, after.edits)):
        return {old: new for old, new in moved_labels(before, after).items() if new}
    return same_clusters(before, after)


def _is_split(before: tuple[Any, ...], after: tuple[Any, ...]) -> bool:
    """Whether a split is all that is between two histories of edits, made or undone."""
    fewer, more = sorted((before, after), key=len)
    return len(more) == len(fewer) + 1 and more[:-1] == fewer and more[-1][0] == "split"


def _new_labels(
    clustering: ColorClustering, before: ColorClustering, same: dict[int, int]
) -> dict[int, int]:
    """Return the new label of each label, where `same` has those of similar clusters before."""
    labels, n_clusters = clustering.row_labels.tolist(), clustering.n_clusters
    unused = free_labels(before.row_labels)
    new = {label: same[label] if label in same else next(unused) for label in labels}
    by_hand = {
        label
        for label, was in same.items()
        if was in before.given_names or was > before.n_clusters + _SPARE
    }
    highest = min(n_clusters + _SPARE, MAX_LABELS)
    if all(to <= highest for label, to in new.items() if label not in by_hand):
        return new
    kept = {label: to for label, to in same.items() if to <= n_clusters or label in by_hand}
    others = [label for label in labels if label not in kept]
    return kept | dict(zip(others, free_labels(kept.values()), strict=False))


def moved_labels(before: ColorClustering, after: ColorClustering) -> dict[int, int]:
    """Where the clusters have gone by edits: the label that most pixels of each have since.

    Parameters
    ----------
    before, after : ColorClustering
        A clustering, and the same with more edits.

    Returns
    -------
    dict of int to int
        From each label of `before`; to 0 where it has become background.
    """
    if before.partition is after.partition:
        old, new = before.label_of[1:], after.label_of[1:]
        pixels = before.partition.moments.pixels
    else:
        old, new, pixels = before.labels, after.labels, before.histogram.counts
    pairs, which = np.unique(old.astype(np.int64) << 16 | new, return_inverse=True)
    # Of the pairs with the same old label, the one with most pixels is the last.
    pairs = pairs[np.argsort(np.bincount(which, pixels), kind="stable")]
    moved = dict(zip((pairs >> 16).tolist(), (pairs & MAX_LABELS).tolist(), strict=True))
    return {label: moved[label] for label in before.row_labels.tolist()}
