"""The shares in each object as a matplotlib figure, stacked bars. Computes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from napari_colorcluster.report.comparison_figure import bar_height, write_rows

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_HEIGHT_OF_OTHERS = 0.4
"""What the ticks take of the height, in inches."""


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
    starts, height = ends - shares.to_numpy(float), bar_height(len(shares))
    for column, color in enumerate(colors):
        widths = ends[:, column] - starts[:, column]
        axes.barh(
            rows, widths, height, starts[:, column], color=color, label=shares.columns[column]
        )
    axes.set_xlim(0, 1)
    axes.set_ylim(len(shares) - 0.5, -0.5)
    axes.xaxis.set_major_formatter(PercentFormatter(1, symbol="%"))
    axes.set_ylabel("object", color=text_color, fontsize=8)
    axes.tick_params(labelsize=8, length=0, colors=text_color)
    axes.spines[:].set_visible(False)
    fit_numbers(figure, shares)
    return axes


def fit_numbers(figure: Figure, shares: pd.DataFrame) -> None:
    """Write the numbers of as many objects as the figure has room for; for a new size, too."""
    height = figure.get_size_inches()[1] - _HEIGHT_OF_OTHERS
    write_rows(figure.axes[0], list(map(str, shares.index)), height)
