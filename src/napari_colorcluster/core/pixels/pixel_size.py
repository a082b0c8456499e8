"""The physical size of a pixel. Reading it from files or layers belongs elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from napari_colorcluster.core.support.numbers import is_number

if TYPE_CHECKING:
    import pandas as pd

_QUANTITIES = {2: "area", 3: "volume"}


@dataclass(frozen=True)
class PixelSize:
    """The area of a pixel or the volume of a voxel.

    Parameters
    ----------
    size : float
        The area or volume, greater than 0.
    unit : str
        Its unit, such as ``"µm²"`` or ``"mm³"``.
    n_axes : int, default 2
        2 for an area, 3 for a volume.
    """

    size: float
    unit: str
    n_axes: int = 2

    def __post_init__(self) -> None:
        if not is_number(self.size) or not 0 < self.size < np.inf:
            raise ValueError(f"The size of a pixel must be a number above 0, got {self.size!r}.")
        if self.n_axes not in _QUANTITIES:
            raise ValueError(f"A pixel has an area (2) or a volume (3), got {self.n_axes} axes.")

    @property
    def quantity(self) -> str:
        """The quantity that `size` measures: ``"area"`` or ``"volume"``."""
        return _QUANTITIES[self.n_axes]

    def added_to(self, table: pd.DataFrame) -> pd.DataFrame:
        """Add columns for the quantity and its unit to a table with a column ``pixels``."""
        columns = {self.quantity: self.of(table["pixels"]), f"{self.quantity}_unit": self.unit}
        return table.assign(**columns)

    def of(self, pixels: Any) -> Any:
        """Return the area or volume of a number of pixels, in `unit`."""
        return pixels * self.size
