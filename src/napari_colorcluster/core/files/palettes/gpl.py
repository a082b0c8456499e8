"""Palettes of GIMP, Inkscape, Krita and Aseprite: one line of text per color."""

from __future__ import annotations

import re

from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.files.palettes.entries import CHANNELS, palette_from_entries
from napari_colorcluster.core.files.palettes.file_format import PaletteFormat
from napari_colorcluster.core.files.palettes.text import decode_text, one_line, split_lines
from napari_colorcluster.core.pixels.pixel_size import PixelSize

_FIRST_LINE = "GIMP Palette"
_HEADER = re.compile(r"\s*(Name|Columns|Channels)\s*:\s*(.*)", re.IGNORECASE)
_UNNAMED = "Untitled"


def parse(data: bytes) -> Palette:
    """Read one color per line: three integers in 0..255, and perhaps a name.

    Lines that begin with ``#`` are comments. The name "Untitled" is ignored: GIMP gives it to
    unnamed colors. So is a fourth integer, the opacity that Aseprite writes when its header has
    announced it.

    References
    ----------
    GIMP developers, "GIMP Palette Format Version 2", https://developer.gimp.org/core/standards/gpl

    Aseprite, "GIMP Palette File Format Extension" (docs/gpl-palette-extension.md).
    """
    first, *lines = split_lines(decode_text(data))
    if not _is_first_line(first):
        raise ValueError(f"line 1 must be {_FIRST_LINE!r}, got {one_line(first)[:40]!r}.")
    n_channels = 3
    entries = []
    for number, line in enumerate(lines, start=2):
        header = None if entries else _HEADER.fullmatch(line)
        if header:
            if header[1].lower() == "channels" and header[2].strip().upper() == "RGBA":
                n_channels = 4
        elif line.strip() and not line.lstrip().startswith("#"):
            entries.append(_entry(f"line {number}", line, n_channels))
    return palette_from_entries(entries)


def render(palette: Palette, title: str, pixel_size: PixelSize | None = None) -> bytes:
    """Write the colors and their names, in the order of the palette."""
    lines = [_FIRST_LINE, f"Name: {one_line(title)}", "Columns: 0", "#"]
    for (red, green, blue), name in zip(palette.colors.tolist(), palette.names, strict=True):
        lines.append(f"{red:3d} {green:3d} {blue:3d}\t{one_line(name)}".rstrip())
    return ("\n".join(lines) + "\n").encode()


def recognizes(head: bytes) -> bool:
    """Whether the first line is the one that all such files have."""
    return _is_first_line(split_lines(decode_text(head))[0])


def _is_first_line(line: str) -> bool:
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


FORMAT = PaletteFormat(".gpl", recognizes, parse, render)
