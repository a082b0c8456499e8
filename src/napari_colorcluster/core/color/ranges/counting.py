"""Counting the pixels of an image whose colors are in a range."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from napari_colorcluster.core.color.calibration.calibration import Calibration, as_calibration
from napari_colorcluster.core.color.ranges.color_range import ColorRange
from napari_colorcluster.core.color.ranges.records import as_color_range
from napari_colorcluster.core.pixels import passes
from napari_colorcluster.core.pixels.histogram import ColorHistogram
from napari_colorcluster.core.pixels.lookup import LookUp
from napari_colorcluster.core.pixels.reading import MIN_ALPHA
from napari_colorcluster.core.support.frozen import frozen
from napari_colorcluster.core.support.progress import Progress, silent

_OUTSIDE, _INSIDE = 1, 2


@dataclass(frozen=True, eq=False)
class RangeCount:
    """How much of an image is in a color range.

    Attributes
    ----------
    pixels : int
        Number of pixels in the range.
    n_pixels : int
        Number of all pixels that take part.
    n_colors : int
        Number of distinct colors in the range.
    mask : array of bool, shape (...), or None
        Which pixels are in the range, where that was asked for; False for those that are left out.
    """

    pixels: int
    n_pixels: int
    n_colors: int
    mask: Any = None

    @property
    def fraction(self) -> float:
        """The share of the pixels in the range, 0 to 1; 0 where none take part."""
        return self.pixels / self.n_pixels if self.n_pixels else 0.0


class RangeCounter:
    """Counts ranges in one histogram, quickly where only their limits change.

    Parameters
    ----------
    histogram : ColorHistogram
        The colors.
    calibration : Calibration, optional
        What makes true colors of them.
    """

    def __init__(self, histogram: ColorHistogram, calibration: Calibration | None = None) -> None:
        self.histogram, self.calibration = histogram, calibration
        self._measured: tuple[Hashable, np.ndarray] | None = None

    def inside(self, color_range: ColorRange) -> np.ndarray:
        """Which colors of the histogram are in a range: bool, shape (n_colors,)."""
        key = type(color_range).measure, color_range.measured_by
        if self._measured is None or self._measured[0] != key:
            measured = color_range.measure(self.histogram.colors, self.calibration)
            self._measured = key, measured
        return color_range.holds(self._measured[1])


def count_range(
    image: Any,
    color_range: ColorRange | Mapping[str, Any],
    mask: Any = None,
    *,
    calibration: Calibration | Mapping[str, Any] | None = None,
    min_alpha: float = MIN_ALPHA,
    return_mask: bool = False,
    progress: Progress = silent,
) -> RangeCount:
    """Count the pixels of an image whose colors are in a range.

    Only distinct colors are compared with the range. No clustering is needed.

    Parameters
    ----------
    image : array, shape (..., 3 or 4), Picture or ColorHistogram
        As `count_colors` takes it, or what that gave.
    color_range : SphericalRange, RectangularRange, LassoRange or mapping
        The range, or what its ``to_dict`` gave.
    mask : array of bool, shape (...), optional
        True for the pixels that take part.
    calibration : Calibration or mapping, optional
        What makes true colors of the image's, which are compared then.
    min_alpha : float, default 0.5
        The least alpha of a pixel that takes part, in [0, 1].
    return_mask : bool, default False
        Whether to say which pixels are in the range.
    progress : callable, optional
        Called with the fraction done.

    Returns
    -------
    RangeCount
        Its ``pixels``, ``n_colors`` and ``fraction`` are those in the range, of ``n_pixels`` that
        take part. Its ``mask``, where that is asked for, is a lazy dask array if the image is one.

    Raises
    ------
    ValueError
        Where the image or the range is not valid, or a mask is asked of a histogram.
    """
    color_range, calibration = as_color_range(color_range), as_calibration(calibration)
    if return_mask and isinstance(image, ColorHistogram):
        raise ValueError("return_mask=True needs an image, got a ColorHistogram.")
    histogram = passes.as_histogram(image, mask, progress, min_alpha=min_alpha)
    inside = color_range(histogram.colors, calibration)
    found = None
    if return_mask:
        labels = np.where(inside, _INSIDE, _OUTSIDE).astype(np.uint8)
        rule = _InRange(color_range, calibration)
        look_up = LookUp(histogram.codes, frozen(labels), _INSIDE, rule)
        label_of = np.array([0, 0, 1], np.uint8)
        found = passes.predict(look_up, image, mask, min_alpha=min_alpha, label_of=label_of)
        found = found.astype(bool)
    pixels, n_colors = int(histogram.counts[inside].sum()), int(np.count_nonzero(inside))
    return RangeCount(pixels, histogram.n_pixels, n_colors, found)


@dataclass(frozen=True)
class _InRange:
    """A rule for colors that were not counted; none are, unless the image changes meanwhile."""

    color_range: ColorRange
    calibration: Calibration | None

    def __call__(self, colors: np.ndarray) -> np.ndarray:
        return np.where(self.color_range(colors, self.calibration), _INSIDE, _OUTSIDE)
