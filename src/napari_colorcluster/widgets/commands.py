"""The commands of napari's menus: they open the panel and press it, so that its table is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import napari.viewer

    from napari_colorcluster.widgets.panel import ColorClusteringPanel


def open_panel(viewer: napari.viewer.Viewer) -> ColorClusteringPanel:
    """Dock the panel, or show the one that is docked already."""
    dock, panel = viewer.window.add_plugin_dock_widget("napari-colorcluster", "Color Clustering")
    # It may be hidden, or behind another one.
    dock.show()
    dock.raise_()
    return panel


def cluster_active(viewer: napari.viewer.Viewer) -> None:
    """Cluster the active RGB layer with the panel's settings."""
    open_panel(viewer).run()


def cluster_active_auto(viewer: napari.viewer.Viewer) -> None:
    """Cluster the active RGB layer with the panel's settings and the k that a sweep suggests."""
    open_panel(viewer).run_suggested()
