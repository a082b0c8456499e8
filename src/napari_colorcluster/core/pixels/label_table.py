"""Tables of the label of every color: which are kept, and for which look-up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

import numpy as np

from napari_colorcluster.core.pixels.codes import N_CODES
from napari_colorcluster.core.support.frozen import read_only_view

_N_TABLES = 3
"""Tables that are kept, 16 or 32 MB each: those of the look-ups that were used last."""

_MOST_ENTERED = 1 << 21
"""Colors that are cleared one by one in less time than a new table takes."""


class LabelTable:
    """The label of each color by its number.

    Attributes
    ----------
    labels : ndarray, shape (2**24,), uint8 or uint16
        0 where a color has none yet.
    n_users : int
        How many passes read it now.
    """

    def __init__(self, dtype: np.dtype) -> None:
        self.labels = np.zeros(N_CODES, dtype)
        self.n_users = 0
        self._entered: list[np.ndarray] = []
        self._n_entered = 0
        self._lock = Lock()

    def enter(self, codes: np.ndarray, labels: np.ndarray) -> None:
        """Write the labels of some colors; may be called from several threads at once.

        Parameters
        ----------
        codes : ndarray, shape (n,), int32 or uint32
            Their numbers. They must not be changed later: `clear` goes by them.
        labels : ndarray, shape (n,), integer
            Their labels.
        """
        codes = codes.astype(np.int32, copy=False)
        with self._lock:
            self._n_entered += len(codes)
            if self.can_be_cleared:
                self._entered.append(codes)
            else:
                self._entered.clear()
        self._write(codes, labels)

    @property
    def can_be_cleared(self) -> bool:
        """Whether it is faster to clear this table than to make another one."""
        return self._n_entered <= _MOST_ENTERED

    def clear(self) -> None:
        """Take out all labels, for another look-up."""
        for codes in self._entered:
            self._write(codes, np.zeros(len(codes), self.labels.dtype))
        self._entered.clear()
        self._n_entered = 0

    def _write(self, codes: np.ndarray, labels: np.ndarray) -> None:
        from napari_colorcluster.core.pixels.kernels import enter_labels

        # In one type and read-only, as the kernel is compiled for.
        labels = labels.astype(self.labels.dtype, copy=False)
        enter_labels(read_only_view(codes), read_only_view(labels), self.labels)


class LabelTables:
    """The tables of the look-ups that were used last; a table that is let go is used again."""

    def __init__(self) -> None:
        self._tables: dict[str, LabelTable] = {}
        """By the names of their look-ups, the one used last at the end."""
        self._lock = Lock()

    @contextmanager
    def table_of(
        self, name: str, dtype: np.dtype, codes: np.ndarray, labels: np.ndarray
    ) -> Iterator[LabelTable]:
        """Give a look-up its table for the time of a pass over pixels.

        Parameters
        ----------
        name : str
            The look-up's.
        dtype : dtype
            uint8 or uint16.
        codes, labels : ndarray, shape (n_colors,)
            What the table holds to begin with, where it has to be made.
        """
        with self._lock:
            table = self._tables.pop(name, None)
            if table is None:
                table = self._take(dtype)
                table.enter(codes, labels)
            self._tables[name] = table
            table.n_users += 1
        try:
            yield table
        finally:
            with self._lock:
                table.n_users -= 1

    def __contains__(self, name: str) -> bool:
        return name in self._tables

    def _take(self, dtype: np.dtype) -> LabelTable:
        """Let go of the tables that were used longest ago, and take one of them if it fits."""
        unused = [name for name, table in self._tables.items() if not table.n_users]
        n_too_many = len(self._tables) + 1 - _N_TABLES
        let_go = [self._tables.pop(name) for name in unused[: max(n_too_many, 0)]]
        for table in let_go:
            if table.labels.dtype == dtype and table.can_be_cleared:
                table.clear()
                return table
        return LabelTable(dtype)


TABLES = LabelTables()
"""Those of this process."""
