"""What kind of file it is, by its first bytes; which names are taken from a folder."""

from __future__ import annotations

from pathlib import Path

TIFF_SUFFIXES = {
    *(".tif", ".tiff", ".lsm", ".svs", ".ndpi", ".btf", ".tf8", ".qptiff", ".qpi", ".scn", ".stk"),
}

SUFFIXES = {
    *(".bmp", ".dib", ".gif", ".jpeg", ".jpg", ".jpe", ".jfif", ".png", ".apng", ".ppm", ".pgm"),
    *(".pnm", ".pbm", ".tga", ".webp", ".psd", ".qoi", ".avif", ".avifs", ".heic", ".heif", ".hif"),
    *(".jp2", ".j2k", ".jpx", ".jpf", ".j2c", ".jpc", ".zarr"),
    *TIFF_SUFFIXES,
}
"""What is taken from a folder; a file that is named itself may have any."""

RAW_SUFFIXES = {
    *(".3fr", ".arw", ".cr2", ".cr3", ".crw", ".dcr", ".dng", ".erf", ".fff", ".gpr", ".iiq"),
    *(".k25", ".kdc", ".mef", ".mos", ".mrw", ".nef", ".nrw", ".orf", ".pef", ".raf", ".raw"),
    *(".rw2", ".rwl", ".sr2", ".srf", ".srw", ".x3f"),
}
"""How cameras name files of what the sensor has seen."""

_RAW_STARTS = (b"FUJIFILMCCD-RAW", b"FOVb", b"\0MRM", b"IIRO", b"IIRS", b"MMOR", b"IIU\0")
_TIFF_STARTS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_AVIF_BRANDS = {b"avif", b"avis"}
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"}

_FIRST_BYTES = 64


def kind_of(path: Path) -> str:
    """Tell what reads a file: ``"tiff"``, ``"raw"``, ``"heif"``, ``"avif"`` or ``"photo"``.

    Raises
    ------
    OSError
        Where it cannot be read.
    """
    with path.open("rb") as file:
        first = file.read(_FIRST_BYTES)
    if path.suffix.lower() in RAW_SUFFIXES or first.startswith(_RAW_STARTS):
        return "raw"
    if first[:4] in _TIFF_STARTS:
        # Canon's are TIFFs that say so.
        return "raw" if first[8:10] == b"CR" else "tiff"
    if first[6:14] == b"HEAPCCDR":
        return "raw"
    return _kind_of_media(first) if first[4:8] == b"ftyp" else "photo"


def is_zarr(folder: Path) -> bool:
    """Whether a folder is a zarr, by its name or by what is in it."""
    markers = ("zarr.json", ".zarray", ".zgroup")
    return folder.suffix.lower() == ".zarr" or any((folder / name).exists() for name in markers)


def _kind_of_media(first: bytes) -> str:
    end = min(int.from_bytes(first[:4], "big"), len(first))
    brands = {first[8:12], *(first[at : at + 4] for at in range(16, end - 3, 4))}
    if b"crx " in brands:
        return "raw"
    if brands & _AVIF_BRANDS:
        return "avif"
    return "heif" if brands & {*_HEIF_BRANDS, b"mif1", b"msf1"} else "photo"
