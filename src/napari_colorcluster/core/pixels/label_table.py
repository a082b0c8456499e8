"""Tables of the label of every color, cleared and taken again once nobody uses them."""

from __future__ import annotations

from threading import Lock

import numpy as np

from napari_colorcluster.core.pixels.codes import N_CODES
from napari_colorcluster.core.support.frozen import read_only_view
from napari_colorcluster.core.support.recycled import find_unused

_MOST_KEPT = 3
"""Tables that are kept to be taken again, 16 or 32 MB each, whether or not they are in use: as many
as look-ups have, so that the next takes the one that is let go."""

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
            place = find_unused(_kept, lambda table: table._can_be_cleared(dtype))
            if place is None:
                _kept.append(cls(dtype))
                # Where it is in use, it stays with those who use it.
                del _kept[:-_MOST_KEPT]
            else:
                _kept.append(_kept.pop(place))
                _kept[-1]._clear()
            return _kept[-1]

    def enter(self, codes: np.ndarray, labels: np.ndarray) -> None:
        """Write the labels of some colors; may be called from several threads at once.

        Parameters
        ----------
        codes : ndarray, shape (n,), int32 or uint32
            Their numbers. They must not be changed later: they are cleared in the end.
        labels : ndarray, shape (n,), integer
            Theirs.
        """
        codes = codes.astype(np.int32, copy=False)
        with _lock:
            self._n_entered += len(codes)
            if self._n_entered <= _MOST_ENTERED:
                self._entered.append(codes)
            else:
                self._entered.clear()
        self._write(codes, labels)

    def _can_be_cleared(self, dtype: np.dtype) -> bool:
        return self.labels.dtype == dtype and self._n_entered <= _MOST_ENTERED

    def _clear(self) -> None:
        for codes in self._entered:
            self._write(codes, np.zeros(len(codes), self.labels.dtype))
        self._entered.clear()
        self._n_entered = 0

    def _write(self, codes: np.ndarray, labels: np.ndarray) -> None:
        from napari_colorcluster.core.pixels.kernels import enter_labels

        # In one type and read-only, as the kernel is compiled for.
        labels = labels.astype(self.labels.dtype, copy=False)
        enter_labels(read_only_view(codes), read_only_view(labels), self.labels)
