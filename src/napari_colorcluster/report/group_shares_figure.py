"""The shares of each cluster by group as a matplotlib figure: bars, and a point an image."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from napari_colorcluster.core.support.natural_order import in_natural_order
from napari_colorcluster.report.comparison_figure import shortened

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_VECTORS = 2000
"""More points than this are drawn as a picture inside the figure."""

_SPREAD = 0.32
"""How far points are strewn from the middle of a bar that is 0.8 wide."""


_ABREAST = 70
"""Letters of all groups together that stand upright side by side; more are turned."""

_LETTER = 0.068
"""The width of a letter, in inches."""


def group_shares_height(n_clusters: int, groups: Sequence[str]) -> float:
    """The height in inches in which bars are as high for names of groups of any length.

    Parameters
    ----------
    n_clusters : int
        The number of clusters.
    groups : sequence of str
        The group of each image.

    Returns
    -------
    float
    """
    labels = _labels(*np.unique(np.asarray(groups, object), return_counts=True))
    turned = _LETTER * max(map(len, labels)) if _is_crowded(labels) else 0
    return 0.7 + 0.85 * n_clusters + turned


def draw_group_shares(
    figure: Figure,
    shares: pd.DataFrame,
    colors: np.ndarray,
    groups: Sequence[str],
    text_color: Any = "black",
    paper_color: Any = "white",
) -> None:
    """Draw the mean share of each cluster in each group, and the share in each image.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure, which is cleared; its background becomes transparent. Use
        ``layout="constrained"`` for the best fit.
    shares : pandas.DataFrame
        Fractions, one row per image and one column per cluster, as `PaletteComparison.shares_table`
        gives them.
    colors : ndarray, shape (n_clusters, 3), uint8
        The sRGB color of each cluster.
    groups : sequence of str
        The group of each image.
    text_color : color, default "black"
        Color of lines, ticks and labels.
    paper_color : color, default "white"
        Color around points, which lie on bars of any color.
    """
    figure.clear()
    figure.patch.set_alpha(0)
    names = in_natural_order(groups)
    code_of = {name: code for code, name in enumerate(names)}
    codes = np.array([code_of[group] for group in groups])
    sizes = np.bincount(codes, minlength=len(names))
    # Strewn evenly, the same in each figure: the order of the images decides, no random number.
    places = codes + _SPREAD * (2 * _within(codes) - 1)
    look = {"s": 14, "color": text_color, "edgecolor": paper_color, "linewidth": 0.6}
    if shares.size > MOST_VECTORS:
        # In a picture, colors cannot follow the theme of the page: gray is seen in each.
        look = {"s": 3, "color": "0.5", "alpha": 0.3, "linewidth": 0, "rasterized": True}
    rows = figure.subplots(shares.shape[1], 1, sharex=True, squeeze=False)[:, 0]
    for axes, (name, column), color in zip(rows, shares.items(), colors / 255, strict=True):
        _prepare(axes, text_color)
        means = np.bincount(codes, column, len(names)) / sizes
        axes.bar(range(len(names)), means, 0.8, color=color, edgecolor=text_color, linewidth=0.5)
        axes.scatter(places, column, zorder=3, **look)
        axes.set_ylim(0, 1.08 * max(float(column.max()), 0.01))
        axes.set_ylabel(name, fontsize=8, color=text_color, rotation=0, ha="right", va="center")
    labels = _labels(names, sizes)
    rows[-1].set_xticks(range(len(names)), labels, rotation=90 if _is_crowded(labels) else 0)
    rows[-1].set_xlim(-0.6, len(names) - 0.4)


def _labels(names: Sequence[str], sizes: Sequence[int]) -> list[str]:
    return [f"{shortened(name)} ({size:,})" for name, size in zip(names, sizes, strict=True)]


def _is_crowded(labels: Sequence[str]) -> bool:
    return sum(map(len, labels)) > _ABREAST


def _within(codes: np.ndarray) -> np.ndarray:
    """Where each image stands within its group, in (0, 1), by the golden ratio: neighbors far."""
    order = np.argsort(codes, kind="stable")
    starts = np.searchsorted(codes[order], codes[order])
    position = np.empty(len(codes))
    position[order] = np.arange(len(codes)) - starts
    return (0.5 + position * 0.618034) % 1


def _prepare(axes: Axes, text_color: Any) -> None:
    from matplotlib.ticker import MaxNLocator, PercentFormatter

    axes.set_facecolor("none")
    axes.tick_params(length=0, labelsize=8, colors=text_color)
    axes.spines[["top", "right"]].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(text_color)
        axes.spines[side].set_linewidth(0.6)
    axes.yaxis.set_major_locator(MaxNLocator(2))
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
