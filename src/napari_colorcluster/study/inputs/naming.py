"""Names of images in results: made of their paths alone, and told apart in files and in print."""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePath

MOST_BYTES = 225
"""The longest last part of a name: file systems take 255 bytes, and results have suffixes."""

_N_DIGITS = 8


def unique_names(paths: Sequence[Path], folders: Sequence[str]) -> list[str]:
    """Name images by their paths, so that no two names are alike.

    Parameters
    ----------
    paths : sequence of pathlib.Path
        The images, each once.
    folders : sequence of str
        The sub-folder in which each was found, ``""`` where it was named or lies in a folder that
        was.

    Returns
    -------
    list of str
        For each, the first of these that no other image has: sub-folder and stem; these with the
        file's suffix; the same behind the folder above, and the one above that, and so on. Names
        that differ only in case, or in how an accent is coded, are alike, as on some file systems.
        They do not depend on the order of the images.
    """
    names: list[str | None] = [None] * len(paths)
    candidates = [_candidates(*each) for each in zip(paths, folders, strict=True)]
    taken: set[str] = set()
    while open_ones := [index for index, name in enumerate(names) if name is None]:
        wanted = {index: next(candidates[index]) for index in open_ones}
        how_often = Counter(map(_as_seen, wanted.values()))
        found = {
            index: name
            for index, name in wanted.items()
            if how_often[_as_seen(name)] == 1 and _as_seen(name) not in taken
        }
        # A name that several want is nobody's: it would depend on who is named next.
        taken.update(how_often)
        for index, name in found.items():
            names[index] = name
    return [name for name in names if name is not None]


def printable(text: object) -> str:
    """A name or a path on one line, whatever is in it: what cannot be printed is escaped."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in str(text)
    )


def _candidates(path: Path, folder: str) -> Iterator[str]:
    """The names of an image, from the shortest on; the last ones are its own for certain."""
    absolute = Path(os.path.abspath(path))
    above = list(absolute.parent.parts[1:])
    parts = list(PurePath(folder).parts)
    above = above[: len(above) - len(parts)]
    for n_above in range(len(above) + 1):
        folders = [*above[len(above) - n_above :], *parts]
        for last in (absolute.stem, absolute.name):
            yield _joined(folders, _shortened(last))
    digits = _digest(os.fsencode(absolute))
    yield _joined(parts, _shortened(f"{absolute.stem}~{digits[:_N_DIGITS]}"))
    yield digits


def _joined(folders: Sequence[str], last: str) -> str:
    # A folder that begins with a dot could be one that results keep for themselves.
    return "/".join([*(f"_{name}" if name.startswith(".") else name for name in folders), last])


def _shortened(name: str) -> str:
    encoded = os.fsencode(name)
    if len(encoded) <= MOST_BYTES:
        return name
    kept = encoded[: MOST_BYTES - _N_DIGITS - 1]
    return f"{kept.decode('utf-8', 'ignore')}~{_digest(encoded)[:_N_DIGITS]}"


def _digest(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()


def _as_seen(name: str) -> str:
    return unicodedata.normalize("NFC", name.casefold())
