"""TIFF files and the microscopes' kinds of them: their pixels and pixel sizes."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from weakref import finalize
from xml.etree import ElementTree

import numpy as np

from napari_colorcluster.core.files.pictures import chunks
from napari_colorcluster.core.files.pictures.lengths import Lengths, known_lengths, pixel_size_of
from napari_colorcluster.core.files.pictures.photos import open_picture
from napari_colorcluster.core.pixels.pixel_size import PixelSize

_OTHER_COLORS = {
    "SEPARATED": "CMYK",
    **{"CIELAB": "CIELAB", "ICCLAB": "CIELAB", "ITULAB": "CIELAB", "LOGLUV": "LogLuv"},
}
"""Photometric interpretations whose three or four samples are taken for RGB or RGBA by mistake."""

_PLAIN = ("NONE", "LZW", "DEFLATE", "ADOBE_DEFLATE", "PACKBITS")
"""Compressions that leave YCbCr as it is; that of JPEG gives RGB."""


def open_tiff(path: Path) -> tuple[Any, PixelSize | None]:
    """Read the first image of a TIFF, the largest level where it is a pyramid.

    Returns
    -------
    pixels : array
        Channels last; a dask array from `chunks.STREAM_BYTES` on.
    pixel_size : PixelSize or None
        As OME-XML, ImageJ, Aperio's description or a resolution in centimeters tell it.

    Raises
    ------
    ValueError
        Where its colors are none of the screen's, or its channels are not red, green and blue.
    """
    import tifffile

    with tifffile.TiffFile(path) as file:
        series = file.series[0]
        photometric = tifffile.PHOTOMETRIC(series.keyframe.photometric).name
        if photometric in _OTHER_COLORS:
            raise ValueError(f"The image is {_OTHER_COLORS[photometric]}; RGB or RGBA is needed.")
        # Channels may come before rows and columns: as planes of samples, or as an axis C.
        axes = series.axes
        channel = axes.find("S") if "S" in axes else axes.find("C")
        if channel >= 0 and axes[channel] == "C" and series.shape[channel] != 3:
            raise ValueError(
                f"The image has {series.shape[channel]} channels; 3 are needed: red, green, blue."
            )
        planes = dict(zip(axes, series.shape, strict=True))
        pixel_size = pixel_size_of(_lengths(file), deep=planes.get("Z", 1) > 1)
        if photometric == "YCBCR" and series.keyframe.compression.name in _PLAIN:
            return open_picture(path), pixel_size
        if photometric == "PALETTE" and channel < 0:
            return _through_colors(series), pixel_size
        large = series.nbytes >= chunks.STREAM_BYTES and channel >= 0
        image = _stream(path, series, channel) if large else series.asarray()
    return np.moveaxis(image, channel, -1) if channel >= 0 else image, pixel_size


def _through_colors(series: Any) -> np.ndarray:
    # Some write 0..255 as multiples of 256, others as multiples of 257.
    colors = (series.keyframe.colormap >> 8).astype(np.uint8)
    return np.moveaxis(colors, 0, -1)[series.asarray()]


def _stream(path: Path, series: Any, channel: int) -> Any:
    import tifffile
    import zarr

    if series.dataoffset is not None and series.keyframe.is_memmappable:
        return chunks.stream(tifffile.memmap(path, series=0, mode="r"), channel)
    file = tifffile.TiffFile(path)
    array = zarr.open(file.series[0].aszarr(level=0), mode="r")
    # Open as long as the array is in use.
    finalize(array, file.close)
    return chunks.stream(array, channel)


def _lengths(file: Any) -> Lengths:
    """What the file tells of the sides of its pixels; no two kinds of metadata mixed."""
    page = file.pages.first
    if file.is_ome:
        return _ome_lengths(file.ome_metadata)
    if file.is_imagej:
        told = file.imagej_metadata
        unit = told.get("unit")
        across, down = _sides(page)
        return known_lengths(
            [
                ("x", across, unit),
                ("y", down, told.get("yunit", unit)),
                ("z", told.get("spacing"), told.get("zunit", unit)),
            ]
        )
    if file.is_svs:
        from tifffile.tifffile import svs_description_metadata

        side = svs_description_metadata(page.description).get("MPP")
        return known_lengths([("x", side, "µm"), ("y", side, "µm")])
    if page.tags.valueof("ResolutionUnit") == 3:
        across, down = _sides(page)
        return known_lengths([("x", across, "cm"), ("y", down, "cm")])
    return {}


def _sides(page: Any) -> tuple[float | None, float | None]:
    """One over the resolutions of x and y, in whatever unit they are; None where there is none."""
    ratios = [page.tags.valueof(f"{axis}Resolution") for axis in "XY"]
    across, down = (ratio[1] / ratio[0] if ratio and ratio[0] else None for ratio in ratios)
    return across, down


def _ome_lengths(text: str) -> Lengths:
    # Each version of OME-XML has a namespace of its own.
    pixels = ElementTree.fromstring(text).find("{*}Image/{*}Pixels")
    if pixels is None:
        return {}
    names = {axis: f"PhysicalSize{axis.upper()}" for axis in "xyz"}
    return known_lengths(
        (axis, pixels.get(name), pixels.get(f"{name}Unit", "µm")) for axis, name in names.items()
    )
