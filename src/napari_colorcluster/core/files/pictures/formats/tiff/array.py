"""The samples of a large TIFF as an array that other processes open again by its path."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Any
from weakref import finalize

import numpy as np

from napari_colorcluster.core.support.extras import library

_MOST_OPEN = 8
"""Files that stay open where tasks of a cluster arrive, each of which brings the path anew."""


class TiffArray:
    """A page of a TIFF, or a series of one of its levels: sliced, and read when it is.

    Parameters
    ----------
    path : path-like
        The file.
    index : int
        The number of the page or series.
    alone : bool
        Whether it is that of a page.
    level : int, default 0
        Which level of a series.
    """

    def __init__(self, path: str | Path, index: int, alone: bool, level: int = 0) -> None:
        import tifffile

        self._where = os.path.abspath(path), index, alone, level
        file = tifffile.TiffFile(path)
        # Open as long as the array is in use.
        self._close = finalize(self, file.close)
        source = file.pages[index].aspage() if alone else file.series[index]
        # A page by itself is in one piece; the pages of a series may lie apart.
        in_one_piece = alone or source.dataoffset is not None
        if level == 0 and in_one_piece and source.keyframe.is_memmappable:
            self._close()
            self._array: Any = tifffile.memmap(
                path, mode="r", **{"page" if alone else "series": index}
            )
            self.chunks = None
        else:
            need = "Large TIFFs in tiles or compressed need the library zarr"
            zarr = library("zarr", need)
            self._array = zarr.open(source.aszarr(level=level), mode="r")
            self.chunks = self._array.chunks
        self.shape, self.dtype, self.ndim = self._array.shape, self._array.dtype, self._array.ndim

    def __getitem__(self, where: Any) -> np.ndarray:
        return np.asarray(self._array[where])

    def __reduce__(self) -> tuple[Any, ...]:
        return _opened, (*self._where, _stamp(self._where[0]))

    def __dask_tokenize__(self) -> Any:
        return "TiffArray", *self._where, _stamp(self._where[0])


@lru_cache(maxsize=_MOST_OPEN)
def _opened(path: str, index: int, alone: bool, level: int, stamp: tuple[int, int]) -> TiffArray:
    return TiffArray(path, index, alone, level)


def _stamp(path: str) -> tuple[int, int]:
    """What another file in this place would not have."""
    stat = os.stat(path)
    return stat.st_size, stat.st_mtime_ns
