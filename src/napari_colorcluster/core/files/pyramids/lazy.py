"""Arrays on disk that are read where they are looked at, and not kept."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin


class LazyArray(NDArrayOperatorsMixin):
    """An array on disk: slices of one plane are read, those of several are lazy again.

    A dask array would do the same, but napari keeps what dask computes, up to a tenth of all
    memory.

    Parameters
    ----------
    array : array
        Has a shape, a dtype and slicing by integers and slices.
    n_leading : int
        How many axes there are before those of a plane.
    order : sequence of int, optional
        Its axes in the order that they have here.
    picked : sequence of range and int, optional
        What is taken of each axis, in this order; by default all.
    """

    def __init__(
        self,
        array: Any,
        n_leading: int,
        order: Sequence[int] | None = None,
        picked: Sequence[range | int] | None = None,
    ) -> None:
        self._array, self._n_leading = array, n_leading
        self._order = tuple(range(len(array.shape)) if order is None else order)
        sizes = (array.shape[axis] for axis in self._order)
        self._picked = tuple(map(range, sizes) if picked is None else picked)
        self.shape = tuple(len(each) for each in self._picked if isinstance(each, range))
        self.dtype, self.ndim, self.size = array.dtype, len(self.shape), prod(self.shape)

    def __getitem__(self, where: Any) -> Any:
        given = _one_for_each(where if isinstance(where, tuple) else (where,), self.ndim)
        if given is None:
            return np.asarray(self)[where]
        indices = iter(given)
        picked = [each[next(indices)] if isinstance(each, range) else each for each in self._picked]
        taken = LazyArray(self._array, self._n_leading, self._order, picked)
        leading = picked[: self._n_leading]
        is_plane = all(isinstance(each, int) or len(each) == 1 for each in leading)
        return np.asarray(taken) if is_plane else taken

    def __len__(self) -> int:
        return self.shape[0]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        stored = dict(zip(self._order, map(_as_index, self._picked), strict=True))
        part = np.asarray(self._array[tuple(stored[axis] for axis in sorted(stored))])
        kept = [axis for axis in self._order if isinstance(stored[axis], slice)]
        part = part.transpose([sorted(kept).index(axis) for axis in kept])
        return part.astype(dtype, copy=False) if dtype is not None else part

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **keywords: Any) -> Any:
        read = [np.asarray(each) if isinstance(each, LazyArray) else each for each in inputs]
        return getattr(ufunc, method)(*read, **keywords)


def _one_for_each(where: tuple[Any, ...], ndim: int) -> list[Any] | None:
    """An index for each axis; None where they are not just integers and slices onwards."""
    dots = [at for at, each in enumerate(where) if each is Ellipsis]
    if not dots:
        where, dots = (*where, Ellipsis), [len(where)]
    rest = [slice(None)] * (ndim - len(where) + 1)
    given = [*where[: dots[0]], *rest, *where[dots[0] + 1 :]]
    known = len(given) == ndim and all(map(_is_simple, given))
    return given if known else None


def _is_simple(index: Any) -> bool:
    if isinstance(index, slice):
        return index.step is None or index.step > 0
    return isinstance(index, int | np.integer) and not isinstance(index, bool)


def _as_index(picked: range | int) -> slice | int:
    """The same of an axis, as zarr takes it."""
    return slice(picked.start, picked.stop, picked.step) if isinstance(picked, range) else picked
