"""The rule that assigns any color to a part: that of the method, then a step for each change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from napari_colorcluster.core.clustering.parts.to_centers import delta_e_to_centers
from napari_colorcluster.core.color.calibration.calibration import Calibration
from napari_colorcluster.core.color.spaces import COLOR_SPACES
from napari_colorcluster.core.color.working_space import WorkingSpace
from napari_colorcluster.core.methods.protocol import Rule

Step = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]
"""Turns the parts (n,) of colors (n, 3), which are at points (n, 3), into those after a change."""


@dataclass(frozen=True, eq=False)
class Split:
    """One split of a partition, as a step for any color.

    Before the split, parts are merged into groups, one for each cluster; then one group is split.

    Attributes
    ----------
    group_of : ndarray, shape (n_parts_before + 1,), int64
        The group of each part before the split; 0 for part 0.
    group : int
        The group that is split.
    rule : callable
        Assigns points (n, 3) of that group to pieces (n,).
    part_of : ndarray, shape (n_pieces,), int64
        The number of each piece as a part of the new partition.
    """

    group_of: np.ndarray
    group: int
    rule: Rule
    part_of: np.ndarray

    def __call__(self, colors: np.ndarray, points: np.ndarray, parts: np.ndarray) -> np.ndarray:
        """Turn the parts (n,) of points (n, 3) before the split into those after it."""
        parts = self.group_of[parts]
        inside = parts == self.group
        if inside.any():
            parts[inside] = self.part_of[self.rule(points[inside])]
        return parts


@dataclass(frozen=True, eq=False)
class Reach:
    """How far parts reach, as a step for any color: what lies beyond goes to a part of its own.

    Attributes
    ----------
    centers : ndarray, shape (n_parts + 1, 3), float64
        The color of each part in CIELAB, for part 0 first; NaN for those that reach everywhere.
    max_distance : float
        The largest ΔE2000 to them.
    beyond : int
        The part of the colors that are further away.
    calibration : Calibration, optional
        What makes true colors of the image's.
    """

    centers: np.ndarray
    max_distance: float
    beyond: int
    calibration: Calibration | None = None

    @classmethod
    def of(
        cls,
        colors: dict[int, np.ndarray],
        max_distance: float,
        beyond: int,
        calibration: Calibration | None,
        n_parts: int,
    ) -> Reach:
        """Make the step from the sRGB colors of some of the parts, by their numbers."""
        centers = np.full((max(n_parts, beyond) + 1, 3), np.nan)
        centers[list(colors)] = COLOR_SPACES["lab"].from_srgb(np.stack(list(colors.values())))
        return cls(centers, max_distance, beyond, calibration)

    def __call__(self, colors: np.ndarray, points: np.ndarray, parts: np.ndarray) -> np.ndarray:
        """Turn the parts (n,) of sRGB colors (n, 3) before into those after it."""
        is_far = self.distances(colors, parts) > self.max_distance
        return np.where(is_far, self.beyond, parts)

    def distances(self, colors: np.ndarray, parts: np.ndarray) -> np.ndarray:
        """The ΔE2000 (n,) of sRGB colors (n, 3) to that of their part (n,); NaN where none is."""
        return delta_e_to_centers(colors, parts, self.centers, self.calibration)


@dataclass(frozen=True, eq=False)
class PartRule:
    """Assigns any color to a part: by the method's own rule, then by each step in turn.

    Parameters
    ----------
    space : WorkingSpace
        The space that the method worked in.
    rule : callable
        Assigns points (n, 3) to the method's clusters (n,).
    part_of : ndarray, shape (n_clusters,), int64
        The part of each of these clusters.
    steps : tuple of callable
        What has changed the parts since then, in order: `Split`, `Reach` and `Reassignment`.
    """

    space: WorkingSpace
    rule: Rule
    part_of: np.ndarray
    steps: tuple[Step, ...] = ()

    def __call__(self, colors: np.ndarray) -> np.ndarray:
        """Return the parts (n,), int64, of sRGB colors (n, 3), uint8."""
        points = self.space.points(colors)
        parts = self.part_of[self.rule(points)]
        for step in self.steps:
            parts = step(colors, points, parts)
        return parts

    def then(self, step: Step) -> PartRule:
        """The rule with one more step."""
        return replace(self, steps=(*self.steps, step))
