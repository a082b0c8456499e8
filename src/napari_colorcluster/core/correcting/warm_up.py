"""Compiling what corrections need, before a person waits for it."""

from __future__ import annotations

import numpy as np

from napari_colorcluster.core.correcting.by_place import merge_patch
from napari_colorcluster.core.correcting.by_shape import fill_holes, grow_clusters, smooth_clusters
from napari_colorcluster.core.support.progress import Progress, silent


def warm_up_corrections(progress: Progress = silent) -> None:
    """Correct a tiny image: this compiles the loops, once on a machine, or loads them."""
    for dtype in (np.uint8, np.uint16):
        labels = np.array([[1, 1, 2], [1, 2, 2], [3, 0, 2]], dtype)
        merge_patch(labels, (0, 0), progress=progress)
        for correct in (grow_clusters, smooth_clusters):
            correct(labels, [2], 1, progress=progress)
        fill_holes(labels, [2], progress=progress)
