"""What each image of a study belongs to: its folder, a part of its name, or what a table says."""

from __future__ import annotations

import os
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from napari_colorcluster.core.studies.name_pattern import NamePattern
from napari_colorcluster.report.html.image import readable
from napari_colorcluster.study.inputs.image_table import read_image_table
from napari_colorcluster.study.inputs.naming import printable
from napari_colorcluster.study.inputs.sources import Source
from napari_colorcluster.study.outputs.shares_table import OWN_COLUMNS

BY_FOLDER = "folder"
"""What to say for groups by folder."""

Groups = dict[str, dict[str, str]]
"""A value for each column, by the name of the image."""


def find_groups(
    groups: str | os.PathLike[str] | None,
    sources: Sequence[Source],
    on_unused: Callable[[list[str]], None] = lambda rows: None,
) -> Groups:
    """Tell what each image belongs to.

    Parameters
    ----------
    groups : "folder", pattern, path-like or None
        ``"folder"`` for a column ``group`` with the folder that the image is in (see `by_folder`);
        a pattern for the name of its file without the suffix, with the group in parentheses, such
        as ``"(*)_*"`` (see `NamePattern`); or a CSV file with a column ``image`` and others,
        separated by commas, semicolons or tabs.
    sources : sequence of Source
        The images. The file may call them by their name in the results, their path as it was given,
        from the root or within the folder, or the name of the file, with its suffix or without.
    on_unused : callable, optional
        Called with what the file calls images that are none of these, where others are.

    Returns
    -------
    dict of str to dict
        By the name of the image; nothing of those that the file does not know or the pattern does
        not fit.

    Raises
    ------
    ValueError
        Where the file is no such table, an image or a row of it could be several, or it knows none
        of the images; or where the pattern fits no name.
    OSError
        Where it cannot be read.
    """
    if groups is None:
        return {}
    if groups == BY_FOLDER:
        return by_folder(sources)
    if _is_pattern(groups):
        return _by_pattern(NamePattern(str(groups)), sources)
    rows = read_groups(Path(groups))
    columns = next(iter(rows.values()), {})
    if taken := [column for column in columns if column in OWN_COLUMNS]:
        raise ValueError(f"{printable(groups)} has a column {taken[0]}, as the results: rename it.")
    found, unused = _joined(rows, sources, Path(groups))
    if unused:
        on_unused(unused)
    return found


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


def by_folder(sources: Sequence[Source]) -> Groups:
    """Take the sub-folder of each image for its group, or the folder that was given.

    Parameters
    ----------
    sources : sequence of Source
        The images.

    Returns
    -------
    dict of str to dict
        A value for the column ``group``, by the name of the image; with the folders above where two
        folders are called alike.
    """
    folders = {source.name: Path(os.path.abspath(source.path)).parent for source in sources}
    called = {
        folder: source.folder or folder.name
        for source, folder in zip(sources, folders.values(), strict=True)
    }
    alike = Counter(called.values())
    while shared := [folder for folder, name in called.items() if alike[name] > 1]:
        for folder in shared:
            called[folder] = "/".join(folder.parts[-called[folder].count("/") - 2 :])
        alike = Counter(called.values())
    return {name: {"group": called[folder]} for name, folder in folders.items()}


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
    table = read_image_table(path)
    if len(table.columns) < 2:
        raise ValueError(
            f"{printable(path)} must have a column beside image, which says what the images belong "
            "to."
        )
    found: Groups = {}
    for row in table.rows:
        values = {column: row[column] for column in table.columns if column != "image"}
        image = row["image"].strip()
        if image in found:
            raise ValueError(f"{printable(path)} has two rows of image {printable(image)}.")
        found[image] = values
    return found


def _joined(
    rows: Mapping[str, dict[str, str]], sources: Sequence[Source], path: Path
) -> tuple[Groups, list[str]]:
    """The values for each image, and the rows that are of none."""
    groups: Groups = {}
    called: dict[str, str] = {}
    # Letter by letter first: two images may differ in how an accent is coded alone.
    for write in (_as_text, as_written):
        open_rows = {write(row): row for row in rows if row not in called}
        for source in (source for source in sources if source.name not in groups):
            written = map(write, _names_of(source))
            row = next((open_rows[name] for name in written if name in open_rows), None)
            if row is None:
                continue
            if row in called:
                raise ValueError(
                    f"{printable(path)} says {printable(row)}, which is both "
                    f"{printable(called[row])} and {printable(source.name)}: name the folder as "
                    "well."
                )
            called[row] = source.name
            groups[source.name] = rows[row]
    if sources and not groups:
        raise ValueError(
            f"{printable(path)} tells the group of none of the images, such as "
            f"{printable(sources[0].name)}: its column image needs their names."
        )
    return groups, [row for row in rows if row not in called]


def _names_of(source: Source) -> tuple[str, ...]:
    """What a table may call an image, the most exact first."""
    path = source.path
    inside = f"{source.folder}/{path.name}" if source.folder else path.name
    return source.name, str(path), os.path.abspath(path), inside, path.name, path.stem


def _as_text(name: str) -> str:
    """A name as tables can hold it: bytes that are no text escaped, no spaces around it."""
    return readable(name).strip()


def as_written(name: str) -> str:
    """A name with its accents coded in one way: file systems and who writes tables differ."""
    return unicodedata.normalize("NFC", _as_text(name))
