"""Files that are written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4


@contextmanager
def whole_file(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Give a place to write a file to, which takes its name once all of it is there.

    Parameters
    ----------
    path : path-like
        The file; one that is there already is replaced at the end, and stays where writing fails.

    Yields
    ------
    pathlib.Path
        A name that is free, in the same folder and with the same suffix.
    """
    path = Path(path)
    unfinished = path.with_name(f".{uuid4().hex}{path.suffix}")
    try:
        yield unfinished
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
