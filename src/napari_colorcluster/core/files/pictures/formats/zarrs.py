"""Zarr folders, OME-Zarr among them: their pixels and pixel sizes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from napari_colorcluster.core.files.pictures import chunks
from napari_colorcluster.core.files.pictures.depth import widen
from napari_colorcluster.core.files.pictures.lengths import Lengths, known_lengths
from napari_colorcluster.core.files.pictures.limits import check_memory
from napari_colorcluster.core.files.pictures.refusal import Refusal, unnamed_channels
from napari_colorcluster.core.files.pictures.stored import Stored
from napari_colorcluster.core.support.extras import library
from napari_colorcluster.core.support.words import counted

_FEWEST_COLUMNS = 10
"""A last axis that is shorter, also than the two before it, is taken for channels."""

_ALPHA = "A zarr says nothing of its fourth channel, which is taken for alpha."
_LIKE_CHANNELS = (
    "3 gray planes are read as a stack: if they are red, green and blue, store the channels last."
)


def open_zarr(path: Path) -> Stored:
    """Read an array of zarr, that of a group with one, or the largest level of an OME-Zarr image.

    Its samples are lazy from `chunks.STREAM_BYTES` on.

    Raises
    ------
    Refusal
        Where a group has several arrays, or the channels are not red, green and blue.
    MissingLibraryError
        Where zarr is not installed.
    Exception
        Whatever zarr raises where it is damaged.
    """
    zarr = library("zarr", "Zarr folders need the library zarr")
    node = zarr.open(path, mode="r")
    axes: list[dict[str, Any]] = []
    lengths: Lengths = {}
    if isinstance(node, zarr.Group):
        attributes = dict(node.attrs)
        # OME-Zarr 0.5 has its own one level down.
        scales = attributes.get("ome", attributes).get("multiscales")
        if scales:
            node = node[scales[0]["datasets"][0]["path"]]
            axes = axes_in(scales[0], node.ndim)
            lengths = lengths_in(scales[0], axes, node.shape)
        else:
            arrays = sorted(node.arrays())
            if len(arrays) != 1:
                raise Refusal(
                    f"A zarr group must hold one array or the levels of an OME-Zarr image, got "
                    f"{len(arrays)} arrays."
                )
            node = arrays[0][1]
    if node.ndim < 2:
        raise Refusal(f"A picture has rows and columns; got an array of shape {node.shape}.")
    channel = _channel(node.shape, [axis["name"] for axis in axes])
    large = node.nbytes >= chunks.STREAM_BYTES
    check_memory(4 * (prod(node.chunks) * node.dtype.itemsize if large else node.nbytes))
    samples = chunks.stream(node, channel) if large else node[...]
    samples = samples[..., np.newaxis] if channel is None else np.moveaxis(samples, channel, -1)
    n_channels = samples.shape[-1]
    return Stored(
        *(widen(samples, 0), "gray" if n_channels == 1 else "rgb"),
        alpha="straight" if n_channels == 4 else None,
        lengths=lengths,
        notes=_notes(samples.shape, named=bool(axes)),
    )


def _notes(shape: tuple[int, ...], named: bool) -> tuple[str, ...]:
    if shape[-1] == 4:
        return (_ALPHA,)
    return (_LIKE_CHANNELS,) if not named and len(shape) == 4 and shape[::3] == (3, 1) else ()


def _channel(shape: tuple[int, ...], names: list[str]) -> int | None:
    """The axis of channels; None where the picture is gray and has none."""
    if not names:
        if len(shape) > 2 and shape[-1] in (1, 3, 4):
            return len(shape) - 1
        if len(shape) > 2 and shape[-1] < min(_FEWEST_COLUMNS, *shape[-3:-1]):
            raise unnamed_channels(shape[-1])
        return None
    if "c" not in names:
        return None
    channel = names.index("c")
    if shape[channel] not in (1, 3):
        raise Refusal(
            f"The image has {counted(shape[channel], 'channel')}; 3 are needed: red, green, blue."
        )
    return channel


def axes_in(multiscale: Mapping[str, Any], ndim: int) -> list[dict[str, Any]]:
    """The axes as OME-Zarr has them since 0.4: in 0.3 they are names, before that always tczyx."""
    axes = multiscale.get("axes") or list("tczyx")
    axes = [{"name": axis} if isinstance(axis, str) else axis for axis in axes]
    if len(axes) != ndim:
        raise Refusal(f"The image has {ndim} axes, but names for {len(axes)}.")
    return axes


def lengths_in(
    multiscale: Mapping[str, Any], axes: Sequence[Mapping[str, Any]], shape: tuple[int, ...]
) -> Lengths:
    """Scales apply one after another: that of the level, then that of all levels."""
    steps = [
        *multiscale["datasets"][0].get("coordinateTransformations", []),
        *multiscale.get("coordinateTransformations", []),
    ]
    lists = [step["scale"] for step in steps if isinstance(step.get("scale"), list)]
    if not lists:
        return {}
    scale = np.prod([np.asarray(each, float) for each in lists], axis=0)
    names = [axis["name"] for axis in axes]
    deep = "z" in names and shape[names.index("z")] > 1
    return known_lengths(
        (axis["name"], side, axis.get("unit", ""))
        for axis, side in zip(axes, scale, strict=True)
        if axis["name"] in ("x", "y", *(("z",) if deep else ()))
    )
