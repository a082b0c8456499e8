"""Large images, chunk by chunk: what is large, and how its own chunks become dask's."""

from __future__ import annotations

from typing import Any

STREAM_BYTES = 1 << 27
"""From this size on, a TIFF or zarr is not read as a whole but chunk by chunk, through dask."""

STRIP = 512
"""Rows that a large image is read and written in, about."""

_CHUNK_BYTES = "16MiB"
"""What one such chunk has at most, unless the file's own are larger."""


def stream(array: Any, channel: int) -> Any:
    """Make a dask array whose chunks are some of an array's own together, all channels in one.

    They are about as high as the strips in which results are written, so that little is read more
    than once, and as wide as `_CHUNK_BYTES` allows.

    Parameters
    ----------
    array : array
        A zarr, or what is mapped into memory.
    channel : int
        Its axis of channels; the two last of the others are rows and columns.
    """
    import dask.array as da
    from dask.array.core import normalize_chunks

    own = getattr(array, "chunks", None) or (1,) * array.ndim
    chunks: list[Any] = list(own)
    *_, row, column = (axis for axis in range(array.ndim) if axis != channel)
    chunks[row] = own[row] * max(1, STRIP // own[row])
    chunks[column], chunks[channel] = "auto", -1
    sizes = normalize_chunks(
        chunks, array.shape, limit=_CHUNK_BYTES, dtype=array.dtype, previous_chunks=own
    )
    return da.from_array(array, sizes)
