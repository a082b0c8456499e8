"""What corrections are told, checked: which clusters, how far, at which pixel."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from napari_colorcluster.core.pixels.lookup import MAX_LABELS
from napari_colorcluster.core.support.numbers import is_integer, is_number


def check_clusters(clusters: Any) -> list[int]:
    """Check that they are labels of clusters, at least one; ascending, each once."""
    given = list(clusters) if isinstance(clusters, Iterable) else [clusters]
    if not given or not all(is_integer(each) and 1 <= each <= MAX_LABELS for each in given):
        raise ValueError(
            f"The clusters must be one or more labels in 1..{MAX_LABELS}, got {clusters!r}."
        )
    return sorted({int(each) for each in given})


def check_distance(distance: Any) -> float:
    """Check that it is a finite number above 0."""
    if not is_number(distance) or not 0 < distance < np.inf:
        raise ValueError(f"distance must be a number above 0, got {distance!r}.")
    return float(distance)


def check_label(label: Any) -> int:
    """Check that it is a label, or 0 for the background."""
    if not is_integer(label) or not 0 <= label <= MAX_LABELS:
        raise ValueError(f"A label must be in 0..{MAX_LABELS}, got {label!r}.")
    return int(label)


def check_labels(labels: Any, n_pixels: int) -> np.ndarray:
    """Check that they are labels, one for all of so many pixels or one for each."""
    labels = np.asarray(labels)
    fit = labels.ndim == 0 or labels.shape == (n_pixels,)
    if not fit or (labels.size and labels.dtype.kind not in "uib"):
        raise ValueError(
            f"Labels must be integers, one for all pixels or one for each of the {n_pixels:,}, got "
            f"{labels.dtype.name} of shape {labels.shape}."
        )
    if labels.size and not 0 <= labels.min() <= labels.max() <= MAX_LABELS:
        raise ValueError(f"Labels must be in 0..{MAX_LABELS}, got {labels.min()}..{labels.max()}.")
    return labels


def check_pixel(pixel: Any, shape: Sequence[int]) -> tuple[int, ...]:
    """Check that it is an index into an array of a shape."""
    inside = (
        isinstance(pixel, Sequence)
        and len(pixel) == len(shape)
        and all(is_integer(at) and 0 <= at < n for at, n in zip(pixel, shape, strict=True))
    )
    if not inside:
        raise ValueError(f"There is no pixel {pixel!r} in labels of shape {tuple(shape)}.")
    return tuple(map(int, pixel))
