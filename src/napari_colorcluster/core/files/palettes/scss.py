"""Variables of Sass: ``$light-peach: #f1d9c2;``, a line a color."""

from __future__ import annotations

import re

from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.files.palettes.entries import palette_from_entries
from napari_colorcluster.core.files.palettes.file_format import PaletteFormat
from napari_colorcluster.core.files.palettes.stylesheets import (
    color_entry,
    identifiers,
    is_color,
    name_in,
    needed_name,
)
from napari_colorcluster.core.files.palettes.text import decode_text, one_line, split_lines
from napari_colorcluster.core.pixels.pixel_size import PixelSize

_LINE = re.compile(
    r"[ \t]*\$([\w-]+)\s*:\s*([^;]*?)(?:!(?:default|global)\s*)*;[ \t]*(?://(.*))?",
    re.DOTALL | re.ASCII,
)


def parse(data: bytes) -> Palette:
    """Read all variables that are colors, each on a line of its own, as `color_entry` takes them.

    A comment behind one is its name; else it is named after the variable. All else is ignored.
    """
    entries = []
    for number, line in enumerate(split_lines(decode_text(data)), start=1):
        if (found := _LINE.match(line)) and is_color(found[2]):
            identifier, color, comment = found.groups()
            name = name_in(identifier) if comment is None else comment
            where = f"line {number}"
            entries.append((where, {**color_entry(where, color), "name": name}))
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
    return any(
        (found := _LINE.match(line)) and is_color(found[2])
        for line in split_lines(decode_text(head))
    )


FORMAT = PaletteFormat(".scss", recognizes, parse, render)
