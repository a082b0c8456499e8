"""Label images as they are given: checked, in planes, and as small numbers that loops count by."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from napari_colorcluster.core.pixels.image import is_dask


def as_labels(labels: Any, what: str = "Labels") -> Any:
    """Check that `labels` are planes of labels.

    Parameters
    ----------
    labels : array, shape (..., height, width), integer
        What is no dask array becomes a numpy array.
    what : str, optional
        How an error names them.

    Raises
    ------
    ValueError
        Where they are no integers, or have fewer than two axes.
    """
    if not is_dask(labels):
        labels = np.asarray(labels)
    if labels.ndim < 2 or labels.dtype.kind not in "ui":
        raise ValueError(
            f"{what} must be integers on at least two axes, got "
            f"{labels.dtype.name} of shape {tuple(labels.shape)}."
        )
    return labels


def as_planes(array: np.ndarray) -> np.ndarray:
    """A stack with one leading axis: shape (n_planes, height, width)."""
    return array.reshape(prod(array.shape[:-2]), *array.shape[-2:])
