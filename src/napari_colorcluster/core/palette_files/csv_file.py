"""Palettes as tables: what `Palette.to_dataframe` shows, as spreadsheets write and read it."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

from napari_colorcluster.core.palette import Palette
from napari_colorcluster.core.palette_files.entries import CHANNELS, palette_of
from napari_colorcluster.core.palette_files.file_format import PaletteFormat
from napari_colorcluster.core.palette_files.text import decode_text, one_line
from napari_colorcluster.core.pixel_size import PixelSize

_COLUMNS = ("index", "name", "hex", *CHANNELS, "pixels")
_OTHER_TITLES = {
    "label": "index",
    "color": "hex",
    **dict(zip("rgb", CHANNELS, strict=True)),
    "count": "pixels",
}
_SEPARATORS = ",;\t"


def parse(data: bytes) -> Palette:
    """Read a table with a color a row.

    Its first line has the titles of the columns, in any order and in capitals or not: ``hex``, or
    ``red``, ``green`` and ``blue``; and if they are there ``index``, ``name`` and ``pixels``. Any
    other column is ignored. Commas, semicolons or tabs stand between the values.
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
    return entries


def _titles(row: list[str]) -> list[str]:
    titles = [title.strip().lower() for title in row]
    return [_OTHER_TITLES.get(title, title) for title in titles]


def _gives_a_color(titles: list[str]) -> bool:
    return "hex" in titles or set(CHANNELS) <= set(titles)


def _rows(text: str) -> Any:
    """The rows; what stands between the values is what the first line has most of."""
    first = re.match("[^\r\n]*", text.lstrip("\r\n"))[0]
    separator = max(_SEPARATORS, key=first.count)
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)


def _says_nothing(row: list[str]) -> bool:
    """Whether a row is blank, or the one that tells Excel the separator."""
    return not any(value.strip() for value in row) or (row[0] == "sep=" and not any(row[1:]))


FORMAT = PaletteFormat(".csv", claims, parse, render)
