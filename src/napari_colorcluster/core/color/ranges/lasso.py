"""The colors within a line that was drawn around points of a color space, seen from one side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from napari_colorcluster.core.color.matrices import multiplied
from napari_colorcluster.core.color.ranges.color_range import ColorRange, check_three
from napari_colorcluster.core.color.spaces import checked_white, color_space
from napari_colorcluster.core.support.numbers import is_number


@dataclass(frozen=True)
class LassoRange(ColorRange):
    """All colors that a polygon encloses in a parallel projection of a color space: a prism.

    Parameters
    ----------
    axes : two rows of three numbers
        The axes of the plane that is projected on: a point of the space has the two coordinates
        ``axes @ point`` there.
    polygon : three or more pairs of numbers
        The corners in the plane. Where the line crosses itself, what it goes around an even number
        of times is outside.
    color_space : str, default "lab"
        A key of ``COLOR_SPACES``.
    white : three numbers, optional
        The white point, for ``color_space="od"``.

    Raises
    ------
    ValueError
        Where a value is not allowed.
    """

    kind: ClassVar[str] = "lasso"

    axes: tuple[tuple[float, float, float], tuple[float, float, float]]
    polygon: tuple[tuple[float, float], ...]
    color_space: str = "lab"
    white: tuple[float, float, float] | None = None

    def __post_init__(self) -> None:
        if self.white is not None:
            object.__setattr__(self, "white", checked_white(self.white))
        color_space(self.color_space, white=self.white)
        axes = list(self.axes) if np.ndim(self.axes) else []
        if len(axes) != 2:
            raise ValueError(f"axes must be two rows of three numbers, got {self.axes!r}.")
        rows = tuple(check_three("A row of axes", row) for row in axes)
        object.__setattr__(self, "axes", rows)
        object.__setattr__(self, "polygon", _check_polygon(self.polygon))

    def holds(self, measured: np.ndarray) -> np.ndarray:
        """Say which points are within the polygon, by the even-odd rule."""
        from skimage.measure import points_in_poly

        corners = np.array(self.polygon)
        flat = multiplied(measured, np.array(self.axes).T)
        # Most points are outside of the box around the polygon, and quickly told.
        inside = ((flat >= corners.min(axis=0)) & (flat <= corners.max(axis=0))).all(axis=1)
        inside[inside] = points_in_poly(flat[inside], corners)
        return inside


def _check_polygon(polygon: Any) -> tuple[tuple[float, float], ...]:
    corners = [tuple(corner) for corner in polygon] if np.ndim(polygon) == 2 else []
    if len(corners) < 3 or any(
        len(corner) != 2 or not all(is_number(each) and np.isfinite(each) for each in corner)
        for corner in corners
    ):
        raise ValueError("polygon must be three or more pairs of finite numbers.")
    return tuple((float(x), float(y)) for x, y in corners)
