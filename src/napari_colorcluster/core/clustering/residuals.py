"""How far colors are from the color of their cluster, and in what form pixels look that up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from napari_colorcluster.core.clustering.parts.to_centers import delta_e_to_centers
from napari_colorcluster.core.clustering.sampling import sample_systematically
from napari_colorcluster.core.color.calibration.calibration import Calibration
from napari_colorcluster.core.color.spaces import color_space
from napari_colorcluster.core.pixels import passes
from napari_colorcluster.core.pixels.blocks import PixelSource
from napari_colorcluster.core.pixels.histogram import ColorHistogram
from napari_colorcluster.core.pixels.image import as_label_array, is_dask
from napari_colorcluster.core.pixels.lookup import MAX_LABELS, LookUp
from napari_colorcluster.core.support.frozen import frozen

STEP = 0.002
"""Pixels have residuals in steps of this ΔE2000, a five-hundredth of what can be seen: so they are
looked up as labels are."""

VALUES = (np.arange(MAX_LABELS + 1, dtype=np.float32) - 1) * np.float32(STEP)
"""The residual that each number in a look-up stands for: the first, and the last, for none."""
VALUES[[0, MAX_LABELS]] = np.nan
frozen(VALUES)

_MOST_COLORS = 1 << 15
"""Colors that a summary is computed of, in some 30 ms; of more, it is of as many pixels."""


@dataclass(frozen=True)
class Residuals:
    """How far pixels are from the colors of their clusters.

    Attributes
    ----------
    mean : float
        The mean ΔE2000 of all pixels that have a cluster; NaN where none has.
    percentile_95 : float
        The smallest ΔE2000 that at least 95% of these pixels do not exceed.
    n_sampled : int or None
        The number of pixels in the sample; None if all were used, so that the values are exact.
    """

    mean: float
    percentile_95: float
    n_sampled: int | None = None


@dataclass(frozen=True, eq=False)
class LabelRule:
    """The label of any color: that of its part."""

    part_of: Callable[[np.ndarray], np.ndarray]
    label_of: np.ndarray

    def __call__(self, colors: np.ndarray) -> np.ndarray:
        """Return the labels (n,) of colors (n, 3), uint8."""
        return self.label_of[self.part_of(colors)]


@dataclass(frozen=True, eq=False)
class OneLabel:
    """The same label for any color."""

    label: int

    def __call__(self, colors: np.ndarray) -> np.ndarray:
        """Return the label (n,) for colors (n, 3), uint8."""
        return np.full(len(colors), self.label)


@dataclass(frozen=True, eq=False)
class ResidualRule:
    """The residual of any color: its ΔE2000 to the color of its cluster.

    Parameters
    ----------
    label_colors : ndarray, shape (largest label + 1, 3), uint8
        The sRGB color of each label.
    row_labels : ndarray, shape (n_clusters,), int64
        The labels that are clusters; colors with another label have no residual.
    calibration : Calibration or None
        What makes true colors of the image's; those of the clusters are true.
    labels_of : callable
        Maps colors (n, 3), uint8, to their labels (n,).

    References
    ----------
    G. Sharma, W. Wu and E. N. Dalal, "The CIEDE2000 color-difference formula", Color Res. Appl. 30
    (2005).
    """

    label_colors: np.ndarray
    row_labels: np.ndarray
    calibration: Calibration | None
    labels_of: Callable[[np.ndarray], np.ndarray]

    def __call__(self, colors: np.ndarray) -> np.ndarray:
        """The residuals of colors (n, 3), uint8, as numbers (n,), uint16, in `VALUES`."""
        return self.numbers(colors, self.labels_of(colors))

    def numbers(self, colors: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """The same for colors whose labels (n,) are known."""
        residuals = self.residuals(colors, labels)
        numbers = np.minimum(np.rint(residuals / STEP) + 1, MAX_LABELS - 1)
        return np.where(np.isnan(residuals), MAX_LABELS, numbers).astype(np.uint16)

    def residuals(self, colors: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """The ΔE2000 (n,), float64, of colors (n, 3), uint8, with labels (n,); NaN for none."""
        centers = np.full((len(self.label_colors), 3), np.nan)
        of_rows = self.label_colors[self.row_labels]
        centers[self.row_labels] = color_space("lab").from_srgb(of_rows)
        return delta_e_to_centers(colors, labels, centers, self.calibration)

    def look_up(
        self, histogram: ColorHistogram | None = None, labels: np.ndarray | None = None
    ) -> LookUp:
        """The numbers of all colors: of those of a histogram, with labels (n_colors,), at once."""
        if histogram is None:
            none = frozen(np.empty(0, np.int32))
            return LookUp(none, frozen(np.empty(0, np.uint16)), MAX_LABELS, self)
        numbers = frozen(self.numbers(histogram.colors, labels))
        return LookUp(histogram.codes, numbers, MAX_LABELS, self)

    def summarize(self, histogram: ColorHistogram, labels: np.ndarray | None = None) -> Residuals:
        """Sum the residuals of all pixels up.

        Parameters
        ----------
        histogram : ColorHistogram
            The colors of the pixels.
        labels : ndarray, shape (n_colors,), optional
            The labels of the colors, where they are known.
        """
        rows, counts, n_sampled = slice(None), histogram.counts, None
        if histogram.n_colors > _MOST_COLORS:
            rows, counts = sample_systematically(histogram.counts, _MOST_COLORS, 0)
            n_sampled = _MOST_COLORS
        colors = histogram.colors[rows]
        residuals = self.residuals(
            colors, self.labels_of(colors) if labels is None else labels[rows]
        )
        known = np.isfinite(residuals)
        residuals, counts = residuals[known], counts[known]
        if not len(residuals):
            return Residuals(np.nan, np.nan, n_sampled)
        # Without interpolation, as of all pixels one by one.
        highest = np.percentile(residuals, 95, weights=counts, method="inverted_cdf")
        return Residuals(float(np.average(residuals, weights=counts)), float(highest), n_sampled)


def by_labels(rule: ResidualRule, source: PixelSource, found: Any, own: Any, labels: Any) -> Any:
    """Hold pixels whose labels are not decided by their color against the clusters they have.

    Parameters
    ----------
    rule : ResidualRule
        The rule of the clustering.
    source : PixelSource
        The image.
    found, own : array, shape (...), float32 and integer
        The residuals and the labels by color alone; lazy where the image is.
    labels : array, shape (...), integer
        The labels that the pixels have.

    Returns
    -------
    array, shape (...), float32
        NaN where a label is no cluster's.

    Raises
    ------
    ValueError
        If the labels are no integers, or of another shape than the image.
    """
    labels = as_label_array(labels)
    if np.dtype(labels.dtype).kind not in "uib":
        raise ValueError(f"labels must be integers, got {np.dtype(labels.dtype).name}.")
    if tuple(labels.shape) != source.shape:
        raise ValueError(
            f"labels must be of the image's shape {source.shape}, got {tuple(labels.shape)}."
        )
    is_lazy = is_dask(source.image)
    labels = labels if is_lazy else np.asarray(labels)
    elsewhere = labels != own
    found = np.where(elsewhere, np.float32(np.nan), found)
    for label in rule.row_labels.tolist():
        there = elsewhere & (labels == label)
        if is_lazy or there.any():
            look_up = replace(rule, labels_of=OneLabel(label)).look_up()
            given = passes.predict(look_up, source.within(there), label_of=VALUES)
            # Each pixel has a number in one of the two at most.
            found = np.fmax(found, given)
    return found
