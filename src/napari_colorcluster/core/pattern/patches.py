"""Connected patches of clusters: found in an image, and put into tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from napari_colorcluster.core.pattern.connected.regions import find_regions
from napari_colorcluster.core.pattern.connected.shapes import Columns, count_pixels, measure_shapes
from napari_colorcluster.core.pattern.label_image import LabelImage, as_planes, compact
from napari_colorcluster.core.support.progress import Progress, silent

if TYPE_CHECKING:
    import pandas as pd

WHAT = "Measuring patches"
"""The step in words."""

_NO_PLANE = (np.zeros((0, 0), np.uint8), None)


def label_patches(
    image: LabelImage, connectivity: int = 1, progress: Progress = silent
) -> np.ndarray:
    """Number the patches of an image; see `Pattern.label_patches`."""
    check_connectivity(connectivity)
    numbers = np.empty(image.labels.shape, np.int32)
    n_before = 0
    for place, plane in enumerate(as_planes(numbers)):
        patches, n = _find(image.plane(place), connectivity)
        plane[...] = np.where(patches < 0, 0, patches + (n_before + 1))
        n_before += n
        progress((place + 1) / image.n_planes, WHAT)
    return numbers


def measure_patches(
    image: LabelImage,
    names: Mapping[int, str],
    spacing: tuple[float, float],
    connectivity: int = 1,
    progress: Progress = silent,
) -> pd.DataFrame:
    """Measure the patches of an image; see `Pattern.patches`.

    Parameters
    ----------
    image : LabelImage
        Where they are. Where it has objects, patches end at their borders, and a column ``object``
        comes first.
    names : mapping of int to str
        The name of each label.
    spacing : (float, float)
        Size of a pixel along rows and columns of the array.
    connectivity, progress
        As `Pattern.patches` takes them.
    """
    return _table(
        image, names, connectivity, progress, lambda patches, n: measure_shapes(patches, n, spacing)
    )


def summarize_patches(
    image: LabelImage,
    names: Mapping[int, str],
    spacing: tuple[float, float],
    connectivity: int = 1,
    progress: Progress = silent,
    objects: Sequence[int] | None = None,
) -> pd.DataFrame:
    """Sum up the patches of an image, cluster by cluster; see `Pattern.patch_summary`.

    Parameters
    ----------
    image, names, spacing, connectivity, progress
        As for `measure_patches`.
    objects : sequence of int, optional
        The objects, where the image has some: then each cluster has a row for each of them.
    """
    import pandas as pd

    table = _table(image, names, connectivity, progress, count_pixels)
    table["area"] = table["pixels"] * (spacing[0] * spacing[1])
    if objects is None:
        table["object"] = 0
    keys = ["object", "cluster"]
    rows = pd.MultiIndex.from_product([[0] if objects is None else objects, names], names=keys)
    groups = table.groupby(keys)["area"].agg(["count", "mean", "median", "sum"])
    found = groups.reindex(rows).reset_index()
    counts, areas = found["count"].fillna(0), found["sum"].fillna(0)
    whole = areas.groupby(found["object"]).transform("sum")
    summary = pd.DataFrame(
        {
            "object": found["object"],
            "cluster": found["cluster"],
            "name": found["cluster"].map(names),
            "patches": counts.astype(np.int64),
            "density": counts / whole,
            "mean_area": found["mean"],
            "median_area": found["median"],
            "coverage": areas / whole,
        }
    )
    return summary.drop(columns="object") if objects is None else summary


def check_connectivity(connectivity: Any) -> int:
    """Refuse what is neither 1 nor 2."""
    if connectivity not in (1, 2):
        raise ValueError(
            f"connectivity must be 1 (edges) or 2 (corners as well), got {connectivity!r}."
        )
    return int(connectivity)


def _find(plane: tuple[np.ndarray, np.ndarray | None], connectivity: int) -> tuple[np.ndarray, int]:
    """Number the patches of a plane from 0 on, -1 where nothing is; and how many there are."""
    labels, objects = plane
    if objects is not None and labels.size:
        labels = _in_objects(labels, objects)
    return find_regions(np.ascontiguousarray(labels), connectivity)


def _in_objects(labels: np.ndarray, objects: np.ndarray) -> np.ndarray:
    """A number for each label in each object, 0 where either is."""
    found, labels = compact(labels)
    found_objects, objects = compact(objects)
    base = len(found) + 1
    numbers = objects.astype(np.int32 if base * (len(found_objects) + 1) < 2**31 else np.int64)
    numbers *= base
    numbers += labels
    numbers[(labels == 0) | (objects == 0)] = 0
    return numbers


def _table(
    image: LabelImage,
    names: Mapping[int, str],
    connectivity: int,
    progress: Progress,
    measure: Callable[[np.ndarray, int], tuple[np.ndarray, Columns]],
) -> pd.DataFrame:
    """Find the patches plane by plane; `measure` gives their first pixels and columns."""
    import pandas as pd

    check_connectivity(connectivity)
    parts: list[Columns] = []
    n_before = 0
    for place in range(max(image.n_planes, 1)):
        labels, objects = image.plane(place) if image.n_planes else _NO_PLANE
        patches, n = _find((labels, objects), connectivity)
        firsts, columns = measure(patches, n)
        where = tuple(firsts.T)
        clusters = labels[where].astype(np.int64)
        head = {"frame": np.full(n, place)} if image.labels.ndim > 2 else {}
        if objects is not None:
            head["object"] = objects[where].astype(np.int64)
        head["label"] = np.arange(n_before + 1, n_before + n + 1)
        head["cluster"] = clusters
        head["name"] = _named(clusters, names)
        parts.append(head | columns)
        n_before += n
        progress((place + 1) / max(image.n_planes, 1), WHAT)
    return pd.DataFrame({name: np.concatenate([part[name] for part in parts]) for name in parts[0]})


def _named(clusters: np.ndarray, names: Mapping[int, str]) -> np.ndarray:
    """The name of the cluster of each patch."""
    labels = np.array(list(names), np.int64)
    order = np.argsort(labels)
    codes = order[np.searchsorted(labels, clusters, sorter=order)] if len(labels) else clusters
    return np.array(list(names.values()), object)[codes]
