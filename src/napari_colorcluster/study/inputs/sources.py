"""The images of a study: finding them, telling what is passed over, noticing changes."""

from __future__ import annotations

import glob
import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from napari_colorcluster.core.files.pictures.kinds import RAW_SUFFIXES, SUFFIXES, is_zarr
from napari_colorcluster.report.html.image import readable
from napari_colorcluster.study.inputs.image_table import read_image_table
from napari_colorcluster.study.inputs.naming import printable, unique_names
from napari_colorcluster.study.outputs.output import RECORDS


@dataclass(frozen=True)
class Source:
    """One image of a study.

    Attributes
    ----------
    path : pathlib.Path
        The file, or the folder of a zarr.
    name : str
        Its name in results, unique in the study; with sub-folders, ``"folder/name"``.
    folder : str
        The sub-folder of the given folder in which it was found, or ``""``.
    """

    path: Path
    name: str
    folder: str = ""

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
            raise FileNotFoundError(f"There is no file {printable(self.path.name)}.") from None
        except OSError as error:
            name = printable(self.path.name)
            raise type(error)(f"{name} cannot be read: {error.strerror}.") from None
        if not self.path.is_dir():
            return [stat.st_size, stat.st_mtime_ns]
        # The time of a zarr's folder does not change when a chunk in it does.
        digest = hashlib.sha256()
        for path in _files_of_zarr(self.path):
            stat = path.stat()
            line = (path.relative_to(self.path).as_posix(), stat.st_size, stat.st_mtime_ns)
            digest.update(repr(line).encode())
        return [digest.hexdigest()]

    def checksum(self) -> str:
        """The SHA-256 of the file, in hexadecimal; of a zarr, that of its files and their names."""
        if not self.path.is_dir():
            with self.path.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        digest = hashlib.sha256()
        for path in _files_of_zarr(self.path):
            with path.open("rb") as file:
                line = path.relative_to(self.path).as_posix(), hashlib.file_digest(file, "sha256")
            digest.update(f"{line[0]}\n{line[1].hexdigest()}\n".encode(errors="surrogateescape"))
        return digest.hexdigest()


@dataclass(frozen=True)
class Sources:
    """The images of a study, and what is none of them.

    Attributes
    ----------
    images : tuple of Source
        Sorted by path.
    left_out : mapping of str to int
        What was passed over in folders, in words, and how often.
    """

    images: tuple[Source, ...]
    left_out: Mapping[str, int] = field(default_factory=dict)

    @property
    def summary(self) -> str:
        """What was passed over, in a sentence, such as ``"Left out: 6 .txt, 2 folders."``."""
        told = (f"{number:,} {_noun(what, number)}" for what, number in self.left_out.items())
        return f"Left out: {', '.join(told)}." if self.left_out else ""


def find_sources(
    paths: Iterable[str | Path], *, recursive: bool = False, folder: Path | None = None
) -> Sources:
    """List the images of a study.

    Parameters
    ----------
    paths : iterable of path-like
        Files, zarrs, folders of them, or patterns of these such as ``photos/*.png``. Cameras' raw
        files are among them, to be refused one by one rather than passed over.
    recursive : bool, default False
        Search the folders in folders too; links to folders are not followed.
    folder : pathlib.Path, optional
        The folder of the results, which is passed over.

    Returns
    -------
    Sources
        In the order given, and within a folder by path, each image once. A name is that of the file
        without its suffix, unless two images would share it: see `unique_names`.

    Raises
    ------
    FileNotFoundError
        Where a pattern matches nothing.
    """
    search = _Search(recursive, None if folder is None else folder.resolve())
    found: dict[str, tuple[Path, str]] = {}
    links: set[Path] = set()
    for path in _expanded(paths):
        for file, inside in search.images_of(path):
            image = os.path.realpath(file)
            known = found.setdefault(image, (file, inside))
            if file.is_symlink():
                links.add(file)
            # Which of its paths counts must not depend on which is found first.
            found[image] = min(known, (file, inside), key=_preference)
    files = [file for file, _ in found.values()]
    folders = [inside for _, inside in found.values()]
    if more := len(links - set(files)):
        search.left_out["link to another of the images"] += more
    names = unique_names(files, folders)
    images = tuple(map(Source, files, names, folders))
    return Sources(images, dict(sorted(search.left_out.items())))


