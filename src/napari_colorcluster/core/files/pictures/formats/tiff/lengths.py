"""Lengths of pixels' sides, as OME-XML, ImageJ, Aperio or a resolution in centimeters tell them."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

from napari_colorcluster.core.files.pictures.lengths import Lengths, known_lengths


def lengths_of(file: Any) -> Lengths:
    """What a `tifffile.TiffFile` tells of its pixels; no two kinds of metadata mixed."""
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
