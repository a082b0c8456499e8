"""Image files, opened: their pixels, channels last, and how large a pixel is where they tell."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from napari_colorcluster.core.files.pictures.photos import open_picture
from napari_colorcluster.core.pixels.image import as_image
from napari_colorcluster.core.pixels.pixel_size import PixelSize

TIFF_SUFFIXES = {".tif", ".tiff", ".lsm", ".svs", ".ndpi", ".btf"}

SUFFIXES = {
    *(".bmp", ".gif", ".jpeg", ".jpg", ".jp2", ".png", ".ppm", ".tga", ".webp", ".zarr"),
    *TIFF_SUFFIXES,
}
"""What is taken from a folder; a file that is named itself may have any."""


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
        from napari_colorcluster.core.files.pictures.zarrs import open_zarr

        pixels, pixel_size = open_zarr(path)
    elif path.suffix.lower() in TIFF_SUFFIXES:
        from napari_colorcluster.core.files.pictures.tiffs import open_tiff

        pixels, pixel_size = open_tiff(path)
    else:
        pixels = open_picture(path)
    if pixels.ndim < 3:
        raise ValueError(
            "An image of colors is needed, with rows, columns and 3 (RGB) or 4 (RGBA) channels; "
            f"got an array of shape {pixels.shape}."
        )
    return OpenedImage(as_image(pixels), pixel_size)
