"""Zarr folders, OME-Zarr among them: their pixels and pixel sizes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from napari_colorcluster.core.files.pictures import chunks
from napari_colorcluster.core.files.pictures.lengths import known_lengths, pixel_size_of
from napari_colorcluster.core.pixels.pixel_size import PixelSize


def open_zarr(path: Path) -> tuple[Any, PixelSize | None]:
    """Read an array of zarr, that of a group with one, or the largest level of an OME-Zarr image.

    Returns
    -------
    pixels : array
        Channels last; a dask array from `chunks.STREAM_BYTES` on.
    pixel_size : PixelSize or None
        What OME-Zarr's scales and units tell.

    Raises
    ------
    ValueError
        Where a group has several arrays, or the channels are not red, green and blue.
    """
    import zarr

    node = zarr.open(path, mode="r")
    axes: list[dict[str, Any]] = []
    pixel_size = None
    if isinstance(node, zarr.Group):
        attributes = dict(node.attrs)
        # OME-Zarr 0.5 has its own one level down.
        scales = attributes.get("ome", attributes).get("multiscales")
        if scales:
            node = node[scales[0]["datasets"][0]["path"]]
            axes = _axes(scales[0], node.ndim)
            pixel_size = _pixel_size(scales[0], axes, node.shape)
        else:
            arrays = sorted(node.arrays())
            if len(arrays) != 1:
                raise ValueError(
                    f"A zarr group must hold one array or the levels of an OME-Zarr image, got "
                    f"{len(arrays)} arrays."
                )
            node = arrays[0][1]
    names = [axis["name"] for axis in axes]
    channel = node.ndim - 1
    if "c" in names:
        channel = names.index("c")
        if node.shape[channel] != 3:
            raise ValueError(
                f"The image has {node.shape[channel]} channels; 3 are needed: red, green, blue."
            )
    elif names:
        raise ValueError("The image has no axis of channels; 3 are needed: red, green, blue.")
    image = node[...] if node.nbytes < chunks.STREAM_BYTES else chunks.stream(node, channel)
    return np.moveaxis(image, channel, -1), pixel_size


def _axes(image: dict[str, Any], ndim: int) -> list[dict[str, Any]]:
    """The axes as OME-Zarr has them since 0.4: in 0.3 they are names, before that always tczyx."""
    axes = image.get("axes") or list("tczyx")
    axes = [{"name": axis} if isinstance(axis, str) else axis for axis in axes]
    if len(axes) != ndim:
        raise ValueError(f"The image has {ndim} axes, but names for {len(axes)}.")
    return axes


def _pixel_size(
    image: dict[str, Any], axes: list[dict[str, Any]], shape: tuple[int, ...]
) -> PixelSize | None:
    """Scales apply one after another: that of the level, then that of all levels."""
    steps = [
        *image["datasets"][0].get("coordinateTransformations", []),
        *image.get("coordinateTransformations", []),
    ]
    lists = [step["scale"] for step in steps if isinstance(step.get("scale"), list)]
    if not lists:
        return None
    scale = np.prod([np.asarray(each, float) for each in lists], axis=0)
    names = [axis["name"] for axis in axes]
    lengths = known_lengths(
        (axis["name"], side, axis.get("unit", ""))
        for axis, side in zip(axes, scale, strict=True)
        if axis["name"] in ("x", "y", "z")
    )
    return pixel_size_of(lengths, deep="z" in names and shape[names.index("z")] > 1)
