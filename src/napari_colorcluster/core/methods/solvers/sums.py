"""Weighted sums and means of labeled points."""

from __future__ import annotations

import numpy as np


def weighted_sums(
    points: np.ndarray, weights: np.ndarray, labels: np.ndarray, n: int
) -> np.ndarray:
    """Sum the weighted points of each label, and their weights.

    Parameters
    ----------
    points : ndarray, shape (n_points, 3), float64
        The points.
    weights : ndarray, shape (n_points,), float64
        Their weights.
    labels : ndarray, shape (n_points,), int64
        In 0..n - 1.
    n : int
        The number of labels.

    Returns
    -------
    ndarray, shape (n, 4), float64
        The sums of the weighted points, and in the last column of the weights.
    """
    columns = (*(weights * axis for axis in points.T), weights)
    return np.stack([np.bincount(labels, column, n) for column in columns], axis=1)


def weighted_means(
    points: np.ndarray, weights: np.ndarray, labels: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the mean (n, 3) and total weight (n,) of each label 0..n - 1, each used."""
    sums = weighted_sums(points, weights, labels, int(labels.max()) + 1)
    return sums[:, :3] / sums[:, 3:], sums[:, 3].copy()
