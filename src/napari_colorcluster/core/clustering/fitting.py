"""From an image to its clustering: the one call that most users need, and the parts it reuses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from napari_colorcluster.core.clustering.clustering import ColorClustering
from napari_colorcluster.core.clustering.edits import apply_edits, check_edits
from napari_colorcluster.core.clustering.settings import DEFAULT_N_CLUSTERS, Settings
from napari_colorcluster.core.color.working_space import WorkingSpace
from napari_colorcluster.core.methods.protocol import WeightedPoints
from napari_colorcluster.core.pixels.histogram import ColorHistogram
from napari_colorcluster.core.support.progress import Progress, part, silent


class ColorFitter:
    """A histogram with a method prepared on it: each further number of clusters is one call.

    Parameters
    ----------
    histogram : ColorHistogram
        The colors.
    settings : Settings
        How they are clustered.
    progress : callable, optional
        Told the fraction done.

    Raises
    ------
    ValueError
        Where the histogram is empty.
    """

    def __init__(
        self, histogram: ColorHistogram, settings: Settings, progress: Progress = silent
    ) -> None:
        if histogram.n_colors == 0:
            raise ValueError(
                f"No pixel takes part: all {histogram.n_excluded:,} are masked, transparent or "
                "not finite."
                if histogram.n_excluded
                else "No pixel takes part: the image is empty."
            )
        self.histogram = histogram
        self.settings = settings
        self.space = WorkingSpace.for_histogram(
            settings.space,
            histogram,
            standardize=settings.standardize,
            lightness_weight=settings.lightness_weight,
        )
        self.points = self.space.points(histogram.colors)
        self.weights = histogram.counts.astype(np.float64)
        colors = WeightedPoints(self.points, self.weights, histogram.codes)
        self._prepared = settings.build_method().prepare(
            colors, random_state=settings.random_state, progress=progress
        )

    def fit(self, n_clusters: int | None, progress: Progress = silent) -> ColorClustering:
        """Part the colors into `n_clusters`; raises `ValueError` where there are fewer colors."""
        n_clusters = self.settings.check_n_clusters(n_clusters, self.histogram.n_colors)
        grouping = self._prepared(n_clusters, progress)
        progress(1.0, "Clustering colors")
        return ColorClustering.from_grouping(
            self.histogram,
            self.space,
            self.points,
            grouping,
            self.settings.to_dict(n_clusters),
        )


def as_histogram(image: Any, mask: Any = None, progress: Progress = silent) -> ColorHistogram:
    """Count an image's colors, unless it is a histogram already."""
    if isinstance(image, ColorHistogram):
        if mask is not None:
            raise ValueError("A mask needs an image; a ColorHistogram has been counted already.")
        return image
    return ColorHistogram.from_image(image, mask, progress=progress)


def cluster_colors(
    image: Any,
    n_clusters: int | str | None = DEFAULT_N_CLUSTERS,
    method: str = "kmeans",
    color_space: str = "lab",
    standardize: bool = False,
    lightness_weight: float = 1.0,
    mask: Any = None,
    random_state: int = 0,
    *,
    edits: Iterable[Any] = (),
    progress: Progress = silent,
    **options: Any,
) -> ColorClustering:
    """Cluster the colors of an image.

    The distinct colors are clustered, weighted by their counts. That has the same objective as
    clustering all pixels, so the result is exact and not a sample, at a cost that does not grow
    with the image.

    Parameters
    ----------
    image : array, shape (..., 3 or 4), or ColorHistogram
        RGB or RGBA, numpy or dask; see `ColorHistogram.from_image`.
    n_clusters : int, "auto" or None, default 5
        Number of clusters, 1 to the number of distinct colors; "auto" takes the suggestion of
        `sweep_clusters` over 2..9; None for a method that finds the number itself.
    method : str, default "kmeans"
        A key of ``METHODS``.
    color_space : str, default "lab"
        A key of ``COLOR_SPACES``: where distances are measured.
    standardize : bool, default False
        Scale each axis of the space to unit variance over the pixels.
    lightness_weight : float, default 1.0
        Factor on the lightness axis of "lab" and "oklab", greater than 0: below 1, colors that
        differ in lightness alone come together.
    mask : array of bool, shape (...), optional
        True where a pixel takes part.
    random_state : int, default 0
        The seed. Equal arguments give equal results, to the bit.
    edits : iterable, default ()
        Edits to make of the result, as its ``settings["edits"]`` holds them: each the name of a
        method and its arguments, such as ``["merge", [2, 3]]``.
    progress : callable, optional
        Told ``(fraction, what)`` as the work goes on; may raise `Cancelled` to stop it.
    **options
        The method's own options, such as ``linkage`` for "agglomerative".

    Returns
    -------
    ColorClustering
        Its palette, and what paints the image with it.

    Raises
    ------
    ValueError
        Where an argument is not allowed or no pixel takes part; one sentence that names the value
        and what is allowed.

    Examples
    --------
    >>> from skimage import data
    >>> clustering = cluster_colors(data.coffee(), n_clusters=3)
    >>> clustering.palette.to_dataframe()  # doctest: +SKIP
    >>> labels = clustering.predict(data.coffee())
    """
    settings = Settings(method, color_space, standardize, lightness_weight, random_state, options)
    edits = check_edits(edits)
    if not is_auto(n_clusters):
        settings.check_n_clusters(n_clusters)
    histogram = as_histogram(image, mask, part(progress, 0.0, 0.2))
    clustering = cluster_histogram(histogram, n_clusters, settings, part(progress, 0.2, 1.0))
    return apply_edits(clustering, edits)


def is_auto(n_clusters: Any) -> bool:
    """Whether the number of clusters is left to a sweep."""
    return isinstance(n_clusters, str) and n_clusters == "auto"


def cluster_histogram(
    histogram: ColorHistogram,
    n_clusters: int | str | None,
    settings: Settings,
    progress: Progress = silent,
) -> ColorClustering:
    """Do what `cluster_colors` does, on colors that are counted already."""
    if is_auto(n_clusters):
        from napari_colorcluster.core.clustering.sweep import SWEEP_RANGE, sweep_histogram

        if histogram.n_colors > 1:
            sweep = sweep_histogram(histogram, SWEEP_RANGE, settings, progress)
            return sweep[sweep.suggested]
        n_clusters = 1
    if histogram.n_colors:
        settings.check_n_clusters(n_clusters, histogram.n_colors)
    fitter = ColorFitter(histogram, settings, part(progress, 0.0, 0.5))
    return fitter.fit(n_clusters, part(progress, 0.5, 1.0))
