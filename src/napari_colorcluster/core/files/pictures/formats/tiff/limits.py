"""Whether a TIFF holds what its tags claim: before anything is decoded or reserved."""

from __future__ import annotations

from math import prod
from struct import unpack
from typing import Any

from napari_colorcluster.core.files.pictures.limits import check_claim
from napari_colorcluster.core.files.pictures.refusal import Refusal

_MOST_PER_BYTE = {
    "NONE": 8,
    "PACKBITS": 512,
    "LZW": 22400,
    "DEFLATE": 8300,
    "ADOBE_DEFLATE": 8300,
    "JPEG": 1100,
}
"""Pixels of one bit, or JPEG's, that a byte holds at most; see `photos`."""
_MOST = 1 << 17

CUT_OFF = "The file is cut off or damaged: it ends before its picture does."


def check_series(file: Any, series: Any) -> None:
    """Refuse a series of pages of which the file has not all.

    Parameters
    ----------
    file : tifffile.TiffFile
        The file.
    series : tifffile.TiffPageSeries
        What is to be read of it. Strips and tiles that are left out, with no bytes, are blank.
    """
    size = file.filehandle.size
    page = series.keyframe
    n_pixels = page.imagelength * page.imagewidth * page.imagedepth
    least = n_pixels * page.samplesperpixel * page.bitspersample // 8
    compression = page.compression.name
    most = _MOST_PER_BYTE.get(compression, _MOST)
    stored = 0
    claimed = 0.0
    for each in _pages(series):
        offsets, counts = each.dataoffsets, each.databytecounts
        parts = [(at, n) for at, n in zip(offsets, counts, strict=False) if at and n]
        if any(at + n > size for at, n in parts):
            raise Refusal(CUT_OFF)
        n_bytes = sum(n for _, n in parts)
        # Strips and tiles that overlap would have the same bytes count more than once.
        stored += min(n_bytes, size)
        # Of rows that lie one after another, the first one's place is enough. What is blank has an
        # entry as well, so that a file cannot claim more of it than it has bytes.
        in_one_piece = compression == "NONE" and parts and not page.is_tiled
        if min(len(offsets), len(counts)) < _n_parts(page) and not in_one_piece:
            check_claim(n_pixels, size, most)
            raise Refusal(CUT_OFF)
        claimed += n_pixels * min(1.0, len(parts) / _n_parts(page))
        if in_one_piece and n_bytes < least:
            check_claim(n_pixels, size, most)
            raise Refusal(CUT_OFF)
    if stored == 0:
        check_claim(n_pixels * len(series), size, most)
        raise Refusal(CUT_OFF)
    check_claim(int(claimed), min(stored, size), most)
    if series.dataoffset is not None and series.dataoffset + series.nbytes > size:
        check_claim(n_pixels * len(series), size, most)
        raise Refusal(CUT_OFF)


def check_chain(file: Any) -> None:
    """Refuse a file whose pages, one after another, lead beyond its end or in a circle.

    Libraries leave out the pages that they cannot find, which would make a picture of a stack.
    """
    handle, tiff = file.filehandle, file.tiff
    size, seen = handle.size, set[int]()
    count_format, offset_format = tiff.tagnoformat, tiff.offsetformat
    at = file.pages.first.offset
    while at:
        handle.seek(at)
        head = handle.read(tiff.tagnosize)
        if at in seen or len(head) < tiff.tagnosize:
            raise Refusal(CUT_OFF)
        seen.add(at)
        end = at + tiff.tagnosize + unpack(count_format, head)[0] * tiff.tagsize
        handle.seek(end)
        if end + tiff.offsetsize > size:
            raise Refusal(CUT_OFF)
        at = unpack(offset_format, handle.read(tiff.offsetsize))[0]


def segment_bytes(page: Any) -> int:
    """How much memory a strip or tile takes when it is decoded."""
    parts = _n_parts(page)
    if page.is_tiled:
        tile = page.tilelength * page.tilewidth * page.tiledepth
        n_samples = page.samplesperpixel if page.planarconfig == 1 else 1
        return tile * n_samples * page.dtype.itemsize
    return -(-page.nbytes // parts)


def _n_parts(page: Any) -> int:
    return max(1, prod(page.chunked))


def _pages(series: Any) -> Any:
    return (page for page in series.pages if page is not None)
