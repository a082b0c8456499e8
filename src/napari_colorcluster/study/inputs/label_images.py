"""The label images of a study, one for each image: found by its name, and read as numbers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np

from napari_colorcluster.core.files.pictures.formats.tiff.codecs import check_codecs
from napari_colorcluster.core.files.pictures.kinds import SUFFIXES
from napari_colorcluster.core.files.pictures.limits import check_memory, own_limits
from napari_colorcluster.core.files.pictures.refusal import Refusal
from napari_colorcluster.core.support.extras import MissingLibraryError, library

TIFFS = {".tif", ".tiff", ".lsm", ".btf"}
"""What tifffile reads; the rest is for Pillow, but for arrays in .npy and .zarr."""

_KNOWN = {*SUFFIXES, ".npy"}

_BYTES = 4
"""Of a pixel, that Pillow and its copy take at most."""

_SECONDS = 2
"""How long the list of a folder is good: on some disks, such as those of cameras, the time of a
folder does not change with its files."""

_MODES = {"1", "L", "P", "I", "I;16", "I;16L", "I;16B"}
"""Pillow's words for one number a pixel; those of a palette are its indices."""


def find_label_image(
    folder: Path, image: Path, inside: str = "", what: str = "label image"
) -> Path:
    """Find the label image of an image: of the same name, with its suffix or another one.

    Parameters
    ----------
    folder : pathlib.Path
        Where the label images are.
    image : pathlib.Path
        The image.
    inside : str, optional
        The sub-folder of the image, which its label image is in as well.
    what : str, default "label image"
        What it is called.

    Raises
    ------
    ValueError
        Where there is none, or more than one that could be meant.
    """
    folder = folder / inside
    if (folder / image.name).exists():
        return folder / image.name
    found: Sequence[Path] = ()
    if folder.is_dir():
        listed = _label_images_in(folder, folder.stat().st_mtime_ns, monotonic() // _SECONDS)
        # Of links, what they lead to may be gone.
        found = [path for path in listed.get(image.stem, ()) if path.exists()]
    if len(found) == 1:
        return found[0]
    if not found:
        raise ValueError(
            f"There is no {what} for it in {folder}: one named {image.stem}, such as "
            f"{image.stem}.tif or {image.stem}.npy, is needed."
        )
    names = ", ".join(path.name for path in found)
    raise ValueError(f"There is more than one {what} for it in {folder}: {names}.")


@lru_cache(maxsize=1 << 7)
def _label_images_in(folder: Path, changed: int, period: float) -> dict[str, list[Path]]:
    """All label images of a folder by their stem; listed once a period, and where it changes."""
    found: dict[str, list[Path]] = {}
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in _KNOWN:
            found.setdefault(path.stem, []).append(path)
    return found


def read_label_image(path: Path, what: str = "label image") -> Any:
    """Read a label image.

    Parameters
    ----------
    path : pathlib.Path
        A picture of one number a pixel, a .npy, or the folder of a zarr.
    what : str, default "label image"
        What it is called.

    Returns
    -------
    array of integer, shape (..., height, width)
        A dask array where it is a zarr.

    Raises
    ------
    ValueError
        Where it cannot be read, needs a library that is not installed or more memory than there
        is, or is no image of integers.
    """
    if not path.is_file() and not path.is_dir():
        raise ValueError(f"The {what} {path} is neither a file nor a zarr's folder.")
    try:
        labels = _numbers(path)
    except (MissingLibraryError, Refusal, MemoryError):
        raise
    except Exception as error:  # Readers raise all kinds of them.
        raise ValueError(
            f"The {what} {path} cannot be read: it is damaged or no {what}."
        ) from error
    if labels is None or labels.dtype.kind not in "uib":
        got = "colors" if labels is None else f"{labels.dtype.name} numbers"
        raise ValueError(
            f"The {what} {path} must hold one integer a pixel, 0 for no object, got {got}."
        )
    return labels.astype(np.uint8) if labels.dtype.kind == "b" else labels


def _numbers(path: Path) -> Any:
    """What a file holds; None where these are colors."""
    suffix = path.suffix.lower()
    if path.is_dir():
        import dask.array as da

        zarr = library("zarr", "Zarr folders need the library zarr")
        opened = zarr.open(path, mode="r")
        # Of a pyramid, the full resolution.
        return da.from_zarr(opened if isinstance(opened, zarr.Array) else opened["0"])
    if suffix == ".npy":
        with path.open("rb") as file:
            return np.lib.format.read_array(file, allow_pickle=False)
    if suffix in TIFFS:
        import tifffile

        with tifffile.TiffFile(path) as file:
            check_codecs(file.pages.first)
            return file.asarray()
    from PIL import Image

    with own_limits(), Image.open(path) as picture:
        check_memory(picture.width * picture.height * _BYTES)
        return np.asarray(picture) if picture.mode in _MODES else None