def only_named(sources: Sources, path: str | Path) -> tuple[Sources, list[str]]:
    """Choose the images that a table names, as the marks saved from a report do.

    Parameters
    ----------
    sources : Sources
        All images.
    path : path-like
        A CSV file with a column ``image`` that holds names in results.

    Returns
    -------
    chosen : Sources
        Those that are named.
    unknown : list of str
        Names in the table that no image has.

    Raises
    ------
    ValueError
        Where there is no such column, or none of the images is named.
    OSError
        Where the file cannot be read.
    """
    named = dict.fromkeys(row["image"] for row in read_image_table(Path(path)).rows)
    # Tables and reports hold names as text, which the bytes of a name need not be.
    by_name = {readable(source.name): source for source in sources.images}
    chosen = tuple(source for name, source in by_name.items() if name in named)
    if not chosen:
        raise ValueError(f"None of the images is named in {printable(path)}.")
    return replace(sources, images=chosen), [name for name in named if name not in by_name]


class _Search:
    """Goes through folders, and counts what it passes over."""

    def __init__(self, recursive: bool, results: Path | None) -> None:
        self.left_out: Counter[str] = Counter()
        self._recursive, self._results = recursive, results

    def images_of(self, path: Path) -> Iterator[tuple[Path, str]]:
        """The images of a path, each with the sub-folder it is in."""
        if path.is_dir() and not is_zarr(path):
            yield from self._images_in(path, "")
        else:
            yield path, ""

    def _images_in(self, folder: Path, inside: str) -> Iterator[tuple[Path, str]]:
        for path in sorted(folder.iterdir()):
            suffix = path.suffix.lower()
            if path.name.startswith("."):
                self.left_out["hidden"] += 1
            elif suffix in SUFFIXES | RAW_SUFFIXES or (path.is_dir() and is_zarr(path)):
                yield path, inside
            elif not path.is_dir():
                self.left_out[printable(suffix) or "without a suffix"] += 1
            elif (path / RECORDS).exists() or path.resolve() == self._results:
                self.left_out["folder of results"] += 1
            elif not self._recursive:
                self.left_out["folder"] += 1
            elif path.is_symlink():
                self.left_out["link to a folder"] += 1
            else:
                yield from self._images_in(path, f"{inside}/{path.name}" if inside else path.name)


def _expanded(paths: Iterable[str | Path]) -> Iterator[Path]:
    """The paths, and what patterns among them match: some systems leave that to the command."""
    for path in paths:
        text = str(path)
        if not glob.has_magic(text) or os.path.lexists(text):
            yield Path(path)
            continue
        matches = sorted(glob.glob(text, recursive=True))
        if not matches:
            raise FileNotFoundError(f"Nothing matches {printable(text)}.")
        yield from map(Path, matches)


def _preference(found: tuple[Path, str]) -> tuple[bool, int, str, str]:
    """The less, the rather an image goes by this path: no link, and with most of its sub-folder."""
    path, inside = found
    return path.is_symlink(), -len(inside), os.path.abspath(path), str(path)


def _files_of_zarr(folder: Path) -> Iterator[Path]:
    for inside, folders, files in os.walk(folder):
        folders.sort()
        yield from (Path(inside, file) for file in sorted(files))


def _noun(what: str, number: int) -> str:
    plurals = {
        "folder": "folders",
        "folder of results": "folders of results",
        "link to a folder": "links to folders",
        "link to another of the images": "links to others of the images",
    }
    return plurals.get(what, what) if number > 1 else what
