"""Palettes as tables: what `Palette.to_dataframe` shows, as spreadsheets write and read it."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.files.palettes.entries import CHANNELS, palette_of
from napari_colorcluster.core.files.palettes.file_format import PaletteFormat
from napari_colorcluster.core.files.palettes.text import decode_text, lines_of, one_line
from napari_colorcluster.core.pixels.pixel_size import PixelSize

_HEX = re.compile(r"\s*#?([0-9a-f]{3}|[0-9a-f]{6})\s*", re.IGNORECASE)
_INDEX = re.compile(r"\s*[0-9]+(\.0*)?\s*")
_COLUMNS = ("index", "name", "hex", *CHANNELS, "pixels")
_OTHER_TITLES = {**dict(zip("rgb", CHANNELS, strict=True)), "count": "pixels"}
_WORDS = {"label": ("index", _INDEX), "color": ("hex", _HEX)}
"""Titles of what may be a name as well, unless all values of the column look like the other."""
_SEPARATORS = ",;\t"


def parse(data: bytes) -> Palette:
    """Read a table with a color a row.

    Its first line has the titles of the columns, in any order and in capitals or not: ``hex``, or
    ``red``, ``green`` and ``blue``; and if they are there ``index``, ``name`` and ``pixels``. Any
    other column is ignored. Commas, semicolons or tabs stand between the values. Lines that begin
    with ``#`` are comments, unless that begins a color. ``label`` may stand for an index or a name,
    ``color`` for hex or a name.
    """
    rows = _rows(decode_text(data))
    try:
        return palette_of(_entries(rows))
    except csv.Error as error:
        raise ValueError(f"line {rows.line_num} is no row of a table ({error}).") from None


def render(palette: Palette, title: str, pixel_size: PixelSize | None = None) -> bytes:
    """Write the palette as `Palette.to_dataframe` shows it, with commas; `title` is left out."""
    table = palette.to_dataframe(pixel_size)
    # Older Pythons leave a line end within a value unquoted where it is not that of the table.
    table["name"] = [one_line(name) for name in palette.names]
    return table.to_csv(index=False, lineterminator="\n").encode()


def claims(head: bytes) -> bool:
    """Whether the first line has the titles that a color needs."""
    rows = (row for row in _rows(decode_text(head)) if not _says_nothing(row))
    return _gives_a_color(_titles(next(rows, [])))


def _entries(rows: Any) -> list[tuple[str, dict[str, str]]]:
    titles: list[str] = []
    entries = []
    for row in rows:
        where = f"line {rows.line_num}"
        if _says_nothing(row):
            continue
        if not titles:
            titles = _titles(row)
            if not _gives_a_color(titles):
                raise ValueError(
                    f"{where} needs the titles hex, or red, green and blue, among those of its "
                    f"columns, got {one_line(', '.join(titles))[:60]!r}."
                )
            twice = next((each for each in _COLUMNS if titles.count(each) > 1), None)
            if twice is not None:
                raise ValueError(f"{where} has two columns with the title {twice}.")
            continue
        if len(row) > len(titles) and titles[-1] in _COLUMNS and any(row[len(titles) :]):
            raise ValueError(f"{where} has {len(row)} values for {len(titles)} columns.")
        entries.append((where, dict(zip(titles, row, strict=False))))
    return _with_words(titles, entries)


def _with_words(
    titles: list[str], entries: list[tuple[str, dict[str, str]]]
) -> list[tuple[str, dict[str, str]]]:
    """Take the columns of `_WORDS` for what they are, where no other column is that already."""
    taken = set(titles)
    for title, (meaning, pattern) in _WORDS.items():
        if title not in taken:
            continue
        fits = all(pattern.fullmatch(row.get(title, "")) for _, row in entries)
        # Where nothing else gives the color, what is no hex is told to be wrong.
        is_needed = meaning == "hex" and not _gives_a_color([*taken - {title}])
        wanted = meaning if (fits or is_needed) and meaning not in taken else "name"
        if wanted not in taken:
            taken.add(wanted)
            entries = [(where, {**row, wanted: row.get(title, "")}) for where, row in entries]
    return entries


def _titles(row: list[str]) -> list[str]:
    titles = [title.strip().lower() for title in row]
    others = {title: other for title, other in _OTHER_TITLES.items() if other not in titles}
    return [others.get(title, title) for title in titles]


def _gives_a_color(titles: list[str]) -> bool:
    return not {"hex", "color"}.isdisjoint(titles) or set(CHANNELS) <= set(titles)


def _rows(text: str) -> Any:
    """The rows; what stands between the values is what the first line has most of."""
    lines = (line for line in lines_of(text) if line.strip() and line.strip()[0] != "#")
    first = next(lines, "")
    separator = max(_SEPARATORS, key=first.count)
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)


def _says_nothing(row: list[str]) -> bool:
    """Whether a row is blank, a comment, or the one that tells Excel the separator."""
    if not any(value.strip() for value in row) or (row[0] == "sep=" and not any(row[1:])):
        return True
    # A hash with digits alone was meant as a color, be it a wrong one.
    return bool(re.match(r"\s*#(?![0-9a-f]+\s*$)", row[0], re.IGNORECASE))


FORMAT = PaletteFormat(".csv", claims, parse, render)
