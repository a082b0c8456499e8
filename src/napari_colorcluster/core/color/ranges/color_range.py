"""What every color range is: an immutable rule for any color, which JSON can hold."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable
from dataclasses import fields
from typing import Any, ClassVar

import numpy as np

from napari_colorcluster.core.color.calibration.calibration import Calibration
from napari_colorcluster.core.color.spaces import color_space
from napari_colorcluster.core.color.working_space import WorkingSpace
from napari_colorcluster.core.support.numbers import is_number


class ColorRange(ABC):
    """A rule that holds for some colors; called with colors, it says for which.

    Subclasses are frozen dataclasses with two fields among theirs: ``color_space``, a key of
    ``COLOR_SPACES``, and ``white``, which is the white point of optical density, or None.

    Attributes
    ----------
    kind : str
        What `to_dict` calls the subclass.
    """

    kind: ClassVar[str]
    color_space: str | None
    white: tuple[float, float, float] | None

    def __call__(self, colors: np.ndarray, calibration: Calibration | None = None) -> np.ndarray:
        """Say which colors are in the range.

        Parameters
        ----------
        colors : ndarray, shape (n, 3), uint8
            sRGB.
        calibration : Calibration, optional
            What makes true colors of these; the range is one of true colors.

        Returns
        -------
        ndarray, shape (n,), bool
        """
        if not len(colors):
            return np.zeros(0, bool)
        return self.holds(self.measure(colors, calibration))

    def measure(self, colors: np.ndarray, calibration: Calibration | None = None) -> np.ndarray:
        """What `holds` needs to know of colors: here, their points in the color space.

        It takes longer than `holds`, and is the same for all ranges with the same `measured_by`.
        """
        space = color_space(self.color_space or "lab", white=self.white)
        return WorkingSpace(space, np.ones(3), calibration).points(colors)

    @property
    def measured_by(self) -> Hashable:
        """What `measure` depends on, besides the colors and their calibration."""
        return self.color_space, self.white

    @abstractmethod
    def holds(self, measured: np.ndarray) -> np.ndarray:
        """Say which of the colors that were measured are in the range: bool, shape (n,)."""

    def to_dict(self) -> dict[str, Any]:
        """The range as JSON can hold it; it is taken wherever a range is."""
        stored = {each.name: getattr(self, each.name) for each in fields(self)}
        return {"kind": self.kind} | {
            name: _as_lists(value) for name, value in stored.items() if value is not None
        }


def check_three(what: str, values: Any, *, or_none: bool = False) -> tuple[float | None, ...]:
    """Check three finite numbers, each of which may be None if so said.

    Raises
    ------
    ValueError
        Where they are something else.
    """
    given = tuple(values) if isinstance(values, list | tuple | np.ndarray) else ()
    for value in given:
        if not (or_none and value is None) and not (is_number(value) and np.isfinite(value)):
            given = ()
    if len(given) != 3:
        allowed = "three finite numbers or None" if or_none else "three finite numbers"
        raise ValueError(f"{what} must be {allowed}, got {values!r}.")
    return tuple(None if value is None else float(value) for value in given)


def _as_lists(value: Any) -> Any:
    return [_as_lists(each) for each in value] if isinstance(value, tuple) else value
