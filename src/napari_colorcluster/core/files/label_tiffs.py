"""Label images as TIFF files that know their palette: every viewer shows them in its colors.

The pixels stay labels. The colors are the file's color map; names and shares are JSON in its
ImageDescription, as in the files of `Palette.write`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.files.palettes import json_file
from napari_colorcluster.core.files.saved_labels import SavedLabels

SUFFIXES = (".tif", ".tiff")

_TITLE = "Labels with their palette, by napari-colorcluster\n"
"""What a description begins with: tifffile takes JSON that has a key "shape" for its own."""


def label_tags(
    palette: Palette, dtype: np.dtype, made: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Make the keywords for tifffile's ``imwrite`` that describe labels.

    Parameters
    ----------
    palette : Palette
        Their colors; label 0 is black.
    dtype : numpy.dtype
        uint8 or uint16.
    made : mapping, optional
        How they were made, as JSON can hold it.
    """
    colors = np.zeros((3, 1 << 8 * dtype.itemsize), np.uint16)
    # From 0..255 to 0..65,535.
    colors[:, palette.labels] = palette.colors.T.astype(np.uint16) * 257
    content = SavedLabels(palette, made).to_dict()
    # ASCII, which is all that a description may be.
    description = json_file.dump(content, indent=None, ensure_ascii=True).decode().strip()
    return {"photometric": "palette", "colormap": colors, "description": _TITLE + description}


def read_label_tiff(path: str | os.PathLike[str]) -> SavedLabels | None:
    """Read what a file says of its labels; None where it is none that was written with a palette.

    The pixels are not read.
    """
    path = Path(path)
    if path.suffix.lower() not in SUFFIXES or not path.is_file():
        return None
    import tifffile

    # Of damaged files tifffile raises all kinds of exceptions; they are none of ours.
    try:
        with tifffile.TiffFile(path) as file:
            description = file.pages.first.description
            if file.is_ome:
                image = tifffile.xml2dict(description)["OME"]["Image"]
                description = image.get("Description", "")
        if not description.startswith(_TITLE):
            return None
        content = json_file.load(description.removeprefix(_TITLE).encode())
        return SavedLabels.from_dict(content)
    except Exception:
        return None
