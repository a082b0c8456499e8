"""Image files, opened: their pixels, channels last, and how large a pixel is where they tell."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from napari_colorcluster.cli.sources import TIFF_SUFFIXES
from napari_colorcluster.core.image import as_image
from napari_colorcluster.core.pixel_size import PixelSize


@dataclass(frozen=True)
class OpenedImage:
    """An image of a batch.

    Attributes
    ----------
    pixels : array, shape (..., 3 or 4)
        A dask array where a TIFF or zarr is larger than `chunks.STREAM_BYTES`.
    pixel_size : PixelSize or None
        What a pixel covers, where the file tells; a print resolution is no measurement.
    """

    pixels: Any
    pixel_size: PixelSize | None = None


def open_image(path: Path) -> OpenedImage:
    """Read an image, or the largest level of it where it is a pyramid.

    Parameters
    ----------
    path : pathlib.Path
        What imageio, tifffile or zarr reads.

    Raises
    ------
    ValueError
        Where it is no image of colors.
    OSError
        Where it cannot be read. Readers raise other exceptions as well.
    """
    pixel_size = None
    if path.is_dir():
        from napari_colorcluster.cli.zarrs import open_zarr

        pixels, pixel_size = open_zarr(path)
    elif path.suffix.lower() in TIFF_SUFFIXES:
        from napari_colorcluster.cli.tiffs import open_tiff

        pixels, pixel_size = open_tiff(path)
    else:
        pixels = open_picture(path)
    if pixels.ndim < 3:
        raise ValueError(
            "An image of colors is needed, with rows, columns and 3 (RGB) or 4 (RGBA) channels; "
            f"got an array of shape {pixels.shape}."
        )
    return OpenedImage(as_image(pixels), pixel_size)


def open_picture(path: Path) -> np.ndarray:
    """Read what Pillow knows, or any other of imageio's plugins; raises as `open_image` does."""
    import imageio.v3 as iio
    from PIL import Image

    known = Image.registered_extensions()
    if path.suffix.lower() not in known:
        # imageio asks all its plugins, one after another.
        return iio.imread(path)
    try:
        opened = iio.imopen(path, "r", plugin="pillow")
    except OSError as error:
        path.stat()  # one that is not there says so
        raise OSError(f"No image can be read from it: {error.__cause__ or error}") from error
    with opened as file:
        about = file.metadata(index=0)
        image = file.read(mode=_mode(about.get("mode"), "transparency" in about))
    # A GIF is a film, be it of one picture.
    return image[0] if image.ndim == 4 and len(image) == 1 else image


def _mode(mode: str | None, transparent: bool) -> str | None:
    """What a picture is converted to, so that its transparency is kept; None for as it is."""
    if mode in ("CMYK", "YCbCr", "LAB", "HSV"):
        # Four channels of ink are no RGBA, and Pillow leaves some pictures in other spaces.
        return "RGB"
    return "RGBA" if transparent or mode in ("LA", "PA") else None
