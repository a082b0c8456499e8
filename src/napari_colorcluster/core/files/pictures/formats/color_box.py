"""Boxes ``colr`` of JPEG 2000, AVIF and HEIC: colors that Pillow does not tell."""

from __future__ import annotations

from pathlib import Path

from napari_colorcluster.core.files.pictures.formats.described import Described, from_cicp

_HEAD = 1 << 21
_ICC_METHOD = 2


def described_by(path: Path, kind: str) -> Described | None:
    """What a file tells of its colors besides what Pillow tells.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    kind : str
        Its format, as Pillow names it.

    Returns
    -------
    Described or None
        None where there is nothing.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    at = head.find(b"colr")
    if at < 4:
        return None
    end = at - 4 + int.from_bytes(head[at - 4 : at], "big")
    box = head[at + 4 : end]
    if kind == "JPEG2000":
        return (box[3:], "") if box[:1] == bytes([_ICC_METHOD]) else None
    if box[:4] == b"nclx" and len(box) >= 8:
        return from_cicp(int.from_bytes(box[4:6], "big"), int.from_bytes(box[6:8], "big"))
    return None
