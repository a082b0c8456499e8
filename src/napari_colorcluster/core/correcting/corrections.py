"""The corrections by name, as a session and files name them."""

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
"""Functions of labels and of what the correction is told, which return other labels."""
