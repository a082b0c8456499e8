"""Agglomerative clustering: a tree of merges, built once and cut for any number of clusters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from napari_colorcluster.core.methods.protocol import Grouping, Prepared, option
from napari_colorcluster.core.methods.rules import (
    KnownPoints,
    NearestKnown,
    check_found,
    check_positive,
    check_whole,
)
from napari_colorcluster.core.methods.solvers.linkage import LINKAGES, linkage_tree
from napari_colorcluster.core.methods.solvers.points import WeightedPoints
from napari_colorcluster.core.methods.solvers.sums import weighted_means
from napari_colorcluster.core.methods.solvers.tree import MergeTree
from napari_colorcluster.core.support.progress import Progress, part

WARD_LIMIT = 300_000
"""Number of colors up to which Ward's tree is exact. 45 thousand colors of a photo take 0.3 s, 95
thousand 0.7 s, 300 thousand 2.5 s and 0.1 GB.

Binning costs nothing in the median: over ten photos of 33 to 113 thousand colors, in 3, 8, 16 and
32 clusters, the SSE from 5 to 50 thousand bins is 0.99 of the exact tree's."""

LINKAGE_LIMIT = 5_000
"""The same for the other trees: 1 s and 0.2 GB, both growing with the square.

Binning costs nothing in the median: over crops of ten photos with 7 to 11 thousand colors, in 3, 8,
16 and 32 clusters, the SSE from 5 thousand bins is 1.002 of the exact tree's for average linkage
and 0.987 for complete (120 cases each, quartiles 0.91 to 1.08), 1.000 for single (40). With 1 to 4
thousand it is much the same: greedy trees jump either way."""

_Cut = Callable[[int], np.ndarray]


@dataclass(frozen=True)
class Agglomerative:
    """Hierarchical clustering of colors weighted by their counts: the closest clusters merge first.

    The result is that of merging all pixels, a color of weight w being w pixels in one place. Each
    merge minimizes the distance between two clusters, which the linkage defines:

    - ``"ward"``: the increase in the within-cluster sum of squared distances over all pixels, the
      sum that k-means minimizes;
    - ``"average"``: the mean distance between a pixel of the one and a pixel of the other;
    - ``"complete"``: the largest such distance;
    - ``"single"``: the smallest.

    The tree of merges is built once and cut for each number of clusters, so that trying many costs
    no more than trying one. It is greedy: no merge is ever undone. Other colors belong to the
    cluster of the nearest color that was clustered.

    With a `distance_threshold`, the number of clusters is found: clusters merge while they are less
    than that apart. It is compared with the heights of the tree, scikit-learn's ``distances_``.
    These are the distances above in the units of the working space, a ΔE in "lab". For Ward's
    linkage they are ``sqrt(2 a b / (a + b)) d`` for two clusters of a and b pixels with means d
    apart, whose square is twice the increase in the sum. They grow with the image: one with twice
    as many pixels needs a threshold ``sqrt(2)`` times as high.

    Where several pairs are equally close, the order of the colors decides, never that of the
    pixels, so a rotated image gives the same clusters. scikit-learn's depend on the order of its
    samples.

    Parameters
    ----------
    linkage : {"ward", "average", "complete", "single"}, default "ward"
        The distance between two clusters.
    distance_threshold : float, optional
        Clusters at this distance or further apart are not merged. ``n_clusters`` is then None.
    max_colors : int, optional
        Number of colors above which they are binned before (see Notes). If None, 300,000 for Ward's
        linkage and 5,000 for the others; the number is stored with the result.

    Raises
    ------
    ValueError
        Where `linkage` is none of these, `distance_threshold` no number greater than 0, or
        `max_colors` no integer of at least 1. When clustering, where there are more than 65,535
        clusters, or more than the bins allow.

    Notes
    -----
    The tree is exact up to `max_colors` colors. Ward's takes time that grows little faster than
    their number. The others need all pairwise distances, so time and memory grow with its square.

    Beyond `max_colors`, colors are binned first, and each bin is one point at its weighted mean.
    For Ward's tree the bins are the cells of the finest grid with at most `max_colors` occupied
    cells; for the others they are `max_colors` clusters of Ward's tree. No threshold splits a bin.
    More clusters than bins are taken from Ward's tree; if that has bins itself, they raise a
    `ValueError`.

    References
    ----------
    J. H. Ward, "Hierarchical grouping to optimize an objective function", J. Am. Stat. Assoc. 58
    (1963).
    G. N. Lance and W. T. Williams, "A general theory of classificatory sorting strategies",
    Comput. J. 9 (1967).
    F. Murtagh, "A survey of recent advances in hierarchical clustering algorithms", Comput. J. 26
    (1983).
    D. Müllner, "Modern hierarchical, agglomerative clustering algorithms", arXiv:1109.2378 (2011).
    """

    name: ClassVar[str] = "agglomerative"
    title: ClassVar[str] = "Agglomerative"

    linkage: Literal["ward", "average", "complete", "single"] = option(
        "ward",
        "Linkage",
        "How the distance between two clusters is measured.",
        choices={
            "ward": "Ward",
            "average": "Average",
            "complete": "Complete",
            "single": "Single",
        },
    )
    distance_threshold: float | None = option(
        None,
        "Threshold",
        "Stop merging at this distance, in units of the color space. Sets k. "
        "In scikit-learn: distance_threshold.",
        none="off",
    )
    max_colors: int | None = option(
        None, "Max colors", "If the image has more colors, similar ones are merged first."
    )

    def __post_init__(self) -> None:
        known = ("ward", *LINKAGES)
        if self.linkage not in known:
            listed = ", ".join(map(repr, known))
            raise ValueError(f"linkage must be one of {listed}, got {self.linkage!r}.")
        threshold = check_positive("distance_threshold", self.distance_threshold)
        max_colors = check_whole("max_colors", self.max_colors)
        if max_colors is None:
            max_colors = WARD_LIMIT if self.linkage == "ward" else LINKAGE_LIMIT
        object.__setattr__(self, "distance_threshold", threshold)
        object.__setattr__(self, "max_colors", max_colors)

    @property
    def finds_n_clusters(self) -> bool:
        """Whether there is a threshold, which decides on the number of clusters."""
        return self.distance_threshold is not None

    def prepare(self, colors: WeightedPoints, *, random_state: int, progress: Progress) -> Prepared:
        """Build the tree; nothing is random. See `Method.prepare`."""
        tree, cut = _build_tree(
            colors.points, colors.weights, self.linkage, self.max_colors, progress
        )
        return _Prepared(KnownPoints(colors.points), tree, cut, self.distance_threshold)


