"""Custom properties of CSS: ``--light-peach: #f1d9c2;``, for web pages; Tailwind's theme, too."""

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
from napari_colorcluster.core.files.palettes.text import decode_text, one_line
from napari_colorcluster.core.pixels.pixel_size import PixelSize

_TAILWIND = "color-"
"""Tailwind 4 makes classes of the properties of ``@theme`` whose names begin like this."""

_COMMENT = r"/\*(.*?)\*/"
# A comment of its own is a match as well, so that none is looked for in it.
_PARTS = re.compile(
    rf"--([\w-]+)\s*:((?:[^;{{}}/]|/(?!\*))*)(?:/\*(?:(?!\*/).)*\*/\s*)?(?:;|(?=\}}))"
    rf"[ \t]*(?:{_COMMENT})?|{_COMMENT}",
    re.DOTALL | re.ASCII,
)


def parse(data: bytes) -> Palette:
    """Read all custom properties that are colors, as `color_entry` takes them.

    A comment behind one is its name; else it is named after the property, without Tailwind's
    ``color-``. All else is ignored.
    """
    text = decode_text(data)
    entries = []
    for part in _PARTS.finditer(text):
        identifier, color, comment, _ = part.groups()
        if identifier is None or not is_color(color):
            continue
        where = f"line {text.count(chr(10), 0, part.start()) + 1}"
        name = name_in(identifier.removeprefix(_TAILWIND))
        if comment is not None:
            name = re.sub(r"\\(.)", r"\1", comment, flags=re.DOTALL)
        entries.append((where, {**color_entry(where, color), "name": name}))
    return palette_from_entries(entries)


def recognizes(head: bytes) -> bool:
    """Whether a custom property that is a color is near the beginning."""
    return any(part[1] and is_color(part[2]) for part in _PARTS.finditer(decode_text(head)))


def render(palette: Palette, title: str, pixel_size: PixelSize | None = None) -> bytes:
    """Write the colors in the order of the palette; names that are no identifiers as comments."""
    return _rule(":root", "", palette, title)


def render_theme(palette: Palette, title: str, pixel_size: PixelSize | None = None) -> bytes:
    """Write the same as a theme of Tailwind 4."""
    return _rule("@theme", _TAILWIND, palette, title)


def _rule(selector: str, prefix: str, palette: Palette, title: str) -> bytes:
    lines = [f"/*{_in_comment(one_line(title))}*/", f"{selector} {{"]
    for identifier, color, name in zip(
        identifiers(palette), palette.hex, palette.names, strict=True
    ):
        name = needed_name(identifier, name)
        comment = f" /*{_in_comment(name)}*/" if name else ""
        lines.append(f"  --{prefix}{identifier}: {color};{comment}")
    return "\n".join([*lines, "}", ""]).encode()


def _in_comment(text: str) -> str:
    """Keep a text from ending the comment that it is in."""
    text = text.replace("\\", "\\\\").replace("*/", "*\\/")
    return f" {text} "


FORMAT = PaletteFormat(".css", recognizes, parse, render)
