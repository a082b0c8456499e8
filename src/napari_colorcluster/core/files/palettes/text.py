"""Text as other programs left it in a file: whatever encoding and line ends they use."""

from __future__ import annotations

import codecs
import re


def decode_text(data: bytes) -> str:
    """Turn the bytes of a file into text without a byte order mark.

    UTF-16 is known by its mark, which spreadsheets write. What is no UTF-8 is read as Windows'
    Western one, in which only names can go wrong.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.removeprefix(codecs.BOM_UTF8).decode("cp1252", "replace")


def lines_of(text: str) -> list[str]:
    """The lines, whether they end as on Linux, on Windows or on old Macs; names stay whole."""
    return re.split("\r\n|\r|\n", text)


def one_line(text: str) -> str:
    """A text with blanks in place of line ends, tabs and other control characters."""
    return re.sub(r"[\x00-\x1f\x7f]+", " ", text).strip()
