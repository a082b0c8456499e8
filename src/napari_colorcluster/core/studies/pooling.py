"""One palette for many images: pooling their colors, and the shares of each image."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from napari_colorcluster.core.clustering.clustering import ColorClustering
from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.pixels.histogram import ColorHistogram, add_histograms
from napari_colorcluster.core.pixels.passes import as_histogram, predict
from napari_colorcluster.core.support.kinds import check_kind, check_kinds
from napari_colorcluster.core.support.progress import Progress, silent

WEIGHTS = ("pixels", "equal")
"""How images are weighted in a pool: by their pixels, or equally."""

POOL_TOTAL = 1 << 52
"""The most that the counts of equally weighted images add up to: exact in float64."""

_PIXEL_OPTIONS = ("min_samples",)
"""Options of methods that are numbers of pixels."""


def pool(histograms: Sequence[ColorHistogram], weights: str = "pixels") -> ColorHistogram:
    """Add the colors of several images, to cluster them as one.

    Parameters
    ----------
    histograms : sequence of ColorHistogram
        The histograms of the images, at least one.
    weights : "pixels" or "equal", default "pixels"
        Weight each image by its number of pixels, or all images that have pixels equally.

    Returns
    -------
    ColorHistogram
        The sum. With "equal", the counts of each image are first scaled to the same total, 2^52 of
        all images together: they are weights then, rather than numbers of pixels, and options that
        are numbers of pixels, such as ``min_samples`` of DBSCAN, have no meaning for them.

    Raises
    ------
    ValueError
        If there is no histogram or something else, or `weights` is unknown.
    """
    check_weights(weights)
    check_kind("histograms", histograms, Sequence)
    check_kinds("histograms", histograms, ColorHistogram)
    if not histograms:
        raise ValueError("At least one histogram is needed for a pool, got none.")
    return add_histograms([weigh(histogram, weights, len(histograms)) for histogram in histograms])


def weigh(histogram: ColorHistogram, weights: str, n_images: int) -> ColorHistogram:
    """Scale the histogram of one of `n_images` to its weight in a pool; see `pool`."""
    return histogram if weights == "pixels" else with_total(histogram, POOL_TOTAL // n_images)


def check_weights(weights: Any, options: Mapping[str, Any] | None = None) -> None:
    """Check that images can be pooled with these weights.

    Parameters
    ----------
    weights : "pixels" or "equal"
        How images are weighted.
    options : mapping, optional
        Options of the method that will cluster the pool.

    Raises
    ------
    ValueError
        If `weights` is unknown, or is "equal" and an option is a number of pixels.
    """
    if weights not in WEIGHTS:
        raise ValueError(f"weights must be 'pixels' or 'equal', got {weights!r}.")
    if weights == "equal":
        for name in _PIXEL_OPTIONS:
            value = (options or {}).get(name)
            if value is not None:
                raise ValueError(
                    f"{name}={value} is a number of pixels, which equally weighted images do not "
                    "have: pool them by their pixels, or leave the option out to estimate it."
                )


def with_total(histogram: ColorHistogram, total: int) -> ColorHistogram:
    """Scale the counts of a histogram so that they add up to `total`.

    Parameters
    ----------
    histogram : ColorHistogram
        The histogram; without pixels, it is returned unchanged.
    total : int
        At least the number of pixels, so that no color is lost; at most `POOL_TOTAL`.

    Returns
    -------
    ColorHistogram
        Integer counts that add up to `total` exactly, by the largest remainder method. Each share
        changes by less than ``1 / total``: below 1e-9 for pools of up to a million images.

    Raises
    ------
    ValueError
        If `total` is out of this range.
    """
    n_pixels = histogram.n_pixels
    if not n_pixels <= total <= POOL_TOTAL:
        raise ValueError(
            f"total must be in {n_pixels:,}..{POOL_TOTAL:,}, from the number of pixels to "
            f"the largest exact total, got {total:,}."
        )
    if n_pixels == 0:
        return histogram
    factor, rest = divmod(total, n_pixels)
    # From 2**31 pixels on, products may overflow 64 bits; Python's integers do not.
    counts = histogram.counts if n_pixels < 1 << 31 else histogram.counts.astype(object)
    products = counts * rest
    scaled = (counts * factor + products // n_pixels).astype(np.int64)
    remainders = (products % n_pixels).astype(np.int64)
    n_left = total - int(scaled.sum())
    # A stable sort breaks ties by the order of the colors.
    scaled[np.argsort(-remainders, kind="stable")[:n_left]] += 1
    return ColorHistogram.from_sorted(histogram.codes, histogram.colors, scaled, histogram.excluded)


def shares(
    clustering: ColorClustering, image: Any, mask: Any = None, *, progress: Progress = silent
) -> Palette:
    """Count the pixels of each cluster in an image, the one that was clustered or any other.

    Parameters
    ----------
    clustering : ColorClustering
        The clusters. New colors are assigned as by `ColorClustering.predict`.
    image : array, shape (..., 3 or 4), or ColorHistogram
        The image.
    mask : array of bool, shape (...), optional
        True for the pixels to count.
    progress : callable, optional
        Called with the fraction done.

    Returns
    -------
    Palette
        The labels, colors and names of the clustering in its order, with the pixels of this image:
        0 for a cluster that does not occur. Background does not count toward the shares.

    Raises
    ------
    ValueError
        If it is no clustering, or the image has no colors.

    Notes
    -----
    Equal to counting the labels of `ColorClustering.predict`, but only distinct colors are labeled.
    """
    check_kind("clustering", clustering, ColorClustering)
    histogram = as_histogram(image, mask, progress, min_alpha=clustering.min_alpha)
    labels = clustering.predict(histogram.colors)
    return with_pixels(clustering, count_labels(clustering, labels, histogram.counts))


def count_too_far(clustering: ColorClustering, histogram: ColorHistogram) -> int:
    """Count the pixels of an image that belong to no cluster, being too far from their colors.

    See ``max_distance`` of `cluster_colors`, and `ColorClustering.leave_out_beyond`.
    """
    partition = clustering.partition
    if not partition.beyond:
        return 0
    parts = predict(partition.look_up, histogram.colors)
    return int(histogram.counts[parts == partition.beyond].sum())


def count_labels(clustering: ColorClustering, labels: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Sum counts (n,) by label (n,) exactly: shape (largest label + 1,), int64."""
    pixels = np.zeros(len(clustering.label_colors), np.int64)
    np.add.at(pixels, labels, counts)
    return pixels


def with_pixels(clustering: ColorClustering, pixels: np.ndarray) -> Palette:
    """The palette of a clustering with these pixels by label, shape (largest label + 1,)."""
    palette = clustering.palette
    return Palette(palette.colors, pixels[palette.labels], palette.names, palette.labels)
