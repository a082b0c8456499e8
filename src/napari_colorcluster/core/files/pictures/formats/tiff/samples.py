"""What the samples of a TIFF's pixels mean: photometric interpretation, extra samples, inks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from napari_colorcluster.core.files.pictures.chunks import apply
from napari_colorcluster.core.files.pictures.formats.tiff.pages import LOOSE
from napari_colorcluster.core.files.pictures.refusal import Refusal, unnamed_channels
from napari_colorcluster.core.files.pictures.stored import N_COLORS
from napari_colorcluster.core.support.words import counted

_MODELS = {
    "MINISWHITE": "gray",
    "MINISBLACK": "gray",
    "MASK": "gray",
    "RGB": "rgb",
    "PALETTE": "rgb",
    "YCBCR": "rgb",
    "SEPARATED": "cmyk",
    "CIELAB": "lab",
    "ICCLAB": "lab",
}
_ALPHAS = {1: "premultiplied", 2: "straight"}
"""What ExtraSamples calls associated and unassociated alpha."""

_INK_SET, _CMYK = 332, 1

_UNNAMED = "The three samples of a pixel are not said to be colors, and are taken for RGB."
_MOST_UNNAMED = 4
"""More samples than these, without a name, are bands of which nobody knows the colors."""

_NO_NAMES = {*"IQ"}
"""Axes of pages that are not said to be those of a stack."""


@dataclass(frozen=True)
class Meaning:
    """What the samples of a pixel are.

    Attributes
    ----------
    model : str
        As of `Stored`.
    alpha : str or None
        As of `Stored`.
    channels : tuple of int
        Those that are colors or alpha, the colors first.
    notes : tuple of str
        What was assumed, and what is left out.
    """

    model: str
    alpha: str | None
    channels: tuple[int, ...]
    notes: tuple[str, ...] = ()


def channel_axis(series: Any) -> int | None:
    """The axis of a series that has channels: samples of a pixel, or pages of one channel each."""
    axes = series.axes
    if _has_rows_as_pages(series):
        return len(axes) - 1
    channel = axes.find("S") if "S" in axes else axes.find("C")
    return channel if channel >= 0 else None


def _has_rows_as_pages(series: Any) -> bool:
    """Whether it is a color image that tifffile was not told to be one: each row a page.

    So it writes arrays (Y, X, 3 or 4) whose photometric interpretation is that of gray.
    """
    page, shape = series.keyframe, series.shape
    unnamed = series.kind in LOOSE and len(shape) > 2 and {*series.axes[:-2]} <= _NO_NAMES
    gray = page.photometric.name == "MINISBLACK" and page.samplesperpixel == 1
    return unnamed and gray and series.axes[-2:] == "YX" and 2 < shape[-1] < min(5, shape[-2])


def meaning_of(series: Any) -> Meaning:
    """Tell what the samples of a series mean.

    Raises
    ------
    Refusal
        Where they are not known to be colors.
    """
    page = series.keyframe
    photometric = page.photometric.name
    model = _MODELS.get(photometric)
    if model is None:
        raise Refusal(f"The image is {photometric}; RGB, gray, CMYK or Lab is needed.")
    if not isinstance(page.bitspersample, int):
        raise Refusal(
            "The image's channels have different numbers of bits: save it with 8 or 16 in each."
        )
    channel = channel_axis(series)
    n = 1 if channel is None else series.shape[channel]
    if channel is not None and series.axes[channel] == "C":
        if n not in (1, 3):
            raise Refusal(f"The image has {counted(n, 'channel')}; 3 are needed: red, green, blue.")
        channels = _channels_in_imagej(page) if n == 3 else (0,)
        return Meaning("rgb" if n == 3 else "gray", None, channels)
    if model == "cmyk" and page.tags.valueof(_INK_SET, _CMYK) != _CMYK:
        raise Refusal("The image is of other inks than CMYK; RGB, gray, CMYK or Lab is needed.")
    extras = [int(kind) for kind in page.extrasamples]
    notes: tuple[str, ...] = ()
    if model == "gray":
        extras = (extras + [0] * n)[: n - 1]
        n_unnamed = n - sum(kind in _ALPHAS for kind in extras)
        if n_unnamed > _MOST_UNNAMED:
            raise unnamed_channels(n_unnamed)
        if n_unnamed > 2 and not {*extras[:2]} & {*_ALPHAS}:
            model, extras, notes = "rgb", extras[2:], (_UNNAMED,)
    # A number in a palette stands for three colors.
    n_colors = 1 if photometric == "PALETTE" else N_COLORS[model]
    if n < n_colors:
        raise Refusal(
            f"The image has {counted(n, 'channel')}; {n_colors} are needed for {model.upper()}."
        )
    return _with_extras(model, n_colors, n - n_colors, extras, notes)


def _channels_in_imagej(page: Any) -> tuple[int, ...]:
    """Which of three channels ImageJ shows in red, green and blue; in turn, if in others."""
    told = (page.parent.is_imagej and page.parent.imagej_metadata) or {}
    tables = told.get("LUTs", [])
    if len(tables) == 3 and {np.shape(table) for table in tables} == {(3, 256)}:
        lit = np.array([np.any(table, axis=1) for table in tables])
        if (lit.sum(axis=0) == 1).all() and (lit.sum(axis=1) == 1).all():
            return tuple(lit.argmax(axis=0).tolist())
    return (0, 1, 2)


def _with_extras(
    model: str, n_colors: int, n_extras: int, extras: list[int], notes: tuple[str, ...]
) -> Meaning:
    """Colors, and the first of the extra samples that is said to be alpha."""
    extras = (extras + [0] * n_extras)[:n_extras]
    place = next((at for at, kind in enumerate(extras) if kind in _ALPHAS), None)
    channels = tuple(range(n_colors))
    alpha = None
    if place is not None:
        channels, alpha = (*channels, n_colors + place), _ALPHAS[extras[place]]
    n_left = n_extras - (place is not None)
    if n_left:
        told = f"{n_left} of {n_colors + n_extras} in a pixel"
        notes = (*notes, f"Samples that are neither color nor alpha are left out: {told}.")
    return Meaning(model, alpha, channels, notes)


def channels_of(samples: Any, meaning: Meaning) -> Any:
    """The channels that count, of samples (..., n)."""
    wanted, n = meaning.channels, samples.shape[-1]
    if n == 1 or wanted == tuple(range(n)):
        return samples
    if wanted == tuple(range(len(wanted))):
        return samples[..., : len(wanted)]
    return apply(_pick, samples, samples.dtype, len(wanted), channels=wanted)


def _pick(samples: np.ndarray, dtype: np.dtype, channels: tuple[int, ...]) -> np.ndarray:
    return samples[..., channels]


def in_color(samples: Any, page: Any, meaning: Meaning) -> Any:
    """Samples as `Stored` has them: palettes looked up, white as the largest, Lab signed."""
    photometric = page.photometric.name
    if photometric == "PALETTE":
        n_channels = 4 if meaning.alpha else 3
        return apply(_through_colors, samples, np.uint8, n_channels, colormap=page.colormap)
    if photometric == "MINISWHITE" and meaning.model == "gray":
        return apply(_inverted, samples, samples.dtype)
    if meaning.model == "lab":
        dtype = np.uint8 if samples.dtype.itemsize == 1 else np.float32
        return apply(_lab, samples, dtype, icc=photometric == "ICCLAB")
    return samples


def _through_colors(samples: np.ndarray, dtype: np.dtype, colormap: np.ndarray) -> np.ndarray:
    # Some write 0..255 as multiples of 256, others as multiples of 257, or as it is.
    shift = 8 if (colormap > 255).any() else 0
    colors = np.moveaxis((colormap >> shift).astype(dtype), 0, -1)
    found = colors[np.minimum(samples[..., 0].astype(np.intp), len(colors) - 1)]
    if samples.shape[-1] == 1:
        return found
    alpha = (samples[..., 1:] >> 8 * (samples.dtype.itemsize - 1)).astype(dtype)
    return np.concatenate([found, alpha], axis=-1)


def _inverted(samples: np.ndarray, dtype: np.dtype) -> np.ndarray:
    most = 1 if dtype.kind == "f" else np.iinfo(dtype).max
    colors = most - samples[..., :1]
    return np.concatenate([colors, samples[..., 1:]], axis=-1).astype(dtype)


def _lab(samples: np.ndarray, dtype: np.dtype, icc: bool) -> np.ndarray:
    """Lab of 8 bits as TIFF has it, a and b signed, or of floats; alpha as it is, or of 0..1."""
    if samples.dtype.itemsize == 1:
        lab = samples.view(np.uint8).copy()
        if icc:
            lab[..., 1:3] ^= 128
        return lab
    if samples.dtype.kind == "f":
        return samples.astype(dtype)
    lab = samples.astype(dtype)
    # TIFF 6.0, section 23: 100 is all of 16 bits, and a and b are signed, in 1/256; ICC's are from
    # 0, and 100 is 0xFF00.
    lab[..., 0] *= 100 / (65280 if icc else 65535)
    offset = 128 if icc else 0
    signed = samples[..., 1:3] if icc else samples[..., 1:3].astype(np.uint16).view(np.int16)
    lab[..., 1:3] = signed / np.float32(256) - offset
    lab[..., 3:] /= 65535
    return lab
