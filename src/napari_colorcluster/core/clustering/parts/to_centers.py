"""How far colors are from the color in the middle of what they belong to."""

from __future__ import annotations

import numpy as np

from napari_colorcluster.core.color.calibration.calibration import Calibration
from napari_colorcluster.core.color.spaces import COLOR_SPACES
from napari_colorcluster.core.color.working_space import WorkingSpace
from napari_colorcluster.core.support.threads import map_in_threads

_COLORS_IN_BLOCK = 1 << 14
"""Compared at once, in a core's own cache."""


def delta_e_to_centers(
    colors: np.ndarray, which: np.ndarray, centers: np.ndarray, calibration: Calibration | None
) -> np.ndarray:
    """Measure the color difference of each color to its center.

    Parameters
    ----------
    colors : ndarray, shape (n, 3), uint8
        sRGB, before they are calibrated.
    which : ndarray, shape (n,), integer
        The row of the center of each.
    centers : ndarray, shape (n_centers, 3), float64
        In CIELAB, true colors; NaN where there is none.
    calibration : Calibration or None
        What makes true colors of the others.

    Returns
    -------
    ndarray, shape (n,), float64
        ΔE2000 [1]_; NaN where there is no center.

    References
    ----------
    .. [1] G. Sharma, W. Wu and E. N. Dalal, "The CIEDE2000 color-difference formula", Color Res.
       Appl. 30 (2005).
    """
    from skimage.color import deltaE_ciede2000

    space = WorkingSpace(COLOR_SPACES["lab"], np.ones(3), calibration)
    has_center = np.flatnonzero(np.isfinite(centers[which, 0]))
    found = np.full(len(which), np.nan)

    def compare(start: int) -> None:
        block = has_center[start : start + _COLORS_IN_BLOCK]
        found[block] = deltaE_ciede2000(space.points(colors[block]), centers[which[block]])

    map_in_threads(compare, range(0, len(has_center), _COLORS_IN_BLOCK))
    return found
