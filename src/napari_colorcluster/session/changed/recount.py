"""Counting again what is shown: arrays can be changed in place, and nothing tells that they were.

An edit changes the colors' labels and not the counts, so that each begins with a look at the pixels
as they are: a pass that costs as much as painting them, and is exact where a checksum of a few
pixels would be a guess.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from napari.layers import Image

from napari_colorcluster.core.pixels.passes import count_colors
from napari_colorcluster.core.support.progress import Progress
from napari_colorcluster.layers.images.shown import Shown
from napari_colorcluster.layers.regions.region import masks_of
from napari_colorcluster.layers.result.segmentation import Segmentation
from napari_colorcluster.layers.result.segmentation_state import Applied
from napari_colorcluster.session.changed.changes import OUTLINE, PIXELS
from napari_colorcluster.session.counted import Counted


def recounted(
    made: Segmentation, image: Image, shown: Shown, counted: Counted, progress: Progress
) -> Segmentation:
    """Take the shares from the pixels as they are; the clusters stay.

    Returns
    -------
    Segmentation
        The very same where no pixel was changed in place since, and of lazy arrays, whose values
        are taken to stay.
    """
    if not is_in_memory(shown, made.level):
        return made
    masks, level, min_alpha = made.masks, made.level, made.clustering.min_alpha
    histogram = counted.recount(image, shown, progress, masks, level, min_alpha)
    if histogram == made.histogram:
        return made
    return replace(made, applied=Applied(histogram, made.origin))


@dataclass(frozen=True, eq=False)
class Look:
    """Look whether a result is still that of its pixels and its region.

    Attributes
    ----------
    image : Image
        The image layer.
    shown : Shown
        What it shows.
    made : Segmentation
        The result.
    """

    image: Image
    shown: Shown
    made: Segmentation

    def do(self, progress: Progress) -> frozenset[str]:
        """Find what has changed: `PIXELS`, `OUTLINE`."""
        made, found = self.made, set()
        if made.region is not None and not self._has_its_masks():
            found.add(OUTLINE)
        if is_in_memory(self.shown, made.level):
            mask = None if made.masks is None else made.masks[made.level]
            picture, min_alpha = self.shown.pictures[made.level], made.clustering.min_alpha
            histogram = count_colors(picture, mask, min_alpha=min_alpha, progress=progress)
            if histogram != made.histogram:
                found.add(PIXELS)
        return frozenset(found)

    def _has_its_masks(self) -> bool:
        try:
            masks = masks_of(self.made.region, self.image)
        except ValueError:  # nothing of the image lies inside any more
            return False
        return all(map(np.array_equal, masks, self.made.masks))


def is_in_memory(shown: Shown, level: int) -> bool:
    """Whether a level of an image is an array, whose values can be changed in place."""
    return isinstance(shown.levels[level], np.ndarray)
