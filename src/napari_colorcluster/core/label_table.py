"""Tables of the label of every color, cleared and taken again once nobody uses them."""

from __future__ import annotations

from sys import getrefcount
from threading import Lock

import numpy as np

from napari_colorcluster.core.codes import N_CODES
from napari_colorcluster.core.image import read_only
from napari_colorcluster.core.recycled import UNUSED

_MOST_KEPT = 2
"""Tables that are kept to be taken again, 16 or 32 MB each, whether or not they are in use."""

_MOST_ENTERED = 1 << 21
"""Colors that are cleared one by one in less time than a new table takes."""

_kept: list[LabelTable] = []

_lock = Lock()


class LabelTable:
    """The label of each color by its number.

    Made by `take`.

    Attributes
    ----------
    labels : ndarray, shape (2**24,), uint8 or uint16
        0 where a color has none yet.
    """

    def __init__(self, dtype: np.dtype) -> None:
        self.labels = np.zeros(N_CODES, dtype)
        self._entered: list[np.ndarray] = []
        self._n_entered = 0

    @classmethod
    def take(cls, dtype: np.dtype) -> LabelTable:
        """Take an empty table: one that nobody uses any more, or a new one."""
        with _lock:
            for place in range(len(_kept)):
                if getrefcount(_kept[place]) == UNUSED and _kept[place]._can_be_cleared(dtype):
                    _kept[place]._clear()
                    return _kept[place]
            table = cls(dtype)
            _kept.append(table)
            # Where it is in use, it stays with those who use it.
            del _kept[:-_MOST_KEPT]
            return table

    def enter(self, codes: np.ndarray, labels: np.ndarray) -> None:
        """Write the labels of some colors."""
        self._n_entered += len(codes)
        if self._n_entered <= _MOST_ENTERED:
            self._entered.append(codes)
        self._write(codes, labels)

    def _can_be_cleared(self, dtype: np.dtype) -> bool:
        return self.labels.dtype == dtype and self._n_entered <= _MOST_ENTERED

    def _clear(self) -> None:
        for codes in self._entered:
            self._write(codes, np.zeros(len(codes), self.labels.dtype))
        self._entered.clear()
        self._n_entered = 0

    def _write(self, codes: np.ndarray, labels: np.ndarray) -> None:
        from napari_colorcluster.core.kernels import enter_labels

        # In one type and read-only, as the kernel is compiled for.
        codes, labels = (
            codes.astype(np.int32, copy=False),
            labels.astype(self.labels.dtype, copy=False),
        )
        enter_labels(read_only(codes), read_only(labels), self.labels)
