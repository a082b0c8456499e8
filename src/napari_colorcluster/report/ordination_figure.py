"""The images of a comparison as points, by group, as a matplotlib figure. Computes nothing."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from napari_colorcluster.core.support.natural_order import in_natural_order
from napari_colorcluster.report.comparison_figure import MARK, shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Annotation
    from matplotlib.transforms import Bbox

    from napari_colorcluster.core.studies.comparison import PaletteComparison

COLORS = (
    *("#3f90da", "#ffa90e", "#bd1f01", "#832db6", "#94a4a2"),
    *("#a96b59", "#e76300", "#b9ac70", "#717581", "#92dadd"),
)
"""The colors of groups, which color-blind people can tell apart, too: M. A. Petroff, "Accessible
color sequences for data visualization", arXiv:2107.02270 (2021)."""

MARKERS = "osD^vP*Xph"
"""Groups differ in shape, too: color alone does not reach everybody."""

MAX_NAMES = 30
"""The most images whose names are written beside their points."""

_NAME = "name"
"""The gid of a name."""

_LETTER = 0.075
"""The width of a letter of the legend, in inches."""

MAX_LEGEND = 24
"""The most groups that are named: of more, the legend would leave no room for the points."""


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
        shape, and lines lead to a larger mark where the middle of each lies. An image whose group
        is empty has none.
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
    points = _points(comparison)
    groups = np.array(comparison.groups or ("",) * len(points), object)
    urls = np.array(links or [None] * len(points), object)
    # Those without a group are in no color.
    names = in_natural_order(groups)
    for at, group in enumerate(names):
        inside, has_group = groups == group, bool(group) or len(names) == 1
        marker = MARKERS[(at + at // len(COLORS)) % len(MARKERS)] if has_group else "o"
        color = COLORS[at % len(COLORS)] if has_group else "none"
        drawn = axes.scatter(
            *points[inside].T,
            **{"s": 28, "marker": marker, "color": color, "edgecolor": text_color},
            **{
                "linewidth": 0.5,
                "zorder": 2,
                "label": f"{shortened(group) or 'no group'} ({inside.sum():,})",
            },
        )
        drawn.set_urls(urls[inside])
        if len(names) > 1 and group:
            _draw_middle(axes, points[inside], marker, color)
    if links is None and len(points) <= MAX_NAMES:
        _write_names(figure, comparison, points, text_color)
    if 1 < len(names) <= MAX_LEGEND:
        _write_legend(figure)
    thin_names(figure)


def mark_point(
    figure: Figure, comparison: PaletteComparison, row: int | None, text_color: Any = "black"
) -> None:
    """Ring an image's point and write its name, in place of another one; None for none."""
    [axes] = figure.axes
    for artist in [each for each in axes.get_children() if each.get_gid() == MARK]:
        artist.remove()
    if row is None:
        thin_names(figure)
        return
    point = _points(comparison)[row]
    axes.plot(
        *point,
        **{"marker": "o", "markersize": 13, "markerfacecolor": "none", "zorder": 4, "gid": MARK},
        **{"markeredgecolor": text_color, "markeredgewidth": 2, "scalex": False, "scaley": False},
    )
    name = _name_beside(axes, comparison.images[row], point, 9, text_color)
    name.set(gid=MARK, fontsize=9, fontweight="bold", in_layout=False, zorder=5)
    thin_names(figure)


def fit_texts(figure: Figure) -> None:
    """Fit the legend and the names to another size of the figure."""
    if figure.legends:
        figure.legends[0].remove()
        _write_legend(figure)
    thin_names(figure)


def thin_names(figure: Figure) -> None:
    """Hide names that would lie on others, on the mark of an image, or beyond the axes."""
    names = [each for each in figure.axes[0].texts if each.get_gid() == _NAME]
    if not names:
        return
    for name in names:
        name.set_visible(True)
    with warnings.catch_warnings():
        # A figure without any room has no layout; nothing is seen of its names.
        warnings.filterwarnings("ignore", message="constrained_layout not applied")
        figure.draw_without_rendering()
    room = figure.axes[0].get_window_extent()
    marked = [each for each in figure.axes[0].get_children() if each.get_gid() == MARK]
    boxes: list[Bbox] = [each.get_window_extent() for each in marked]
    for name in names:
        box = name.get_window_extent()
        is_inside = room.x0 <= box.x0 and box.x1 <= room.x1
        name.set_visible(is_inside and not box.count_overlaps(boxes))
        if name.get_visible():
            boxes.append(box)


def _write_legend(figure: Figure) -> None:
    """Name the groups under the axes, in as many columns as there is room for."""
    [axes] = figure.axes
    handles, labels = axes.get_legend_handles_labels()
    n_columns = int(figure.get_size_inches()[0] / (_LETTER * (max(map(len, labels)) + 4)))
    legend = figure.legend(
        *(handles, labels),
        fontsize=8,
        frameon=False,
        labelcolor=axes.xaxis.label.get_color(),
        loc="outside lower center",
        ncols=min(max(n_columns, 1), len(labels)),
    )
    for text in legend.get_texts():
        text.set_parse_math(False)


def _points(comparison: PaletteComparison) -> np.ndarray:
    """The images as points, shape (n_images, 2)."""
    points = comparison.ordination.coordinates
    return np.pad(points, ((0, 0), (0, 2 - points.shape[1])))


def _draw_middle(axes: Axes, points: np.ndarray, marker: str, color: str) -> None:
    """Draw where the middle of a group lies, and how far its images are from there."""
    middle = points.mean(axis=0)
    # Gaps, not a line for each image.
    spokes = np.stack([points, np.broadcast_to(middle, points.shape), points * np.nan], axis=1)
    axes.plot(*spokes.reshape(-1, 2).T, color=color, linewidth=0.8, alpha=0.5, zorder=1)
    axes.scatter(
        *middle,
        **{"s": 150, "marker": marker, "facecolor": "none", "linewidth": 1.5, "edgecolor": color},
        zorder=3,
    )


def _write_names(
    figure: Figure, comparison: PaletteComparison, points: np.ndarray, text_color: Any
) -> None:
    for name, point in zip(comparison.images, points, strict=True):
        # Long names would leave a narrow figure no room for the points.
        _name_beside(figure.axes[0], name, point, 4, text_color).set(gid=_NAME, in_layout=False)


def _name_beside(
    axes: Axes, name: str, point: np.ndarray, apart: float, text_color: Any
) -> Annotation:
    """Write a name on the side of its point where there is more room."""
    is_right = point[0] > np.mean(axes.get_xlim())
    return axes.annotate(
        *(shortened(name), point),
        xytext=(-apart if is_right else apart, 3),
        textcoords="offset points",
        parse_math=False,
        fontsize=7,
        color=text_color,
        horizontalalignment="right" if is_right else "left",
    )


def _label_axes(axes: Axes, comparison: PaletteComparison, text_color: Any) -> None:
    explained = comparison.ordination.explained
    for number, (axis, part) in enumerate(zip((axes.xaxis, axes.yaxis), explained, strict=False)):
        # Short enough for a narrow window.
        label = f"principal coordinate {number + 1},\nΔE2000 ({part:.0%})"
        axis.set_label_text(label, fontsize=8, color=text_color)
