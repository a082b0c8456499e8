"""Connected patches: measured as scikit-image measures regions, all of an image at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from napari_colorcluster.core.pattern.hulls import convex_areas
from napari_colorcluster.core.pattern.label_image import LabelImage, as_labels, as_planes, compact
from napari_colorcluster.core.pattern.patch_loops import (
    DIAGONAL,
    MIXED,
    STRAIGHT,
    XX,
    XY,
    YY,
    X,
    Y,
    mark_borders,
    sum_up,
    tell_kinds,
)
from napari_colorcluster.core.pattern.regions import find_regions, number_in_order
from napari_colorcluster.core.support.progress import Progress, silent
from napari_colorcluster.core.support.threads import even_cuts, map_in_threads

if TYPE_CHECKING:
    import pandas as pd

WHAT = "Measuring patches"
"""The step in words."""

_N_STRIPS = 32
"""Strips of a plane that threads share."""

_NO_PLANE = (np.zeros((0, 0), np.uint8), None)

_Columns = dict[str, np.ndarray]


def label_patches(labels: Any, connectivity: int = 1) -> np.ndarray:
    """Number the connected patches of a label image.

    Parameters
    ----------
    labels : ndarray, shape (..., height, width), integer
        0 is left out; each plane of a stack by itself.
    connectivity : 1 or 2, default 1
        1: pixels are connected by edges; 2: by corners as well.

    Returns
    -------
    ndarray, shape (..., height, width), int32
        1, 2, ... in the order of their first pixels, through all planes, as in the column ``label``
        of `Pattern.patches`; 0 where nothing is.
    """
    image = LabelImage(as_labels(labels))
    planes = as_planes(np.empty(image.labels.shape, np.int32))
    n = 0
    for place in range(image.n_planes):
        patches, n_here = _find(image.plane(place), check_connectivity(connectivity))
        planes[place] = np.where(patches < 0, 0, patches + (n + 1))
        n += n_here
    return planes.reshape(image.labels.shape)


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
        image, names, connectivity, progress, lambda patches, n: _measure(patches, n, spacing)
    )


def summarize_patches(
    image: LabelImage,
    names: Mapping[int, str],
    spacing: tuple[float, float],
    connectivity: int = 1,
    progress: Progress = silent,
) -> pd.DataFrame:
    """Sum up the patches of an image, cluster by cluster; see `Pattern.patch_summary`.

    Parameters
    ----------
    image, names, spacing, connectivity, progress
        As for `measure_patches`.
    """
    import pandas as pd

    table = _table(image, names, connectivity, progress, _count)
    by = [name for name in ("object", "cluster") if name in table]
    table["area"] = table["pixels"] * (spacing[0] * spacing[1])
    if "object" not in table:
        whole = table["area"].sum()
        groups = table.groupby("cluster")["area"]
        found = groups.agg(["count", "mean", "median", "sum"])
        found = found.reindex(list(names))
    else:
        whole = table.groupby("object")["area"].sum()
        found = table.groupby(by)["area"].agg(["count", "mean", "median", "sum"])
        found = found.reindex(pd.MultiIndex.from_product([whole.index, list(names)], names=by))
        whole = whole.reindex(found.index.get_level_values("object")).to_numpy()
    found = found.rename_axis(by).reset_index()
    count, area = found["count"].fillna(0), found["sum"].fillna(0)
    return pd.DataFrame(
        {name: found[name] for name in by}
        | {
            "name": found["cluster"].map(names),
            "patches": count.astype(np.int64),
            "density": count / whole,
            "mean_area": found["mean"],
            "median_area": found["median"],
            "coverage": area / whole,
        }
    )


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
    if labels.size == 0:
        return np.empty(labels.shape, np.int32), 0
    if objects is not None:
        labels = _in_objects(labels, objects)
    patches, parents = find_regions(np.ascontiguousarray(labels), connectivity)
    return patches, number_in_order(patches.reshape(-1), parents)


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
    measure: Callable[[np.ndarray, int], tuple[np.ndarray, _Columns]],
) -> pd.DataFrame:
    """Find the patches plane by plane; `measure` gives their first pixels and columns."""
    import pandas as pd

    check_connectivity(connectivity)
    parts: list[_Columns] = []
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


def _count(patches: np.ndarray, n: int) -> tuple[np.ndarray, _Columns]:
    """The first pixel of each patch, and its pixels."""
    firsts, areas, *_ = _sum(patches, n, np.zeros(patches.shape, np.uint8))
    return firsts, {"pixels": areas}


def _sum(patches: np.ndarray, n: int, borders: np.ndarray) -> tuple[np.ndarray, ...]:
    firsts = np.empty((n, 2), np.int32)
    areas, sums = np.zeros(n, np.int64), np.zeros((n, 5), np.int64)
    boxes, kinds = np.zeros((2, n, 4), np.int32)
    sum_up(patches, borders, firsts, areas, sums, boxes, kinds)
    return firsts, areas, sums, boxes, kinds


def _measure(
    patches: np.ndarray, n: int, spacing: tuple[float, float]
) -> tuple[np.ndarray, _Columns]:
    """Measure all patches of a plane."""
    firsts, areas, sums, boxes, kinds = _sum(patches, n, _borders(patches))
    height, width = spacing
    columns = {"pixels": areas, "area": areas * (height * width)}
    columns["perimeter"] = _perimeters(kinds, spacing)
    columns["centroid-0"] = height * (firsts[:, 0] + sums[:, Y] / areas)
    columns["centroid-1"] = width * (firsts[:, 1] + sums[:, X] / areas)
    columns |= {f"bbox-{i}": boxes[:, i].copy() for i in range(4)}
    columns |= _ellipses(areas, sums, spacing)
    columns["solidity"] = areas / convex_areas(patches, boxes)
    return firsts, columns


def _borders(patches: np.ndarray) -> np.ndarray:
    borders = np.empty(patches.shape, np.uint8)
    strips = list(pairwise(even_cuts(len(patches), _N_STRIPS)))
    map_in_threads(lambda strip: mark_borders(patches, *strip, borders), strips)
    map_in_threads(lambda strip: tell_kinds(patches, *strip, borders), strips)
    return borders


def _perimeters(kinds: np.ndarray, spacing: tuple[float, float]) -> np.ndarray:
    height, width = spacing
    if height != width:
        return np.full(len(kinds), np.nan)
    diagonal = np.sqrt(2)
    return height * (
        kinds[:, STRAIGHT] + kinds[:, DIAGONAL] * diagonal + kinds[:, MIXED] * ((1 + diagonal) / 2)
    )


def _ellipses(areas: np.ndarray, sums: np.ndarray, spacing: tuple[float, float]) -> _Columns:
    """The ellipses with the same second moments.

    Patches that are as long as wide, or one pixel thick, are so exactly, as products of integers
    are subtracted first.
    """
    height, width = spacing
    n = areas.astype(np.float64)
    y, x = sums[:, Y].astype(np.float64), sums[:, X].astype(np.float64)
    # Central moments, times n².
    yy = (n * sums[:, YY] - y * y) * height**2
    xx = (n * sums[:, XX] - x * x) * width**2
    xy = (n * sums[:, XY] - y * x) * (height * width)
    middle, half = (yy + xx) / 2, np.hypot((yy - xx) / 2, xy)
    major = middle + half
    # The larger root first, the other one from their product: the difference would lose digits.
    minor = np.divide(yy * xx - xy * xy, major, out=np.zeros_like(major), where=major > 0)
    minor = np.maximum(minor, 0)
    flat = 1 - np.divide(minor, major, out=np.ones_like(major), where=major > 0)
    orientation = np.where(
        yy == xx, np.where(xy > 0, np.pi / 4, -np.pi / 4), np.arctan2(2 * xy, yy - xx) / 2
    )
    return {
        "axis_major_length": 4 * np.sqrt(major) / n,
        "axis_minor_length": 4 * np.sqrt(minor) / n,
        "orientation": orientation,
        "eccentricity": np.sqrt(np.maximum(flat, 0)),
    }
