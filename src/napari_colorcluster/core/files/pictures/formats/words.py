"""What Pillow warns of while it opens a file and reads its metadata, as notes."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

_DAMAGED = "The file's metadata is damaged and is ignored in part."
_ORIENTATION = 0x0112
_INTEROPERABILITY, _INDEX, _ADOBE_RGB = 0xA005, 1, "R03"

_lock = Lock()


@contextmanager
def warnings_as_notes(notes: list[str]) -> Iterator[None]:
    """Add a note where Pillow warns; others' warnings come through.

    Filters of warnings are the same in all threads, so that one at a time is in here: it is not to
    decode pixels.
    """
    with _lock, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
    for each in caught:
        if "PIL" not in each.filename:
            warnings.warn_explicit(each.message, each.category, each.filename, each.lineno)
        elif _DAMAGED not in notes:
            notes.append(_DAMAGED)


def orientation_of(image: Any, notes: list[str]) -> int:
    """How a picture is to be turned, 1..8; 1 where its metadata does not say or is damaged."""
    with warnings_as_notes(notes):
        try:
            found = image.getexif().get(_ORIENTATION, 1)
        except Exception:
            # Whatever Pillow makes of damaged metadata, the picture can be shown without.
            found = None
    if found is None and _DAMAGED not in notes:
        notes.append(_DAMAGED)
    return found if isinstance(found, int) else 1


def is_adobe_rgb(image: Any) -> bool:
    """Whether Exif says that colors are Adobe RGB, as cameras do that embed no profile.

    The index is that of DCF's optional color space (CIPA DC-009, Exif 2.3).
    """
    with warnings_as_notes([]):
        try:
            index = image.getexif().get_ifd(_INTEROPERABILITY).get(_INDEX)
        except Exception:
            # What is damaged is told where the orientation is asked for.
            return False
    return isinstance(index, str) and index.rstrip("\0 ") == _ADOBE_RGB
