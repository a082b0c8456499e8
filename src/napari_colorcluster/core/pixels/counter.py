"""Counting the colors of blocks of pixels, on several threads, in memory that does not grow."""

from __future__ import annotations

import mmap
from math import prod
from queue import LifoQueue
from threading import Lock
from typing import NamedTuple

import numpy as np

from napari_colorcluster.core.pixels.blocks import Pixels
from napari_colorcluster.core.pixels.codes import N_CODES, decode, encode, merge_counts
from napari_colorcluster.core.pixels.histogram import NONE_EXCLUDED, ColorHistogram
from napari_colorcluster.core.support.threads import even_parts, map_in_threads

_PIECE = 1 << 15
_MOST_PIECES = 16
"""Colors, or more, in each of the pieces that the tables are read in, and how many of these there
are at most: more than threads, so that none waits long for the last."""

_CARRIES = 64
"""Blocks whose carries are kept before they are added up."""


_MOST_KEPT = 4
"""Tables that are kept for the next image, 16 MB each, at most."""

_spare: list[_Tables] = []
"""The tables that are kept: none or those of one tally, cleared."""

_lock = Lock()


class _Tables(NamedTuple):
    """Tables of counts, and which of their pages are not all 0."""

    counts: np.ndarray  # (n_tables, N_CODES), uint8
    used: np.ndarray  # (n_tables, N_CODES / PAGE), bool

    @classmethod
    def take(cls, n_tables: int) -> _Tables:
        """Take tables that are kept, so many or more, or make some."""
        from napari_colorcluster.core.pixels.kernels import PAGE

        with _lock:
            kept = _spare.pop() if _spare else None
        if kept is not None and len(kept.counts) >= n_tables:
            return kept
        return cls(_zeros(n_tables, N_CODES), np.zeros((n_tables, N_CODES // PAGE), np.bool_))

    def give_back(self) -> None:
        """Keep the tables, which have been cleared: new ones would have to be touched again."""
        with _lock:
            if not _spare and len(self.counts) <= _MOST_KEPT:
                _spare.append(self)


def _zeros(*shape: int) -> np.ndarray:
    """Make an array of zeros that takes no more memory than is touched, where the system can.

    It hands out small pages as they are touched, of which a photo needs few: near colors have near
    numbers. numpy asks for large ones, and so would have all of a table.
    """
    if not hasattr(mmap, "MAP_PRIVATE"):
        return np.zeros(shape, np.uint8)
    # Private, or a forked process would count in this one's tables.
    try:
        memory = mmap.mmap(-1, prod(shape), flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    except OSError:
        # It is numpy that says so where there is no memory: this error would be that of a file.
        return np.zeros(shape, np.uint8)
    return np.frombuffer(memory, np.uint8).reshape(shape)


class ColorCounter:
    """Counts of colors that grow block by block.

    Parameters
    ----------
    n_tables : int
        How many threads may count at once. Each needs a table of all colors, a byte an entry:
        16 MB. There is nothing to sort then, only to read off.
    """

    def __init__(self, n_tables: int) -> None:
        self._tables, self._n_tables = _Tables.take(n_tables), n_tables
        self._carries: list[list[tuple[np.ndarray, np.ndarray]]] = [[] for _ in range(n_tables)]
        self._excluded = [NONE_EXCLUDED] * n_tables
        self._free: LifoQueue[int] = LifoQueue()
        for table in range(n_tables):
            self._free.put(table)

    def add(self, pixels: Pixels) -> None:
        """Count the pixels of a block; may be called from several threads at once."""
        from napari_colorcluster.core.pixels.kernels import FULL, count_colors

        own = self._free.get()
        try:
            carried = np.empty(len(pixels.values), np.int32)
            tables = (array[own] for array in self._tables)
            n_carried = count_colors(pixels.encode(), pixels.keep, *tables, carried)
            self._excluded[own] += pixels.excluded
            if n_carried:
                carries = self._carries[own]
                carries.append((carried[:n_carried].copy(), np.full(n_carried, FULL)))
                if len(carries) > _CARRIES:
                    carries[:] = [merge_counts(carries)]
        finally:
            self._free.put(own)

    def collect(self) -> ColorHistogram:
        """List the colors that were counted; the counter is used up with that."""
        from napari_colorcluster.core.pixels.kernels import PAGE, collect_colors

        tables, used = (array[: self._n_tables] for array in self._tables)
        words = tables.view(np.uint64).reshape(self._n_tables, -1, PAGE // 8)
        pages = np.flatnonzero(used.any(axis=0)).astype(np.int32)
        entries = words[0].take(pages, axis=0)
        for table in words[1:]:
            entries |= table.take(pages, axis=0)
        # The first entry of a word is in its lowest byte on all processors that numba knows.
        bits = np.packbits(entries.view(np.uint8), axis=1, bitorder="little")
        masks = bits.view(np.uint64)[:, 0]
        ends = np.concatenate([[0], np.cumsum(np.bitwise_count(masks), dtype=np.int64)])
        n = int(ends[-1])
        codes, colors, counts = np.empty(n, np.int32), np.empty((n, 3), np.uint8), np.empty(n, int)

        def collect(piece: tuple[int, int]) -> None:
            rows, where = slice(*piece), slice(*ends[[*piece]])
            listed = codes[where], colors[where], counts[where]
            collect_colors(pages[rows], masks[rows], words, tables, *listed)

        map_in_threads(collect, even_parts(ends, min(n // _PIECE + 1, _MOST_PIECES)))
        used[:] = False
        self._tables.give_back()
        if carries := [part for carries in self._carries for part in carries]:
            carried_codes, carried = merge_counts(carries)
            counts[np.searchsorted(codes, carried_codes)] += carried
        excluded = sum(self._excluded, NONE_EXCLUDED)
        return ColorHistogram.from_sorted(codes, colors, counts, excluded)


def count_few(pixels: Pixels) -> ColorHistogram:
    """Count the colors of a few pixels as `ColorCounter` does, by sorting."""
    codes = encode(pixels.values[pixels.keep] if pixels.keep.size else pixels.values)
    codes.sort()
    # numpy's unique() does the same, in twice the time.
    ends = np.flatnonzero(np.append(codes[1:] != codes[:-1], True)[: codes.size])
    codes, counts = codes[ends], np.diff(ends, prepend=-1)
    return ColorHistogram.from_sorted(codes, decode(codes), counts, pixels.excluded)
