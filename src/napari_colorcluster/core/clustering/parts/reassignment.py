"""The colors of a range moved from some groups of a partition to one, as a rule for any color."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from napari_colorcluster.core.color.calibration.calibration import Calibration
from napari_colorcluster.core.color.ranges.color_range import ColorRange


@dataclass(frozen=True, eq=False)
class Reassignment:
    """One step of a partition: parts are merged into groups, and one group gets a range's colors.

    Attributes
    ----------
    group_of : ndarray, shape (n_parts_before + 1,), int64
        The group of each part before; 0 for part 0.
    gives : ndarray, shape (n_groups + 1,), bool
        Whether each group gives its colors in the range.
    target : int
        The group that gets them.
    color_range : ColorRange
        The colors.
    calibration : Calibration or None
        What makes true colors of an image's, before they are compared with the range.
    part_of : ndarray, shape (n_groups + 1,), int64
        The part of each group in the new partition: that of the target where none of a group's
        known colors are left.
    """

    group_of: np.ndarray
    gives: np.ndarray
    target: int
    color_range: ColorRange
    calibration: Calibration | None
    part_of: np.ndarray

    def __call__(self, colors: np.ndarray, points: np.ndarray, parts: np.ndarray) -> np.ndarray:
        """Turn the parts (n,) of sRGB colors (n, 3), uint8, before the step into those after it."""
        return self.part_of[self.regrouped(self.group_of[parts], colors)]

    def regrouped(self, groups: np.ndarray, colors: np.ndarray) -> np.ndarray:
        """Move colors from their groups (n,) to the target where the range says so."""
        moved = self.gives[groups]
        moved[moved] = self.color_range(colors[moved], self.calibration)
        return np.where(moved, self.target, groups)
