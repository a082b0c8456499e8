"""A palette comparison as a matplotlib figure: dendrogram, heat map and bars. Computes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from napari_colorcluster.core.studies.comparison import PaletteComparison

_NAME_HEIGHT = 9.5
"""Points from name to name, at least: names of fewer rows are written where there is no room."""

_NUMBER_WIDTH, _PART_OF_DISTANCES = 18, 0.4
"""Points that a number needs, and the part of the width that all of them share."""

_HEIGHT_OF_OTHERS = 0.9
"""What titles, ticks and the colorbar take of the height, in inches."""

_MAX_GAPS = 40
"""The most rows with gaps between their bars."""

MAX_LENGTH, _MIN_LENGTH = 40, 8
"""Of longer names, the middle is left out: they would leave no room for the bars."""

_LETTERS_PER_INCH = 6.7
"""How long names may be: so many letters for each inch of the figure beyond the first."""

_LEAST_WIDTH = 4.5
"""Inches below which the bars have no room for a number in their middle."""

_SHARES = (0, "0"), (0.5, "50%"), (1, "100%")
"""The ticks of the bars, and what they say."""

TREE, DISTANCES, BARS = range(3)
"""Which of the figure's axes are which; in each, a row is an image."""

MARK = "mark"
"""The name, in matplotlib's words the gid, of what marks an image."""

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
    fit_texts(figure, comparison)


def fit_texts(figure: Figure, comparison: PaletteComparison) -> None:
    """Write the names and the numbers that the figure has room for; for a new size, too.

    Of names there are as many, evenly, as do not overlap, and each is as long as there is room
    for; of numbers there are all or none.
    """
    bars = figure.axes[BARS]
    n_images = len(comparison.images)
    width, height = figure.get_size_inches()
    for number in figure.axes[DISTANCES].texts:
        number.set_visible(72 * width * _PART_OF_DISTANCES >= n_images * _NUMBER_WIDTH)
    bars.set_xticks(*zip(*_SHARES if width >= _LEAST_WIDTH else _SHARES[::2], strict=True))
    length = int((width - 1) * _LETTERS_PER_INCH)
    length = min(max(length, _MIN_LENGTH), MAX_LENGTH)
    names = [shortened(comparison.images[row], length) for row in comparison.order]
    write_rows(bars, names, height - _HEIGHT_OF_OTHERS)


def write_rows(axes: Axes, names: Sequence[str], room: float) -> None:
    """Name the rows of axes, each or evenly some, so that names do not overlap.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Row i is at y = i, the first at the top.
    names : sequence of str
        The names of the rows.
    room : float
        How high the axes are, in inches.
    """
    places = range(0, len(names), ceil(len(names) * _NAME_HEIGHT / max(72 * room, 1)))
    # Names are no formulas, whatever signs are in them.
    axes.set_yticks(places, [names[place] for place in places], parse_math=False)
    # Setting ticks has widened the limits.
    axes.set_ylim(len(names) - 0.5, -0.5)


def bar_height(n_rows: int) -> float:
    """How high the bars of rows are, of 1: of many, some gaps would be seen and some not."""
    return 0.8 if n_rows <= _MAX_GAPS else 1.0


def mark_row(figure: Figure, place: int | None) -> None:
    """Outline a row of the distances and of the bars, in place of another one; None for none."""
    for axes in (figure.axes[DISTANCES], figure.axes[BARS]):
        outline_row(axes, place)


def outline_row(axes: Axes, place: int | None) -> None:
    """Outline a row of axes, in place of another one; None for none."""
    from matplotlib.patches import Rectangle
    from matplotlib.patheffects import Normal, Stroke

    for patch in [each for each in axes.patches if each.get_gid() == MARK]:
        patch.remove()
    if place is None:
        return
    left, right = axes.get_xlim()
    corner = left, place - 0.5
    mark = Rectangle(corner, right - left, 1, fill=False, edgecolor="white", gid=MARK)
    # White with a black outline is visible on any color.
    mark.set_path_effects([Stroke(linewidth=3, foreground="black"), Normal()])
    mark.set_clip_on(False)
    axes.add_patch(mark).set_zorder(4)


def _draw_tree(axes: Axes, comparison: PaletteComparison, text_color: Any) -> None:
    from scipy.cluster.hierarchy import dendrogram

    # The column is narrower than the title, which would lose its beginning if it were centered.
    axes.set_title("average\nlinkage", fontsize=8, color=text_color, loc="left")
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
    axes.set_title("distance\n(ΔE2000)", fontsize=8, color=text_color)
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
    height = bar_height(len(palettes))
    for position, row in enumerate(comparison.order):
        palette = palettes[row]
        ends = np.cumsum(palette.fractions)
        starts = ends - palette.fractions
        axes.barh(position, palette.fractions, height, starts, color=palette.colors / 255)
    axes.set_title("shares", fontsize=8, color=text_color)
    axes.set_xlim(0, 1)
    axes.yaxis.tick_right()
    axes.tick_params(length=0, labelsize=8, colors=text_color)


def shortened(name: str, length: int = MAX_LENGTH) -> str:
    """A name as it is written in a figure; of a long one, the beginning and the end."""
    kept = length // 2
    return name if len(name) <= length else f"{name[:kept]}…{name[kept + 1 - length :]}"
