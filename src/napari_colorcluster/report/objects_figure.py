"""The shares in each object as a matplotlib figure, stacked bars. Computes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MAX_LABELS = 40
"""The most objects each of which has its number beside its bar."""


def draw_objects(
    figure: Figure, shares: pd.DataFrame, colors: list[str], text_color: Any = "black"
) -> Axes:
    """Draw the shares of the clusters in each object as a stacked bar in their colors.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure, which is cleared; its background becomes transparent. Use
        ``layout="constrained"`` for the best fit.
    shares : pandas.DataFrame
        A row for each object, named by its number, and a column for each cluster.
    colors : list of str
        "#rrggbb" of each cluster.
    text_color : color, default "black"
        Color of ticks and labels.

    Returns
    -------
    matplotlib.axes.Axes
        The bar of row i is at y = i; the first is at the top.
    """
    from matplotlib.ticker import PercentFormatter

    figure.clear()
    figure.patch.set_alpha(0)
    axes = figure.add_subplot()
    axes.set_facecolor("none")
    rows = np.arange(len(shares))
    ends = np.cumsum(shares.to_numpy(float), axis=1)
    starts = ends - shares.to_numpy(float)
    for column, color in enumerate(colors):
        widths = ends[:, column] - starts[:, column]
        axes.barh(rows, widths, 0.8, starts[:, column], color=color, label=shares.columns[column])
    axes.set_xlim(0, 1)
    axes.set_ylim(len(shares) - 0.5, -0.5)
    axes.xaxis.set_major_formatter(PercentFormatter(1, symbol="%"))
    if len(shares) <= MAX_LABELS:
        axes.set_yticks(rows, map(str, shares.index))
    axes.set_ylabel("object", color=text_color, fontsize=8)
    axes.tick_params(labelsize=8, length=0, colors=text_color)
    axes.spines[:].set_visible(False)
    return axes
