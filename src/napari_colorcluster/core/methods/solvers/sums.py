"""What the points of a label have together."""

from __future__ import annotations

import numpy as np


def add_up(points: np.ndarray, weights: np.ndarray, labels: np.ndarray, n: int) -> np.ndarray:
    """Add up the weighted points of each label, and their weights.

    Parameters
    ----------
    points : ndarray, shape (n_points, 3), float64
        The points.
    weights : ndarray, shape (n_points,), float64
        Theirs.
    labels : ndarray, shape (n_points,), int64
        In 0..n - 1.
    n : int
        How many labels there are.

    Returns
    -------
    ndarray, shape (n, 4), float64
        The sums, and last those of the weights.
    """
    parts = (*(weights * axis for axis in points.T), weights)
    return np.stack([np.bincount(labels, each, n) for each in parts], axis=1)


def average(
    points: np.ndarray, weights: np.ndarray, labels: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Find the mean of the points of each label 0..n - 1, (n, 3), and the sum of their weights."""
    sums = add_up(points, weights, labels, int(labels.max()) + 1)
    return sums[:, :3] / sums[:, 3:], sums[:, 3].copy()
