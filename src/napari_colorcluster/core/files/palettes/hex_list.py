"""A plain list of colors: six hex digits a line, as Lospec and many editors exchange them."""

from __future__ import annotations

import re

from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.files.palettes.entries import palette_from_entries
from napari_colorcluster.core.files.palettes.file_format import PaletteFormat
from napari_colorcluster.core.files.palettes.text import decode_text, one_line, split_lines
from napari_colorcluster.core.pixels.pixel_size import PixelSize

_COLOR = re.compile(r"\s*#?([0-9a-f]{6}|[0-9a-f]{3})\s*", re.IGNORECASE)


def parse(data: bytes) -> Palette:
    """Read one color per line, with or without ``#``; blank lines are ignored."""
    entries = []
    for number, line in enumerate(split_lines(decode_text(data)), start=1):
        if not line.strip():
            continue
        if not (color := _COLOR.fullmatch(line)):
            raise ValueError(
                f"line {number} must be a color as rrggbb, got {one_line(line)[:40]!r}."
            )
        entries.append((f"line {number}", {"hex": color[1]}))
    return palette_from_entries(entries)


def render(palette: Palette, title: str, pixel_size: PixelSize | None = None) -> bytes:
    """Write the colors alone, in the order of the palette, without ``#``."""
    return "".join(f"{color.removeprefix('#')}\n" for color in palette.hex).encode()


def recognizes(head: bytes) -> bool:
    """Whether the first line is a color."""
    return bool(_COLOR.fullmatch(split_lines(decode_text(head))[0]))


FORMAT = PaletteFormat(".hex", recognizes, parse, render)
