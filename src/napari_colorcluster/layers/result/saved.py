"""A result in a file: what gives the same pixels again, with the image alone."""

from __future__ import annotations

from napari_colorcluster.core.files.results import SavedResult
from napari_colorcluster.layers.result.segmentation import Segmentation


def saved_result(made: Segmentation) -> SavedResult:
    """What a file holds of a result."""
    region = None if made.region is None else made.region.to_dict()
    mask = None if made.masks is None else made.masks[0]
    return SavedResult(made.clustering, region, made.min_pixels, made.overlay, mask)
