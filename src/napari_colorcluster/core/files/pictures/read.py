"""One reader of pictures for the command, the panel's start and the console."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from napari_colorcluster.core.files.pictures.colors.to_srgb import to_srgb
from napari_colorcluster.core.files.pictures.depth import check_range
from napari_colorcluster.core.files.pictures.kinds import is_zarr, kind_of
from napari_colorcluster.core.files.pictures.lengths import pixel_size_of
from napari_colorcluster.core.files.pictures.orientation import (
    orientation_notes,
    upright,
    upright_lengths,
)
from napari_colorcluster.core.files.pictures.refusal import DAMAGED, RAW, Refusal
from napari_colorcluster.core.files.pictures.stored import N_COLORS, Stored
from napari_colorcluster.core.pixels.image import as_image, is_dask
from napari_colorcluster.core.pixels.picture import Picture
from napari_colorcluster.core.support.extras import MissingLibraryError


def read_image(path: str | Path) -> Picture:
    """Read a picture as every viewer shows it: upright, and with its colors in sRGB.

    Parameters
    ----------
    path : path-like
        A PNG, JPEG, WebP, GIF, AVIF, BMP, PPM, TGA, JPEG 2000 or PSD file, a TIFF or a
        microscope's kind of it, the folder of a zarr or OME-Zarr; HEIC where pillow-heif is
        installed.

    Returns
    -------
    Picture
        Pixels, the size of one where it is known, and notes on what was done. The frames of a
        film and pages of one size are a stack. A profile is applied by LittleCMS, relative
        colorimetric and with black point compensation.

    Raises
    ------
    ValueError
        Where the file is empty, damaged, cut off, a camera's raw file or no picture; where it
        claims more pixels than it or memory can hold; or where its channels are not known to be
        colors; and where reading it needs a library that is not installed.
    OSError
        Where it is not there or may not be read.
    """
    if not str(path):
        raise Refusal("No file is named.")
    path = Path(path)
    try:
        return _as_shown(_stored(path))
    except MemoryError:
        raise Refusal("The picture does not fit into memory.") from None
    except OSError as error:
        if error.strerror is None:
            raise
        raise type(error)(f"{path.name} cannot be read: {error.strerror}.") from None


def _stored(path: Path) -> Stored:
    if path.is_dir():
        if not is_zarr(path):
            raise Refusal(f"{path.resolve().name} is a folder, not an image or a zarr.")
        from napari_colorcluster.core.files.pictures.formats.zarrs import open_zarr

        return _guarded(open_zarr, path)
    if not path.exists():
        raise FileNotFoundError(f"There is no file {path.name}.")
    if not path.is_file():
        raise Refusal(f"{path.name} is neither a file nor a zarr's folder.")
    if path.stat().st_size == 0:
        raise Refusal("The file is empty.")
    kind = kind_of(path)
    if kind == "raw":
        raise Refusal(RAW)
    if kind == "tiff":
        from napari_colorcluster.core.files.pictures.formats.tiffs import open_tiff

        return _guarded(open_tiff, path)
    from napari_colorcluster.core.files.pictures.formats.photos import open_photo

    return _guarded(open_photo, path, kind)


def _guarded(opener: Callable[..., Stored], path: Path, *more: Any) -> Stored:
    """What a reader gives, or one sentence where it stumbles over what it finds."""
    try:
        return opener(path, *more)
    except (Refusal, MissingLibraryError, MemoryError):
        raise
    except Exception as error:
        # Damaged files make the libraries raise whatever they happen to trip over.
        raise Refusal(DAMAGED) from error


def _as_shown(stored: Stored) -> Picture:
    colors = stored.samples[..., : N_COLORS[stored.model]]
    in_memory = not is_dask(colors)
    seen = check_range(colors) if in_memory and stored.model in ("gray", "rgb") else ()
    pixels, converted = to_srgb(stored)
    turned = orientation_notes(stored.orientation)
    lengths = upright_lengths(stored.lengths, stored.orientation)
    return Picture(
        as_image(upright(pixels, stored.orientation)),
        pixel_size_of(lengths, deep="z" in lengths),
        (*stored.notes, *seen, *converted, *turned),
        lengths=lengths,
    )
