"""Agglomerative clustering: a tree of merges, grown once and cut for any number of clusters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from napari_colorcluster.core.methods._linkage import LINKAGES, linkage_tree
from napari_colorcluster.core.methods._ward import ward_tree
from napari_colorcluster.core.methods.kmeans import means
from napari_colorcluster.core.methods.protocol import Grouping, Prepared
from napari_colorcluster.core.progress import Progress, part

if TYPE_CHECKING:
    from scipy.spatial import cKDTree

WARD_LIMIT = 300_000
"""Colors up to which Ward's tree is exact. 45 thousand colors of a photo take 0.3 s, 95 thousand
0.7 s, 300 thousand 2.5 s and 0.1 GB."""

LINKAGE_LIMIT = 5_000
"""Colors up to which the other trees are exact: 1 s and 0.2 GB, both growing with the square."""

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

    Ward's tree is exact up to `WARD_LIMIT` colors, in time that grows little faster than their
    number; beyond, it starts from the cells of a grid. The others need the distances between all
    colors. They are exact up to `LINKAGE_LIMIT` colors; beyond, they start from that many clusters
    of Ward's tree, each taken for its mean.

    Where several pairs are equally close, the order of the colors decides, never that of the
    pixels, so a rotated image gives the same clusters; scikit-learn's depend on the order of its
    samples there.

    Parameters
    ----------
    linkage : {"ward", "average", "complete", "single"}, default "ward"
        What is close.

    Raises
    ------
    ValueError
        Where `linkage` is none of these.

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
    finds_n_clusters: ClassVar[bool] = False

    linkage: Literal["ward", "average", "complete", "single"] = "ward"

    def __post_init__(self) -> None:
        known = ("ward", *LINKAGES)
        if self.linkage not in known:
            listed = ", ".join(map(repr, known))
            raise ValueError(f"linkage must be one of {listed}, got {self.linkage!r}.")

    def prepare(
        self, points: np.ndarray, weights: np.ndarray, *, random_state: int, progress: Progress
    ) -> Prepared:
        """Grow the tree; nothing in it is random. See `Method.prepare`."""
        return _Grown(_Known(points), _grow(points, weights, self.linkage, progress))


@dataclass(frozen=True, eq=False)
class _Known:
    """The colors that were clustered, to find the nearest among."""

    points: np.ndarray

    @cached_property
    def index(self) -> cKDTree:
        """Made when first asked for: most clusterings never meet another color."""
        from scipy.spatial import cKDTree

        return cKDTree(self.points)


@dataclass(frozen=True, eq=False)
class NearestKnown:
    """The rule of agglomerative clustering: a point belongs where the nearest known one does.

    Parameters
    ----------
    known : _Known
        The points that were clustered.
    labels : ndarray, shape (n_known,), int64
        Their clusters.
    """

    known: _Known
    labels: np.ndarray

    def __call__(self, points: np.ndarray) -> np.ndarray:
        """The cluster of each point, int64; of two as near, always the same one's."""
        _, nearest = self.known.index.query(points, workers=-1)
        return self.labels[nearest]


@dataclass(frozen=True, eq=False)
class _Grown:
    """A `Prepared`: the tree, cut for one number of clusters after another."""

    known: _Known
    cut: _Cut

    def __call__(self, n_clusters: int, progress: Progress) -> Grouping:
        labels = self.cut(n_clusters)
        progress(1.0, "Cutting the tree")
        return Grouping(labels, NearestKnown(self.known, labels))


def _grow(points: np.ndarray, weights: np.ndarray, linkage: str, progress: Progress) -> _Cut:
    """Grow a tree over all points, or over groups of them where they are too many."""
    if linkage == "ward":
        if len(points) <= WARD_LIMIT:
            return ward_tree(points, weights, progress).cut
        group = _gather(points, WARD_LIMIT)
        tree = ward_tree(means(points, weights, group), np.bincount(group, weights), progress)
        return lambda n_clusters: tree.cut(n_clusters)[group]

    if len(points) <= LINKAGE_LIMIT:
        return linkage_tree(points, weights, linkage, progress).cut
    finer = _grow(points, weights, "ward", part(progress, 0.0, 0.5))
    group = finer(LINKAGE_LIMIT)
    tree = linkage_tree(
        means(points, weights, group),
        np.bincount(group, weights),
        linkage,
        part(progress, 0.5, 1.0),
    )
    return lambda n_clusters: (
        tree.cut(n_clusters)[group] if n_clusters <= LINKAGE_LIMIT else finer(n_clusters)
    )


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
