"""The passes over pixels: counting, labeling and painting, of arrays in memory and of dask arrays.

Here it is decided who does the work: the threads of this process (`in_memory`), or the scheduler
that is active (`on_dask`), in which case labels and colors are lazy.
"""

from __future__ import annotations

from math import prod
from typing import Any
from warnings import warn

import numpy as np

from napari_colorcluster.core.pixels import in_memory
from napari_colorcluster.core.pixels.blocks import PixelSource
from napari_colorcluster.core.pixels.histogram import ColorHistogram
from napari_colorcluster.core.pixels.image import as_image, as_label_array, as_mask, is_dask
from napari_colorcluster.core.pixels.lookup import LookUp
from napari_colorcluster.core.pixels.picture import Picture
from napari_colorcluster.core.pixels.reading import MIN_ALPHA, Reading, fewer_bits
from napari_colorcluster.core.support.progress import Progress, silent

_DARK = 2**14 - 1
"""The largest value of 16 bits that hold at most 14."""


def count_colors(
    image: Any,
    mask: Any = None,
    *,
    contrast_limits: tuple[float, float] | None = None,
    gamma: float = 1.0,
    min_alpha: float = MIN_ALPHA,
    progress: Progress = silent,
) -> ColorHistogram:
    """Count the colors of an image in one pass over its blocks.

    Parameters
    ----------
    image : array, shape (..., 3 or 4), or Picture
        RGB or RGBA: uint8 as it is, other integers scaled by their type's range, floats in
        [0, 1], both to 8 bits a channel. Signed integers, and those of 32 or 64 bits, that hold
        0..255 are taken as 8 bits, with a warning; those of 32 or 64 bits that hold 0..65,535 need
        contrast limits. Those of 16 bits that hold 14 or fewer are as dark as they are, with a
        warning. Any number of leading axes: a stack or a time-lapse counts as one image.
        Of a numpy masked array, pixels with a masked channel are left out.
    mask : array of bool, shape (...), optional
        True where a pixel takes part. By default all do.
    contrast_limits : (float, float), optional
        The values that are shown as 0 and as 255, as in napari; what lies outside is clipped.
        By default those of the picture, or the type's range.
    gamma : float, default 1.0
        The power that values in [0, 1] are raised to, as in napari; by default the picture's.
    min_alpha : float, default 0.5
        The least alpha of a pixel that takes part, in [0, 1]. With 0 all pixels do that are not
        fully transparent.
    progress : callable, optional
        Told the fraction done.

    Returns
    -------
    ColorHistogram
        How many pixels were left out is in its ``n_excluded``, and why in ``excluded``: masked,
        with a channel that is not finite, or with less alpha than `min_alpha`.

    Raises
    ------
    ValueError
        Where the image has no color channels, a float lies outside [0, 1], an integer is
        negative, the mask is of another shape, or a chunk of a dask array raises anything but an
        `OSError`, which comes as such. Both name the chunk.
    """
    source = as_source(image, mask, min_alpha, contrast_limits, gamma)
    if is_dask(source.image):
        histogram = _on_dask().count(source, progress)
    else:
        histogram = in_memory.count(source, progress=progress)
    # What a file in memory holds, its picture's notes say.
    if is_dask(source.image) or not isinstance(image, Picture):
        _warn_if_dark(source, histogram)
    return histogram


def predict(
    look_up: LookUp,
    image: Any,
    mask: Any = None,
    *,
    min_alpha: float = MIN_ALPHA,
    label_of: np.ndarray | None = None,
    out: np.ndarray | None = None,
    progress: Progress = silent,
) -> Any:
    """Label an image; lazily, chunk by chunk, where it is a dask array.

    Parameters
    ----------
    look_up : LookUp
        The label of each color.
    image, mask, min_alpha
        As for `count_colors`.
    label_of : ndarray, shape (n_labels + 1,), uint8, uint16 or float32, optional
        What to write for each label, that for 0 first: other labels from the same table, or values.
    out : ndarray, shape (...), of the labels' dtype, optional
        Where the labels are written to, in place of a new array; for images in memory.
    progress : callable, optional
        Told the fraction done; not where the image is a dask array.

    Returns
    -------
    array, shape (...), uint8 or uint16
        1..n_labels; 0 where a pixel is left out. With `label_of`, what that holds.
    """
    source = as_source(image, mask, min_alpha)
    if is_dask(source.image):
        return _on_dask().label(look_up, source, label_of)
    labels = _output("out", out, source.shape, _label_dtype(look_up, label_of))
    in_memory.label(look_up, source, labels=labels, label_of=label_of, progress=progress)
    return labels


