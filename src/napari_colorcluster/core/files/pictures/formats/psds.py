"""Photoshop's files: what Pillow does not tell of the merged picture's channels."""

from __future__ import annotations

from pathlib import Path

from napari_colorcluster.core.files.pictures.refusal import Refusal

_HEADER = 26
_MODE, _MULTICHANNEL = slice(24, 26), 7


def check_mode(path: Path) -> None:
    """Refuse a picture of inks of its own, of which Pillow reads the first as gray."""
    with path.open("rb") as file:
        mode = int.from_bytes(file.read(_HEADER)[_MODE], "big")
    if mode == _MULTICHANNEL:
        raise Refusal("The PSD has inks of its own (multichannel): save it as RGB.")


def has_transparency(path: Path) -> bool:
    """Whether the first channel besides the colors is the transparency of the merged picture.

    It is where the number of layers is stored as negative; else it is a saved selection (Adobe
    Photoshop File Formats Specification, "Layer info").
    """
    with path.open("rb") as file:
        file.seek(_HEADER)
        # Color mode data and image resources, each after its length.
        for _ in range(2):
            file.seek(int.from_bytes(file.read(4), "big"), 1)
        lengths = file.read(8)
        if len(lengths) < 8 or not any(lengths[:4]) or not any(lengths[4:]):
            return False
        return int.from_bytes(file.read(2), "big", signed=True) < 0
