"""The transitions between clusters as a matplotlib figure, a heat map. Computes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from napari_colorcluster.core.color.spaces import LUMA

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from napari_colorcluster.core.pattern.pattern import Pattern

MAX_NUMBERS = 8
"""The most clusters with numbers in the cells."""

MAX_LABELS = 12
"""The most clusters whose labels stand beside the rows and columns."""


def draw_transitions(figure: Figure, pattern: Pattern, text_color: Any = "black") -> None:
    """Draw how often each two clusters are neighbors.

    Off the diagonal, the share of two clusters in all pairs of different ones, in percent; the
    diagonal is the clusters themselves, in their colors.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure, which is cleared; its background becomes transparent. Use
        ``layout="constrained"`` for the best fit.
    pattern : Pattern
        The pattern. Without colors, the diagonal is gray.
    text_color : color, default "black"
        Color of ticks and labels.
    """
    from matplotlib.ticker import PercentFormatter

    figure.clear()
    figure.patch.set_alpha(0)
    axes = figure.add_subplot()
    axes.set_facecolor("none")
    k = pattern.n_clusters
    pairs = pattern.transitions.to_numpy() * ~np.eye(k, dtype=bool)
    shares = pairs / max(np.triu(pairs).sum(), 1)
    colors = np.full((k, 3), 128) if pattern.colors is None else pattern.colors
    own = np.zeros((k, k, 4))
    own[np.arange(k), np.arange(k)] = np.c_[colors / 255, np.ones(k)]
    heat = axes.imshow(
        np.ma.masked_array(shares, np.eye(k, dtype=bool)),
        cmap="cividis",
        vmin=0,
        vmax=float(shares.max(initial=0)) or 1.0,
        interpolation="nearest",
    )
    axes.imshow(own, interpolation="nearest")
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0, labelsize=8, colors=text_color, top=True, labeltop=True)
    axes.tick_params(labelbottom=False, bottom=False)
    shown = range(k) if k <= MAX_LABELS else ()
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_ticks(shown, [str(pattern.labels[at]) for at in shown])
    if k <= MAX_NUMBERS:
        _write_numbers(axes, shares, heat, colors, pattern)
    percent = PercentFormatter(1, symbol="%")
    scale = figure.colorbar(heat, ax=axes, shrink=0.8, aspect=24, format=percent)
    scale.outline.set_visible(False)
    scale.ax.tick_params(length=0, labelsize=8, colors=text_color)
    scale.set_label("share of all boundaries", color=text_color, fontsize=8)


def _write_numbers(
    axes: Axes, shares: np.ndarray, heat: Any, colors: np.ndarray, pattern: Pattern
) -> None:
    """Write the share into each cell, and the cluster's label into its own."""
    for (row, column), share in np.ndenumerate(shares):
        ground = colors[row] / 255 if row == column else np.array(heat.to_rgba(share))[:3]
        axes.text(
            *(column, row, str(pattern.labels[row]) if row == column else _percent(share)),
            color="black" if ground @ LUMA > 0.5 else "white",
            fontsize=7,
            fontweight="bold" if row == column else "normal",
            horizontalalignment="center",
            verticalalignment="center",
        )


def _percent(share: float) -> str:
    if share == 0:
        return "0"
    percent = 100 * share
    return "<0.1" if percent < 0.05 else f"{percent:.1f}" if percent < 9.95 else f"{percent:.0f}"
