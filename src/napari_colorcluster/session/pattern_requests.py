"""Requests about the pattern of a Labels layer, and of the objects in an image; done one by one.

They need no image and are about what a layer shows, so they wait in no queue of runs and edits.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from napari.layers import Image, Labels

from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.pattern.measuring import measure_pattern
from napari_colorcluster.core.pattern.object_patterns import ObjectPatterns
from napari_colorcluster.core.pixels.pixel_size import PixelSize
from napari_colorcluster.core.support.progress import Progress, part, silent
from napari_colorcluster.layers.images.layer_data import levels
from napari_colorcluster.layers.pattern.coloring import described, palette_of
from napari_colorcluster.layers.pattern.measured import Measured, boundary_image
from napari_colorcluster.layers.pattern.spacing import Spacing, spacing_of
from napari_colorcluster.layers.regions.region import Region
from napari_colorcluster.layers.result.results import LayerResult, results

if TYPE_CHECKING:
    import pandas as pd

MAX_PATCHED = 1 << 26
"""Pixels up to which patches are found: each takes 4 bytes, that the canvas can be clicked."""


@dataclass(frozen=True, eq=False)
class PatternRequest:
    """Measure the pattern that a Labels layer shows now, painted pixels included.

    Attributes
    ----------
    labels : array, shape (..., height, width), integer
        The full resolution.
    palette : Palette or None
        As `palette_of` finds it.
    is_result : bool
        Whether a clustering made the layer: then clusters that do not occur count as well.
    spacing : Spacing
        As `spacing_of` finds it.
    """

    labels: Any
    palette: Palette | None
    is_result: bool
    spacing: Spacing

    @classmethod
    def of(cls, layer: Labels) -> Self:
        """What is to be measured of a layer as it is now."""
        is_result = results.source_of(layer) is not None
        return cls(levels(layer)[0], palette_of(layer), is_result, spacing_of(layer))

    def is_same(self, other: PatternRequest) -> bool:
        """Whether it is about the very same array, in the same colors and units."""
        mine, others = (
            (None if each is None else (each.labels.tolist(), each.colors.tolist(), each.names))
            for each in (self.palette, other.palette)
        )
        return (
            self.labels is other.labels
            and self.is_result == other.is_result
            and self.spacing == other.spacing
            and mine == others
        )

    def do(self, progress: Progress) -> Measured:
        """Measure: in one pass, and another one for the patches."""
        spacing, unit = self.spacing
        counting, finding = part(progress, 0.0, 0.2), part(progress, 0.2, 1.0)
        pattern = measure_pattern(self.labels, spacing=spacing, unit=unit, progress=counting)
        pattern = described(pattern, self.palette, with_absent=self.is_result)
        if prod(self.labels.shape) > MAX_PATCHED:
            return Measured(pattern, None, None)
        patches = pattern.patches(progress=part(finding, 0.0, 0.7))
        return Measured(pattern, patches, pattern.label_patches(progress=part(finding, 0.7, 1.0)))


@dataclass(frozen=True, eq=False)
class BoundariesRequest:
    """Paint the boundaries of what was measured, with colors."""

    measured: Measured

    def do(self, progress: Progress) -> np.ndarray:
        """Paint them; see `boundary_image`."""
        return boundary_image(self.measured.pattern)


@dataclass(frozen=True, eq=False)
class Objects:
    """How much of each cluster there is in each object of an image, and how it lies.

    Attributes
    ----------
    image : Image
        The image layer.
    palette : Palette
        The clusters.
    patterns : ObjectPatterns
        The pattern of each object; its pixels are the object's.
    spacing : Spacing
        The size of a pixel.
    centers : ndarray, shape (n_objects, ndim), float
        The middle of each object in the image's data.
    numbers : ndarray, shape of the image without channels, integer
        The object of each pixel.
    """

    image: Image
    palette: Palette
    patterns: ObjectPatterns
    spacing: Spacing
    centers: np.ndarray
    numbers: np.ndarray

    def shares(self) -> pd.DataFrame:
        """The shares in each object, with the columns of `shares_by_label`."""
        import pandas as pd

        pixels = np.stack([pattern.pixels for pattern in self.patterns.values()])
        (height, width), unit = self.spacing
        n_objects, k = pixels.shape
        table = pd.DataFrame(
            {
                "label": np.repeat(list(self.patterns), k),
                "index": np.tile(self.palette.labels, n_objects),
                "name": list(self.palette.names) * n_objects,
                "hex": list(self.palette.hex) * n_objects,
                "pixels": pixels.ravel(),
                "fraction": (pixels / np.maximum(pixels.sum(axis=1, keepdims=True), 1)).ravel(),
            }
        )
        return table if unit is None else PixelSize(height * width, f"{unit}²").added_to(table)

    def mask_of(self, row: int) -> tuple[np.ndarray, tuple[int, ...]]:
        """The pixels of an object in the plane of its center: a mask, and where it begins."""
        plane = tuple(np.rint(self.centers[row, :-2]).astype(int).tolist())
        mask = self.numbers[plane] == list(self.patterns)[row]
        box = [np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0)]
        if not all(map(len, box)):
            return np.zeros((1, 1), bool), (*plane, 0, 0)
        (top, bottom), (left, right) = ((side[0], side[-1] + 1) for side in box)
        return mask[top:bottom, left:right], (*plane, int(top), int(left))


@dataclass(frozen=True, eq=False)
class ObjectsRequest:
    """Measure each object of the region of a result, as its clusters layer shows it now."""

    image: Image
    region: Region
    pattern: PatternRequest

    @classmethod
    def of(cls, image: Image, result: LayerResult) -> Self:
        """What is to be measured of a result in a region of which each label is an object."""
        return cls(image, result.segmentation.region, PatternRequest.of(result.labels))

    def do(self, progress: Progress) -> Objects:
        """Measure, in one pass over the image and its objects."""
        from scipy.ndimage import mean

        asked = self.pattern
        numbers = self.region.objects(self.image)
        spacing, unit = asked.spacing
        patterns = measure_pattern(
            *(asked.labels, asked.palette),
            spacing=spacing,
            unit=unit,
            objects=numbers,
            progress=part(progress, 0.0, 0.7),
        )
        places = (
            mean(np.broadcast_to(axis, numbers.shape), numbers, list(patterns))
            for axis in np.ogrid[tuple(map(slice, numbers.shape))]
        )
        centers = np.stack(list(places), axis=1)
        return Objects(self.image, asked.palette, patterns, asked.spacing, centers, numbers)


def warm_up_pattern(progress: Progress = silent) -> None:
    """Measure a tiny image: this compiles the loops, once on a machine, or loads them."""
    for dtype in (np.uint8, np.uint16):
        labels = np.array([[1, 1, 2], [1, 2, 2], [3, 0, 2]], dtype)
        PatternRequest(labels, None, False, ((1.0, 1.0), None)).do(progress)
        measure_pattern(labels, objects=labels.astype(np.int32), progress=progress)
