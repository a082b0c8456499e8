"""The images of a comparison as points, by group, as a matplotlib figure. Computes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from napari_colorcluster.core.studies.comparison import PaletteComparison

MARKERS = "osD^vP*Xph"
"""Groups differ in shape, too: color alone does not reach everybody."""

MAX_NAMES = 30
"""The most images whose names are written beside their points."""


def draw_ordination(
    figure: Figure,
    comparison: PaletteComparison,
    text_color: Any = "black",
    links: Sequence[str] | None = None,
) -> None:
    """Draw the images as points that lie apart as their palettes differ.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure, which is cleared; its background becomes transparent. Use
        ``layout="constrained"`` for the best fit.
    comparison : PaletteComparison
        The palettes and their distances. Its groups, if there are any, are told by color and
        shape, and a larger mark shows where the middle of each lies.
    text_color : color, default "black"
        Color of lines, ticks and labels.
    links : sequence of str, optional
        Where a click on each image's point leads, in an SVG; names are not written then.
    """
    figure.clear()
    figure.patch.set_alpha(0)
    axes = figure.subplots()
    axes.set_facecolor("none")
    axes.set_aspect("equal", adjustable="datalim")
    axes.tick_params(labelsize=8, colors=text_color)
    for spine in axes.spines.values():
        spine.set_color(text_color)
    _label_axes(axes, comparison, text_color)
    points = comparison.ordination.coordinates
    points = np.pad(points, ((0, 0), (0, 2 - points.shape[1])))
    groups = np.array(comparison.groups or ("",) * len(points), object)
    names = list(dict.fromkeys(groups))
    urls = np.array(links or [None] * len(points), object)
    for at, group in enumerate(names):
        inside = points[groups == group]
        look = {"color": f"C{at % 10}", "marker": MARKERS[at % len(MARKERS)]}
        label = f"{group} ({len(inside)})"
        drawn = axes.scatter(*inside.T, s=28, label=label, alpha=0.8, **look)
        drawn.set_urls(urls[groups == group])
        if len(names) > 1:
            middle = {"s": 150, "facecolor": "none", "linewidth": 1.5, "edgecolor": look["color"]}
            axes.scatter(*inside.mean(axis=0), marker=look["marker"], **middle)
    if links is None and len(points) <= MAX_NAMES:
        for name, point in zip(comparison.images, points, strict=True):
            axes.annotate(
                *(name, point),
                xytext=(4, 3),
                textcoords="offset points",
                fontsize=7,
                color=text_color,
            )
    if len(names) > 1:
        legend = axes.legend(fontsize=8, framealpha=0, labelcolor=text_color)
        legend.set_title(None)


def _label_axes(axes: Axes, comparison: PaletteComparison, text_color: Any) -> None:
    explained = comparison.ordination.explained
    for label, part in zip((axes.set_xlabel, axes.set_ylabel), explained, strict=False):
        axis = "first" if label == axes.set_xlabel else "second"
        label(
            f"{axis} principal coordinate, ΔE2000 ({part:.0%})",
            fontsize=8,
            color=text_color,
        )
