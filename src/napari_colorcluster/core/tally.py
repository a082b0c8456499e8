"""Counting the colors of blocks of pixels, on several threads, in memory that does not grow."""

from __future__ import annotations

from itertools import accumulate
from queue import LifoQueue

import numpy as np

from napari_colorcluster.core.codes import N_CODES, decode, encode, merge_counts
from napari_colorcluster.core.image import Pixels
from napari_colorcluster.core.progress import silent
from napari_colorcluster.core.threads import map_in_threads

FEW_PIXELS = 1 << 21
"""Up to here, sorting the pixels is faster than clearing and reading a table of all colors."""

_N_PIECES = 16
"""Pieces that the tables are read in: more than threads, since colors crowd in a few of them."""

_CARRIES = 64
"""Blocks whose carries are kept before they are added up."""


class Tally:
    """Counts of colors that grow block by block.

    Parameters
    ----------
    n_tables : int
        How many threads may count at once. Each needs a table of all colors, a byte an entry:
        16 MB. There is no order to establish then, only to read off.
    """

    def __init__(self, n_tables: int) -> None:
        # The system hands out cleared pages as they are touched: a table of few colors costs less.
        self._tables = np.zeros((n_tables, N_CODES), np.uint8)
        self._carries: list[list[tuple[np.ndarray, np.ndarray]]] = [[] for _ in range(n_tables)]
        self._free: LifoQueue[int] = LifoQueue()
        for table in range(n_tables):
            self._free.put(table)

    def add(self, pixels: Pixels) -> None:
        """Count the pixels of a block; may be called from several threads at once."""
        from napari_colorcluster.core.kernels import FULL, count_colors

        carried = np.empty(len(pixels.values), np.int32)
        mine = self._free.get()
        try:
            n_carried = count_colors(pixels.values, pixels.keep, self._tables[mine], carried)
            if n_carried:
                carries = self._carries[mine]
                codes, times = np.unique(carried[:n_carried], return_counts=True)
                carries.append((codes, FULL * times.astype(np.int64)))
                if len(carries) > _CARRIES:
                    carries[:] = [merge_counts(carries)]
        finally:
            self._free.put(mine)

    def collect(self) -> tuple[np.ndarray, np.ndarray]:
        """List the colors so far.

        Returns
        -------
        colors : ndarray, shape (n_colors, 3), uint8
            Distinct, in ascending order.
        counts : ndarray, shape (n_colors,), int64
        """
        from napari_colorcluster.core.kernels import collect_colors

        length = N_CODES // _N_PIECES

        def find(piece: int) -> np.ndarray:
            words = self._tables[:, piece * length : (piece + 1) * length].view(np.uint64)
            return words[0] if len(words) == 1 else np.bitwise_or.reduce(words)

        def fill(piece: int) -> None:
            mine = slice(*ends[piece : piece + 2])
            collect_colors(present[piece], self._tables, piece * length, colors[mine], counts[mine])

        present = map_in_threads(find, range(_N_PIECES), silent, "")
        ends = [0, *accumulate(np.count_nonzero(words.view(np.uint8)) for words in present)]
        colors, counts = np.empty((ends[-1], 3), np.uint8), np.empty(ends[-1], np.int64)
        map_in_threads(fill, range(_N_PIECES), silent, "")
        codes, carried = merge_counts([part for carries in self._carries for part in carries])
        if codes.size:
            counts[np.searchsorted(encode(colors), codes)] += carried
        return colors, counts


def sort_colors(pixels: Pixels) -> tuple[np.ndarray, np.ndarray]:
    """List the colors of a few pixels, as `Tally.collect` does."""
    values = pixels.values[pixels.keep] if pixels.keep.size else pixels.values
    codes, counts = np.unique(encode(values), return_counts=True)
    return decode(codes), counts.astype(np.int64, copy=False)
