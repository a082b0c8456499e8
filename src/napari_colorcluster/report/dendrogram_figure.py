"""The top of a tree of merges as a matplotlib figure. Computes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from napari_colorcluster.core.clustering.dendrogram import Dendrogram

_LEAF = 10
"""The width of a leaf in the coordinates of scipy's dendrograms."""

_BELOW = 0.8
"""The lower end of the axis, as a share of the lowest merge that is shown."""


def draw_dendrogram(
    figure: Figure, dendrogram: Dendrogram, chosen: int | None = None, text_color: Any = "black"
) -> None:
    """Draw a dendrogram over the colors of its leaves, and of the clusters that it is cut into.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure, which is cleared; its background becomes transparent. Use
        ``layout="constrained"`` for the best fit.
    dendrogram : Dendrogram
        The tree, of at least two leaves. Heights are on a logarithmic axis, since the last merges
        are far above all others.
    chosen : int, optional
        The number of clusters, whose cut is drawn as a dashed line, unless it has more than leaves.
    text_color : color, default "black"
        Color of the tree and of the texts.
    """
    if chosen is not None and not 1 <= chosen <= dendrogram.n_leaves:
        chosen = None
    figure.clear()
    figure.patch.set_alpha(0)
    tree_axes, color_axes = figure.subplots(2, sharex=True, height_ratios=[6, 1])
    order = _draw_tree(tree_axes, dendrogram, chosen, text_color)
    _draw_colors(color_axes, dendrogram, order, chosen, text_color)
    for axes in (tree_axes, color_axes):
        axes.set_facecolor("none")
        axes.tick_params(labelsize=8, length=0, colors=text_color, which="both")
        for side, spine in axes.spines.items():
            spine.set_visible(axes is tree_axes and side == "left")
            spine.set_color(text_color)
            spine.set_alpha(0.4)


def cut_height(dendrogram: Dendrogram, n_clusters: int) -> float:
    """The height to draw a cut at: in the middle, on the axis, of those that give so many."""
    lowest, highest = _limits(dendrogram)
    low, high = dendrogram.heights_of(n_clusters)
    return float(np.sqrt(max(low, lowest) * min(high, highest)))


def _limits(dendrogram: Dendrogram) -> tuple[float, float]:
    heights = dendrogram.tree.heights
    # Colors that a calibration has clipped may be at no distance.
    lowest = heights[heights > 0].min(initial=heights.max() or 1.0)
    return _BELOW * lowest, max(heights.max(), lowest) / _BELOW


def _draw_tree(
    axes: Axes, dendrogram: Dendrogram, chosen: int | None, text_color: Any
) -> list[int]:
    """Draw the merges, and return the leaves from the left to the right."""
    from matplotlib.collections import LineCollection
    from scipy.cluster.hierarchy import dendrogram as arrange

    lowest, highest = _limits(dendrogram)
    arranged = arrange(dendrogram.linkage, no_plot=True)
    # Down to the leaves, which are at height 0 and below the axis.
    heights = np.maximum(arranged["dcoord"], lowest)
    links = np.stack([arranged["icoord"], heights], axis=2)
    axes.add_collection(LineCollection(links, colors=[text_color], linewidths=1, alpha=0.8))
    axes.set_xlim(0, _LEAF * dendrogram.n_leaves)
    axes.set_yscale("log")
    axes.set_ylim(lowest, highest)
    axes.set_ylabel("distance", color=text_color, fontsize=8)
    axes.tick_params(labelbottom=False)
    if chosen is not None:
        cut = cut_height(dendrogram, chosen)
        axes.axhline(cut, color=text_color, linestyle="--", linewidth=1, gid="cut")
    return arranged["leaves"]


def _draw_colors(
    axes: Axes, dendrogram: Dendrogram, order: list[int], chosen: int | None, text_color: Any
) -> None:
    """Draw a row of the leaves' colors, and below it one of those of the clusters."""
    from matplotlib.colors import to_rgb
    from matplotlib.patches import Rectangle

    outline = (*to_rgb(text_color), 0.4)
    rows = [dendrogram.n_leaves] if chosen is None else [dendrogram.n_leaves, chosen]
    for row, n_clusters in enumerate(rows):
        # The leaves of a cluster are neighbors, and lie in the order of the tree.
        clusters = dendrogram.clusters(n_clusters)[order]
        starts = np.flatnonzero(np.diff(clusters, prepend=-1))
        colors = dendrogram.colors(n_clusters)[clusters[starts]] / 255
        for color, left, right in zip(colors, starts, [*starts[1:], len(order)], strict=True):
            corner, width = (_LEAF * left + 1, -row), _LEAF * (right - left) - 2
            axes.add_patch(Rectangle(corner, width, 0.8, fc=color, ec=outline, lw=0.6))
    axes.set_ylim(-1.1, 1)
    axes.set_xticks([])
    axes.set_yticks([])
