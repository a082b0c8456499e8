"""The colors between a lower and an upper limit on each channel of a color space."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from napari_colorcluster.core.color.ranges.color_range import ColorRange, check_three
from napari_colorcluster.core.color.spaces import checked_white, color_space


@dataclass(frozen=True)
class RectangularRange(ColorRange):
    """All colors within limits on each channel.

    The same range as in ``countcolors`` for R [1]_.

    Parameters
    ----------
    lower, upper : three numbers or None
        The limits of the channels, in the units of the space; the limits themselves are in the
        range. None where there is no limit.
    color_space : str, default "lab"
        A key of ``COLOR_SPACES``.
    white : three numbers, optional
        The white point, for ``color_space="od"``.

    Raises
    ------
    ValueError
        Where a value is not allowed, or a lower limit is above its upper one.

    References
    ----------
    .. [1] S. E. Hooper, H. Weller and S. K. Amelon, "countcolors, an R package for quantification
       of the fluorescence emitted by *Pseudogymnoascus destructans* lesions on the wing membranes
       of hibernating bats", Journal of Wildlife Diseases 56 (2020); its ``"rectangular"`` ranges.
    """

    kind: ClassVar[str] = "rectangular"

    lower: tuple[float | None, float | None, float | None]
    upper: tuple[float | None, float | None, float | None]
    color_space: str = "lab"
    white: tuple[float, float, float] | None = None

    def __post_init__(self) -> None:
        if self.white is not None:
            object.__setattr__(self, "white", checked_white(self.white))
        space = color_space(self.color_space, white=self.white)
        for name in ("lower", "upper"):
            limits = check_three(name, getattr(self, name), or_none=True)
            object.__setattr__(self, name, limits)
        for axis, low, high in zip(space.axes, self.lower, self.upper, strict=True):
            if low is not None and high is not None and low > high:
                raise ValueError(
                    f"The lower limit of {axis} must not be above the upper one, got {low:g} and "
                    f"{high:g}."
                )

    def holds(self, measured: np.ndarray) -> np.ndarray:
        """Say which points are within all limits."""
        inside = np.ones(len(measured), bool)
        for channel, low, high in zip(measured.T, self.lower, self.upper, strict=True):
            if low is not None:
                inside &= channel >= low
            if high is not None:
                inside &= channel <= high
        return inside