def quantize(
    look_up: LookUp,
    image: Any,
    colors: np.ndarray,
    mask: Any = None,
    *,
    min_alpha: float = MIN_ALPHA,
    label_of: np.ndarray | None = None,
    out: np.ndarray | None = None,
    progress: Progress = silent,
) -> Any:
    """Paint an image with the colors of its labels; lazily where it is a dask array.

    Parameters
    ----------
    look_up, image, mask, min_alpha, label_of, progress
        As for `predict`.
    colors : ndarray, shape (n_labels + 1, 3 or 4), uint8
        The color of each label that is written, of 0 (what is left out) first.
    out : ndarray, shape (..., 3 or 4), uint8, optional
        Where the colors are written to, in place of a new array; for images in memory.

    Returns
    -------
    array, shape (..., 3 or 4), uint8
    """
    source = as_source(image, mask, min_alpha)
    if is_dask(source.image):
        dask = _on_dask()
        return dask.paint(dask.label(look_up, source, label_of), colors)
    painted = _output("out", out, (*source.shape, colors.shape[1]), np.uint8)
    written = {"painted": painted, "colors": colors}
    in_memory.label(look_up, source, **written, label_of=label_of, progress=progress)
    return painted


def predict_and_paint(
    look_up: LookUp,
    image: Any,
    colors: np.ndarray,
    mask: Any = None,
    *,
    min_alpha: float = MIN_ALPHA,
    label_of: np.ndarray | None = None,
    out: tuple[np.ndarray, np.ndarray] | None = None,
    progress: Progress = silent,
) -> tuple[Any, Any]:
    """Label an image and paint it, in one pass over its pixels.

    Parameters
    ----------
    look_up, image, colors, mask, min_alpha, label_of, progress
        As for `quantize`.
    out : tuple of ndarray, optional
        Where the labels and the colors are written to; for images in memory.

    Returns
    -------
    labels, painted : array
        As `predict` and `quantize` give them.
    """
    source = as_source(image, mask, min_alpha)
    if is_dask(source.image):
        dask = _on_dask()
        labels = dask.label(look_up, source, label_of)
        return labels, dask.paint(labels, colors)
    first, second = (None, None) if out is None else out
    labels = _output("out[0]", first, source.shape, _label_dtype(look_up, label_of))
    painted = _output("out[1]", second, (*source.shape, colors.shape[1]), np.uint8)
    written = {"labels": labels, "painted": painted, "colors": colors}
    in_memory.label(look_up, source, **written, label_of=label_of, progress=progress)
    return labels, painted


def paint_labels(labels: Any, colors: np.ndarray) -> Any:
    """Give each label its color; lazily where the labels are a dask array.

    Parameters
    ----------
    labels : array, shape (...), integer
        In 0..n_labels.
    colors : ndarray, shape (n_labels + 1, 3 or 4), uint8
        The color of each label, of 0 first.

    Returns
    -------
    array, shape (..., 3 or 4), uint8

    Raises
    ------
    ValueError
        Where the labels are no integers, or one has no color.
    """
    labels = as_label_array(labels)
    if np.dtype(labels.dtype).kind not in "uib":
        raise ValueError(f"Labels must be integers, got {np.dtype(labels.dtype).name}.")
    if is_dask(labels):
        return _on_dask().paint(labels, colors)
    labels = np.asarray(labels)
    painted = np.empty((*labels.shape, colors.shape[1]), np.uint8)
    in_memory.paint(labels, colors, painted)
    return painted


def as_histogram(
    image: Any, mask: Any = None, progress: Progress = silent, *, min_alpha: float = MIN_ALPHA
) -> ColorHistogram:
    """Count an image's colors, unless it is a histogram already."""
    if isinstance(image, ColorHistogram):
        if mask is not None:
            raise ValueError("A mask needs an image; a ColorHistogram has been counted already.")
        return image
    return count_colors(image, mask, min_alpha=min_alpha, progress=progress)


