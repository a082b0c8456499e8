"""A sweep over numbers of clusters as a matplotlib figure. Computes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from napari_colorcluster.core.color.differences import MIN_DELTA_E
from napari_colorcluster.core.color.spaces import LUMA

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

MARKS = ("chosen", "close")
"""The gids of the lines that are markers: see `Artist.get_gid`."""

# Colors of Okabe and Ito, which color-blind people can distinguish; darker on a light background,
# since the axis labels in the same colors need the contrast of text.
ON_LIGHT = ("#005f99", "#a84300")
ON_DARK = ("#56b4e9", "#e69f00")


class Sweep(Protocol):
    """The part of `ClusterSweep` that is drawn."""

    suggested: int

    def to_dataframe(self) -> pd.DataFrame:
        """The sweep as a table, with one row per number of clusters."""


def draw_sweep(
    figure: Figure, sweep: Sweep, chosen: int | None = None, text_color: Any = "black"
) -> None:
    """Draw the SSE and the silhouette against the number of clusters.

    Markers are hollow where two of the clusters' colors are closer than `MIN_DELTA_E`; the axis
    label says so.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure, which is cleared; its background becomes transparent. Use
        ``layout="constrained"`` for the best fit.
    sweep : ClusterSweep
        The sweep. Its ``suggested`` number of clusters is drawn as a dashed line.
    chosen : int, optional
        The number of clusters to show with large markers.
    text_color : color, default "black"
        Color of ticks and labels; the colors of the curves suit the same background.
    """
    table = sweep.to_dataframe()
    numbers = table["n_clusters"].to_numpy()
    close = table["min_delta_e"].to_numpy(float) < MIN_DELTA_E
    sse_color, silhouette_color = curve_colors(text_color)

    figure.clear()
    figure.patch.set_alpha(0)
    sse_axes = figure.add_subplot()
    sse = table["sse"].to_numpy(float)
    power = _power_of_ten(sse)
    _draw_curve(sse_axes, numbers, sse / 10.0**power, close, sse_color, "o")
    sse_axes.set_ylabel(f"SSE ($\\times10^{{{power}}}$)" if power else "SSE", color=sse_color)
    sse_axes.set_ylim(bottom=0)
    axes = [sse_axes]

    silhouette = table["silhouette"].to_numpy(float)
    if np.isfinite(silhouette).any():
        silhouette_axes = sse_axes.twinx()
        _draw_curve(silhouette_axes, numbers, silhouette, close, silhouette_color, "s")
        silhouette_axes.set_ylabel(_silhouette_label(table), color=silhouette_color)
        axes.append(silhouette_axes)

    for each, color in zip(axes, (sse_color, silhouette_color), strict=False):
        _style_axes(each, color, text_color)
    sse_axes.set_xlim(numbers.min() - 0.5, numbers.max() + 0.5)
    legend = f"\nhollow: two colors < ΔE {MIN_DELTA_E:g} apart" if close.any() else ""
    sse_axes.set_xlabel(f"number of clusters k{legend}", color=text_color)
    sse_axes.grid(color=text_color, alpha=0.12, linewidth=0.6)
    _mark_suggested(sse_axes, sweep.suggested, text_color)
    mark_chosen(figure, sweep, chosen)


def mark_chosen(figure: Figure, sweep: Sweep, chosen: int | None) -> None:
    """Mark another number of clusters in a figure of `draw_sweep`, without redrawing the rest.

    Parameters
    ----------
    figure, sweep, chosen
        As for `draw_sweep`.
    """
    table = sweep.to_dataframe()
    close = table["min_delta_e"].to_numpy(float) < MIN_DELTA_E
    marked = table["n_clusters"].to_numpy() == chosen
    for axes in figure.axes:
        numbers, values = axes.lines[0].get_data()
        for line, here in zip(marks(axes), (marked, close & ~marked), strict=True):
            line.set_data(numbers[here], values[here])
            line.set_fillstyle("none" if close[here].any() else "full")


def marks(axes: Axes) -> list[Line2D]:
    """The lines that `mark_chosen` moves: markers of the chosen k, and of close colors."""
    lines = {line.get_gid(): line for line in axes.lines}
    return [lines[gid] for gid in MARKS]


def curve_colors(text_color: Any) -> tuple[str, str]:
    """The colors of the SSE and silhouette curves for the background of text in this color.

    Parameters
    ----------
    text_color : color
        Any color matplotlib understands.
    """
    from matplotlib.colors import to_rgb

    lightness = np.dot(to_rgb(text_color), LUMA)
    return ON_DARK if lightness > 0.5 else ON_LIGHT


def _draw_curve(
    axes: Axes, numbers: np.ndarray, values: np.ndarray, close: np.ndarray, color: str, marker: str
) -> None:
    style = {"color": color, "marker": marker}
    axes.plot(numbers, values, linewidth=1.4, markersize=3, markevery=~close, **style)
    for gid, size in zip(MARKS, (8, 5), strict=True):
        axes.plot([], [], linestyle="none", markersize=size, gid=gid, zorder=3, **style)


def _style_axes(axes: Axes, color: str, text_color: Any) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.set_facecolor("none")
    axes.yaxis.label.set_size(8)
    axes.xaxis.label.set_size(8)
    axes.tick_params(labelsize=8, length=0, colors=text_color)
    axes.tick_params(axis="y", labelcolor=color)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=9, integer=True, min_n_ticks=1))
    axes.yaxis.set_major_locator(MaxNLocator(nbins=4))
    for side, spine in axes.spines.items():
        spine.set_visible(side == "bottom")
        spine.set_color(text_color)
        spine.set_alpha(0.4)


def _mark_suggested(axes: Axes, suggested: int, text_color: Any) -> None:
    axes.axvline(suggested, color=text_color, alpha=0.55, linestyle="--", linewidth=1, zorder=1)
    axes.annotate(
        "suggested",
        (suggested, 1),
        xycoords=axes.get_xaxis_transform(),
        xytext=(0, 2),
        textcoords="offset points",
        horizontalalignment="center",
        color=text_color,
        alpha=0.8,
        fontsize=7.5,
        fontstyle="italic",
    )


def _silhouette_label(table: pd.DataFrame) -> str:
    """The axis label; it says so if silhouettes are estimates."""
    methods = table.loc[table["silhouette"].notna(), "silhouette_method"].unique().tolist()
    estimates = [method for method in methods if method != "exact"]
    return f"silhouette\n({', '.join(estimates)})" if estimates else "silhouette"


def _power_of_ten(values: np.ndarray) -> int:
    """The power of ten to move from the tick labels to the axis label, to keep them short."""
    largest = np.nanmax(np.abs(values), initial=0.0)
    power = int(np.floor(np.log10(largest))) if largest > 0 else 0
    return 0 if -1 <= power <= 2 else power
