"""Palettes as GIMP, Inkscape, Krita and Aseprite keep them: lines of text."""

from __future__ import annotations

import re

from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.files.palettes.entries import CHANNELS, palette_of
from napari_colorcluster.core.files.palettes.file_format import PaletteFormat
from napari_colorcluster.core.files.palettes.text import decode_text, lines_of, one_line
from napari_colorcluster.core.pixels.pixel_size import PixelSize

_FIRST_LINE = "GIMP Palette"
_HEADER = re.compile(r"\s*(Name|Columns|Channels)\s*:\s*(.*)", re.IGNORECASE)
_UNNAMED = "Untitled"


def parse(data: bytes) -> Palette:
    """Read the colors, one a line: three integers in 0..255, and a name if there is one.

    Lines that begin with ``#`` are comments. A name "Untitled" is none: GIMP gives it to colors
    that have no name. A fourth integer, the opacity that Aseprite writes where it has said so in
    the header, is ignored.

    References
    ----------
    GIMP developers, "GIMP Palette Format Version 2", https://developer.gimp.org/core/standards/gpl

    Aseprite, "GIMP Palette File Format Extension" (docs/gpl-palette-extension.md).
    """
    first, *lines = lines_of(decode_text(data))
    if not _is_first(first):
        raise ValueError(f"line 1 must be {_FIRST_LINE!r}, got {one_line(first)[:40]!r}.")
    n_channels = 3
    entries = []
    for number, line in enumerate(lines, start=2):
        said = None if entries else _HEADER.fullmatch(line)
        if said:
            if said[1].lower() == "channels" and said[2].strip().upper() == "RGBA":
                n_channels = 4
        elif line.strip() and not line.lstrip().startswith("#"):
            entries.append(_entry(f"line {number}", line, n_channels))
    return palette_of(entries)


def render(palette: Palette, title: str, pixel_size: PixelSize | None = None) -> bytes:
    """Write the colors in the order of the palette; of the rest there is room for names only."""
    lines = [_FIRST_LINE, f"Name: {one_line(title)}", "Columns: 0", "#"]
    for (red, green, blue), name in zip(palette.colors.tolist(), palette.names, strict=True):
        lines.append(f"{red:3d} {green:3d} {blue:3d}\t{one_line(name)}".rstrip())
    return ("\n".join(lines) + "\n").encode()


def claims(head: bytes) -> bool:
    """Whether the first line is the one that all such files have."""
    return _is_first(lines_of(decode_text(head))[0])


def _is_first(line: str) -> bool:
    return line.strip().lower() == _FIRST_LINE.lower()


def _entry(where: str, line: str, n_channels: int) -> tuple[str, dict[str, str]]:
    values = line.split(maxsplit=n_channels)
    if len(values) < n_channels:
        raise ValueError(
            f"{where} needs {n_channels} integers in 0..255, got {one_line(line)[:40]!r}."
        )
    entry = dict(zip(CHANNELS, values, strict=False))
    name = values[n_channels].strip() if len(values) > n_channels else ""
    return where, {**entry, "name": "" if name == _UNNAMED else name}


FORMAT = PaletteFormat(".gpl", claims, parse, render)