def as_numpy(array: Any) -> np.ndarray:
    """Compute a dask array, without napari's global cache; any other is returned as numpy's."""
    return _on_dask().compute(array)[0] if is_dask(array) else np.asarray(array)


def as_source(
    image: Any,
    mask: Any,
    min_alpha: float = MIN_ALPHA,
    contrast_limits: tuple[float, float] | None = None,
    gamma: float = 1.0,
) -> PixelSource:
    """Check an image and its mask, and decide how its pixels are read.

    What has been checked, a `PixelSource`, is returned as it is.
    """
    if isinstance(image, PixelSource):
        return image
    if isinstance(image, Picture):
        contrast_limits = contrast_limits or image.contrast_limits
        gamma, image = (image.gamma if gamma == 1 else gamma), image.pixels
    reading = Reading(contrast_limits, gamma, min_alpha)
    image = as_image(image)
    mask = as_mask(mask, image)
    if reading.contrast_limits is None and _is_wide(image):
        lowest, highest = (
            _on_dask().compute(image.min(), image.max())
            if is_dask(image)
            else (np.min(image), np.max(image))
        )
        if lowest >= 0 and highest <= 255:
            warn(
                f"The image is of type {image.dtype} and holds 0..255: it is taken as 8 bits.",
                stacklevel=4,
            )
            image = image.astype(np.uint8)
        elif lowest >= 0 and highest < 2**16 and image.dtype.itemsize > 2:
            white = 2 ** fewer_bits(highest) - 1
            raise ValueError(
                f"The image is of type {image.dtype}, in whose range all of 0..{highest} is black: "
                f"set contrast limits, such as 0 and {white}, or scale it to 8 bits."
            )
    return PixelSource(image, mask, reading)


def _warn_if_dark(source: PixelSource, histogram: ColorHistogram) -> None:
    """Warn where 16 bits seem to hold fewer: no color is bright, nor is what was left out."""
    dtype, reading = np.dtype(source.image.dtype), source.reading
    if dtype not in (np.uint16, np.int16) or reading.contrast_limits or not len(histogram):
        return
    most = np.iinfo(dtype).max
    if histogram.colors.max() > round(255 * _DARK / most):
        return
    highest = _highest(source)
    if 0 < highest <= _DARK:
        n_bits = fewer_bits(highest)
        warn(
            f"The largest value is {highest:,} of {most:,}, so the image probably holds "
            f"{n_bits}-bit data, and is taken as dark as it is: give it as a Picture with "
            f"contrast_limits=(0, {2**n_bits - 1}) to brighten it.",
            stacklevel=4,
        )


def _highest(source: PixelSource) -> int:
    """The largest value of the colors, with those of pixels that take no part."""
    if is_dask(source.image):
        return int(_on_dask().compute(source.image[..., :3].max())[0])
    blocks = (np.asarray(source.image[where])[..., :3] for where in source.slices())
    return max(int(block.max()) for block in blocks)


def _is_wide(image: Any) -> bool:
    """Whether it has integers of a type that no camera gives."""
    kind, n_bytes = image.dtype.kind, image.dtype.itemsize
    is_wide = (kind == "i" and n_bytes > 1) or (kind == "u" and n_bytes > 2)
    return is_wide and prod(image.shape) > 0


def _on_dask() -> Any:
    # dask takes half a second to import: an image in memory must not wait for it.
    from napari_colorcluster.core.pixels import on_dask

    return on_dask


def _label_dtype(look_up: LookUp, label_of: np.ndarray | None) -> np.dtype:
    return look_up.dtype if label_of is None else label_of.dtype


def _output(
    name: str, given: np.ndarray | None, shape: tuple[int, ...], dtype: np.dtype | type
) -> np.ndarray:
    """The array to be written to: the one given, if it fits, or a new one."""
    if given is None:
        return np.empty(shape, dtype)
    if given.shape != tuple(shape) or given.dtype != dtype:
        raise ValueError(
            f"{name} must be an array of type {np.dtype(dtype)} and shape {tuple(shape)}, got "
            f"{given.dtype} of shape {given.shape}."
        )
    return given
