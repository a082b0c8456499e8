"""Small pictures of an image and of its clusters, made while the image is at hand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from napari_colorcluster.core.clustering.clustering import ColorClustering
from napari_colorcluster.core.files.pictures.marks import RUN_LENGTHS
from napari_colorcluster.core.pixels.passes import as_source
from napari_colorcluster.core.pixels.picture import Picture

if TYPE_CHECKING:
    from PIL.Image import Image

SIDE = 512
"""The longest side of a thumbnail, in pixels."""

_QUALITY = 85
_WHITE = 255


@dataclass(frozen=True, eq=False)
class Thumbnails:
    """An image and its clusters, small.

    Attributes
    ----------
    photo : PIL.Image.Image
        The image as it is seen, over white where it is transparent.
    quantized : PIL.Image.Image
        Each pixel in its cluster's color; transparent where it is left out.
    """

    photo: Image
    quantized: Image

    def write_photo(self, path: Path) -> None:
        """Write the photo as a JPEG."""
        self.photo.save(path, format="jpeg", quality=_QUALITY)

    def write_quantized(self, path: Path) -> None:
        """Write the quantized picture as a PNG."""
        transparent = {"transparency": 0} if self.quantized.mode == "P" else {}
        self.quantized.save(path, format="png", **RUN_LENGTHS, **transparent)


def make_thumbnails(
    picture: Picture,
    clustering: ColorClustering,
    mask: Any = None,
    labels: Any = None,
    side: int = SIDE,
) -> Thumbnails:
    """Make the thumbnails of an image.

    Parameters
    ----------
    picture : Picture
        The image; of several planes, the middle one is shown. Of a dask array, only what is seen
        is computed.
    clustering : ColorClustering
        Labels the pixels, unless labels are given.
    mask : array of bool, shape (...), optional
        True for the pixels that take part.
    labels : array, shape (...), integer, optional
        The label of each pixel, where more than its color decides it.
    side : int, default 512
        The longest side, in pixels.

    Returns
    -------
    Thumbnails
        Quantized pixels are drawn from the image at even steps rather than averaged: they have no
        colors but those of the palette, each about as often as in the image.
    """
    from PIL import Image

    shape = picture.pixels.shape[:-1]
    plane = tuple(size // 2 for size in shape[:-2])
    shrunk = max(1.0, max(shape[-2:]) / side)
    height, width = (max(1, round(size / shrunk)) for size in shape[-2:])
    # Up to two pixels a side are averaged for each that is shown.
    step = max(1, int(shrunk / 2))
    every = slice(None, None, step)
    seen = replace(picture, pixels=np.asarray(picture.pixels[(*plane, every, every)]))
    rows, columns = _evenly(shape[-2], height), _evenly(shape[-1], width)
    if labels is None:
        near = [
            np.minimum(at // step, n - 1)
            for at, n in zip((rows, columns), seen.pixels.shape, strict=False)
        ]
        drawn = replace(picture, pixels=seen.pixels[np.ix_(*near)])
        inside = None if mask is None else _drawn(mask, plane, *(step * at for at in near))
        labels = clustering.predict(drawn, inside)
    else:
        labels = _drawn(labels, plane, rows, columns)
    photo = _over_white(as_source(seen, None).read().values.reshape(seen.pixels.shape))
    return Thumbnails(
        Image.fromarray(photo).resize((width, height), Image.Resampling.BOX),
        _painted(labels, clustering),
    )


def _drawn(array: Any, plane: tuple[int, ...], rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Values of a plane where these rows and columns cross, in memory."""
    # Two steps: a dask array takes one list of indices at a time.
    return np.asarray(array[(*plane, rows)][:, columns])


def _evenly(n: int, n_drawn: int) -> np.ndarray:
    """Indices in the middle of `n_drawn` equal parts of ``range(n)``."""
    return ((2 * np.arange(n_drawn) + 1) * n) // (2 * n_drawn)


def _over_white(pixels: np.ndarray) -> np.ndarray:
    """Colors (h, w, 3 or 4), uint8, without alpha."""
    if pixels.shape[-1] == 3:
        return pixels
    alpha = pixels[..., 3:].astype(np.uint16)
    mixed = pixels[..., :3] * alpha + _WHITE * (255 - alpha)
    return ((mixed + 127) // 255).astype(np.uint8)


def _painted(labels: np.ndarray, clustering: ColorClustering) -> Image:
    """Labels (h, w) in their colors: indexed where they fit, label 0 being transparent."""
    from PIL import Image

    if labels.dtype != np.uint8:
        return Image.fromarray(clustering.paint(labels, alpha=True))
    picture = Image.fromarray(labels)
    picture.putpalette(clustering.label_colors.tobytes())
    return picture
