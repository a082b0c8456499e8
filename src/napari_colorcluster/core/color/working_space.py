"""Where distances are measured for one image: a color space, scaled and calibrated as asked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from napari_colorcluster.core.color.by_rows import map_rows
from napari_colorcluster.core.color.calibration.calibration import Calibration
from napari_colorcluster.core.color.spaces import ColorSpace, to_8bit
from napari_colorcluster.core.color.srgb import encode_gamma
from napari_colorcluster.core.pixels.histogram import ColorHistogram
from napari_colorcluster.core.pixels.lookup import MAX_LABELS

_DIRECTION = np.sqrt([2.0, 3.0])
"""The slopes of a direction in which no two points of a lattice coincide."""


@dataclass(frozen=True, eq=False)
class WorkingSpace:
    """A color space with a factor on each axis.

    Parameters
    ----------
    color_space : ColorSpace
        The space.
    scale : ndarray, shape (3,), float64
        The factor on each of its axes.
    calibration : Calibration, optional
        What makes true colors of the image's, in floating point, before they are measured.
    """

    color_space: ColorSpace
    scale: np.ndarray
    calibration: Calibration | None = None

    @classmethod
    def for_histogram(
        cls,
        color_space: ColorSpace,
        histogram: ColorHistogram,
        *,
        standardize: bool = False,
        lightness_weight: float = 1.0,
        calibration: Calibration | None = None,
    ) -> WorkingSpace:
        """Scale the axes of a color space to an image's colors.

        Parameters
        ----------
        color_space : ColorSpace
            The space.
        histogram : ColorHistogram
            The image's colors and counts, not empty.
        standardize : bool, default False
            Divide each axis by its standard deviation over the pixels, as scikit-learn's
            ``StandardScaler`` does (the mean is not subtracted: no distance depends on it). An
            axis without spread beyond rounding is left as it is.
        lightness_weight : float, default 1.0
            Factor on the lightness axis, after standardizing.
        calibration : Calibration, optional
            What makes true colors of the image's; axes are scaled to the true ones.
        """
        scale = np.ones(3)
        if standardize:
            points = cls(color_space, scale, calibration).points(histogram.colors)
            mean = np.average(points, axis=0, weights=histogram.counts)
            deviation = np.sqrt(np.average((points - mean) ** 2, axis=0, weights=histogram.counts))
            spread = deviation > color_space.noise
            scale[spread] = 1 / deviation[spread]
        if color_space.lightness_axis is not None:
            scale[color_space.lightness_axis] *= lightness_weight
        return cls(color_space, scale, calibration)

    def points(self, colors: np.ndarray) -> np.ndarray:
        """Bring an image's colors (n, 3), uint8 sRGB, into the working space: (n, 3), float64.

        Calibrated colors that sRGB does not have are clipped to its gamut, as they are seen.
        """
        if self.calibration is not None:
            return self.calibration.map_linear(self._points_of_linear, colors)
        return map_rows(self._points_of_srgb, colors)

    def _points_of_srgb(self, colors: np.ndarray) -> np.ndarray:
        return self._scaled(self.color_space.from_srgb(colors))

    def _points_of_linear(self, linear: np.ndarray) -> np.ndarray:
        """The points of linear light (n, 3) that may leave the gamut, and is clipped to it."""
        if self.color_space.from_linear is not None:
            return self._scaled(self.color_space.from_linear(np.clip(linear, 0, 1)))
        srgb = encode_gamma(linear)
        return self._points_of_srgb(np.clip(srgb, 0, 1, out=srgb))

    def _scaled(self, points: np.ndarray) -> np.ndarray:
        # Most spaces are taken as they are: then there is no need for another array.
        return points if (self.scale == 1).all() else points * self.scale

    def true_colors(self, colors: np.ndarray) -> np.ndarray:
        """The true sRGB (n, 3), uint8, of an image's colors (n, 3), uint8, clipped to the gamut."""
        if self.calibration is None:
            return colors
        return to_8bit(self.calibration.transform(colors))

    def n_distinct(self, points: np.ndarray, enough: int = MAX_LABELS) -> int:
        """How many of the points (n, 3) of distinct colors differ: fewer where some are clipped.

        Where more than `enough` of the first ones differ, the others are taken to differ as well;
        by default as many as there can be clusters.
        """
        if self.calibration is None and self.color_space.is_one_to_one:
            return len(points)
        n_first = 2 * enough
        n_found = _n_distinct(points[:n_first])
        if len(points) <= n_first or n_found > enough:
            return n_found + max(len(points) - n_first, 0)
        return _n_distinct(points)

    def colors(self, points: np.ndarray) -> np.ndarray:
        """Bring points (n, 3) back to true sRGB: (n, 3), uint8, clipped to the gamut."""
        return to_8bit(self.color_space.to_srgb(np.asarray(points, float) / self.scale))


def _n_distinct(points: np.ndarray) -> int:
    # Sorting rows would take longer than clustering them. They are projected instead, not by BLAS:
    # equal rows have equal keys, and different ones differ but for one pair in 2**50.
    x, y, z = points.T
    keys = np.sort(x + _DIRECTION[0] * y + _DIRECTION[1] * z)
    return int(np.count_nonzero(keys[1:] != keys[:-1])) + min(len(keys), 1)
