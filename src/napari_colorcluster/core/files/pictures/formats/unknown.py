"""Files that Pillow does not know: a sentence on what they are, by their first bytes."""

from __future__ import annotations

import mmap
from pathlib import Path

from napari_colorcluster.core.files.pictures.formats.payload import jpeg_segments
from napari_colorcluster.core.files.pictures.refusal import DAMAGED

UNSUPPORTED = (
    "This file format is not supported, or its beginning is damaged; supported are PNG, JPEG, "
    "WebP, GIF, AVIF, HEIC, TIFF, BMP, PPM, TGA, JPEG 2000, PSD and zarr."
)
_DEEP_PSD = "The PSD has {} bits per channel; 8 are needed: save it as a TIFF or PNG of 16 bits."
_DEEP_JPEG = "The JPEG has {} bits per channel; 8 are needed: save it as a TIFF or PNG of 16 bits."

_KNOWN_STARTS = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"8BPS", b"qoif", b"DDS ")
_FRAMES = range(0xC0, 0xD0)
_NO_FRAMES = (0xC4, 0xC8, 0xCC)
_PSD_DEPTH = slice(22, 24)


def why_unknown(path: Path) -> str:
    """Say why Pillow does not open a file: damaged, of rare depth, or of another format."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if data[:4] == b"8BPS":
            depth = int.from_bytes(data[_PSD_DEPTH], "big")
            return _DEEP_PSD.format(depth) if depth in (16, 32) else DAMAGED
        if data[:3] == b"\xff\xd8\xff":
            depth = _jpeg_depth(data)
            return _DEEP_JPEG.format(depth) if depth in (12, 16) else DAMAGED
        is_known = data[:8].startswith(_KNOWN_STARTS) or data[4:8] in (b"ftyp", b"jP  ")
        is_known = is_known or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")
        return DAMAGED if is_known else UNSUPPORTED


def _jpeg_depth(data: mmap.mmap) -> int:
    for marker, start, _ in jpeg_segments(data):
        if marker in _FRAMES and marker not in _NO_FRAMES and start < len(data):
            return data[start]
    return 0
