"""The register of edits, and what they share: a new state of the clusters, with the edit on record.

The edits themselves are methods of `Editable` and of its bases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np

from napari_colorcluster.core.clustering.clusters import Clusters

_Clustering = TypeVar("_Clustering", bound=Clusters)

EDITS: dict[str, Callable[..., Any]] = {}
"""The edits by name. A new one is a method that is marked with `registered`."""


def registered(method: Callable[..., Any]) -> Callable[..., Any]:
    """Enter a method into `EDITS`, by its name."""
    EDITS[method.__name__] = method
    return method


def edited(clustering: _Clustering, edit: tuple[Any, ...], **changes: Any) -> _Clustering:
    """Return a clustering with some fields changed and the edit recorded."""
    used = set(np.unique(changes.get("label_of", clustering.label_of)).tolist())
    for name in ("given_colors", "given_names"):
        given = changes.get(name, getattr(clustering, name))
        changes[name] = {label: value for label, value in given.items() if label in used}
    order = changes.get("order", clustering.order)
    changes["order"] = tuple(label for label in order if label in used)
    return replace(clustering, edits=(*clustering.edits, edit), **changes)


def relabeled(clustering: Clusters, mapping: Iterable[tuple[int, int]]) -> np.ndarray:
    """Return `label_of` with old labels mapped to new ones, all at once."""
    new = np.arange(int(clustering.label_of.max()) + 1)
    for old, to in mapping:
        new[old] = to
    return new[clustering.label_of]


def grouped(clustering: Clusters) -> tuple[np.ndarray, np.ndarray]:
    """Merge parts of the same label into groups, as a `Partition` takes them.

    Returns
    -------
    labels : ndarray, shape (n_groups + 1,), int64
        The label of each group, for group 0 first; 0 for background and for what is too far.
    group_of : ndarray, shape (n_parts + 1,), int64
        The group of each part. The part of the colors that are too far stays apart.
    """
    keys = clustering.label_of[1:].astype(np.int64)
    if beyond := clustering.partition.beyond:
        keys[beyond - 1] = -1
    used, groups = np.unique(keys, return_inverse=True)
    return np.concatenate([[0], np.maximum(used, 0)]), np.concatenate([[0], groups + 1])
