"""One palette for many images: their colors pooled, and each image's shares of a clustering."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from napari_colorcluster.core.clustering.clustering import ColorClustering
from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.pixels.histogram import ColorHistogram, add_histograms
from napari_colorcluster.core.pixels.passes import as_histogram
from napari_colorcluster.core.support.progress import Progress, silent

WEIGHTS = ("pixels", "equal")
"""How images count in a pool: by their pixels, or all the same."""

POOL_TOTAL = 1 << 52
"""What the counts of a pool of equal images add up to, at most: float64 holds all of them."""


_NUMBERS_OF_PIXELS = ("min_samples",)
"""Options of methods that count pixels."""


def pool(histograms: Sequence[ColorHistogram], weights: str = "pixels") -> ColorHistogram:
    """Put the colors of several images together, to cluster them as one.

    Parameters
    ----------
    histograms : sequence of ColorHistogram
        The images, at least one.
    weights : "pixels" or "equal", default "pixels"
        Whether an image counts by its pixels, or as much as any other that has pixels.

    Returns
    -------
    ColorHistogram
        The sum. With "equal", each image is scaled to ``POOL_TOTAL // n_images`` first, by
        `with_total`: counts are weights then, of which only the shares mean something. An option
        of a method that is a number of pixels, as DBSCAN's ``min_samples``, has no use with them:
        `check_weights` refuses it.

    Raises
    ------
    ValueError
        Where there is no histogram, or the weights are not known.
    """
    check_weights(weights)
    if not histograms:
        raise ValueError("At least one histogram is needed to pool, got none.")
    return add_histograms([weigh(each, weights, len(histograms)) for each in histograms])


def weigh(histogram: ColorHistogram, weights: str, n_images: int) -> ColorHistogram:
    """One image as it goes into a pool of `n_images`; see `pool`, which adds them."""
    return histogram if weights == "pixels" else with_total(histogram, POOL_TOTAL // n_images)


def check_weights(weights: Any, options: Mapping[str, Any] | None = None) -> None:
    """Check that images can be pooled so.

    Parameters
    ----------
    weights : "pixels" or "equal"
        How they count.
    options : mapping, optional
        The options of the method that clusters the pool.

    Raises
    ------
    ValueError
        Where `weights` is neither; or where it is "equal" and an option is a number of pixels,
        which those weights are not.
    """
    if weights not in WEIGHTS:
        raise ValueError(f"weights must be 'pixels' or 'equal', got {weights!r}.")
    if weights == "equal":
        for name in _NUMBERS_OF_PIXELS:
            value = (options or {}).get(name)
            if value is not None:
                raise ValueError(
                    f"{name}={value} is a number of pixels, and images that count the same have "
                    "weights instead: pool them by their pixels, or leave it to be estimated."
                )


def with_total(histogram: ColorHistogram, total: int) -> ColorHistogram:
    """Scale the counts of a histogram so that they add up to `total`.

    Parameters
    ----------
    histogram : ColorHistogram
        One without pixels stays as it is.
    total : int
        At least the number of pixels, so that no color is lost; at most `POOL_TOTAL`.

    Returns
    -------
    ColorHistogram
        Its counts are integers that add up to `total` exactly, by largest remainders, and each
        share is within ``1 / total`` of what it was: below 1e-9 for pools of up to a million.

    Raises
    ------
    ValueError
        Where `total` is out of this range.
    """
    n_pixels = histogram.n_pixels
    if not n_pixels <= total <= POOL_TOTAL:
        raise ValueError(
            f"total must be in {n_pixels:,}..{POOL_TOTAL:,}, the number of pixels and what "
            f"float64 can hold, got {total:,}."
        )
    if n_pixels == 0:
        return histogram
    times, more = divmod(total, n_pixels)
    # From 2**31 pixels on, a product might not fit in 64 bits: Python's integers are slow but fit.
    counts = histogram.counts if n_pixels < 1 << 31 else histogram.counts.astype(object)
    products = counts * more
    scaled = (counts * times + products // n_pixels).astype(np.int64)
    remainders = (products % n_pixels).astype(np.int64)
    left = total - int(scaled.sum())
    # Stable, so that colors with equal remainders are served in their order.
    scaled[np.argsort(-remainders, kind="stable")[:left]] += 1
    return ColorHistogram.from_sorted(histogram.codes, histogram.colors, scaled, histogram.excluded)


def shares(
    clustering: ColorClustering, image: Any, mask: Any = None, *, progress: Progress = silent
) -> Palette:
    """Count how much of each cluster there is in an image, the one clustered or any other.

    Parameters
    ----------
    clustering : ColorClustering
        The clusters. Colors that were not clustered go where `ColorClustering.predict` puts them.
    image : array, shape (..., 3 or 4), or ColorHistogram
        The image.
    mask : array of bool, shape (...), optional
        True where a pixel takes part.
    progress : callable, optional
        Told the fraction done.

    Returns
    -------
    Palette
        The clustering's labels, colors and names, in its order, with the image's own pixels: 0
        where a cluster does not occur. What is background takes no part in the shares.

    Notes
    -----
    Exact, and the same as counting the labels of `ColorClustering.predict`; but only the distinct
    colors are labeled.
    """
    histogram = as_histogram(image, mask, progress)
    found = clustering.predict(histogram.colors)
    return with_pixels(clustering, count_labels(clustering, found, histogram.counts))


def count_labels(clustering: ColorClustering, labels: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Add up counts (n,) by their labels (n,), in integers: shape (largest label + 1,), int64."""
    pixels = np.zeros(len(clustering.label_colors), np.int64)
    np.add.at(pixels, labels, counts)
    return pixels


def with_pixels(clustering: ColorClustering, pixels: np.ndarray) -> Palette:
    """The palette of a clustering with other pixels, by label: shape (largest label + 1,)."""
    palette = clustering.palette
    return Palette(palette.colors, pixels[palette.labels], palette.names, palette.labels)
