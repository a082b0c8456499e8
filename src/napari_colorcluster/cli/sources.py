"""The images of a batch: finding them, naming their results, noticing changes."""

from __future__ import annotations

import csv
import hashlib
import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from napari_colorcluster.core.files.pictures.kinds import RAW_SUFFIXES, SUFFIXES, is_zarr
from napari_colorcluster.report.html.image import readable


@dataclass(frozen=True)
class Source:
    """One image of a batch.

    Attributes
    ----------
    path : pathlib.Path
        The file, or the folder of a zarr.
    name : str
        Its name in results, unique in the batch.
    """

    path: Path
    name: str

    def state(self) -> list[int | str]:
        """A value, for JSON, that changes when the image does; the image is not opened.

        Raises
        ------
        OSError
            If it does not exist.
        """
        try:
            stat = self.path.stat()
        except FileNotFoundError:
            raise FileNotFoundError(f"There is no file {self.path.name}.") from None
        if not self.path.is_dir():
            return [stat.st_size, stat.st_mtime_ns]
        # The time of a zarr's folder does not change when a chunk in it does.
        digest = hashlib.sha256()
        for folder, folders, files in os.walk(self.path):
            folders.sort()
            for file in sorted(files):
                path = Path(folder, file)
                stat = path.stat()
                line = (path.relative_to(self.path).as_posix(), stat.st_size, stat.st_mtime_ns)
                digest.update(repr(line).encode())
        return [digest.hexdigest()]


def find_sources(paths: Iterable[str | Path]) -> list[Source]:
    """List the images of a batch.

    Parameters
    ----------
    paths : iterable of path-like
        Files, zarrs, or folders of them; folders are not searched recursively. Cameras' raw files
        are among them, to be refused one by one rather than passed over.

    Returns
    -------
    list of Source
        In the order given, and within a folder by name, without duplicates. The name is that of the
        file without its suffix, unless two images would share it.
    """
    found: dict[Path, Path] = {}
    for path in map(Path, paths):
        for file in _files_in(path) if path.is_dir() and not is_zarr(path) else [path]:
            found.setdefault(file.resolve(), file)
    files = list(found.values())
    # Some file systems ignore case.
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


def only_named(sources: Iterable[Source], path: str | Path) -> list[Source]:
    """Choose the images that a table names, as the marks saved from a report do.

    Parameters
    ----------
    sources : iterable of Source
        All images.
    path : path-like
        A CSV file with a column ``image`` that holds names in results.

    Raises
    ------
    ValueError
        Where there is no such column, or none of the images is named.
    OSError
        Where the file cannot be read.
    """
    with open(path, encoding="utf-8-sig", newline="") as file:
        table = csv.DictReader(file)
        if "image" not in (table.fieldnames or ()):
            raise ValueError(f"--only needs a CSV file with a column image, got {path}.")
        names = {row["image"] for row in table}
    # Tables and reports hold names as text, which the bytes of a name need not be.
    chosen = [source for source in sources if readable(source.name) in names]
    if not chosen:
        raise ValueError(f"None of the images is named in {path}.")
    return chosen


def _files_in(folder: Path) -> list[Path]:
    return [
        path
        for path in sorted(folder.iterdir())
        if path.suffix.lower() in SUFFIXES | RAW_SUFFIXES and not path.name.startswith(".")
    ]
