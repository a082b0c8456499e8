"""What of an image takes no part in a study: what its mask leaves out, and colors to ignore."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from napari_colorcluster.core.color.ranges.counting import count_range
from napari_colorcluster.core.color.ranges.spherical import SphericalRange
from napari_colorcluster.core.pixels.picture import Picture
from napari_colorcluster.core.support.progress import Progress
from napari_colorcluster.study.inputs.label_images import find_label_image, read_label_image
from napari_colorcluster.study.inputs.sources import Source

MAX_CONNECTED = 1 << 28
"""Pixels of an image in which what touches the border is found: it is in memory then."""

_HOW = '"COLOR:DISTANCE" or "COLOR:DISTANCE:border", such as "#ffffff:10"'


@dataclass(frozen=True)
class Ignored:
    """Colors to ignore.

    Parameters
    ----------
    near : SphericalRange
        Which colors these are.
    border : bool, default False
        Only where they touch the border of the image, or are connected to it by pixels of these
        colors, edge to edge: a background, but no highlights within the object.
    """

    near: SphericalRange
    border: bool = False

    @classmethod
    def parse(cls, text: str) -> Ignored:
        """Understand what a person writes: a color, the largest ΔE2000 from it, and maybe where.

        Raises
        ------
        ValueError
            Where it is something else.
        """
        color, *more = str(text).split(":")
        try:
            radius, *where = more
            if where not in ([], ["border"]):
                raise ValueError
            return cls(SphericalRange(color.strip(), float(radius)), bool(where))
        except ValueError:
            raise ValueError(f"Colors to ignore must be {_HOW}, got {text!r}.") from None

    def __str__(self) -> str:
        return f"{self.near.color}:{self.near.radius:g}{':border' if self.border else ''}"


def find_mask(folder: Path, source: Source) -> Path:
    """The mask of an image; see `find_label_image`."""
    return find_label_image(folder, source.path, source.folder, "mask")


def read_mask(folder: Path, source: Source) -> np.ndarray | Any:
    """Read the mask of an image, from a folder of them.

    Returns
    -------
    array of bool, shape (..., height, width)
        True where its label image is not 0.

    Raises
    ------
    ValueError
        Where there is none, or it cannot be read.
    """
    return read_label_image(find_mask(folder, source), "mask") != 0


def leave_out(
    picture: Picture,
    mask: Any,
    ignored: tuple[Ignored, ...],
    min_alpha: float,
    calibration: Any,
    progress: Progress,
) -> tuple[Any, int]:
    """Leave colors out of a mask.

    Parameters
    ----------
    picture : Picture
        The image.
    mask : array of bool, shape (...), or None
        True where a pixel takes part; None where all do.
    ignored : tuple of Ignored
        The colors, true ones if there is a calibration.
    min_alpha : float
        The least alpha of a pixel that takes part.
    calibration : Calibration, mapping or None
        What makes true colors of the image's.
    progress : callable
        Told the fraction done.

    Returns
    -------
    mask, n_ignored
        The mask without them, and how many pixels these are.

    Raises
    ------
    ValueError
        Where the image is too large to find what touches the border.
    """
    n_ignored = 0
    for each in ignored:
        how = {"calibration": calibration, "min_alpha": min_alpha, "return_mask": True}
        found = count_range(picture, each.near, mask, progress=progress, **how)
        inside, pixels = found.mask, found.pixels
        if each.border:
            if prod(inside.shape) > MAX_CONNECTED:
                raise ValueError(
                    f"What touches the border is found in images of up to "
                    f"{MAX_CONNECTED / 1e6:,.0f} megapixels, got {prod(inside.shape) / 1e6:,.0f}: "
                    f"ignore {each.near.color} everywhere, without :border."
                )
            inside = touching_border(np.asarray(inside))
            pixels = int(np.count_nonzero(inside))
        mask = ~inside if mask is None else mask & ~inside
        n_ignored += pixels
    return mask, n_ignored


def touching_border(inside: np.ndarray) -> np.ndarray:
    """Find what is connected to the border of each plane, edge to edge.

    Parameters
    ----------
    inside : ndarray of bool, shape (..., height, width)
        What may be.

    Returns
    -------
    ndarray of bool, shape (..., height, width)
    """
    from skimage.measure import label

    connected = np.zeros_like(inside)
    for plane in np.ndindex(inside.shape[:-2]):
        patches = label(inside[plane], connectivity=1)
        rim = (patches[0], patches[-1], patches[:, 0], patches[:, -1])
        touches = np.zeros(patches.max() + 1, bool)
        touches[np.concatenate(rim)] = True
        touches[0] = False
        connected[plane] = touches[patches]
    return connected
