"""Palettes as tables, with the columns of `Palette.to_dataframe`, as spreadsheets exchange them."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.files.palettes.entries import CHANNELS, palette_from_entries
from napari_colorcluster.core.files.palettes.file_format import PaletteFormat
from napari_colorcluster.core.files.palettes.text import decode_text, one_line, split_lines
from napari_colorcluster.core.pixels.pixel_size import PixelSize

_HEX = re.compile(r"\s*#?([0-9a-f]{3}|[0-9a-f]{6})\s*", re.IGNORECASE)
_INDEX = re.compile(r"\s*[0-9]+(\.0*)?\s*")
_COLUMNS = ("index", "name", "hex", *CHANNELS, "pixels")
_SYNONYMS = {**dict(zip("rgb", CHANNELS, strict=True)), "count": "pixels"}
_AMBIGUOUS = {"label": ("index", _INDEX), "color": ("hex", _HEX)}
"""Columns that hold names, unless all their values match the pattern of the other meaning."""
_SEPARATORS = ",;\t"


def parse(data: bytes) -> Palette:
    """Read a table with one color per row.

    The first line names the columns, in any order and case: ``hex``, or ``red``, ``green`` and
    ``blue``; optionally ``index``, ``name`` and ``pixels``. Other columns are ignored. ``label``
    may mean an index or a name, ``color`` may mean hex or a name. Values are separated by commas,
    semicolons or tabs. Lines that begin with ``#`` are comments, unless a color follows.
    """
    rows = _rows(decode_text(data))
    try:
        return palette_from_entries(_entries(rows))
    except csv.Error as error:
        raise ValueError(f"line {rows.line_num} is not a table row ({error}).") from None


def render(palette: Palette, title: str, pixel_size: PixelSize | None = None) -> bytes:
    """Write `Palette.to_dataframe`, separated by commas; `title` is ignored."""
    table = palette.to_dataframe(pixel_size)
    # Older Pythons do not quote a line break other than the table's own.
    table["name"] = [one_line(name) for name in palette.names]
    return table.to_csv(index=False, lineterminator="\n").encode()


def recognizes(head: bytes) -> bool:
    """Whether the first line names the columns that a color needs."""
    rows = (row for row in _rows(decode_text(head)) if not _is_skipped(row))
    return _have_color(_columns(next(rows, [])))


def _entries(rows: Any) -> list[tuple[str, dict[str, str]]]:
    columns: list[str] = []
    entries = []
    for row in rows:
        where = f"line {rows.line_num}"
        if _is_skipped(row):
            continue
        if not columns:
            columns = _columns(row)
            if not _have_color(columns):
                raise ValueError(
                    f"{where} must name a column hex, or the columns red, green and blue, got "
                    f"{one_line(', '.join(columns))[:60]!r}."
                )
            duplicate = next((name for name in _COLUMNS if columns.count(name) > 1), None)
            if duplicate is not None:
                raise ValueError(f"{where} has two columns named {duplicate}.")
            continue
        # Decimal commas may split the values of a last column that is ignored.
        if len(row) > len(columns) and columns[-1] in _COLUMNS and any(row[len(columns) :]):
            raise ValueError(f"{where} has {len(row)} values for {len(columns)} columns.")
        entries.append((where, dict(zip(columns, row, strict=False))))
    return _resolve_ambiguous(columns, entries)


def _resolve_ambiguous(
    columns: list[str], entries: list[tuple[str, dict[str, str]]]
) -> list[tuple[str, dict[str, str]]]:
    """Give the columns of `_AMBIGUOUS` a meaning that no other column has."""
    taken = set(columns)
    for column, (other, pattern) in _AMBIGUOUS.items():
        if column not in taken:
            continue
        fits = all(pattern.fullmatch(row.get(column, "")) for _, row in entries)
        # If this is the only column of colors, a value that is not hex is an error, not a name.
        is_needed = other == "hex" and not _have_color([*taken - {column}])
        meaning = other if (fits or is_needed) and other not in taken else "name"
        if meaning not in taken:
            taken.add(meaning)
            entries = [(where, {**row, meaning: row.get(column, "")}) for where, row in entries]
    return entries


def _columns(row: list[str]) -> list[str]:
    names = [name.strip().lower() for name in row]
    synonyms = {name: synonym for name, synonym in _SYNONYMS.items() if synonym not in names}
    return [synonyms.get(name, name) for name in names]


def _have_color(columns: list[str]) -> bool:
    return not {"hex", "color"}.isdisjoint(columns) or set(CHANNELS) <= set(columns)


def _rows(text: str) -> Any:
    """The rows, split at the separator that is most frequent in the first line."""
    lines = (line for line in split_lines(text) if line.strip() and line.strip()[0] != "#")
    first = next(lines, "")
    separator = max(_SEPARATORS, key=first.count)
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)


def _is_skipped(row: list[str]) -> bool:
    """Whether a row is blank, a comment, or the one that gives Excel the separator."""
    if not any(value.strip() for value in row) or (row[0] == "sep=" and not any(row[1:])):
        return True
    # A hash followed by hex digits alone is a color, even if a malformed one.
    return bool(re.match(r"\s*#(?![0-9a-f]+\s*$)", row[0], re.IGNORECASE))


FORMAT = PaletteFormat(".csv", recognizes, parse, render)
