"""Text files of any program: encodings and line endings."""

from __future__ import annotations

import codecs
import re


def decode_text(data: bytes) -> str:
    """Decode the bytes of a text file, without a byte order mark.

    A byte order mark indicates UTF-16, which spreadsheets write. Text that is not valid UTF-8 is
    read as Windows-1252: colors are ASCII, so only names can come out wrong.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.removeprefix(codecs.BOM_UTF8).decode("cp1252", "replace")


def split_lines(text: str) -> list[str]:
    """Split at line feeds, carriage returns or both.

    Unlike `str.splitlines`, keeps Unicode line separators, which may be part of a name.
    """
    return re.split("\r\n|\r|\n", text)


def one_line(text: str) -> str:
    """Replace line breaks, tabs and other control characters by spaces."""
    return re.sub(r"[\x00-\x1f\x7f]+", " ", text).strip()
