"""Bisecting k-means: k-means with k = 2, on one cluster after another."""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heappop, heappush
from typing import ClassVar, Literal

import numpy as np

from napari_colorcluster.core.methods.kmeans import KMeans
from napari_colorcluster.core.methods.protocol import Grouping, Prepared, option
from napari_colorcluster.core.methods.solvers.sums import average
from napari_colorcluster.core.support.progress import Progress, part, silent

_STRATEGIES = ("biggest_inertia", "largest_cluster")


@dataclass(frozen=True)
class BisectingKMeans:
    """Clusters halved by k-means, one after another: scikit-learn's BisectingKMeans, weighted.

    All colors are one cluster at first. Again and again one cluster is parted in two by k-means
    with k = 2, which minimizes the within-cluster sum of squared distances over its pixels. Which
    one is next depends on the strategy:

    - ``"biggest_inertia"``: the cluster whose sum is largest;
    - ``"largest_cluster"``: the cluster with the most pixels.

    A cluster of a single color is never parted. It is greedy and undoes no bisection: on three
    photos, for 8 to 256 clusters, the sum over all clusters was 8 to 27 % higher than k-means
    leaves. In return clusters are nested: those for 6 are those for 5, one of them parted.

    It is exact, a color with a count of 9 being nine pixels in one place. Cost: a k-means with
    k = 2 for each cluster, on ever fewer colors, hundredths of a second each; another number of
    clusters goes on where the last one stopped. Another color goes, at each bisection, where the
    nearer of the two centers is.

    Parameters
    ----------
    bisecting_strategy : {"biggest_inertia", "largest_cluster"}, default "biggest_inertia"
        Which cluster is parted next.

    Raises
    ------
    ValueError
        Where `bisecting_strategy` is none of these.

    References
    ----------
    M. Steinbach, G. Karypis and V. Kumar, "A comparison of document clustering techniques", KDD
    Workshop on Text Mining (2000).
    """

    name: ClassVar[str] = "bisecting_kmeans"
    title: ClassVar[str] = "Bisecting k-means"
    finds_n_clusters: ClassVar[bool] = False

    bisecting_strategy: Literal["biggest_inertia", "largest_cluster"] = option(
        "biggest_inertia",
        "Part first",
        "Which cluster is parted next: that of most squared error, or of most pixels.",
    )

    def __post_init__(self) -> None:
        if self.bisecting_strategy not in _STRATEGIES:
            listed = ", ".join(map(repr, _STRATEGIES))
            raise ValueError(
                f"bisecting_strategy must be one of {listed}, got {self.bisecting_strategy!r}."
            )

    def prepare(
        self,
        points: np.ndarray,
        weights: np.ndarray,
        codes: np.ndarray,
        *,
        random_state: int,
        progress: Progress,
    ) -> Prepared:
        """Put all points into one cluster. See `Method.prepare`."""
        clusters = _Clusters(points, weights, codes, random_state, self.bisecting_strategy)
        progress(1.0, "Clustering colors")
        return clusters


@dataclass(frozen=True, eq=False)
class Bisections:
    """The rule of bisecting k-means: at each bisection, the nearer center; on a tie, the first.

    Parameters
    ----------
    parted : ndarray, shape (n_clusters - 1,), int64
        The cluster that each bisection parts. It keeps what is nearer to the first center; the
        rest becomes the next new cluster.
    centers : ndarray, shape (n_clusters - 1, 2, 3), float64
        The two centers of each bisection.
    """

    parted: np.ndarray
    centers: np.ndarray

    def __call__(self, points: np.ndarray) -> np.ndarray:
        """Return the cluster of each point: points (n, 3) to (n,), int64."""
        members = [np.arange(len(points))]
        for cluster, centers in zip(self.parted, self.centers, strict=True):
            mine = members[cluster]
            second = _nearer_to_second(points[mine], centers)
            members[cluster] = mine[~second]
            members.append(mine[second])
        labels = np.empty(len(points), np.int64)
        for label, mine in enumerate(members):
            labels[mine] = label
        return labels


class _Clusters:
    """A `Prepared`: the bisections so far, and the clusters that can be parted further."""

    def __init__(
        self,
        points: np.ndarray,
        weights: np.ndarray,
        codes: np.ndarray,
        random_state: int,
        strategy: str,
    ) -> None:
        self._points, self._weights, self._codes = points, weights, codes
        self._random_state, self._strategy = random_state, strategy
        self._parted: list[int] = []
        self._centers: list[np.ndarray] = []
        # The highest score first; of scores as high, the first cluster.
        self._queue: list[tuple[float, int, np.ndarray]] = []
        self._push(0, np.arange(len(points)))

    def __call__(self, n_clusters: int, progress: Progress) -> Grouping:
        wanted = n_clusters - 1
        while (done := len(self._parted)) < wanted:
            self._bisect(part(progress, done / wanted, (done + 1) / wanted))
        rule = Bisections(
            np.array(self._parted[:wanted], np.int64),
            np.array(self._centers[:wanted], np.float64).reshape(-1, 2, 3),
        )
        labels = rule(self._points)
        progress(1.0, "Clustering colors")
        return Grouping(labels, rule)

    def _push(self, cluster: int, members: np.ndarray) -> None:
        """Measure a cluster, if there are two points to part in it."""
        if len(members) < 2:
            return
        points, weights = self._points[members], self._weights[members]
        if self._strategy == "largest_cluster":
            score = weights.sum()
        else:
            center = (weights[:, np.newaxis] * points).sum(axis=0) / weights.sum()
            score = (weights[:, np.newaxis] * (points - center) ** 2).sum()
        heappush(self._queue, (-score, cluster, members))

    def _bisect(self, progress: Progress) -> None:
        """Part the next cluster; if that is cancelled, it stays the next."""
        _, cluster, members = self._queue[0]
        points, weights = self._points[members], self._weights[members]
        colors = points, weights, self._codes[members]
        kmeans = KMeans().prepare(*colors, random_state=self._random_state, progress=silent)
        centers, _ = average(points, weights, kmeans(2, progress).labels)
        second = _nearer_to_second(points, centers)
        if second.all() or not second.any():
            # Colors so close that rounding makes the means one: two of them are never one.
            centers = points[[0, -1]]
            second = _nearer_to_second(points, centers)
        heappop(self._queue)
        self._parted.append(cluster)
        self._centers.append(centers)
        self._push(cluster, members[~second])
        self._push(len(self._parted), members[second])


def _nearer_to_second(points: np.ndarray, centers: np.ndarray) -> np.ndarray:
    """Which points are nearer to the second of two centers: (n, 3) to (n,), bool."""
    # Axis by axis, so that the bits of a point's distances do not depend on the others.
    first, second = (
        sum((axis - at) ** 2 for axis, at in zip(points.T, center, strict=True))
        for center in centers
    )
    return second < first
