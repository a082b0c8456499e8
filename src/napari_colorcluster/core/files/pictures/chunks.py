"""Large images, chunk by chunk: what is large, and how its own chunks become dask's."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from napari_colorcluster.core.files.pictures.refusal import Refusal
from napari_colorcluster.core.pixels.image import is_dask

STREAM_BYTES = 1 << 27
"""From this size on, a TIFF or zarr is not read as a whole but chunk by chunk, through dask."""

STRIP = 512
"""Rows that a large image is read and written in, about."""

_CHUNK_BYTES = "16MiB"
"""What one such chunk has at most, unless the file's own are larger."""


def stream(array: Any, channel: int | None) -> Any:
    """Make a dask array whose chunks are some of an array's own together, all channels in one.

    They are about as high as the strips in which results are written, so that little is read more
    than once, and as wide as `_CHUNK_BYTES` allows.

    Parameters
    ----------
    array : array
        A zarr, or what is mapped into memory.
    channel : int or None
        Its axis of channels, if it has one; the two last of the others are rows and columns.
    """
    import dask.array as da
    from dask.array.core import normalize_chunks

    own = getattr(array, "chunks", None) or (1,) * array.ndim
    chunks: list[Any] = list(own)
    *_, row, column = (axis for axis in range(array.ndim) if axis != channel)
    chunks[row] = own[row] * max(1, STRIP // own[row])
    chunks[column] = "auto"
    if channel is not None:
        chunks[channel] = -1
    sizes = normalize_chunks(
        chunks, array.shape, limit=_CHUNK_BYTES, dtype=array.dtype, previous_chunks=own
    )
    return da.from_array(array if isinstance(array, np.ndarray) else _Sentenced(array), sizes)


class _Sentenced:
    """An array on disk whose damages are told in a sentence, when it comes to them."""

    def __init__(self, array: Any) -> None:
        self._array = array
        self.shape, self.dtype, self.ndim = array.shape, array.dtype, array.ndim

    def __getitem__(self, where: Any) -> np.ndarray:
        try:
            return np.asarray(self._array[where])
        except MemoryError:
            raise
        except Exception as error:
            # Whatever the libraries trip over.
            raise Refusal("A part of the file is damaged and cannot be decoded.") from error

    def __dask_tokenize__(self) -> Any:
        from dask.base import normalize_token

        return normalize_token(self._array)


def apply(
    function: Callable[..., np.ndarray],
    array: Any,
    dtype: DTypeLike,
    n_channels: int | None = None,
    **keywords: Any,
) -> Any:
    """Apply a function of single pixels to all of them; chunk by chunk where they are lazy.

    Parameters
    ----------
    function : callable
        Maps an array (..., n) to one of `dtype`, which it is told as a keyword. Other processes
        must be able to load it.
    array : array, shape (..., n)
        Numpy or dask, all channels in one chunk.
    dtype : dtype
        The type of what comes out.
    n_channels : int, optional
        How many channels that has, where it is another number.
    **keywords
        For the function.
    """
    dtype = np.dtype(dtype)
    if not is_dask(array):
        return function(array, dtype=dtype, **keywords)
    sizes = array.chunks if n_channels is None else (*array.chunks[:-1], (n_channels,))
    meta = np.empty((0,) * array.ndim, dtype)
    bound = partial(function, dtype=dtype, **keywords)
    return array.map_blocks(bound, dtype=dtype, chunks=sizes, meta=meta)
