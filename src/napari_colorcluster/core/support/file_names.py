"""Names of files and folders: allowed on every system, and not taken yet."""

from __future__ import annotations

import re
from itertools import count
from pathlib import Path

_NOT_ALLOWED = re.compile(r'[\x00-\x1f\\/:*?"<>|]')


def as_file_name(text: str) -> str:
    """Replace what is not allowed in the name of a file, on one system or another, by ``_``."""
    # Windows drops dots and spaces at the end, and a dot at the beginning hides a file.
    return _NOT_ALLOWED.sub("_", text).strip(" ").rstrip(".").lstrip(".") or "_"


def unused_path(path: Path) -> Path:
    """Number a path where it is taken: ``leaf``, else ``leaf 2``, ``leaf 3``, ..."""
    if not path.exists():
        return path
    numbered = (path.with_name(f"{path.name} {number}") for number in count(2))
    return next(each for each in numbered if not each.exists())
