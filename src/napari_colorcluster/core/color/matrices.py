"""Products of colors and a small matrix."""

from __future__ import annotations

import numpy as np


def multiplied(features: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """Multiply features by a matrix: each row by itself, so that no row depends on the others.

    BLAS takes other routines for other numbers of rows, whose last bits differ.

    Parameters
    ----------
    features : ndarray, shape (n, n_features)
        Fastest where each feature is contiguous.
    matrix : ndarray, shape (n_features, n_channels)
        The matrix.

    Returns
    -------
    ndarray, shape (n, n_channels), float64
        With each channel contiguous.
    """
    total = matrix[0][:, np.newaxis] * features[:, 0]
    for column, row in zip(features.T[1:], matrix[1:], strict=True):
        total += row[:, np.newaxis] * column
    return total.T
