"""Cluster the colors of an image: which it is made of, where they are, and how much of each."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from napari_colorcluster.core.clustering import ColorClustering
    from napari_colorcluster.core.comparison import compare_palettes
    from napari_colorcluster.core.fitting import cluster_colors
    from napari_colorcluster.core.frames import frame_shares
    from napari_colorcluster.core.histogram import ColorHistogram
    from napari_colorcluster.core.methods import METHODS
    from napari_colorcluster.core.palette import Palette
    from napari_colorcluster.core.pixel_size import PixelSize
    from napari_colorcluster.core.pooling import pool, shares
    from napari_colorcluster.core.spaces import COLOR_SPACES
    from napari_colorcluster.core.sweep import ClusterSweep, sweep_clusters
    from napari_colorcluster.layers.area import pixel_size_of
    from napari_colorcluster.layers.cluster import cluster_layer

_HOMES = {
    "COLOR_SPACES": "core.spaces",
    "METHODS": "core.methods",
    "ClusterSweep": "core.sweep",
    "ColorClustering": "core.clustering",
    "ColorHistogram": "core.histogram",
    "Palette": "core.palette",
    "PixelSize": "core.pixel_size",
    "cluster_colors": "core.fitting",
    "cluster_layer": "layers.cluster",
    "compare_palettes": "core.comparison",
    "frame_shares": "core.frames",
    "pixel_size_of": "layers.area",
    "pool": "core.pooling",
    "shares": "core.pooling",
    "sweep_clusters": "core.sweep",
}

__all__ = [
    "COLOR_SPACES",
    "METHODS",
    "ClusterSweep",
    "ColorClustering",
    "ColorHistogram",
    "Palette",
    "PixelSize",
    "__version__",
    "cluster_colors",
    "cluster_layer",
    "compare_palettes",
    "frame_shares",
    "pixel_size_of",
    "pool",
    "shares",
    "sweep_clusters",
]


def __getattr__(name: str) -> Any:
    # Imported late: what napari loads at its start must not wait for the numerical libraries.
    if name == "__version__":
        from importlib.metadata import version

        return version("napari-colorcluster")
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
