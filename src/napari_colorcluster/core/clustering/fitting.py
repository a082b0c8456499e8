"""From an image to its clustering: the one call that most users need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from warnings import warn

from napari_colorcluster.core.clustering.choosing_k.sweep import SWEEP_RANGE, sweep_histogram
from napari_colorcluster.core.clustering.clustering import ColorClustering
from napari_colorcluster.core.clustering.edits import apply_edits, check_edits
from napari_colorcluster.core.clustering.fitter import ColorFitter
from napari_colorcluster.core.clustering.settings import DEFAULT_N_CLUSTERS, Settings
from napari_colorcluster.core.color.calibration.calibration import Calibration
from napari_colorcluster.core.pixels.histogram import ColorHistogram
from napari_colorcluster.core.pixels.passes import as_histogram
from napari_colorcluster.core.pixels.reading import MIN_ALPHA
from napari_colorcluster.core.support.numbers import is_integer
from napari_colorcluster.core.support.progress import Progress, part, silent


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
    min_alpha: float = MIN_ALPHA,
    calibration: Calibration | Mapping[str, Any] | None = None,
    white: Iterable[float] | None = None,
    max_distance: float | None = None,
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
    image : array, shape (..., 3 or 4), Picture or ColorHistogram
        RGB or RGBA, numpy or dask; see `count_colors`.
    n_clusters : int, "auto" or None, default 5
        Number of clusters; where there are fewer distinct colors, each is a cluster, and a
        warning says so. "auto" takes the suggestion of `sweep_clusters` over 2..9; None for a
        method that finds the number itself.
    method : str, default "kmeans"
        A key of ``METHODS``.
    color_space : str, default "lab"
        A key of ``COLOR_SPACES``: where distances are measured.
    standardize : bool, default False
        Scale each axis of the space to unit variance over the pixels.
    lightness_weight : float, default 1.0
        Factor on the lightness axis of "lab" and "oklab", greater than 0 and up to 1,000,000: below
        1, colors that differ in lightness alone come together.
    mask : array of bool, shape (...), optional
        True where a pixel takes part.
    random_state : int, default 0
        The seed. Equal arguments give equal results, to the bit.
    min_alpha : float, default 0.5
        The least alpha of a pixel that takes part, in [0, 1], here and in ``predict``. With 0 all
        pixels do that are not fully transparent.
    calibration : Calibration, optional
        What makes true colors of the image's, from a color card in the picture. Distances, the
        palette and the quantized image are of the calibrated colors. Also the dict that
        `Calibration.to_dict` gives.
    white : three numbers, optional
        The color of the empty slide, 8-bit sRGB, for ``color_space="od"``.
    max_distance : float, optional
        The largest ΔE2000 between a color and the mean color of its cluster, which the method
        found of all colors. Those beyond belong to no cluster: they get label 0, here and in
        ``predict``, and are counted in ``n_too_far``. It is a ΔE2000 in every color space, so that
        one number means the same whatever the space, the standardizing and the image.
    edits : iterable, default ()
        Edits to make of the result, as its ``settings["edits"]`` holds them: each the name of a
        method and its arguments, such as ``["merge", [2, 3]]``.
    progress : callable, optional
        Told ``(fraction, what)`` as the work goes on; to stop it, let it raise
        `napari_colorcluster.Cancelled`.
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
    settings = Settings(
        *(method, color_space, standardize, lightness_weight, random_state, options),
        min_alpha=min_alpha,
        calibration=calibration,
        white=white,
        max_distance=max_distance,
    )
    edits = check_edits(edits)
    if not is_auto(n_clusters):
        settings.check_n_clusters(n_clusters)
    counting = part(progress, 0.0, 0.2)
    histogram = as_histogram(image, mask, counting, min_alpha=settings.min_alpha)
    clustering = cluster_histogram(histogram, n_clusters, settings, part(progress, 0.2, 1.0))
    if note := fewer_colors(n_clusters, clustering):
        warn(note, stacklevel=2)
    return apply_edits(clustering, edits)


def fewer_colors(n_clusters: Any, clustering: ColorClustering) -> str | None:
    """What to say where there are fewer distinct colors than clusters were asked for."""
    # What the method was told: no more than there are colors, None where it finds the number.
    n_found = clustering.keywords.get("n_clusters")
    if n_found is None or not is_integer(n_clusters) or n_clusters <= n_found:
        return None
    found = (
        "1 color, so there is 1 cluster"
        if n_found == 1
        else f"{n_found:,} distinct colors, so there are {n_found:,} clusters"
    )
    return f"The image has only {found} instead of {n_clusters:,}."


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
        if histogram.n_colors > 1:
            sweep = sweep_histogram(histogram, SWEEP_RANGE, settings, progress)
            return sweep[sweep.suggested]
        n_clusters = 1
    fitter = ColorFitter(histogram, settings, part(progress, 0.0, 0.5))
    return fitter.fit(n_clusters, part(progress, 0.5, 1.0))
