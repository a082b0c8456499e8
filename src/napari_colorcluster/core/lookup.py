"""From colors to labels: a table of all 2**24 colors, and the passes over pixels that read it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from napari_colorcluster.core.histogram import N_CODES, decode, encode
from napari_colorcluster.core.image import (
    BLOCK_PIXELS,
    Pixels,
    as_image,
    as_mask,
    block_slices,
    is_dask,
    read_pixels,
)
from napari_colorcluster.core.progress import Progress, silent
from napari_colorcluster.core.threads import map_in_threads

MAX_LABELS = np.iinfo(np.uint16).max
"""The largest label that a labels image can hold."""


def label_dtype(n_labels: int) -> np.dtype:
    """The smallest type that holds labels up to `n_labels`: uint8 up to 255, else uint16."""
    return np.dtype(np.uint8 if n_labels <= np.iinfo(np.uint8).max else np.uint16)


@dataclass(frozen=True, eq=False)
class LookUp:
    """The label of every color: a table for those that are known, a rule for the others.

    Parameters
    ----------
    colors : ndarray, shape (n_colors, 3), uint8
        The colors that are known.
    labels : ndarray, shape (n_colors,)
        Their labels, 1..n_labels.
    n_labels : int
        The largest label, at most `MAX_LABELS`.
    rule : callable
        Maps other colors (n, 3), uint8, to labels (n,). A pure function of the color.

    Notes
    -----
    0 in the table stands for a color that nobody asked for yet: the first block that meets it
    asks the rule and enters the answer, which is the same whoever asks.
    """

    colors: np.ndarray
    labels: np.ndarray
    n_labels: int
    rule: Callable[[np.ndarray], np.ndarray]

    @cached_property
    def table(self) -> np.ndarray:
        """The label of each color by its number, shape (2**24,), uint8 or uint16."""
        table = np.zeros(N_CODES, label_dtype(self.n_labels))
        table[encode(self.colors)] = self.labels
        return table

    def __getstate__(self) -> dict[str, Any]:
        # The table is thousands of times larger than what it is made of.
        return {key: value for key, value in self.__dict__.items() if key != "table"}

    def label(self, pixels: Pixels) -> np.ndarray:
        """Label the pixels of a block.

        Returns
        -------
        ndarray, shape (n_pixels,), uint8 or uint16
            0 where a pixel takes no part.
        """
        from napari_colorcluster.core.kernels import look_up_labels

        table = self.table
        labels = np.empty(len(pixels.values), table.dtype)
        if look_up_labels(pixels.values, pixels.keep, table, labels):
            codes = encode(pixels.values)
            unknown = labels == 0
            if pixels.keep.size:
                unknown &= pixels.keep
            new = np.unique(codes[unknown])
            table[new] = self.rule(decode(new))
            labels[unknown] = table[codes[unknown]]
        return labels

    def predict(self, image: Any, mask: Any = None, *, progress: Progress = silent) -> Any:
        """Label an image; lazily, chunk by chunk, where it is a dask array.

        Parameters
        ----------
        image : array, shape (..., 3 or 4)
            As `ColorHistogram.from_image` takes it.
        mask : array of bool, shape (...), optional
            True where a pixel takes part.
        progress : callable, optional
            Told the fraction done; not where the image is a dask array.

        Returns
        -------
        array, shape (...), uint8 or uint16
            1..n_labels; 0 where a pixel is left out.
        """
        return self._map(image, mask, (), self.table.dtype, self.label, progress)

    def paint(
        self, image: Any, colors: np.ndarray, mask: Any = None, *, progress: Progress = silent
    ) -> Any:
        """Paint an image with the colors of its labels; lazily where it is a dask array.

        Parameters
        ----------
        image, mask, progress
            As for `predict`.
        colors : ndarray, shape (n_labels + 1, 3 or 4), uint8
            The color of each label, of 0 (what is left out) first.

        Returns
        -------
        array, shape (..., 3 or 4), uint8
        """
        return self._map(
            image,
            mask,
            (colors.shape[1],),
            np.dtype(np.uint8),
            lambda pixels: self._paint_pixels(pixels, colors),
            progress,
        )

    def _paint_pixels(self, pixels: Pixels, colors: np.ndarray) -> np.ndarray:
        from napari_colorcluster.core.kernels import paint_labels

        painted = np.empty((len(pixels.values), colors.shape[1]), np.uint8)
        paint_labels(self.label(pixels), colors, painted)
        return painted

    def _map(
        self,
        image: Any,
        mask: Any,
        channels: tuple[int, ...],
        dtype: np.dtype,
        apply: Callable[[Pixels], np.ndarray],
        progress: Progress,
    ) -> Any:
        image = as_image(image)
        mask = as_mask(mask, image)
        if is_dask(image):
            return _map_dask(image, mask, channels, dtype, apply)
        result = np.empty(tuple(image.shape[:-1]) + channels, dtype)

        def fill(where: tuple[slice, ...]) -> None:
            part = None if mask is None else np.asarray(mask[where])
            done = apply(read_pixels(np.asarray(image[where]), part))
            result[where] = done.reshape(result[where].shape)

        map_in_threads(fill, list(block_slices(image)), progress, "Labeling pixels")
        return result


def paint(labels: Any, colors: np.ndarray) -> Any:
    """Give each label its color; lazily where the labels are a dask array.

    Parameters
    ----------
    labels : array, shape (...), uint8 or uint16
        In 0..n_labels.
    colors : ndarray, shape (n_labels + 1, 3 or 4), uint8
        The color of each label, of 0 first.

    Returns
    -------
    array, shape (..., 3 or 4), uint8

    Raises
    ------
    ValueError
        Where a label has no color.
    """
    if is_dask(labels):
        return labels.map_blocks(
            paint,
            colors,
            dtype=np.uint8,
            new_axis=labels.ndim,
            chunks=(*labels.chunks, (colors.shape[1],)),
            meta=np.empty((0,) * (labels.ndim + 1), np.uint8),
        )
    from napari_colorcluster.core.kernels import paint_labels

    labels = np.asarray(labels)
    flat = np.ascontiguousarray(labels).reshape(-1)
    painted = np.empty((flat.size, colors.shape[1]), np.uint8)

    def fill(start: int) -> None:
        part = flat[start : start + BLOCK_PIXELS]
        if part.min() < 0 or part.max() >= len(colors):
            wrong = part.min() if part.min() < 0 else part.max()
            raise ValueError(f"Labels must be in 0..{len(colors) - 1}, got {wrong}.")
        paint_labels(part, colors, painted[start : start + BLOCK_PIXELS])

    map_in_threads(fill, range(0, flat.size, BLOCK_PIXELS), silent, "Painting pixels")
    return painted.reshape(*labels.shape, colors.shape[1])


def _map_dask(
    image: Any,
    mask: Any,
    channels: tuple[int, ...],
    dtype: np.dtype,
    apply: Callable[[Pixels], np.ndarray],
) -> Any:
    import dask.array as da

    image = image.rechunk({image.ndim - 1: -1})
    pixels_axes = range(image.ndim - 1)

    def of_block(block: np.ndarray, part: np.ndarray | None = None) -> np.ndarray:
        shape = block.shape[:-1]
        if part is not None:
            part = part.reshape(shape)
        return apply(read_pixels(block, part)).reshape(shape + channels)

    arrays = [image]
    if mask is not None:
        arrays.append(da.asarray(mask).rechunk(image.chunks[:-1])[..., np.newaxis])
    return da.map_blocks(
        of_block,
        *arrays,
        dtype=dtype,
        drop_axis=[] if channels else [image.ndim - 1],
        chunks=tuple(image.chunks[i] for i in pixels_axes) + tuple((n,) for n in channels),
        meta=np.empty((0,) * (image.ndim - 1 + len(channels)), dtype),
    )
