"""Tables that say something of images: CSV files with a column ``image``, as programs save them."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from napari_colorcluster.core.support.reading_files import in_a_sentence
from napari_colorcluster.study.inputs.naming import printable

_DELIMITERS = ",;\t"

_UTF_16 = codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE
"""How tables begin that spreadsheets save as "Unicode text"."""

_SEPARATOR = "sep="
"""What a line above the head begins with that tells spreadsheets the delimiter."""


@dataclass(frozen=True)
class ImageTable:
    """A table with a row for each image.

    Attributes
    ----------
    columns : tuple of str
        Their names; none is empty or there twice.
    rows : tuple of dict
        A text for each column; empty where the row is too short.
    """

    columns: tuple[str, ...]
    rows: tuple[dict[str, str], ...]


def read_image_table(path: Path) -> ImageTable:
    """Read a table of images.

    Parameters
    ----------
    path : pathlib.Path
        A text file in UTF-8, or in UTF-16 that begins with its mark, with a column ``image``,
        separated by commas, semicolons or tabs.

    Raises
    ------
    ValueError
        Where the file is no such table.
    OSError
        Where it cannot be read.
    """
    with in_a_sentence(path):
        content = path.read_bytes()
    try:
        text = content.decode("utf-16" if content.startswith(_UTF_16) else "utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(
            f"{printable(path)} is no table in UTF-8: save it as CSV in UTF-8."
        ) from None
    lines = text.splitlines(keepends=True)
    if lines and lines[0].lower().startswith(_SEPARATOR):
        del lines[0]
    head = lines[0] if lines else ""
    delimiter = max(_DELIMITERS, key=head.count)
    try:
        first, *others = list(csv.reader(lines, delimiter=delimiter)) or [[]]
    except csv.Error as error:
        raise ValueError(f"{printable(path)} cannot be read as CSV: {error}.") from None
    columns = [column.strip() for column in first]
    named = tuple(filter(None, columns))
    if "image" not in named or len(set(named)) < len(named):
        raise ValueError(
            f"{printable(path)} must be a CSV file with a column named image, and each column "
            f"named once, got {', '.join(map(repr, map(printable, columns))) or 'nothing'}."
        )
    rows = (dict(_cells(columns, row)) for row in others if any(row))
    return ImageTable(named, tuple(rows))


def _cells(columns: list[str], row: list[str]) -> Iterator[tuple[str, str]]:
    for at, column in enumerate(columns):
        if column:
            yield column, row[at] if at < len(row) else ""
