"""The shares in each frame as a matplotlib figure, a stacked area plot. Computes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D


def draw_frames(
    figure: Figure,
    table: pd.DataFrame,
    frame: float = 0,
    text_color: Any = "black",
    axis_name: str = "frame",
) -> Line2D:
    """Draw the shares of the clusters in each frame as stacked areas in their colors.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure, which is cleared; its background becomes transparent. Use
        ``layout="constrained"`` for the best fit.
    table : pandas.DataFrame
        The table of `frame_shares`. The first cluster is at the bottom.
    frame : float, default 0
        The current frame, marked by a line.
    text_color : color, default "black"
        Color of ticks, labels and the line.
    axis_name : str, default "frame"
        Label of the horizontal axis.

    Returns
    -------
    matplotlib.lines.Line2D
        The line at the current frame; see `move_marker`.
    """
    from matplotlib.ticker import MaxNLocator, PercentFormatter

    clusters = table.drop_duplicates("index")
    frames = np.unique(table["frame"])
    shares = table["fraction"].to_numpy(float).reshape(len(frames), len(clusters))

    figure.clear()
    figure.patch.set_alpha(0)
    axes = figure.add_subplot()
    axes.set_facecolor("none")
    # Steps, so that all frames are equally wide, the first and the last included.
    edges = np.append(frames - 0.5, frames[-1] + 0.5) if len(frames) else np.zeros(1)
    tops = np.cumsum(shares, axis=1)
    bottoms = np.zeros(len(frames))
    for column, (name, color) in enumerate(zip(clusters["name"], clusters["hex"], strict=True)):
        axes.stairs(
            *(tops[:, column], edges),
            baseline=bottoms,
            fill=True,
            color=color,
            linewidth=0,
            label=name,
        )
        bottoms = tops[:, column]
    axes.set_xlim(edges[0], edges[-1] if len(frames) else 1)
    axes.set_ylim(0, 1)
    axes.set_xlabel(axis_name, color=text_color, fontsize=8)
    axes.set_ylabel("share", color=text_color, fontsize=8)
    axes.tick_params(labelsize=8, length=0, colors=text_color)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=9, integer=True, min_n_ticks=1))
    axes.yaxis.set_major_formatter(PercentFormatter(1, symbol="%"))
    axes.spines[:].set_visible(False)
    # White with a black outline is visible on any color.
    from matplotlib.patheffects import Normal, Stroke

    marker = axes.axvline(frame, color="white", linewidth=1, gid="frame")
    marker.set_path_effects([Stroke(linewidth=3, foreground="black"), Normal()])
    return marker


def move_marker(marker: Line2D, frame: float) -> None:
    """Move the line to another frame; the caller redraws the canvas."""
    marker.set_xdata([frame, frame])
