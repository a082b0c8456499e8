"""Image files: which there are, what they are called in results, whether they have changed."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from napari_colorcluster.core.files.pictures.kinds import SUFFIXES


@dataclass(frozen=True)
class Source:
    """One image of a batch.

    Attributes
    ----------
    path : pathlib.Path
        The file, or the folder of a zarr.
    name : str
        What it is called in results; no other image of the batch has that name.
    """

    path: Path
    name: str

    def state(self) -> list[int | str]:
        """What tells this image from what it was before, without opening it; JSON-able.

        Raises
        ------
        OSError
            Where it is not there.
        """
        stat = self.path.stat()
        if not self.path.is_dir():
            return [stat.st_size, stat.st_mtime_ns]
        # The folder of a zarr does not change when a chunk in it does.
        digest = hashlib.sha256()
        for folder, folders, files in os.walk(self.path):
            folders.sort()
            for file in sorted(files):
                each = Path(folder, file)
                stat = each.stat()
                line = (each.relative_to(self.path).as_posix(), stat.st_size, stat.st_mtime_ns)
                digest.update(repr(line).encode())
        return [digest.hexdigest()]


def find_sources(paths: Iterable[str | Path]) -> list[Source]:
    """List the images of a batch.

    Parameters
    ----------
    paths : iterable of path-like
        Files, zarrs, or folders of them (not of folders of them).

    Returns
    -------
    list of Source
        In the order given, what is in a folder by its name; each only once. A name is that of the
        file without its suffix, unless two would have the same.
    """
    found: dict[Path, Path] = {}
    for path in map(Path, paths):
        for each in _inside(path) if path.is_dir() and not _is_zarr(path) else [path]:
            found.setdefault(each.resolve(), each)
    files = list(found.values())
    # Some file systems do not tell "a" from "A".
    stems = Counter(path.stem.casefold() for path in files)
    taken: set[str] = set()
    sources = []
    for path in files:
        wanted = path.stem if stems[path.stem.casefold()] == 1 else path.name
        numbered = (f"{wanted} {number}" for number in count(2))
        name = wanted
        while name.casefold() in taken:
            name = next(numbered)
        taken.add(name.casefold())
        sources.append(Source(path, name))
    return sources


def _inside(folder: Path) -> list[Path]:
    return [
        path
        for path in sorted(folder.iterdir())
        if path.suffix.lower() in SUFFIXES and not path.name.startswith(".")
    ]


def _is_zarr(path: Path) -> bool:
    marks = ("zarr.json", ".zarray", ".zgroup")
    return path.suffix.lower() == ".zarr" or any((path / mark).exists() for mark in marks)
