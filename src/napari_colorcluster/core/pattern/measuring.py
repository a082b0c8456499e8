"""From a label image to its pattern: what is asked for, checked, and counted where it lies."""

from __future__ import annotations

from typing import Any, overload

import numpy as np

from napari_colorcluster.core.color.palette import Palette
from napari_colorcluster.core.pattern.counts import as_spacing
from napari_colorcluster.core.pattern.label_image import LabelImage, as_labels
from napari_colorcluster.core.pattern.object_patterns import ObjectPatterns
from napari_colorcluster.core.pattern.pairs import Pairs, arrange, count_in_memory
from napari_colorcluster.core.pattern.pattern import Pattern
from napari_colorcluster.core.pixels.image import as_label_array, is_dask
from napari_colorcluster.core.support.progress import Progress, silent


@overload
def measure_pattern(
    labels: Any,
    palette: Palette | None = None,
    *,
    spacing: Any = 1.0,
    unit: str | None = None,
    mask: Any = None,
    objects: None = None,
    progress: Progress = silent,
) -> Pattern: ...


@overload
def measure_pattern(
    labels: Any,
    palette: Palette | None = None,
    *,
    spacing: Any = 1.0,
    unit: str | None = None,
    mask: Any = None,
    objects: Any,
    progress: Progress = silent,
) -> ObjectPatterns: ...


def measure_pattern(
    labels: Any,
    palette: Palette | None = None,
    *,
    spacing: Any = 1.0,
    unit: str | None = None,
    mask: Any = None,
    objects: Any = None,
    progress: Progress = silent,
) -> Pattern | ObjectPatterns:
    """Measure how the clusters of a label image lie beside each other.

    In one pass, whoever segmented the image. Pixels side by side along x or y are a pair; a pixel
    that is masked or has label 0 is in none.

    Parameters
    ----------
    labels : array, shape (..., height, width), integer
        0..65535, numpy or dask: what `ColorClustering.predict` gives, or any other label image. The
        planes of a stack are measured one by one, and count as one image.
    palette : Palette, optional
        The clusters, their names and colors: all of them count, also those that do not occur. By
        default the labels that occur, without colors; then what needs colors is left out.
    spacing : float or (float, float), default 1.0
        Size of a pixel along rows and columns of the array, (y, x), as in scikit-image.
    unit : str, optional
        The unit of that length.
    mask : array of bool, of the shape of `labels`, optional
        True where a pixel takes part.
    objects : array of integer, of the shape of `labels`, optional
        A label image of objects, 0 for none, such as the leaves on a scan: each is measured by
        itself, in however many pieces it lies. Pixels of two objects are no pair.
    progress : callable, optional
        Told the fraction done.

    Returns
    -------
    Pattern, or ObjectPatterns where `objects` are given
        The latter maps the number of each object to its pattern; its tables are those of a
        pattern, with the column ``object`` first. Equal to the bit for numpy and dask, whatever the
        chunks and the scheduler.

    Raises
    ------
    ValueError
        Where the arrays do not fit together, a label has no color in the palette, or there are
        more than 1,024 labels.
    """
    labels = as_labels(labels)
    spacing = as_spacing(spacing)
    mask = _fitting("mask", mask, labels, "bui")
    objects = _fitting("objects", objects, labels, "ui")
    pairs = _count(labels, objects, mask, progress)
    clusters = pairs.labels if palette is None else _all_in(palette, pairs.labels)
    pairs = arrange([pairs], clusters, pairs.objects if objects is not None else np.ones(1, int))
    image = LabelImage(labels, mask, objects)
    described = {"spacing": spacing, "unit": unit, "labels": clusters}
    if palette is not None:
        described |= {"colors": palette.colors, "names": palette.names}
    patterns = [
        Pattern(_symmetric(horizontal), _symmetric(vertical), pixels, image=source, **described)
        for horizontal, vertical, pixels, source in zip(
            pairs.horizontal,
            pairs.vertical,
            pairs.pixels,
            [image] if objects is None else map(image.of_object, pairs.objects.tolist()),
            strict=True,
        )
    ]
    if objects is None:
        return patterns[0]
    return ObjectPatterns(dict(zip(pairs.objects.tolist(), patterns, strict=True)), image)


def _count(labels: Any, objects: Any, mask: Any, progress: Progress) -> Pairs:
    if not is_dask(labels):
        return count_in_memory(labels, objects, mask, progress)
    from napari_colorcluster.core.pattern.on_dask import count_lazily

    return count_lazily(labels, objects, mask, progress)


def _fitting(what: str, array: Any, labels: Any, kinds: str) -> Any:
    """Check that a mask or objects fit the labels; in memory where these are."""
    if array is None:
        return None
    array = as_label_array(array)
    if tuple(array.shape) != tuple(labels.shape) or np.dtype(array.dtype).kind not in kinds:
        types = "bool or integers" if "b" in kinds else "integers"
        raise ValueError(
            f"{what} must be {types} of the shape of the labels, {tuple(labels.shape)}, got "
            f"{np.dtype(array.dtype).name} of shape {tuple(array.shape)}."
        )
    return array if is_dask(labels) else np.asarray(array)


def _all_in(palette: Palette, labels: np.ndarray) -> np.ndarray:
    """The labels of a palette, in its order, which those that occur must be among."""
    unknown = np.setdiff1d(labels, palette.labels)
    if len(unknown):
        raise ValueError(
            f"The labels hold {', '.join(map(str, unknown[:5].tolist()))}, for which the palette "
            f"of {len(palette)} colors has no color: use the palette of that label image, or none."
        )
    return palette.labels


def _symmetric(pairs: np.ndarray) -> np.ndarray:
    """Pairs whichever comes first; those of one cluster are not counted twice."""
    both = pairs + pairs.T
    np.fill_diagonal(both, np.diagonal(pairs))
    return both
