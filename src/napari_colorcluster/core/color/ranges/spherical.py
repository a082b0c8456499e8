"""The colors around one: up to a color difference, or a distance in a color space."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from napari_colorcluster.core.color.calibration.calibration import Calibration
from napari_colorcluster.core.color.checks import check_color
from napari_colorcluster.core.color.differences import delta_e_of_lab
from napari_colorcluster.core.color.ranges.color_range import ColorRange
from napari_colorcluster.core.color.spaces import checked_white, color_space
from napari_colorcluster.core.support.numbers import is_number


@dataclass(frozen=True)
class SphericalRange(ColorRange):
    """All colors within a radius of one.

    The same range as in ``countcolors`` for R [1]_.

    Parameters
    ----------
    color : str or three int
        The color in the middle: "#rrggbb", "#rgb", or red, green and blue in 0..255; sRGB.
    radius : float
        The largest difference from it, at least 0; colors at just this distance are in the range.
    color_space : str, optional
        The key in ``COLOR_SPACES`` of the space whose Euclidean distances are meant. By default
        ΔE2000.
    white : three numbers, optional
        The white point, for ``color_space="od"``.

    Raises
    ------
    ValueError
        Where a value is not allowed; it says which are.

    References
    ----------
    .. [1] S. E. Hooper, H. Weller and S. K. Amelon, "countcolors, an R package for quantification
       of the fluorescence emitted by *Pseudogymnoascus destructans* lesions on the wing membranes
       of hibernating bats", Journal of Wildlife Diseases 56 (2020); its ``"spherical"`` ranges.
    """

    kind: ClassVar[str] = "spherical"

    color: str
    radius: float
    color_space: str | None = None
    white: tuple[float, float, float] | None = None

    def __post_init__(self) -> None:
        color, radius = check_color(self.color), self.radius
        if not is_number(radius) or not 0 <= radius < float("inf"):
            raise ValueError(f"radius must be a number of at least 0, got {radius!r}.")
        object.__setattr__(self, "color", "#{:02x}{:02x}{:02x}".format(*color))
        object.__setattr__(self, "radius", float(radius))
        if self.white is not None:
            object.__setattr__(self, "white", checked_white(self.white))
        if self.color_space is not None:
            color_space(self.color_space, white=self.white)
        elif self.white is not None:
            raise ValueError(f"white={self.white} needs color_space='od', got a range of ΔE2000.")

    @property
    def measured_by(self) -> Hashable:
        """What `measure` depends on: the color in the middle, too."""
        return self.color, *super().measured_by

    def measure(self, colors: np.ndarray, calibration: Calibration | None = None) -> np.ndarray:
        """The distance of each color to the one in the middle: (n, 3), uint8, to (n,), float64."""
        center = super().measure(np.array([check_color(self.color)], np.uint8))
        points = super().measure(colors, calibration)
        if self.color_space is None:
            return delta_e_of_lab(points, center)[:, 0]
        return np.sqrt(((points - center) ** 2).sum(axis=1))

    def holds(self, measured: np.ndarray) -> np.ndarray:
        """Say which distances are within the radius."""
        return measured <= self.radius
