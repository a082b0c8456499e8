"""The clustering methods: one module each, and one line here."""

from collections.abc import Mapping
from types import MappingProxyType

from napari_colorcluster.core.methods.agglomerative import Agglomerative
from napari_colorcluster.core.methods.kmeans import KMeans
from napari_colorcluster.core.methods.protocol import Grouping, Method, Prepared, Rule

_METHODS: tuple[type[Method], ...] = (
    KMeans,
    Agglomerative,
)

METHODS: Mapping[str, type[Method]] = MappingProxyType({each.name: each for each in _METHODS})
"""The clustering methods by name; the first is the default."""

__all__ = ["METHODS", "Grouping", "Method", "Prepared", "Rule"]
