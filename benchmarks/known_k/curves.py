"""What a sweep tells of each k, and three measures that others suggest a k by."""

from dataclasses import dataclass

import numpy as np

import napari_colorcluster as ncc

N_REFERENCES = 5
"""The gap statistic's pictures without clusters; each of `N_POINTS` colors."""
N_POINTS = 1500


@dataclass(frozen=True)
class Curves:
    """A value for each k that was tried, ascending; `sse` and the gaps also have k = 1, first."""

    numbers: np.ndarray
    sse: np.ndarray
    silhouette: np.ndarray
    delta_e: np.ndarray
    calinski_harabasz: np.ndarray
    davies_bouldin: np.ndarray
    gap: np.ndarray
    gap_error: np.ndarray
    n_pixels: int

    @property
    def explained(self):
        """The share of the variance that each k explains."""
        return 1 - self.sse[1:] / self.sse[0]

    def upto(self, largest):
        """The curves as a shorter sweep would give them."""
        kept = int(np.count_nonzero(self.numbers <= largest))
        one_more = {"sse", "gap", "gap_error"}
        return Curves(
            **{
                name: value[: kept + (name in one_more)] if np.ndim(value) else value
                for name, value in vars(self).items()
            }
        )


def curves_of(image, numbers, **settings):
    """Sweep a picture; the settings are keywords of `sweep_clusters`."""
    histogram = ncc.count_colors(image)
    sweep = ncc.sweep_clusters(histogram, numbers, **settings)
    table = sweep.to_dataframe()
    one = ncc.cluster_colors(histogram, 1, **settings)
    numbers, n = np.array(list(sweep)), histogram.n_pixels
    sse = np.concatenate([[one.inertia], table["sse"]])
    between = sse[0] - sse[1:]
    gap, error = _gap(one, sse, numbers)
    return Curves(
        numbers=numbers,
        sse=sse,
        silhouette=table["silhouette"].to_numpy(),
        delta_e=table["min_delta_e"].to_numpy(),
        calinski_harabasz=between / (numbers - 1) / (sse[1:] / (n - numbers) + 1e-12),
        davies_bouldin=np.array([_davies_bouldin(sweep[k]) for k in sweep]),
        gap=gap,
        gap_error=error,
        n_pixels=n,
    )


def _davies_bouldin(clustering):
    space, histogram = clustering.partition.space, clustering.histogram
    points, rows = space.points(histogram.colors), clustering.labels.astype(int) - 1
    centers = clustering.centers[np.argsort(clustering.row_labels)]
    away = np.linalg.norm(points - centers[rows], axis=1)
    spread = np.bincount(rows, away * histogram.counts) / np.bincount(rows, histogram.counts)
    apart = np.linalg.norm(centers[:, np.newaxis] - centers, axis=2)
    np.fill_diagonal(apart, np.inf)
    return ((spread[:, np.newaxis] + spread) / apart).max(axis=1).mean()


def _gap(one, sse, numbers):
    """The gap and its error at 1 and each k: how much smaller the error is than without clusters.

    References are uniform in the box of the picture's colors along their principal axes.
    """
    from sklearn.cluster import KMeans

    histogram = one.histogram
    points = one.partition.space.points(histogram.colors)
    mean = np.average(points, axis=0, weights=histogram.counts)
    axes = np.linalg.eigh(np.cov(points.T, fweights=histogram.counts))[1]
    along = (points - mean) @ axes
    random = np.random.default_rng(0)
    logs = []
    for _ in range(N_REFERENCES):
        reference = random.uniform(along.min(axis=0), along.max(axis=0), (N_POINTS, 3))
        inertia = [
            KMeans(int(k), n_init=1, random_state=0).fit(reference).inertia_ for k in (1, *numbers)
        ]
        logs.append(np.log(np.array(inertia) / N_POINTS))
    gap = np.mean(logs, axis=0) - np.log(sse / histogram.n_pixels + 1e-9)
    return gap, np.std(logs, axis=0) * np.sqrt(1 + 1 / N_REFERENCES)
