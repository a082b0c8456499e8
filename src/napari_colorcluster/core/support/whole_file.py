"""Atomic writing: a file or a folder is written as a whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4


@contextmanager
def whole_file(
    path: str | os.PathLike[str], beside: str | os.PathLike[str] | None = None
) -> Iterator[Path]:
    """Yield a temporary path, which replaces the file once it is written.

    Parameters
    ----------
    path : path-like
        The file, or the folder of a zarr. An existing one is replaced at the end, a folder by a
        folder alone, and kept if writing fails.
    beside : path-like, optional
        The folder of the temporary file, on the same disk; by default that of the file.

    Yields
    ------
    pathlib.Path
        An unused path in that folder, with the same suffix.

    Raises
    ------
    OSError
        Where it cannot be written; it names the file, not the temporary path.
    """
    path = Path(path)
    folder = path.parent if beside is None else Path(beside)
    temporary = folder / f".{uuid4().hex}{path.suffix}"
    try:
        yield temporary
        _replace(path, temporary)
    except OSError as error:
        # Nobody knows the temporary name.
        if error.filename2 is None and str(error.filename) == str(temporary):
            error.filename = str(path)
        raise
    finally:
        remove(temporary)


def remove(path: Path) -> None:
    """Remove a file, or a folder with all that is in it, if it exists."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _replace(path: Path, new: Path) -> None:
    if not (path.is_dir() and new.is_dir()):
        # What is a folder is the user's, and no file takes its place: the system refuses that.
        os.replace(new, path)
        return
    # A folder with something in it is not replaced in one step.
    old = new.with_name(f"{new.name}.old")
    os.replace(path, old)
    try:
        os.replace(new, path)
    except OSError:
        os.replace(old, path)
        raise
    remove(old)


@contextmanager
def whole_folder(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Yield a temporary folder, which gets its name once all of it is written.

    Parameters
    ----------
    path : path-like
        The folder, which must not exist.

    Yields
    ------
    pathlib.Path
        A new folder beside it; it is removed if writing fails.
    """
    path = Path(path)
    temporary = path.with_name(f".{uuid4().hex}")
    temporary.mkdir()
    try:
        yield temporary
        temporary.rename(path)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
