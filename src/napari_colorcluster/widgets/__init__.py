"""The panel and its parts: they mirror results, and hold none."""

from napari_colorcluster.widgets.panel import ColorClusteringPanel

__all__ = ["ColorClusteringPanel"]
