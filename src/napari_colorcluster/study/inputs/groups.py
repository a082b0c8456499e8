"""What each image of a study belongs to: its folder, a part of its name, or what a table says."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from napari_colorcluster.core.studies.name_pattern import NamePattern
from napari_colorcluster.study.inputs.naming import printable
from napari_colorcluster.study.inputs.sources import Source
from napari_colorcluster.study.outputs.shares_table import OWN_COLUMNS

BY_FOLDER = "folder"
"""What to say for groups by folder."""

_DELIMITERS = ",;\t"

Groups = dict[str, dict[str, str]]
"""A value for each column, by the name of the image."""


def find_groups(groups: str | os.PathLike[str] | None, sources: Sequence[Source]) -> Groups:
    """Tell what each image belongs to.

    Parameters
    ----------
    groups : "folder", pattern, path-like or None
        ``"folder"`` for a column ``group`` with the folder that the image is in, below the one that
        was given; a pattern for the name of its file without the suffix, with the group in
        parentheses, such as ``"(*)_*"`` (see `NamePattern`); or a CSV file with a column ``image``
        and others, separated by commas, semicolons or tabs.
    sources : sequence of Source
        The images. The file may call them by their name in the results, their path as it was given
        or within the folder, or the name of the file, with its suffix or without.

    Returns
    -------
    dict of str to dict
        By the name of the image; nothing of those that the file does not know or the pattern does
        not fit.

    Raises
    ------
    ValueError
        Where the file is no such table, or an image or a row of it could be several; or where the
        pattern fits no name.
    OSError
        Where it cannot be read.
    """
    if groups is None:
        return {}
    if groups == BY_FOLDER:
        return {source.name: {"group": _folder_of(source)} for source in sources}
    if _is_pattern(groups):
        return _by_pattern(NamePattern(str(groups)), sources)
    rows = read_groups(Path(groups))
    columns = next(iter(rows.values()), {})
    if taken := [column for column in columns if column in OWN_COLUMNS]:
        raise ValueError(f"{printable(groups)} has a column {taken[0]}, as the results: rename it.")
    return _joined(rows, sources, Path(groups))


def _is_pattern(groups: str | os.PathLike[str]) -> bool:
    text = str(groups)
    # Names of files may have parentheses, but hardly more of a pattern than these.
    return "(" in text and any(each in text for each in "*?[") and not os.path.lexists(text)


def _by_pattern(pattern: NamePattern, sources: Sequence[Source]) -> Groups:
    found = {source.name: pattern.group_of(source.path.stem) for source in sources}
    groups = {name: {"group": group} for name, group in found.items() if group}
    if sources and not groups:
        raise ValueError(
            f"The pattern of groups {printable(pattern.text)} fits no name, such as "
            f"{printable(sources[0].path.stem)}."
        )
    return groups


def _folder_of(source: Source) -> str:
    return source.folder or Path(os.path.abspath(source.path)).parent.name


def read_groups(path: Path) -> Groups:
    """Read a table of what images belong to.

    Parameters
    ----------
    path : pathlib.Path
        A CSV file with a column ``image`` and others, separated by commas, semicolons or tabs.

    Returns
    -------
    dict of str to dict
        A value for each of the other columns, by what the table calls the image.

    Raises
    ------
    ValueError
        Where the file is no such table, or has an image twice.
    OSError
        Where it cannot be read.
    """
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(f"{printable(path)} must be a table in UTF-8.") from None
    head = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=head.count)
    rows = list(csv.DictReader(text.splitlines(keepends=True), delimiter=delimiter))
    columns = [column.strip() for column in next(csv.reader([head], delimiter=delimiter), [])]
    if "image" not in columns or len(columns) < 2 or len(set(columns)) < len(columns):
        raise ValueError(
            f"{printable(path)} must have a column named image and others, each named once, got "
            f"{', '.join(map(repr, columns)) or 'nothing'}."
        )
    found: Groups = {}
    for row in rows:
        values = {(name or "").strip(): value or "" for name, value in row.items() if name}
        image = values.pop("image").strip()
        if image in found:
            raise ValueError(f"{printable(path)} has two rows of image {printable(image)}.")
        found[image] = values
    return found


def _joined(rows: Mapping[str, dict[str, str]], sources: Sequence[Source], path: Path) -> Groups:
    groups: Groups = {}
    called: dict[str, str] = {}
    for source in sources:
        row = next((name for name in _names_of(source) if name in rows), None)
        if row is None:
            continue
        if row in called:
            raise ValueError(
                f"{printable(path)} says {printable(row)}, which is both {printable(called[row])} "
                f"and {printable(source.name)}: name the folder as well."
            )
        called[row] = source.name
        groups[source.name] = rows[row]
    return groups


def _names_of(source: Source) -> Iterator[str]:
    """What a table may call an image, the most exact first."""
    yield source.name
    yield str(source.path)
    if source.folder:
        yield f"{source.folder}/{source.path.name}"
    yield source.path.name
    yield source.path.stem
