"""How many bytes of a file are its picture: not what is appended, nor what tells of it."""

from __future__ import annotations

import mmap
from collections.abc import Callable, Iterator
from pathlib import Path

Bytes = mmap.mmap

_J2K_START, _J2K_TILE = b"\xff\x4f\xff\x51", b"\xff\x90"
_WEBP_PIXELS = (b"VP8 ", b"VP8L", b"ALPH", b"ANMF")


def payload_bytes(path: Path, kind: str) -> int:
    """Count the bytes of a file that hold pixels.

    Parameters
    ----------
    path : pathlib.Path
        The file; not empty.
    kind : str
        Its format, as Pillow names it. Of those without an end mark or boxes, it is all of them.
    """
    count = _COUNTS.get(kind)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return len(data) if count is None else min(count(data), len(data))


def _jpeg(data: Bytes) -> int:
    """From the first scan to the end of the image."""
    for marker, start, _ in jpeg_segments(data):
        if marker == 0xDA:
            end = data.find(b"\xff\xd9", start)
            return (end if end >= 0 else len(data)) - start
    return len(data)


def jpeg_segments(data: Bytes) -> Iterator[tuple[int, int, int]]:
    """Marker, start and end of each segment of a JPEG up to its first scan."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        yield marker, at + 4, end
        if marker == 0xDA:
            return
        at = end


def _gif(data: Bytes) -> int:
    """The blocks of all images up to the trailer."""
    at = 13 + _gif_colors(data[10])
    n_bytes = 0
    while at < len(data) and data[at] in b"!,":
        image = data[at] == 0x2C
        if at + 10 > len(data):
            break
        # A descriptor and a least size of codes, or a label, stand before the blocks.
        at += 11 + _gif_colors(data[at + 9]) if image else 2
        start = at
        while at < len(data) and data[at]:
            at += 1 + data[at]
        n_bytes += at - start if image else 0
        at += 1
    return n_bytes


def _gif_colors(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _webp(data: Bytes) -> int:
    end = min(len(data), 8 + int.from_bytes(data[4:8], "little"))
    at, n_bytes = 12, 0
    while at + 8 <= end:
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        n_bytes += size if data[at : at + 4] in _WEBP_PIXELS else 0
        at += 8 + size + size % 2
    return n_bytes


def _media(data: Bytes) -> int:
    """The boxes ``mdat`` and ``idat`` of AVIF and HEIC."""
    return sum(
        end - start if name == b"mdat" else _inner(data, start + 4, end)
        for name, start, end in _boxes(data, 0, len(data))
        if name in (b"mdat", b"meta")
    )


def _inner(data: Bytes, start: int, end: int) -> int:
    return sum(at - of for name, of, at in _boxes(data, start, end) if name == b"idat")


def _boxes(data: Bytes, at: int, last: int) -> Iterator[tuple[bytes, int, int]]:
    while at + 8 <= last:
        size, head = int.from_bytes(data[at : at + 4], "big"), 8
        if size == 1:
            size, head = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        end = min(last, at + size) if size else last
        if end < at + head:
            return
        yield data[at + 4 : at + 8], at + head, end
        at = end


def _jpeg_2000(data: Bytes) -> int:
    """The parts of tiles, each of which tells its length; 0 is all that follows."""
    start = data.find(_J2K_START)
    at = data.find(_J2K_TILE, max(start, 0))
    n_bytes = 0
    while at >= 0 and data[at : at + 2] == _J2K_TILE:
        size = int.from_bytes(data[at + 6 : at + 10], "big")
        if size < 14:
            return n_bytes + len(data) - at
        n_bytes += size
        at += size
    return n_bytes


_COUNTS: dict[str, Callable[[Bytes], int]] = {
    "AVIF": _media,
    "GIF": _gif,
    "HEIF": _media,
    "JPEG": _jpeg,
    "JPEG2000": _jpeg_2000,
    "MPO": _jpeg,
    "WEBP": _webp,
}
