"""Agglomerative clustering: a tree of merges, grown once and cut for any number of clusters."""

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
from napari_colorcluster.core.methods.solvers.sums import average
from napari_colorcluster.core.methods.solvers.tree import MergeTree
from napari_colorcluster.core.support.progress import Progress, part

WARD_LIMIT = 300_000
"""Colors up to which Ward's tree is exact. 45 thousand colors of a photo take 0.3 s, 95 thousand
0.7 s, 300 thousand 2.5 s and 0.1 GB.

Starting from cells instead costs nothing in the median: over ten photos of 33 to 113 thousand
colors, in 3, 8, 16 and 32 clusters, the SSE from 5 to 50 thousand cells is 0.99 of the exact
tree's."""

LINKAGE_LIMIT = 5_000
"""Colors up to which the other trees are exact: 1 s and 0.2 GB, both growing with the square.

Beyond, starting from groups costs nothing in the median: over parts of ten photos with 7 to 11
thousand colors, in 3, 8, 16 and 32 clusters, the SSE from 5 thousand groups is 1.002 of the exact
tree's for average linkage and 0.987 for complete (120 cases each, quartiles 0.91 to 1.08), 1.000
for single (40). With 1 to 4 thousand it is much the same: greedy trees jump either way."""

_Cut = Callable[[int], np.ndarray]


@dataclass(frozen=True)
class Agglomerative:
    """Clusters grown from single colors by merging the closest two, again and again.

    The result is that of merging all pixels, a color with a count of 9 being nine pixels in one
    place. What is close depends on the linkage:

    - ``"ward"``: the two clusters whose union adds least to the within-cluster sum of squared
      distances over all pixels, the sum that k-means minimizes;
    - ``"average"``: the mean distance between a pixel of the one and a pixel of the other;
    - ``"complete"``: the largest such distance;
    - ``"single"``: the smallest.

    The tree of merges is grown once and cut for each number of clusters, so that trying many costs
    no more than one. It is greedy: each merge is the best of its moment and never undone. Other
    colors belong to the cluster of the nearest color that was clustered.

    With a `distance_threshold`, the number of clusters is found: clusters merge as long as they are
    less than that apart. What is compared are the heights of the tree, scikit-learn's
    ``distances_``: in the units of the working space the distances above, a ΔE in "lab"; for Ward's
    linkage ``sqrt(2 a b / (a + b)) d`` of two clusters of a and b pixels with means d apart, whose
    square is twice what merging them adds to the sum. That one grows with the image: an image
    twice as large needs a threshold ``sqrt(2)`` times as high. Above 65,535 clusters it raises a
    `ValueError`.

    The tree is exact up to `max_colors` colors: Ward's in time that grows little faster than their
    number, the others in time and memory that grow with its square, since they need all distances.
    Beyond, colors are gathered into weighted groups first, each taken for its mean: the cells of
    the finest grid that has at most `max_colors` for Ward's tree, just `max_colors` clusters of
    Ward's tree for the others. No threshold parts a group. More clusters than groups are those of
    Ward's tree; where that has groups itself, they raise a `ValueError`.

    Where several pairs are equally close, the order of the colors decides, never that of the
    pixels, so a rotated image gives the same clusters; scikit-learn's depend on the order of its
    samples there.

    Parameters
    ----------
    linkage : {"ward", "average", "complete", "single"}, default "ward"
        What is close.
    distance_threshold : float, optional
        Clusters at this distance or further apart stay two. ``n_clusters`` is then None.
    max_colors : int, optional
        The number of groups above which colors are gathered into groups. If None, `WARD_LIMIT`
        or, for the other linkages, `LINKAGE_LIMIT`; it is written out.

    Raises
    ------
    ValueError
        Where `linkage` is none of these, `distance_threshold` no number greater than 0, or
        `max_colors` no integer of at least 1.

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
        "ward", "Linkage", "What makes two clusters close."
    )
    distance_threshold: float | None = option(
        None,
        "Threshold",
        "Merge no clusters this far apart, in units of the space; k is then found.",
        none="off",
    )
    max_colors: int | None = option(
        None, "Max colors", "Number of colors above which close ones are merged beforehand."
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

    def prepare(
        self,
        points: np.ndarray,
        weights: np.ndarray,
        codes: np.ndarray,
        *,
        random_state: int,
        progress: Progress,
    ) -> Prepared:
        """Grow the tree; nothing in it is random. See `Method.prepare`."""
        tree, cut = _grow(points, weights, self.linkage, self.max_colors, progress)
        return _Grown(KnownPoints(points), tree.heights, cut, self.distance_threshold)


@dataclass(frozen=True, eq=False)
class _Grown:
    """A `Prepared`: the tree, cut for one number of clusters after another, or at a threshold."""

    known: KnownPoints
    heights: np.ndarray
    cut: _Cut
    threshold: float | None

    def __call__(self, n_clusters: int | None, progress: Progress) -> Grouping:
        if self.threshold is not None:
            n_clusters = 1 + np.count_nonzero(self.heights >= self.threshold)
            check_found(n_clusters, "distance_threshold", self.threshold)
        labels = self.cut(n_clusters)
        progress(1.0, "Cutting the tree")
        return Grouping(labels, NearestKnown(self.known, labels))


def _grow(
    points: np.ndarray, weights: np.ndarray, linkage: str, max_colors: int, progress: Progress
) -> tuple[MergeTree, _Cut]:
    """Grow a tree over all points, or over groups of them where they are too many."""
    if linkage == "ward":
        from napari_colorcluster.core.methods.solvers.ward import ward_tree

        if len(points) <= max_colors:
            tree = ward_tree(points, weights, progress)
            return tree, tree.cut
        group = _gather(points, max_colors)
        tree = ward_tree(*average(points, weights, group), progress)
        return tree, lambda n_clusters: _cut_groups(tree, n_clusters, max_colors)[group]

    if len(points) <= max_colors:
        tree = linkage_tree(points, weights, linkage, progress)
        return tree, tree.cut
    _, finer = _grow(points, weights, "ward", WARD_LIMIT, part(progress, 0.0, 0.5))
    group = finer(max_colors)
    tree = linkage_tree(*average(points, weights, group), linkage, part(progress, 0.5, 1.0))

    def cut(n_clusters: int) -> np.ndarray:
        return tree.cut(n_clusters)[group] if n_clusters <= max_colors else finer(n_clusters)

    return tree, cut


def _cut_groups(tree: MergeTree, n_clusters: int, max_colors: int) -> np.ndarray:
    n_groups = len(tree.heights) + 1
    if n_clusters > n_groups:
        raise ValueError(
            f"n_clusters={n_clusters:,} is more than the {n_groups:,} groups that are left of the "
            f"colors with max_colors={max_colors:,}."
        )
    return tree.cut(n_clusters)


def _gather(points: np.ndarray, n_most: int) -> np.ndarray:
    """Number the occupied cells of the finest grid that has at most `n_most`; one for each point.

    "Finest" among grids of 256, 204, 163, ... cells along the longest axis, each with about half
    as many cells as the one before.
    """
    position = points - points.min(axis=0)
    position /= position.max()
    n_along = 256
    while True:
        cells = np.minimum((position * n_along).astype(np.int64), n_along - 1)
        number = np.ravel_multi_index(tuple(cells.T), (n_along,) * 3)
        occupied = np.zeros(n_along**3, bool)
        occupied[number] = True
        if occupied.sum() <= n_most:
            return (np.cumsum(occupied) - 1)[number]
        n_along = n_along * 4 // 5
