"""Choosing k: a clustering for each number of clusters, with measures of its quality."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from napari_colorcluster.core.clustering.choosing_k.suggestion import Suggestion, suggest
from napari_colorcluster.core.clustering.clustering import ColorClustering
from napari_colorcluster.core.clustering.dendrogram import Dendrogram
from napari_colorcluster.core.clustering.fitter import ColorFitter
from napari_colorcluster.core.clustering.settings import Settings, check_n_clusters
from napari_colorcluster.core.color.calibration.calibration import Calibration
from napari_colorcluster.core.color.differences import min_delta_e
from napari_colorcluster.core.pixels.histogram import ColorHistogram
from napari_colorcluster.core.pixels.passes import as_histogram
from napari_colorcluster.core.pixels.reading import MIN_ALPHA
from napari_colorcluster.core.support.progress import Progress, part, silent

if TYPE_CHECKING:
    import pandas as pd

SWEEP_RANGE = range(2, 10)
"""The numbers of clusters that are tried by default."""


class ClusterSweep(Mapping[int, ColorClustering]):
    """The clusterings of an image for several numbers of clusters; made by `sweep_clusters`.

    ``sweep[4]`` is the `ColorClustering` with 4 clusters.

    Attributes
    ----------
    dendrogram : Dendrogram or None
        The top of the tree that all of them are cuts of, where the method makes one.
    """

    def __init__(
        self,
        clusterings: Mapping[int, ColorClustering],
        silhouettes: np.ndarray,
        n_sampled: int | None,
        dendrogram: Dendrogram | None = None,
    ) -> None:
        self.dendrogram = dendrogram
        self._clusterings = dict(sorted(clusterings.items()))
        self._silhouettes = silhouettes
        self._n_sampled = n_sampled

    def __getitem__(self, n_clusters: int) -> ColorClustering:
        try:
            return self._clusterings[n_clusters]
        except KeyError:
            tried = ", ".join(map(str, self._clusterings))
            raise KeyError(
                f"no clustering with {n_clusters!r} clusters; there are {tried}"
            ) from None

    def __iter__(self) -> Iterator[int]:
        return iter(self._clusterings)

    def __len__(self) -> int:
        return len(self._clusterings)

    def __repr__(self) -> str:
        tried = ", ".join(map(str, self))
        return f"ClusterSweep over k = {tried}; suggested: {self.suggested}"

    @property
    def suggested(self) -> int:
        """The suggested number of clusters: a suggestion, not the truth.

        It is the largest whose colors are all at least ΔE2000 = 11 apart, and whose last cluster
        adds at least 1% to the explained variance; the smallest that was tried where none is so.
        It is 1 if only a single cluster was tried.

        Notes
        -----
        The rule was chosen among thirteen on one set of pictures whose number of colors is known,
        and held against another set, made in another way: ``benchmarks/suggested_k.py``. There, by
        k-means in CIELAB over 2..9, it hits exactly in 70% of 140 scenes of 2 to 8 paints under
        noise, shading, blur and JPEG compression, and within one in 95%; of six photos whose
        colors a person counted, as a range, in five, and within one in all. The highest silhouette
        hits 49%, 82%, two and six of these; it takes most photos for two colors.
        """
        return self.suggestion.n_clusters

    @cached_property
    def suggestion(self) -> Suggestion:
        """The suggested number, and why."""
        return suggest(list(self), self._explained, self._min_delta_e)

    @cached_property
    def _explained(self) -> np.ndarray:
        return np.array([clustering.explained_variance_ratio for clustering in self.values()])

    @cached_property
    def _min_delta_e(self) -> np.ndarray:
        return np.array([min_delta_e(clustering.colors) for clustering in self.values()])

    def to_dataframe(self) -> pd.DataFrame:
        """The sweep as a table, one row for each number of clusters.

        Returns
        -------
        pandas.DataFrame
            Columns ``n_clusters``; ``sse``, the sum of the squared distances of all pixels to the
            mean of their cluster in the working space; ``explained_variance_ratio``, the share of
            the variance there that the clusters explain, in [0, 1]; ``silhouette``, the mean
            silhouette of all pixels, in [-1, 1], NaN for a single cluster; ``min_delta_e``, the
            smallest ΔE2000 between the colors of two clusters; ``silhouette_method``, "exact" or
            "sample of N colors".
        """
        import pandas as pd

        silhouette_method = (
            "exact" if self._n_sampled is None else f"sample of {self._n_sampled:,} colors"
        )
        return pd.DataFrame(
            {
                "n_clusters": list(self),
                "sse": [clustering.inertia for clustering in self.values()],
                "explained_variance_ratio": self._explained,
                "silhouette": self._silhouettes,
                "min_delta_e": self._min_delta_e,
                "silhouette_method": silhouette_method,
            }
        )


def sweep_clusters(
    image: Any,
    n_clusters: Iterable[int] = SWEEP_RANGE,
    method: str = "kmeans",
    color_space: str = "lab",
    standardize: bool = False,
    lightness_weight: float = 1.0,
    mask: Any = None,
    random_state: int = 0,
    *,
    min_alpha: float = MIN_ALPHA,
    calibration: Calibration | Mapping[str, Any] | None = None,
    white: Iterable[float] | None = None,
    max_distance: float | None = None,
    progress: Progress = silent,
    **options: Any,
) -> ClusterSweep:
    """Cluster the colors of an image for each of several numbers of clusters.

    Parameters
    ----------
    image : array, shape (..., 3 or 4), Picture or ColorHistogram
        As for `cluster_colors`.
    n_clusters : iterable of int, default range(2, 10)
        The numbers to try. Those above the number of distinct colors are skipped; if all are,
        that number is tried.
    method, color_space, standardize, lightness_weight, mask, random_state
        As for `cluster_colors`.
    min_alpha, calibration, white, max_distance, progress
        As for `cluster_colors`.
    **options
        The method's own options.

    Returns
    -------
    ClusterSweep
        The clusterings, their SSE and silhouettes, and a suggestion.

    Raises
    ------
    ValueError
        As `cluster_colors` does.

    Notes
    -----
    The silhouette [1]_ is that of all pixels. One pass over the distances between colors serves all
    numbers of clusters. If there are too many colors for that, the silhouette is estimated from a
    seeded sample, and the table says so.

    References
    ----------
    .. [1] P. J. Rousseeuw, "Silhouettes: a graphical aid to the interpretation and validation of
       cluster analysis", J. Comput. Appl. Math. 20 (1987).
    """
    settings = Settings(
        *(method, color_space, standardize, lightness_weight, random_state, options),
        min_alpha=min_alpha,
        calibration=calibration,
        white=white,
        max_distance=max_distance,
    )
    n_clusters = _check_range(n_clusters)
    counting = part(progress, 0.0, 0.1)
    histogram = as_histogram(image, mask, counting, min_alpha=settings.min_alpha)
    return sweep_histogram(histogram, n_clusters, settings, part(progress, 0.1, 1.0))


def sweep_histogram(
    histogram: ColorHistogram,
    n_clusters: Iterable[int],
    settings: Settings,
    progress: Progress = silent,
) -> ClusterSweep:
    """Do the work of `sweep_clusters` on colors that are counted already."""
    if settings.build_method().finds_n_clusters:
        raise ValueError(
            f"Method {settings.method!r} finds the number of clusters itself: there is no k to try."
        )
    # Imported here, so that opening the panel does not wait for compiled code.
    from napari_colorcluster.core.clustering.choosing_k.silhouette import silhouette_scores

    requested = _check_range(n_clusters)
    fitter = ColorFitter(histogram, settings, part(progress, 0.0, 0.2))
    numbers = [k for k in requested if k <= fitter.n_distinct] or [fitter.n_distinct]
    step = 0.5 / len(numbers)
    clusterings = {
        k: fitter.fit(k, part(progress, 0.2 + i * step, 0.2 + (i + 1) * step))
        for i, k in enumerate(numbers)
    }
    scores = silhouette_scores(
        fitter.points,
        fitter.weights,
        [clustering.labels for clustering in clusterings.values()],
        outside=0,
        random_state=settings.random_state,
        progress=part(progress, 0.7, 1.0),
    )
    return ClusterSweep(clusterings, scores.values, scores.n_sampled, fitter.dendrogram())


def _check_range(n_clusters: Iterable[int]) -> list[int]:
    """Check the numbers of clusters to try, and return each once, ascending."""
    if isinstance(n_clusters, str) or not isinstance(n_clusters, Iterable):
        raise ValueError(
            f"n_clusters must hold the numbers of clusters to try, as range(2, 10) does, "
            f"got {n_clusters!r}."
        )
    numbers = sorted({check_n_clusters(k) for k in n_clusters})
    if not numbers:
        raise ValueError("n_clusters must hold at least one number of clusters, got none.")
    return numbers
