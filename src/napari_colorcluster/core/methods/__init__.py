"""The clustering methods, one module each."""

from collections.abc import Mapping
from types import MappingProxyType

from napari_colorcluster.core.methods.agglomerative import Agglomerative
from napari_colorcluster.core.methods.bisecting_kmeans import BisectingKMeans
from napari_colorcluster.core.methods.dbscan import DBSCAN
from napari_colorcluster.core.methods.gaussian_mixture import GaussianMixture
from napari_colorcluster.core.methods.kmeans import KMeans
from napari_colorcluster.core.methods.mean_shift import MeanShift
from napari_colorcluster.core.methods.median_cut import MedianCut
from napari_colorcluster.core.methods.protocol import (
    Grouping,
    Method,
    Prepared,
    Rule,
    WeightedPoints,
)

_METHODS: tuple[type[Method], ...] = (
    KMeans,
    BisectingKMeans,
    Agglomerative,
    GaussianMixture,
    MedianCut,
    MeanShift,
    DBSCAN,
)

METHODS: Mapping[str, type[Method]] = MappingProxyType({each.name: each for each in _METHODS})
"""The clustering methods by name; the first is the default."""

__all__ = ["METHODS", "Grouping", "Method", "Prepared", "Rule", "WeightedPoints"]
