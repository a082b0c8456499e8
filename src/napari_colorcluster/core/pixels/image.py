"""What counts as an image and as a mask; nothing is read here."""

from __future__ import annotations

from os import PathLike, fsdecode
from typing import Any

import numpy as np


def is_dask(array: Any) -> bool:
    """Whether `array` is a dask array; dask itself is not imported to find out."""
    return type(array).__module__.partition(".")[0] == "dask"


def as_image(image: Any) -> Any:
    """Check that `image` is an array of RGB or RGBA colors.

    Parameters
    ----------
    image : array-like, shape (..., 3 or 4)
        uint8, another integer type or float. What is not an array yet becomes a numpy array;
        what can be sliced lazily (dask, zarr) stays as it is.

    Returns
    -------
    array
        With ``shape``, ``dtype`` and slicing.

    Raises
    ------
    ValueError
        Where the last axis does not hold 3 or 4 channels, or the type is no integer or float.
    """
    if not (hasattr(image, "shape") and hasattr(image, "dtype")):
        image = _as_array(image)
        # Python's integers have no range of their own: 0..255 is what people write down.
        if image.dtype.kind == "i" and image.size and 0 <= image.min() <= image.max() <= 255:
            image = image.astype(np.uint8)
    if len(image.shape) < 1 or image.shape[-1] not in (3, 4):
        raise ValueError(
            "An image of colors is needed, with 3 (RGB) or 4 (RGBA) channels on its last axis; "
            f"got an array of shape {tuple(image.shape)}{_advice(tuple(image.shape))}."
        )
    if np.dtype(image.dtype).kind not in "uif":
        raise ValueError(
            f"The image must be of an integer or float type, got {np.dtype(image.dtype).name}."
        )
    _check_sizes("image", image)
    return image


def _as_array(image: Any) -> np.ndarray:
    """Make an array of what is none; what cannot be an image is refused by what it is."""
    mode = getattr(image, "mode", None)
    if type(image).__module__.partition(".")[0] == "PIL" and mode not in ("RGB", "RGBA"):
        raise ValueError(
            f"The Pillow image is of mode {mode}, whose numbers are not RGB: give "
            'image.convert("RGB"), or read its file with read_image.'
        )
    several = isinstance(image, list | tuple | set)
    first = next(iter(image), None) if several else image
    if isinstance(first, str | bytes | PathLike):
        files = f"files, such as {fsdecode(first)}, use read_image for each"
        file = files if several else f"file {fsdecode(first)}, use read_image"
        raise ValueError(f"An image is an array; to read the {file}.")
    try:
        array = np.asarray(image)
    except ValueError:  # Rows of several lengths.
        array = np.empty(0, object)
    is_of_numbers = array.dtype.kind in "biufc"
    if not is_of_numbers or array.ndim == 0:
        what = f"an object of type {type(image).__name__}"
        if several:
            what = f"a {type(image).__name__} that is no array of numbers"
        elif image is None or is_of_numbers:
            what = repr(image)
        raise ValueError(
            "An image is an array of colors, with 3 (RGB) or 4 (RGBA) channels on its last axis; "
            f"got {what}."
        )
    return array


def _advice(shape: tuple[int, ...]) -> str:
    """What makes colors of an array of this shape, where that is likely meant."""
    if len(shape) == 3 and shape[0] in (3, 4):
        return ", whose channels are on the first axis: numpy.moveaxis(image, 0, -1) moves them"
    if len(shape) == 2:
        return ", which is gray: numpy.stack([image] * 3, axis=-1) makes it RGB"
    return ""


def as_label_array(labels: Any) -> Any:
    """Labels or a mask as an array, unless they are one; what is masked in them becomes 0."""
    if isinstance(labels, np.ma.MaskedArray):
        return labels.filled(0)
    is_array = hasattr(labels, "shape") and hasattr(labels, "dtype")
    return labels if is_array else np.asarray(labels)


def as_mask(mask: Any, image: Any) -> Any:
    """Check that `mask` fits `image`: its shape without the channels, bool or integer.

    Returns
    -------
    array or None
        As given; integers count as True where they are not 0.
    """
    if mask is None:
        return None
    mask = as_label_array(mask)
    _check_sizes("mask", mask)
    if tuple(mask.shape) != tuple(image.shape[:-1]):
        raise ValueError(
            f"The mask must have the image's shape without channels, {tuple(image.shape[:-1])}, "
            f"got {tuple(mask.shape)}."
        )
    if np.dtype(mask.dtype).kind not in "bui":
        raise ValueError(f"The mask must be of type bool, got {np.dtype(mask.dtype).name}.")
    # Beside an image in memory there is room for its mask, which no block computes again.
    return np.asarray(mask) if isinstance(image, np.ndarray) else mask


def _check_sizes(what: str, array: Any) -> None:
    if any(np.isnan(size) for size in array.shape):
        raise ValueError(
            f"The sizes of the {what}'s chunks are unknown, shape {tuple(array.shape)}: "
            "dask's compute_chunk_sizes() finds them."
        )
