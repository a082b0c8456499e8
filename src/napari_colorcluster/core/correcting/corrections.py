"""The edits of pixels by name: each makes another label image of the one that is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from napari_colorcluster.core.correcting.by_place import give_patch, merge_patch
from napari_colorcluster.core.correcting.by_shape import (
    fill_holes,
    grow_clusters,
    shrink_clusters,
    smooth_clusters,
)

CORRECTIONS: dict[str, Callable[..., Any]] = {
    "give_patch": give_patch,
    "merge_patch": merge_patch,
    "grow": grow_clusters,
    "shrink": shrink_clusters,
    "fill_holes": fill_holes,
    "smooth": smooth_clusters,
}
"""By name, a function of a label image, numpy or dask, and of what the person has chosen. It
returns another label image of the same shape, or the same one where nothing changes, and takes a
keyword `progress`, which is told the fraction done. A new correction is a function in a module of
this room, and its name here."""
