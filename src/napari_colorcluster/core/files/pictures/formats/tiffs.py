"""TIFF files and the microscopes' kinds of them: their samples, read or streamed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from logging import LogRecord
from pathlib import Path
from threading import get_ident
from typing import Any

import numpy as np

from napari_colorcluster.core.files.pictures import chunks
from napari_colorcluster.core.files.pictures.depth import widen
from napari_colorcluster.core.files.pictures.formats.photos import open_with_libtiff
from napari_colorcluster.core.files.pictures.formats.tiff.array import TiffArray
from napari_colorcluster.core.files.pictures.formats.tiff.codecs import check_codecs
from napari_colorcluster.core.files.pictures.formats.tiff.lengths import lengths_of
from napari_colorcluster.core.files.pictures.formats.tiff.limits import (
    check_chain,
    check_series,
    segment_bytes,
)
from napari_colorcluster.core.files.pictures.formats.tiff.pages import (
    choose,
    is_raw,
    orientation_of,
    profile_of,
)
from napari_colorcluster.core.files.pictures.formats.tiff.samples import (
    Meaning,
    channel_axis,
    channels_of,
    in_color,
    meaning_of,
)
from napari_colorcluster.core.files.pictures.limits import check_memory
from napari_colorcluster.core.files.pictures.refusal import RAW, Refusal
from napari_colorcluster.core.files.pictures.stored import Stored
from napari_colorcluster.core.pixels.image import is_dask

_CONVERTING = ("ALT_JPEG", "APERIO", "JPEG", "OJPEG", "WEBP")
"""How the names of compressions begin that decode YCbCr to RGB; the others leave it as it is."""
_JPEG = ("ALT_JPEG", "JPEG", "OJPEG")
"""Those that take Lab for YCbCr."""

_LIKE_CHANNELS = (
    "3 gray pages are read as a stack: if they are red, green and blue, save them as one RGB image."
)
_UNNAMED_AXES = ("IYX", "QYX")


def open_tiff(path: Path) -> Stored:
    """Read the picture of a TIFF, the largest level where it is a pyramid.

    Its samples are lazy from `chunks.STREAM_BYTES` on.

    Raises
    ------
    Refusal
        Where it is a camera's raw file, cut off, or too large for memory, or its channels are not
        known to be colors.
    MissingLibraryError
        Where decoding it needs imagecodecs, or streaming it zarr, and this is not installed.
    Exception
        Whatever tifffile raises where it is damaged.
    """
    import tifffile

    with _quiet(), tifffile.TiffFile(path) as file:
        if is_raw(file):
            raise Refusal(RAW)
        check_chain(file)
        several, notes = choose(file)
        page = several[0].keyframe
        meaning = meaning_of(several[0])
        n_bytes = 0
        for series in several:
            check_series(file, series)
            n_bytes += series.nbytes
        large = n_bytes >= chunks.STREAM_BYTES
        check_memory(4 * (segment_bytes(page) if large else n_bytes))
        if _needs_libtiff(page):
            check_memory(4 * n_bytes)
            pages = [page.index for series in several for page in series.pages]
            mode = "LAB" if meaning.model == "lab" else "RGB"
            samples = _stack([open_with_libtiff(path, index, mode) for index in pages])
        else:
            check_codecs(page)
            samples = _stack([_colors(path, file, each, meaning, large) for each in several])
        if _is_like_channels(several, samples.shape, meaning):
            notes = (*notes, _LIKE_CHANNELS)
        planes = dict(zip(several[0].axes, several[0].shape, strict=True))
        lengths = lengths_of(file)
        if planes.get("Z", 1) == 1:
            lengths = {axis: length for axis, length in lengths.items() if axis != "z"}
        return Stored(
            *(samples, meaning.model, meaning.alpha, profile_of(page)),
            orientation=orientation_of(page),
            lengths=lengths,
            notes=(*notes, *meaning.notes),
        )


def _needs_libtiff(page: Any) -> bool:
    """Whether tifffile leaves YCbCr as it is, or takes Lab for it."""
    compression = page.compression.name
    if page.photometric.name == "CIELAB":
        return compression in _JPEG
    return page.photometric.name == "YCBCR" and not compression.startswith(_CONVERTING)


def _colors(path: Path, file: Any, series: Any, meaning: Meaning, large: bool) -> Any:
    """The samples of a series as `Stored` has them; each may have its own palette."""
    samples = _samples(path, file, series, large)
    return in_color(channels_of(samples, meaning), series.keyframe, meaning)


def _is_like_channels(several: list[Any], shape: tuple[int, ...], meaning: Meaning) -> bool:
    """Whether what is read as a stack may have been meant as red, green and blue."""
    gray = meaning.model == "gray" and meaning.alpha is None
    unnamed = len(several) > 1 or several[0].axes in _UNNAMED_AXES
    return gray and unnamed and len(shape) == 4 and shape[0] == 3


def _samples(path: Path, file: Any, series: Any, large: bool) -> Any:
    """The samples of a series (..., Y, X, n), with an axis of channels where it has none."""
    channel = channel_axis(series)
    bits = series.keyframe.bitspersample
    samples = _stream(path, file, series, channel) if large else series.asarray()
    samples = samples[..., np.newaxis] if channel is None else np.moveaxis(samples, channel, -1)
    if samples.dtype.byteorder not in "=|":
        samples = samples.astype(samples.dtype.newbyteorder("="))
    # Entries of a palette are numbers, not light.
    if series.keyframe.photometric.name == "PALETTE":
        return samples
    return widen(samples, bits if isinstance(bits, int) else 0)


def _stream(path: Path, file: Any, series: Any, channel: int | None) -> Any:
    # A page that was taken out of its series is found by its own number.
    alone = series not in file.series
    index = series.keyframe.index if alone else file.series.index(series)
    return chunks.stream(TiffArray(path, index, alone), channel)


def _stack(pages: list[Any]) -> Any:
    if len(pages) == 1:
        return pages[0]
    if is_dask(pages[0]):
        import dask.array as da

        return da.stack(pages)
    return np.stack(pages)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep to this thread what tifffile logs of odd files; what matters of it becomes a refusal."""
    import tifffile

    mine = get_ident()

    def is_others(record: LogRecord) -> bool:
        return record.thread != mine

    logger = tifffile.logger()
    logger.addFilter(is_others)
    try:
        yield
    finally:
        logger.removeFilter(is_others)
