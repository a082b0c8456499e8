"""Variables of Sass: ``$light-peach: #f1d9c2;``, a line a color."""

from __future__ import annotations

import re

from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.files.palettes.entries import palette_from_entries
from napari_colorcluster.core.files.palettes.file_format import PaletteFormat
from napari_colorcluster.core.files.palettes.stylesheets import (
    COLOR,
    color_entry,
    identifiers,
    name_in,
    needed_name,
)
from napari_colorcluster.core.files.palettes.text import decode_text, one_line, split_lines
from napari_colorcluster.core.pixels.pixel_size import PixelSize

_LINE = re.compile(
    rf"[ \t]*\$([\w-]+)\s*:\s*({COLOR})\s*(?:!default\s*)?;[ \t]*(?://(.*))?",
    re.IGNORECASE | re.DOTALL | re.ASCII,
)


def parse(data: bytes) -> Palette:
    """Read all variables that are colors, each on a line of its own, as hex or ``rgb(...)``.

    A comment behind one is its name; else it is named after the variable. All else is ignored.
    """
    entries = []
    for number, line in enumerate(split_lines(decode_text(data)), start=1):
        if found := _LINE.match(line):
            identifier, color, comment = found.groups()
            name = name_in(identifier) if comment is None else comment
            entries.append((f"line {number}", {**color_entry(color), "name": name}))
    return palette_from_entries(entries)


def render(palette: Palette, title: str, pixel_size: PixelSize | None = None) -> bytes:
    """Write the colors in the order of the palette; names that are no identifiers as comments."""
    lines = [f"// {one_line(title)}"]
    for identifier, color, name in zip(
        identifiers(palette), palette.hex, palette.names, strict=True
    ):
        name = needed_name(identifier, name)
        lines.append(f"${identifier}: {color};{f' // {name}' if name else ''}")
    return "\n".join([*lines, ""]).encode()


def recognizes(head: bytes) -> bool:
    """Whether a variable that is a color is near the beginning."""
    return any(_LINE.match(line) for line in split_lines(decode_text(head)))


FORMAT = PaletteFormat(".scss", recognizes, parse, render)
