"""Label images as they are given: checked, in planes, and as small numbers that loops count by."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod
from typing import Any

import numpy as np

from napari_colorcluster.core.pattern.pair_loops import mark
from napari_colorcluster.core.pixels.image import as_label_array, is_dask
from napari_colorcluster.core.pixels.lookup import MAX_LABELS

_LARGEST_TABLE = 1 << 22
"""Up to which value numbers are looked up in a table; beyond, values are sorted."""


_HIGHEST_OBJECT = np.iinfo(np.int64).max
"""Tables hold signed integers."""


def as_labels(labels: Any) -> Any:
    """Check that `labels` are planes of labels.

    Parameters
    ----------
    labels : array, shape (..., height, width), integer
        What is no dask array becomes a numpy array.

    Raises
    ------
    ValueError
        Where they are no integers, or have fewer than two axes.
    """
    labels = as_label_array(labels)
    if not is_dask(labels):
        labels = np.asarray(labels)
    if labels.ndim < 2 or labels.dtype.kind not in "ui":
        raise ValueError(
            "Labels must be integers on at least two axes, got "
            f"{labels.dtype.name} of shape {tuple(labels.shape)}."
        )
    return labels


def as_planes(array: np.ndarray) -> np.ndarray:
    """A stack with one leading axis: shape (n_planes, height, width)."""
    return array.reshape(prod(array.shape[:-2]), *array.shape[-2:])


def read_labels(labels: np.ndarray, mask: np.ndarray | None, where: Any) -> np.ndarray:
    """Read a part of a label image: uint8 or uint16, 0 where the mask says so.

    Raises
    ------
    ValueError
        Where a label is outside 0..65535.
    """
    part = labels[where]
    if part.dtype not in (np.uint8, np.uint16):
        if part.size and not 0 <= part.min() <= part.max() <= MAX_LABELS:
            raise ValueError(f"Labels must be in 0..{MAX_LABELS}, got {part.min()}..{part.max()}.")
        part = part.astype(np.uint16)
    return part if mask is None else np.where(mask[where], part, part.dtype.type(0))


def read_objects(objects: np.ndarray | None, where: Any) -> np.ndarray | None:
    """Read a part of the objects, where there are any.

    Raises
    ------
    ValueError
        Where one is below 0.
    """
    if objects is None:
        return None
    part = objects[where]
    if part.dtype.kind == "i" and part.size and part.min() < 0:
        raise ValueError(f"Objects must be numbered from 0 on, got {part.min()}.")
    if part.dtype == np.uint64 and part.size and part.max() > _HIGHEST_OBJECT:
        raise ValueError(f"Objects must be numbered up to {_HIGHEST_OBJECT}, got {part.max()}.")
    return part


def compact(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Number the values that occur 1, 2, ..., ascending; 0 stays 0.

    Parameters
    ----------
    values : ndarray, shape (height, width), integer
        At least 0, at least one of them.

    Returns
    -------
    found : ndarray, shape (n,), int64
        The values without 0.
    numbers : ndarray, shape (height, width)
        In 0..n; uint8 or uint16 where the values are, else int32.
    """
    dtype = values.dtype if values.dtype in (np.uint8, np.uint16) else np.dtype(np.int32)
    highest = int(values.max())
    if highest > _LARGEST_TABLE:
        found, numbers = np.unique(values, return_inverse=True)
        n_zeros = int(found[0] == 0)
        numbers = numbers.reshape(values.shape).astype(dtype)
        numbers += 1 - n_zeros
        return found[n_zeros:].astype(np.int64), numbers
    values = np.ascontiguousarray(values, dtype)
    present = np.zeros(highest + 1, np.bool_)
    mark(values, present)
    found = np.flatnonzero(present[1:]) + 1
    if len(found) == highest:
        return found, values
    numbers = np.zeros(highest + 1, dtype)
    numbers[found] = np.arange(1, len(found) + 1)
    return found, numbers[values]


@dataclass(frozen=True, eq=False)
class LabelImage:
    """What a pattern was counted in: for all that counts cannot tell, such as patches.

    Attributes
    ----------
    labels : array, shape (..., height, width), integer
        numpy or dask; 0 is left out.
    mask : array of bool, of the same shape, optional
        True where a pixel takes part.
    objects : array of integer, of the same shape, optional
        Which object a pixel is of; 0 is left out.
    only : int, optional
        The object that alone takes part.
    """

    labels: Any
    mask: Any = None
    objects: Any = None
    only: int | None = None

    def of_object(self, number: int) -> LabelImage:
        """The same image with one object alone."""
        return replace(self, only=number)

    @property
    def n_planes(self) -> int:
        """How many planes there are in the stack; 1 where it is none."""
        return prod(self.labels.shape[:-2])

    def plane(self, place: int) -> tuple[np.ndarray, np.ndarray | None]:
        """Read a plane: labels, 0 where a pixel takes no part, and objects where there are any."""
        where = np.unravel_index(place, self.labels.shape[:-2]) if self.labels.ndim > 2 else ()
        labels, mask, objects = (
            None if each is None else _in_memory(each[where])
            for each in (self.labels, self.mask, self.objects)
        )
        labels = read_labels(labels, mask, ...)
        objects = read_objects(objects, ...)
        if self.only is not None:
            labels = np.where(objects == self.only, labels, labels.dtype.type(0))
            objects = None
        return labels, objects


def _in_memory(array: Any) -> np.ndarray:
    if not is_dask(array):
        return np.asarray(array)
    from napari_colorcluster.core.pixels.on_dask import compute

    return compute(array)[0]
