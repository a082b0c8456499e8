"""Numbers of other ranges than their type's: fewer bits than it has, floats beyond 1."""

from __future__ import annotations

from typing import Any

import numpy as np

from napari_colorcluster.core.files.pictures.chunks import apply
from napari_colorcluster.core.files.pictures.refusal import Refusal
from napari_colorcluster.core.pixels.reading import fewer_bits

_SLACK = 1e-6
_WHITES = (255, 1023, 4095, 16383, 65535)


def widen(samples: Any, n_bits: int) -> Any:
    """Scale integers of so many bits to the whole range of their type.

    Parameters
    ----------
    samples : array of bool, uint8 or uint16
        Numpy, or dask: then lazily.
    n_bits : int
        How many bits the file says that they have.

    Returns
    -------
    array of uint8 or uint16
        As given, where the type has no more bits than that.
    """
    dtype = np.dtype(samples.dtype)
    if dtype == np.bool_:
        return apply(_spread, samples, np.uint8, highest=1)
    if dtype not in (np.uint8, np.uint16) or not 0 < n_bits < 8 * dtype.itemsize:
        return samples
    return apply(_spread, samples, dtype, highest=2**n_bits - 1)


def _spread(samples: np.ndarray, dtype: np.dtype, highest: int) -> np.ndarray:
    most = np.iinfo(dtype).max
    scale = np.rint(np.arange(highest + 1) * (most / highest)).astype(dtype)
    return scale[np.minimum(samples, highest).astype(np.intp)]


def from_narrow(samples: np.ndarray, n_colors: int) -> np.ndarray:
    """Spread video's narrow range, 16 to 235 of 8 bits, over the whole range of a type.

    Parameters
    ----------
    samples : ndarray, shape (..., n), uint8 or uint16
        Alpha behind the colors has the whole range.
    n_colors : int
        How many channels are colors.
    """
    most = np.iinfo(samples.dtype).max
    step = (most + 1) >> 8
    values = np.arange(most + 1)
    table = np.rint((values - 16 * step) * (most / (219 * step))).clip(0, most)
    spread = samples.copy()
    spread[..., :n_colors] = table.astype(samples.dtype)[samples[..., :n_colors]]
    return spread


def as_8_bits(samples: Any) -> tuple[Any, tuple[str, ...]]:
    """Integers of a signed type as 8 bits where they hold 0..255, which is what people mean.

    Parameters
    ----------
    samples : array
        Numpy or dask, which is computed for it.

    Returns
    -------
    samples : array
        Of uint8, or as given.
    notes : tuple of str
        A sentence where that is done.
    """
    if samples.dtype.kind != "i" or samples.dtype.itemsize == 1 or 0 in samples.shape:
        return samples, ()
    if not (int(samples.min()) >= 0 and int(samples.max()) <= _WHITES[0]):
        return samples, ()
    note = f"The image is of type {samples.dtype} and holds 0..255: it is taken as 8 bits."
    return samples.astype(np.uint8), (note,)


def check_range(colors: np.ndarray) -> tuple[str, ...]:
    """Look at the numbers of a picture in memory.

    Parameters
    ----------
    colors : ndarray
        Its channels of color.

    Returns
    -------
    tuple of str
        A sentence where they use but the lower part of 16 bits.

    Raises
    ------
    ValueError
        Where they are floats beyond 1.
    """
    if colors.size == 0:
        return ()
    if colors.dtype.kind == "f":
        # Floats of 16 bits cannot hold the whites that this is compared to.
        highest = float(np.max(colors, initial=-np.inf, where=np.isfinite(colors)))
        if highest > 1 + _SLACK:
            white = next((white for white in _WHITES if highest <= white), np.inf)
            # What stays far below is as likely percent, or light beyond white.
            guess = f"{white:.6g}" if 2 * highest > white else "what white has in them"
            raise Refusal(
                f"The colors are floats up to {highest:.6g}, and 0 to 1 is needed: divide them by "
                f"{guess}."
            )
    if colors.dtype == np.uint16:
        highest = int(colors.max())
        n_bits = fewer_bits(highest)
        if highest > 0 and n_bits < 16:
            return (
                f"The largest value is {highest:,} of 65,535, so the file probably holds "
                f"{n_bits}-bit data; it is shown as dark as it is: set contrast limits of 0 and "
                f"{2**n_bits - 1} to brighten it.",
            )
    return ()