@dataclass(frozen=True, eq=False)
class _Prepared:
    """A `Prepared`: the tree, cut for one number of clusters after another, or at a threshold."""

    known: KnownPoints
    tree: MergeTree
    cut: _Cut
    threshold: float | None

    def __call__(self, n_clusters: int | None, progress: Progress) -> Grouping:
        if self.threshold is not None:
            n_clusters = 1 + np.count_nonzero(self.tree.heights >= self.threshold)
            check_found(n_clusters, "distance_threshold", self.threshold)
        labels = self.cut(n_clusters)
        progress(1.0, "Cutting the tree")
        return Grouping(labels, NearestKnown(self.known, labels))

    def top(self, n_leaves: int) -> tuple[MergeTree, np.ndarray]:
        """The last merges, and the leaf of each point. See `HasTree.top`."""
        n_leaves = min(n_leaves, len(self.tree.merges) + 1)
        return self.tree.top(n_leaves), self.cut(n_leaves)


def _build_tree(
    points: np.ndarray, weights: np.ndarray, linkage: str, max_colors: int, progress: Progress
) -> tuple[MergeTree, _Cut]:
    """Build the tree of all points, or of bins where they are too many; return it and its cut."""
    if linkage == "ward":
        from napari_colorcluster.core.methods.solvers.ward import ward_tree

        if len(points) <= max_colors:
            tree = ward_tree(points, weights, progress)
            return tree, tree.cut
        bins = _bin(points, max_colors)
        tree = ward_tree(*weighted_means(points, weights, bins), progress)
        return tree, lambda n_clusters: _cut_bins(tree, n_clusters, max_colors)[bins]

    if len(points) <= max_colors:
        tree = linkage_tree(points, weights, linkage, progress)
        return tree, tree.cut
    _, cut_ward = _build_tree(points, weights, "ward", WARD_LIMIT, part(progress, 0.0, 0.5))
    bins = cut_ward(max_colors)
    tree = linkage_tree(*weighted_means(points, weights, bins), linkage, part(progress, 0.5, 1.0))

    def cut(n_clusters: int) -> np.ndarray:
        return tree.cut(n_clusters)[bins] if n_clusters <= max_colors else cut_ward(n_clusters)

    return tree, cut


def _cut_bins(tree: MergeTree, n_clusters: int, max_colors: int) -> np.ndarray:
    n_bins = len(tree.heights) + 1
    if n_clusters > n_bins:
        raise ValueError(
            f"n_clusters={n_clusters:,} is more than the {n_bins:,} groups of colors that are left "
            f"with max_colors={max_colors:,}: raise max_colors."
        )
    return tree.cut(n_clusters)


def _bin(points: np.ndarray, max_bins: int) -> np.ndarray:
    """Number the occupied cells of the finest grid with at most `max_bins`: (n_points,), int64.

    The grids have 256, 204, 163, ... cells along the longest axis, each about half as many cells
    as the one before.
    """
    position = points - points.min(axis=0)
    position /= position.max()
    n_along = 256
    while True:
        cells = np.minimum((position * n_along).astype(np.int64), n_along - 1)
        number = np.ravel_multi_index(tuple(cells.T), (n_along,) * 3)
        occupied = np.zeros(n_along**3, bool)
        occupied[number] = True
        if occupied.sum() <= max_bins:
            return (np.cumsum(occupied) - 1)[number]
        n_along = n_along * 4 // 5
