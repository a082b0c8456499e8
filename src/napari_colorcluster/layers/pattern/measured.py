"""What was measured of a layer: its pattern with the patches, and what is found in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from napari_colorcluster.core.pattern.pattern import Pattern

if TYPE_CHECKING:
    import pandas as pd

ZERO = 0.01
"""What stands for a ΔE of 0 in a picture of boundaries, where 0 is no boundary."""


@dataclass(frozen=True, eq=False)
class Measured:
    """The pattern of a label image.

    Attributes
    ----------
    pattern : Pattern
        Its counts, indices and boundaries.
    patches : pandas.DataFrame or None
        As `Pattern.patches` gives them; None where the image is too large for them.
    numbers : ndarray or None
        The number of the patch that each pixel is in, as `Pattern.label_patches` gives it.
    """

    pattern: Pattern
    patches: pd.DataFrame | None
    numbers: np.ndarray | None

    def row_at(self, index: tuple[int, ...]) -> int | None:
        """The row of the patch that a pixel is in; None where there is none."""
        if self.numbers is None:
            return None
        inside = all(0 <= at < size for at, size in zip(index, self.numbers.shape, strict=True))
        number = int(self.numbers[index]) if inside else 0
        return number - 1 if number else None

    def mask_of(self, row: int) -> tuple[np.ndarray, tuple[int, ...]]:
        """The pixels of a patch: a mask of its bounding box, and where the box begins."""
        shape, patch = self.numbers.shape[:-2], self.patches.iloc[row]
        plane = tuple(map(int, np.unravel_index(patch["frame"], shape))) if shape else ()
        top, left, bottom, right = (int(patch[f"bbox-{side}"]) for side in range(4))
        return self.numbers[plane][top:bottom, left:right] == row + 1, (*plane, top, left)


def boundary_image(pattern: Pattern) -> np.ndarray:
    """Paint the boundaries between clusters with their color difference.

    Parameters
    ----------
    pattern : Pattern
        With colors, and the labels that it was counted in.

    Returns
    -------
    ndarray, shape (..., height, width), float32
        ΔE2000 to the neighbor that differs most, of the four, at each pixel beside a boundary; 0
        elsewhere.
    """
    table = pattern.boundaries()
    delta_e = np.zeros((int(pattern.labels.max(initial=0)) + 1,) * 2, np.float32)
    first, second = table["first"].to_numpy(), table["second"].to_numpy()
    delta_e[first, second] = delta_e[second, first] = np.maximum(table["dE"], ZERO)
    painted = np.zeros(pattern.image.labels.shape, np.float32)
    for place in range(pattern.image.n_planes):
        labels, _ = pattern.image.plane(place)
        plane = painted.reshape(-1, *painted.shape[-2:])[place]
        for before, after in (
            ((slice(None), slice(-1)), (slice(None), slice(1, None))),
            ((slice(-1), slice(None)), (slice(1, None), slice(None))),
        ):
            across = delta_e[labels[before], labels[after]]
            for side in (before, after):
                np.maximum(plane[side], across, out=plane[side])
    return painted
