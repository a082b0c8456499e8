"""Stored samples to red, green, blue and alpha: which conversion it takes, and doing it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from napari_colorcluster.core.color.devices import inks
from napari_colorcluster.core.color.devices.profiles import (
    FromProfile,
    deep_library,
    lab_profile,
    model_of,
    name_of,
)
from napari_colorcluster.core.files.pictures.chunks import apply
from napari_colorcluster.core.files.pictures.colors.alpha import unmultiply
from napari_colorcluster.core.files.pictures.colors.distinct import (
    OfColors,
    by_blocks,
    map_colors,
)
from napari_colorcluster.core.files.pictures.depth import as_8_bits
from napari_colorcluster.core.files.pictures.stored import N_COLORS, Stored

INKS_NOTE = f"The picture is CMYK without a profile that can be applied: {inks.RULE}."
LAB_NOTE = "The picture is CIELAB, taken as under D50, and converted to sRGB."
NOT_APPLIED = (
    "The file's color profile is damaged or does not match the color mode of the image, and is "
    "ignored."
)


def to_srgb(stored: Stored) -> tuple[Any, tuple[str, ...]]:
    """Convert a picture to sRGB; lazily where it is.

    Returns
    -------
    pixels : array, shape (..., 3 or 4)
        With alpha, not premultiplied, where the picture has it.
    notes : tuple of str
        What was done, a sentence each.

    Raises
    ------
    MissingLibraryError
        Where it has a profile and more than 8 bits, and imagecodecs is not installed.
    """
    conversion, notes = conversion_of(stored.model, stored.profile, stored.profile_name)
    if conversion is None and stored.alpha != "premultiplied" and stored.model == "rgb":
        return stored.samples, notes
    samples = stored.samples
    whole = conversion is not None or stored.alpha == "premultiplied"
    if whole:
        samples, more = as_8_bits(samples)
        notes = (*more, *notes)
    if whole and samples.dtype not in (np.uint8, np.uint16, np.float32, np.float64):
        samples = apply(_plain, samples, np.float32)
    if conversion not in (None, inks.from_inks) and samples.dtype != np.uint8:
        # Asked for at once: a lazy picture is converted long after it is opened.
        deep_library()
    steps = _Steps(N_COLORS[stored.model], stored.alpha == "premultiplied", conversion)
    n_channels = 4 if stored.alpha else 3
    return apply(steps, samples, samples.dtype, n_channels), notes


def conversion_of(
    model: str, profile: bytes | None, name: str = ""
) -> tuple[OfColors | None, tuple[str, ...]]:
    """The function that brings stored colors to sRGB, None where they are there; and notes."""
    if model == "lab":
        return FromProfile(lab_profile(), "lab"), (LAB_NOTE,)
    notes: tuple[str, ...] = ()
    if profile is not None:
        fits = {"gray": ("gray", "rgb")}.get(model, (model,))
        own = model_of(profile)
        try:
            if own in fits:
                found = FromProfile(profile, own)
                if not found.check():
                    return None, ()
                note = f"{name or name_of(profile)} converted to sRGB."
                return (found if own == model else _Gray(found)), (note,)
        except Exception:
            # Whatever LittleCMS makes of damaged profiles, the picture can be shown without.
            pass
        notes = (NOT_APPLIED,)
    return (inks.from_inks, (*notes, INKS_NOTE)) if model == "cmyk" else (None, notes)


@dataclass(frozen=True)
class _Gray:
    """Gray by a profile for red, green and blue: as equal parts of these."""

    through: OfColors

    def __call__(self, colors: np.ndarray) -> np.ndarray:
        return self.through(np.repeat(colors, 3, axis=1))


@dataclass(frozen=True)
class _Steps:
    """What is done to the samples of a block, shape (..., n)."""

    n_colors: int
    multiplied: bool
    conversion: OfColors | None

    def __call__(self, samples: np.ndarray, dtype: np.dtype) -> np.ndarray:
        colors = samples[..., : self.n_colors]
        if self.multiplied:
            flat = samples.reshape(-1, samples.shape[-1])
            colors = by_blocks(flat, unmultiply, self.n_colors).reshape(colors.shape)
        if self.conversion is not None:
            colors = map_colors(colors, self.conversion)
        elif self.n_colors == 1:
            colors = np.repeat(colors, 3, axis=-1)
        more = samples[..., self.n_colors :]
        return np.concatenate([colors, more], axis=-1) if more.shape[-1] else colors


def _plain(samples: np.ndarray, dtype: np.dtype) -> np.ndarray:
    """Samples of a rare type as floats of 0..1."""
    most = 1 if samples.dtype.kind == "f" else np.iinfo(samples.dtype).max
    return (samples / np.float64(most)).astype(dtype)
