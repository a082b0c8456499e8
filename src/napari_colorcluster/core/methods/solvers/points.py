"""What every method and solver works on: points with their weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class WeightedPoints:
    """The distinct colors of an image as points of the working space.

    Attributes
    ----------
    points : ndarray, shape (n_points, 3), float64
        Distinct points, in an order that does not depend on the image.
    weights : ndarray, shape (n_points,), float64
        Number of pixels at each point, > 0.
    codes : ndarray, shape (n_points,), int32
        Ascending positions along a space-filling curve (Z-order): points whose codes share their
        leading bits are close to each other.
    """

    points: np.ndarray
    weights: np.ndarray
    codes: np.ndarray

    def __len__(self) -> int:
        return len(self.points)

    def take(self, indices: np.ndarray) -> WeightedPoints:
        """Select the points at ascending indices."""
        return WeightedPoints(self.points[indices], self.weights[indices], self.codes[indices])
