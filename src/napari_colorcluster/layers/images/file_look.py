"""A layer and the file that it comes from: whether viewers show the file in another way."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from napari.layers import Image, Layer

from napari_colorcluster.core.files.pictures.read import read_image
from napari_colorcluster.core.pixels.image import is_dask
from napari_colorcluster.core.pixels.picture import Picture
from napari_colorcluster.layers.images.layer_data import is_source, levels

if TYPE_CHECKING:
    from napari.components import ViewerModel

_N_COMPARED = 256
"""Rows and columns of an image in memory that are compared."""

_BLOCK = 64
"""Rows and columns in the middle of a lazy image that are compared: few chunks are read then."""

_NOTICEABLE = 0.5 / 255
"""Mean difference of the values, as a share of their range, from which two pictures differ."""

_ALPHA_LOST = "Some of it is transparent."


def file_of(layer: Layer | None) -> Path | None:
    """The file, or the folder of a zarr, that an image to be clustered was opened from."""
    if not is_source(layer) or layer.source.path is None:
        return None
    path = Path(layer.source.path)
    return path if path.exists() else None


def other_look(data: Any, path: Path) -> str:
    """What napari's reader has ignored in a file, in sentences; may take long.

    Parameters
    ----------
    data : array, shape (..., 3 or 4)
        What the reader has made of it.
    path : Path
        The file.

    Returns
    -------
    str
        The notes of `read_image`, and whether alpha is lost. Empty where the pixels are those that
        it gives, or the two are pictures of different sizes, which no orientation explains.

    Raises
    ------
    ValueError, OSError
        Where the file cannot be read any more.
    """
    picture = read_image(path)
    lost = data.shape[-1] == 3 and picture.pixels.shape[-1] == 4
    notes = (*picture.notes, *((_ALPHA_LOST,) if lost else ()))
    return " ".join(notes) if notes and _differ(data, picture.pixels) else ""


def add_as_shown(viewer: ViewerModel, layer: Image, picture: Picture) -> Image:
    """Add a picture of a layer's file above all layers, and make it active.

    Parameters
    ----------
    viewer : napari.Viewer
        Where the layer is.
    layer : Image
        What the file was opened as.
    picture : Picture
        The file as viewers show it.
    """
    place = _place(layer, picture) if picture.pixels.ndim - 1 == layer.ndim else {}
    added = viewer.add_image(
        picture.pixels,
        rgb=True,
        name=f"{layer.name} (sRGB)",
        metadata={**layer.metadata, "file": str(layer.source.path), "notes": list(picture.notes)},
        **place,
    )
    viewer.layers.selection.active = added
    return added


def _place(layer: Image, picture: Picture) -> dict[str, Any]:
    """The place of a picture: that of its layer, and where that has no scale, the file's own."""
    turned = _is_turned(levels(layer)[0].shape, picture.pixels.shape)
    order = [*range(layer.ndim - 2), *((-1, -2) if turned else (-2, -1))]
    place = {
        "scale": layer.scale[order],
        "translate": layer.translate,
        "units": layer.units,
        "axis_labels": layer.axis_labels,
    }
    lengths = [picture.lengths.get(axis) for axis in "zyx"[-layer.ndim :]]
    if len(lengths) == layer.ndim and None not in lengths and (layer.scale == 1).all():
        place["scale"], place["units"] = zip(*lengths, strict=True)
    return place


def _differ(one: Any, other: Any) -> bool:
    if _is_turned(one.shape, other.shape):
        return True
    if one.shape[:-1] != other.shape[:-1]:
        return False
    if one.shape[-1] != other.shape[-1] or one.dtype != other.dtype:
        return True
    lazy = is_dask(one) or is_dask(other)
    where = _middle(one.shape) if lazy else _strided(one.shape)
    first, second = (np.asarray(each[where], np.float64) for each in (one, other))
    largest = 1.0 if one.dtype.kind == "f" else float(np.iinfo(one.dtype).max)
    return bool(np.nanmean(np.abs(first - second)) > _NOTICEABLE * largest)


def _is_turned(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Whether rows and columns have changed places."""
    swapped = len(one) >= 3 and (*one[:-3], one[-2], one[-3]) == tuple(other[:-1])
    return swapped and one[-3] != one[-2]


def _strided(shape: tuple[int, ...]) -> tuple[slice | int, ...]:
    first = (0,) * (len(shape) - 3)
    return *first, *(slice(None, None, max(1, size // _N_COMPARED)) for size in shape[-3:-1])


def _middle(shape: tuple[int, ...]) -> tuple[slice | int, ...]:
    first = (0,) * (len(shape) - 3)
    starts = (max(0, (size - _BLOCK) // 2) for size in shape[-3:-1])
    return *first, *(slice(start, start + _BLOCK) for start in starts)
