"""Shares per frame as a matplotlib figure: a stacked area plot; no counting of frames, no Qt."""

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
    """Draw the shares of each cluster against the frames, stacked, in the clusters' colors.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure; what is on it is cleared, and its ground left transparent. It is at its best
        with ``layout="constrained"``.
    table : pandas.DataFrame
        What `frame_shares` gives. The palette's first cluster is at the bottom.
    frame : float, default 0
        The frame that is shown elsewhere, marked by a line.
    text_color : color, default "black"
        Color of ticks, labels and the line.
    axis_name : str, default "frame"
        What to write below.

    Returns
    -------
    matplotlib.lines.Line2D
        The line that marks the frame, which `move_marker` moves.
    """
    from matplotlib.ticker import MaxNLocator, PercentFormatter

    clusters = table.drop_duplicates("cluster")
    frames = np.unique(table["frame"])
    shares = table["fraction"].to_numpy(float).reshape(len(frames), len(clusters))

    figure.clear()
    figure.patch.set_alpha(0)
    axes = figure.add_subplot()
    axes.set_facecolor("none")
    # Each frame is as wide as any other, the first and the last too: a step, not a slope.
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
    axes.yaxis.set_major_formatter(PercentFormatter(1, symbol=" %"))
    axes.spines[:].set_visible(False)
    # A pale line within a dark one reads on every color.
    from matplotlib.patheffects import Normal, Stroke

    marker = axes.axvline(frame, color="white", linewidth=1, gid="frame")
    marker.set_path_effects([Stroke(linewidth=3, foreground="black"), Normal()])
    return marker


def move_marker(marker: Line2D, frame: float) -> None:
    """Move the line that marks the frame; drawing the canvas again is the caller's."""
    marker.set_xdata([frame, frame])
