"""Palettes as files: one module a format, and one line here."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from napari_colorcluster.core.clustering.clustering import ColorClustering
from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.files.palettes import ase, csv_file, gpl, json_file
from napari_colorcluster.core.files.palettes.file_format import NoClustering, PaletteFormat
from napari_colorcluster.core.pixels.pixel_size import PixelSize
from napari_colorcluster.core.support.whole_file import whole_file

_FORMATS: tuple[PaletteFormat, ...] = (
    csv_file.FORMAT,
    json_file.FORMAT,
    gpl.FORMAT,
    ase.FORMAT,
)

FORMATS: Mapping[str, PaletteFormat] = MappingProxyType({each.suffix: each for each in _FORMATS})
"""The formats by the suffix of their files."""

_HEAD = 4096


def read(path: str | os.PathLike[str]) -> Palette:
    """Read a palette; what is behind `Palette.read`.

    Parameters
    ----------
    path : path-like
        A file whose suffix is a key of ``FORMATS``, in capitals or not.

    Returns
    -------
    Palette
        Colors without a name are named; those without a count have 0 pixels.

    Raises
    ------
    ValueError
        Where the suffix is unknown or the file is malformed; it says in which line or at which
        byte.
    OSError
        Where the file cannot be read.
    """
    path, form = _with_format(path)
    data = path.read_bytes()
    try:
        return form.parse(data)
    except ValueError as error:
        raise _unreadable(path, error) from None


def read_clustering(path: str | os.PathLike[str]) -> ColorClustering:
    """Read a whole clustering; what is behind `ColorClustering.read`, which tells more.

    Parameters
    ----------
    path : path-like
        A file that `write` made of a clustering.

    Raises
    ------
    ValueError
        Where the file is malformed or gives another clustering here; as `NoClustering` where it
        holds a palette alone.
    """
    path, form = _with_format(path)
    if form.parse_clustering is None:
        raise NoClustering(
            f"A {path.suffix} file such as {path.name!r} holds a palette and no clustering: read "
            "it with Palette.read."
        )
    data = path.read_bytes()
    try:
        return form.parse_clustering(data)
    except ValueError as error:
        raise _unreadable(path, error) from None


def clustering_of_file(path: str | os.PathLike[str]) -> ColorClustering:
    """Read what a palette file can be applied as."""
    try:
        return read_clustering(path)
    except NoClustering:
        return ColorClustering.from_palette(read(path))


def write(
    content: Palette | ColorClustering,
    path: str | os.PathLike[str],
    pixel_size: PixelSize | None = None,
) -> None:
    """Write a palette, or a whole clustering where the format can hold one, whole or not at all.

    Parameters
    ----------
    content : Palette or ColorClustering
        What to write; of a clustering its palette, where the format holds no more.
    path : path-like
        The file, whose suffix is a key of ``FORMATS``; one that is there already is replaced.
    pixel_size : PixelSize, optional
        What a pixel covers, for the formats that have room for areas.

    Raises
    ------
    ValueError
        Where the suffix is unknown.
    OSError
        Where the file cannot be written.
    """
    path, form = _with_format(path)
    if isinstance(content, Palette):
        data = form.render(content, path.stem, pixel_size)
    elif form.render_clustering is None:
        data = form.render(content.palette, path.stem, pixel_size)
    else:
        data = form.render_clustering(content)
    with whole_file(path) as unfinished:
        unfinished.write_bytes(data)


def is_palette(path: str | os.PathLike[str]) -> bool:
    """Whether a file begins as a palette does, malformed further on or not."""
    path = Path(path)
    form = FORMATS.get(path.suffix.lower())
    if form is None or not path.is_file():
        return False
    with path.open("rb") as file:
        return form.claims(file.read(_HEAD))


def _with_format(path: str | os.PathLike[str]) -> tuple[Path, PaletteFormat]:
    path = Path(path)
    form = FORMATS.get(path.suffix.lower())
    if form is None:
        raise ValueError(f"A palette file must end in {', '.join(FORMATS)}, got {path.name!r}.")
    return path, form


def _unreadable(path: Path, error: ValueError) -> ValueError:
    return type(error)(f"Cannot read {path.name!r}: {error}")


__all__ = [
    "FORMATS",
    "NoClustering",
    "PaletteFormat",
    "is_palette",
    "read",
    "read_clustering",
    "write",
]
