"""A PNG's chunks: the file without what is damaged or of no use, and what Pillow does not tell."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from napari_colorcluster.core.files.pictures.refusal import Refusal

SIGNATURE = b"\x89PNG\r\n\x1a\n"

_N_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""How many samples a pixel has of each color type."""
_GRAY, _RGB = 0, 2

_LENGTHS = {b"gAMA": 4, b"cHRM": 32, b"sRGB": 1, b"cICP": 4}
_TEXTS = (b"tEXt", b"zTXt", b"iTXt")
_TURNS = (b"XML:com.adobe.xmp", b"Raw profile type exif", b"Raw profile type APP1")
"""Texts that may say how the picture is to be turned."""
_MOST_TEXT = 1 << 20
_MOST_PROFILE = 1 << 24

_HEADER = struct.Struct(">4xIIBB")


@dataclass(frozen=True, eq=False)
class Png:
    """What a PNG's chunks say.

    Attributes
    ----------
    data : bytes
        The file with those chunks alone that Pillow needs.
    n_bytes : int
        How many bytes of it are coded pixels.
    bits : int
        Of a sample.
    bits_per_pixel : int
        Before they are deflated.
    profile : bytes or None
        The ICC profile.
    cicp : bytes or None
        Code points of ITU-T H.273: primaries, transfer, matrix, range.
    notes : tuple of str
        Which chunks are left out as they are damaged or too large.
    """

    data: bytes
    n_bytes: int
    bits: int
    bits_per_pixel: int
    profile: bytes | None
    cicp: bytes | None
    notes: tuple[str, ...]

    @property
    def is_narrow(self) -> bool:
        """Whether colors have video's narrow range (PNG, third edition: cICP)."""
        return self.cicp is not None and self.cicp[3] == 0


def is_png(path: Path) -> bool:
    """Whether a file begins as PNGs do."""
    with path.open("rb") as file:
        return file.read(len(SIGNATURE)) == SIGNATURE


def read_png(path: Path) -> Png:
    """Read the chunks of a PNG; pixels stay coded.

    Raises
    ------
    Refusal
        Where it ends before its pixels come.
    """
    whole = path.read_bytes()
    bits, kind = _header(whole)
    kept, pixels, damaged = [SIGNATURE], 0, dict[str, None]()
    found: dict[bytes, bytes] = {}
    end = len(SIGNATURE)
    for name, start, end in _chunks(whole):
        raw, data = whole[start:end], whole[start + 8 : end - 4]
        if not name[0] & 0x20 or name in (b"acTL", b"fcTL", b"fdAT"):
            kept.append(raw)
            pixels += len(data) if name in (b"IDAT", b"fdAT") else 0
            continue
        if (name not in (b"eXIf", *_TEXTS) and pixels) or not _matters(name, data):
            continue
        if zlib.crc32(raw[4:-4]) != int.from_bytes(raw[-4:], "big") or not _is_whole(
            name, data, kind
        ):
            damaged[name.decode("latin-1")] = None
        elif name == b"iCCP":
            found[name] = _inflated(data.partition(b"\0")[2][1:], _MOST_PROFILE) or b""
        elif name == b"cICP":
            found[name] = data
        elif name == b"tRNS" and kind == _GRAY and bits in (2, 4):
            # Pillow spreads such gray over 8 bits, but not the key.
            kept.append(_chunk(name, struct.pack(">H", _scaled(data, bits))))
        else:
            kept.append(raw)
    # What follows is no chunk: of a whole file nothing, of one that is cut off its last part.
    if whole[end - 8 : end - 4] != b"IEND":
        kept.append(whole[end:])
    return Png(
        *(b"".join(kept), pixels, bits, max(1, bits) * _N_SAMPLES.get(kind, 1)),
        profile=found.get(b"iCCP"),
        cicp=found.get(b"cICP"),
        notes=tuple(
            f"The file's {name} chunk is damaged or too large, and is ignored." for name in damaged
        ),
    )


def _header(whole: bytes) -> tuple[int, int]:
    """Bits of a sample, and color type."""
    at = len(SIGNATURE) + 4
    if len(whole) < at + _HEADER.size or whole[at : at + 4] != b"IHDR":
        raise Refusal("The PNG is cut off or damaged: it has no header.")
    _, _, bits, kind = _HEADER.unpack_from(whole, at)
    return bits, kind


def _chunks(whole: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Name, start and end of each chunk that is there in full, up to IEND."""
    at = len(SIGNATURE)
    while at + 12 <= len(whole):
        end = at + 12 + int.from_bytes(whole[at : at + 4], "big")
        if end > len(whole):
            return
        name = whole[at + 4 : at + 8]
        yield name, at, end
        if name == b"IEND":
            return
        at = end


def _matters(name: bytes, data: bytes) -> bool:
    """Whether a chunk tells of colors, transparency or how the picture is turned."""
    if name in _TEXTS:
        return data.startswith(tuple(turn + b"\0" for turn in _TURNS))
    return name in _LENGTHS or name in (b"tRNS", b"iCCP", b"eXIf")


def _is_whole(name: bytes, data: bytes, kind: int) -> bool:
    if name in _LENGTHS:
        return len(data) == _LENGTHS[name]
    if name == b"tRNS":
        return len(data) >= {_GRAY: 2, _RGB: 6}.get(kind, 1)
    if name == b"eXIf":
        return data.removeprefix(b"Exif\0\0")[:4] in (b"II*\0", b"MM\0*")
    rest = data.partition(b"\0")[2]
    if name == b"iCCP":
        return _inflated(rest[1:], _MOST_PROFILE) is not None
    if name == b"zTXt":
        return _inflated(rest[1:], _MOST_TEXT) is not None
    if name == b"iTXt" and rest[:1] == b"\1":
        # Two bytes, a language and a translated keyword stand before the text.
        return _inflated(rest[2:].split(b"\0", 2)[-1], _MOST_TEXT) is not None
    return len(data) <= _MOST_TEXT


def _inflated(data: bytes, most: int) -> bytes | None:
    """What was deflated, None where it is damaged or longer than that."""
    try:
        stream = zlib.decompressobj()
        inflated = stream.decompress(data, most)
    except zlib.error:
        return None
    return inflated if stream.eof else None


def _scaled(data: bytes, bits: int) -> int:
    most = 2**bits - 1
    return (int.from_bytes(data[:2], "big") & most) * (255 // most)


def _chunk(name: bytes, data: bytes) -> bytes:
    checked = name + data
    return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))
