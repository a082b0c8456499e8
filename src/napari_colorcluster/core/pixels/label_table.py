"""Tables with the label of every color, and the cache of the tables used last."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

import numpy as np

from napari_colorcluster.core.pixels.codes import N_CODES
from napari_colorcluster.core.support.frozen import read_only_view

_N_TABLES = 3
"""Number of tables in the cache, 16 or 32 MB each."""

_MOST_ENTERED = 1 << 21
"""The most entries for which clearing them one by one is faster than making a new table."""


class LabelTable:
    """The label of every color, by its code.

    Attributes
    ----------
    labels : ndarray, shape (2**24,), uint8 or uint16
        0 for colors that have no label yet.
    n_users : int
        The number of passes that are using the table.
    """

    def __init__(self, dtype: np.dtype) -> None:
        self.labels = np.zeros(N_CODES, dtype)
        self.n_users = 0
        self._entered: list[np.ndarray] = []
        self._n_entered = 0
        self._lock = Lock()

    def enter(self, codes: np.ndarray, labels: np.ndarray) -> None:
        """Enter the labels of colors; may be called from several threads at once.

        Parameters
        ----------
        codes : ndarray, shape (n,), int32 or uint32
            The codes of the colors. `clear` uses them, so they must not be changed later.
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
        """Whether clearing this table is faster than making a new one."""
        return self._n_entered <= _MOST_ENTERED

    def clear(self) -> None:
        """Remove all labels, so that another look-up can use the table."""
        for codes in self._entered:
            self._write(codes, np.zeros(len(codes), self.labels.dtype))
        self._entered.clear()
        self._n_entered = 0

    def _write(self, codes: np.ndarray, labels: np.ndarray) -> None:
        from napari_colorcluster.core.pixels.kernels import enter_labels

        # The loop is compiled for one dtype, read-only.
        labels = labels.astype(self.labels.dtype, copy=False)
        enter_labels(read_only_view(codes), read_only_view(labels), self.labels)


class LabelTables:
    """A cache of the tables of the look-ups used last; evicted tables are reused."""

    def __init__(self) -> None:
        self._tables: dict[str, LabelTable] = {}
        """By the names of the look-ups, from the least to the most recently used."""
        self._lock = Lock()

    @contextmanager
    def table_of(
        self, name: str, dtype: np.dtype, codes: np.ndarray, labels: np.ndarray
    ) -> Iterator[LabelTable]:
        """Yield the table of a look-up, for the duration of a pass over pixels.

        Parameters
        ----------
        name : str
            The name of the look-up.
        dtype : dtype
            uint8 or uint16.
        codes, labels : ndarray, shape (n_colors,)
            The first entries, if the table is not in the cache.
        """
        with self._lock:
            table = self._tables.pop(name, None)
            if table is None:
                table = self._empty_table(dtype)
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

    def _empty_table(self, dtype: np.dtype) -> LabelTable:
        """Evict the least recently used tables, and return one of them, cleared, or a new one."""
        idle = [name for name, table in self._tables.items() if not table.n_users]
        n_excess = len(self._tables) + 1 - _N_TABLES
        evicted = [self._tables.pop(name) for name in idle[: max(n_excess, 0)]]
        for table in evicted:
            if table.labels.dtype == dtype and table.can_be_cleared:
                table.clear()
                return table
        return LabelTable(dtype)


TABLES = LabelTables()
"""The tables of this process."""
