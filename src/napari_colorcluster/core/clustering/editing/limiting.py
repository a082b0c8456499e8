"""Clusters limited to a largest distance: colors that are further away belong to none of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

import numpy as np

from napari_colorcluster.core.clustering.clusters import Clusters
from napari_colorcluster.core.clustering.parts.part_rule import Reach
from napari_colorcluster.core.pixels.lookup import MAX_LABELS

_Clustering = TypeVar("_Clustering", bound=Clusters)


def distances(clusters: Clusters, colors: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Measure how far colors are from that of their cluster.

    Parameters
    ----------
    clusters : Clusters
        The clusters.
    colors : ndarray, shape (n, 3), uint8
        sRGB, of the image that was clustered or of any other.
    labels : ndarray, shape (n,), integer
        Their labels.

    Returns
    -------
    ndarray, shape (n,), float64
        The ΔE2000 to the mean color of the cluster; NaN for label 0.
    """
    means = dict(zip(clusters.row_labels.tolist(), clusters.mean_colors, strict=True))
    calibration = clusters.partition.space.calibration
    return Reach.of(means, np.inf, 0, calibration, max(means)).distances(colors, labels)


def limited(clusters: Clusters, max_distance: float) -> dict[str, Any]:
    """Find the partition and the labels of clusters without the colors that are too far.

    Parameters
    ----------
    clusters : Clusters
        The clusters.
    max_distance : float
        The largest ΔE2000 between a color and the mean color of its cluster.

    Returns
    -------
    dict
        ``partition`` and ``label_of``, the fields that change. Clusters of which nothing is near
        enough have no part any more.

    Raises
    ------
    ValueError
        If no cluster would be left, or there are as many as there are labels.
    """
    if clusters.n_clusters >= MAX_LABELS:
        raise ValueError(
            f"There can be at most {MAX_LABELS - 1:,} clusters with max_distance, got "
            f"{clusters.n_clusters:,}."
        )
    colors = dict(zip(clusters.row_labels.tolist(), clusters.mean_colors, strict=True))
    labels = clusters.label_of.tolist()
    of_parts = {part: colors[label] for part, label in enumerate(labels) if label}
    partition = clusters.partition.within(of_parts, max_distance)
    label_of = np.zeros(partition.n_parts + 1, np.int64)
    label_of[: len(labels)] = labels
    pixels = np.zeros(label_of.max() + 1, np.int64)
    np.add.at(pixels, label_of[1:], partition.moments.pixels)
    label_of[pixels[label_of] == 0] = 0
    if not label_of.any():
        raise ValueError(
            f"No color is within ΔE2000 {max_distance:g} of the color of its cluster: allow a "
            f"larger distance, or more clusters than {clusters.n_clusters:,}."
        )
    return {"partition": partition, "label_of": label_of}


def limited_anew(clusters: _Clustering, max_distance: float) -> _Clustering:
    """Limit new clusters, see `limited`, and label them 1, 2, ... from the largest on."""
    found = replace(clusters, **limited(clusters, max_distance))
    label = np.zeros(int(found.label_of.max()) + 1, np.int64)
    label[found.row_labels] = np.arange(1, found.n_clusters + 1)
    return replace(found, label_of=label[found.label_of])
