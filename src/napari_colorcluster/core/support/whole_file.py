"""Files that are written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4


@contextmanager
def whole_file(
    path: str | os.PathLike[str], beside: str | os.PathLike[str] | None = None
) -> Iterator[Path]:
    """Give a place to write a file to, which takes its name once all of it is there.

    Parameters
    ----------
    path : path-like
        The file; one that is there already is replaced at the end, and stays where writing fails.

    beside : path-like, optional
        The folder where it is written, on the same disk; by default that of the file.

    Yields
    ------
    pathlib.Path
        A name that is free in that folder, with the same suffix.
    """
    path = Path(path)
    folder = path.parent if beside is None else Path(beside)
    unfinished = folder / f".{uuid4().hex}{path.suffix}"
    try:
        yield unfinished
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
