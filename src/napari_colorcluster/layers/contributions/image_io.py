"""Labels and quantized images in levels, in napari: read piece by piece, as it shows them."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from napari_colorcluster.core.files.pyramids.opened import (
    OpenedImages,
    is_opened_here,
    open_images,
)
from napari_colorcluster.layers.images.layer_data import METADATA_KEY
from napari_colorcluster.layers.result.results import label_colormap, label_features

if TYPE_CHECKING:
    from napari.components import ViewerModel
    from napari.layers import Layer

    LayerData = tuple[Any, dict[str, Any], str]


def get_image_reader(
    path: str | Sequence[str],
) -> Callable[[str | Sequence[str]], list[LayerData]] | None:
    """Give what reads labels or a quantized image in levels; None where it is none by its name."""
    if not isinstance(path, str) or not is_opened_here(path):
        return None
    return read_images


def read_images(path: str | Sequence[str]) -> list[LayerData]:
    """Read labels or a quantized image in levels, or both, lazily.

    Parameters
    ----------
    path : str
        An OME-TIFF or OME-Zarr, as a study writes them.

    Returns
    -------
    list of (list of array, dict, str)
        An RGB image, and labels above it in the palette's colors.

    Raises
    ------
    ValueError, OSError
        Where it cannot be read, or is none of these.
    """
    opened = open_images(path)
    place = _place(opened)
    layers: list[LayerData] = []
    if opened.colors:
        look = {"name": f"{opened.title} quantized", "rgb": True, "contrast_limits": (0, 255)}
        # As any result, it is no image to be clustered.
        look |= {"metadata": {METADATA_KEY: {"palette_of": [opened.title]}}}
        layers.append((*_levels(opened.colors, {**look, **place}), "image"))
    if opened.labels and opened.saved is not None:
        palette, made = opened.saved
        look = {"name": f"{opened.title} clusters", "colormap": label_colormap(palette)}
        look |= {"features": label_features(palette)}
        look |= {} if made is None else {"metadata": {METADATA_KEY: made}}
        layers.append((*_levels(opened.labels, {**look, **place}), "labels"))
    return layers


def open_layers(viewer: ViewerModel, path: str | os.PathLike[str]) -> list[Layer]:
    """Open the labels and the quantized image that a study has written of a large image.

    They are read piece by piece, as napari shows them, in the resolution that it needs: an image
    of any size takes little memory.

    Parameters
    ----------
    viewer : napari.Viewer
        Where they are shown.
    path : path-like
        A file ``.colors.ome.tif``, which napari opens by itself as well, or a folder
        ``.colors.ome.zarr``.

    Returns
    -------
    list of napari.layers.Layer
        The quantized image and the labels, with the palette's names and shares as features; one of
        the two where the file has no other.

    Raises
    ------
    ValueError
        Where it is none of these, or damaged.
    OSError
        Where it cannot be read.
    """
    adders = {"image": viewer.add_image, "labels": viewer.add_labels}
    return [adders[kind](data, **look) for data, look, kind in read_images(os.fspath(path))]


def _levels(levels: Sequence[Any], look: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    multiscale = len(levels) > 1
    return list(levels) if multiscale else levels[0], {**look, "multiscale": multiscale}


def _place(opened: OpenedImages) -> dict[str, Any]:
    lengths = [opened.lengths.get(axis, (1.0, "")) for axis in opened.axes]
    return {
        "scale": [length for length, _ in lengths],
        "units": [unit or "pixel" for _, unit in lengths],
        "axis_labels": tuple(opened.axes),
    }
