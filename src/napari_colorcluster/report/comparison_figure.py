"""A palette comparison as a matplotlib figure: dendrogram, heat map and bars. Computes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from napari_colorcluster.core.studies.comparison import PaletteComparison

MAX_NAMES = 60
"""The most images whose names are written beside their rows."""

MAX_LENGTH = 40
"""Of longer names, the middle is left out: they would leave no room for the bars."""

MAX_NUMBERS = 12
"""The most images whose distances are written into the cells."""


def draw_comparison(
    figure: Figure, comparison: PaletteComparison, text_color: Any = "black"
) -> None:
    """Draw which palettes are similar: a dendrogram, the distances and the palettes as bars.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure, which is cleared; its background becomes transparent. Use
        ``layout="constrained"`` for the best fit.
    comparison : PaletteComparison
        The palettes and their distances; rows are in the order of its dendrogram.
    text_color : color, default "black"
        Color of lines, ticks and labels.
    """
    figure.clear()
    figure.patch.set_alpha(0)
    tree, heat_map, bars = figure.subplots(1, 3, width_ratios=[1, 3, 2])
    n_images = len(comparison.images)
    for axes in (tree, heat_map, bars):
        axes.set_facecolor("none")
        axes.tick_params(length=0, labelsize=8, colors=text_color)
        axes.spines[:].set_visible(False)
        axes.set_yticks([])
        # The first row is at the top.
        axes.set_ylim(n_images - 0.5, -0.5)
    _draw_tree(tree, comparison, text_color)
    _draw_distances(figure, heat_map, comparison, text_color)
    _draw_bars(bars, comparison, text_color)


def _draw_tree(axes: Axes, comparison: PaletteComparison, text_color: Any) -> None:
    from scipy.cluster.hierarchy import dendrogram

    # The column is narrower than the title, which would lose its beginning if it were centered.
    axes.set_title("average linkage", fontsize=8, color=text_color, loc="left")
    axes.set_xticks([])
    if not len(comparison.linkage):
        return
    tree = dendrogram(comparison.linkage, no_plot=True)
    for rows, heights in zip(tree["icoord"], tree["dcoord"], strict=True):
        # scipy draws leaf i at 10 i + 5.
        axes.plot(heights, np.array(rows) / 10 - 0.5, color=text_color, linewidth=1)
    highest = float(comparison.linkage[:, 2].max()) or 1.0
    axes.set_xlim(1.05 * highest, 0)


def _draw_distances(
    figure: Figure, axes: Axes, comparison: PaletteComparison, text_color: Any
) -> None:
    order = comparison.order
    distances = comparison.distances[np.ix_(order, order)]
    cells = axes.imshow(distances, cmap="viridis_r", vmin=0, aspect="auto", interpolation="nearest")
    axes.set_title("distance (ΔE2000)", fontsize=8, color=text_color)
    axes.set_xticks([])
    if len(order) <= MAX_NUMBERS:
        for (row, column), distance in np.ndenumerate(distances):
            dark = cells.norm(distance) > 0.5
            axes.text(
                *(column, row, f"{distance:.1f}"),
                color="white" if dark else "black",
                fontsize=7,
                horizontalalignment="center",
                verticalalignment="center",
            )
    colorbar = figure.colorbar(cells, ax=axes, orientation="horizontal", shrink=0.8, aspect=40)
    colorbar.outline.set_visible(False)
    colorbar.ax.tick_params(length=0, labelsize=8, colors=text_color)


def _draw_bars(axes: Axes, comparison: PaletteComparison, text_color: Any) -> None:
    palettes = list(comparison.palettes.values())
    for position, row in enumerate(comparison.order):
        palette = palettes[row]
        ends = np.cumsum(palette.fractions)
        starts = ends - palette.fractions
        axes.barh(position, palette.fractions, 0.8, starts, color=palette.colors / 255)
    axes.set_title("shares", fontsize=8, color=text_color)
    axes.set_xlim(0, 1)
    axes.set_xticks([0, 0.5, 1], ["0", "50%", "100%"])
    if len(palettes) <= MAX_NAMES:
        names = [_shortened(comparison.images[row]) for row in comparison.order]
        axes.set_yticks(range(len(names)), names)
        axes.yaxis.tick_right()
        # Setting ticks has widened the limits.
        axes.set_ylim(len(names) - 0.5, -0.5)
        axes.tick_params(length=0, labelsize=8, colors=text_color)


def _shortened(name: str) -> str:
    kept = MAX_LENGTH // 2
    return name if len(name) <= MAX_LENGTH else f"{name[:kept]}…{name[1 - kept :]}"
