"""A request for the residuals of what is shown of an image; see `LatestJob` for who does it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from napari.layers import Image

from napari_colorcluster.core.support.progress import Progress, part
from napari_colorcluster.layers.images.layer_data import levels
from napari_colorcluster.layers.images.shown import Shown
from napari_colorcluster.layers.result.results import LayerResult
from napari_colorcluster.layers.result.segmentation import Segmentation


@dataclass(frozen=True, eq=False)
class ResidualRequest:
    """Compute how far each pixel is from the color of its cluster.

    Attributes
    ----------
    image : Image
        The image layer.
    shown : Shown
        What it shows.
    segmentation : Segmentation
        What is shown of it.
    labels : tuple of array, shape (...), integer, optional
        The labels of each level where they are not decided by color alone.
    """

    image: Image
    shown: Shown
    segmentation: Segmentation
    labels: tuple[Any, ...] | None

    @classmethod
    def of(cls, image: Image, result: LayerResult) -> Self:
        """What is shown of an image now."""
        made = result.segmentation
        labels = None if made.is_by_color else tuple(levels(result.labels))
        return cls(image, result.shown, made, labels)

    def do(self, progress: Progress) -> list[Any]:
        """The residuals of each level of the image, the full resolution first; lazy for dask."""
        pictures, clustering = self.shown.pictures, self.segmentation.clustering
        none = (None,) * len(pictures)
        # Labels tell which pixels have a cluster: some may be painted outside of the region.
        masks = none if self.labels else self.segmentation.masks or none
        labels = self.labels or none
        return [
            clustering.residuals(
                *each, progress=part(progress, done / len(pictures), (done + 1) / len(pictures))
            )
            for done, each in enumerate(zip(pictures, masks, labels, strict=True))
        ]
