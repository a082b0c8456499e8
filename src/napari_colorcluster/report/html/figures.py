"""The figures and tables above the images of a report, as SVG and values for its page."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np

from napari_colorcluster.core.studies.comparison import PaletteComparison, compare_palettes
from napari_colorcluster.core.support.natural_order import in_natural_order
from napari_colorcluster.core.support.progress import Progress, silent
from napari_colorcluster.report.comparison_figure import draw_comparison
from napari_colorcluster.report.group_shares_figure import draw_group_shares, group_shares_height
from napari_colorcluster.report.group_test_words import HEADS, number_words
from napari_colorcluster.report.html.data import same_clusters
from napari_colorcluster.report.html.image import ReportImage, readable
from napari_colorcluster.report.ordination_figure import draw_ordination

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

MOST_COMPARED = 100
"""Of more images, this many are compared: pairs grow with the square."""

MOST_GROUPS = 60
"""Of more groups, bars would be too thin to tell apart."""

_INK, _PAPER = "#010203", "#fdfcfb"
"""Stand for the page's colors, which are not the same in a light and a dark theme."""

_LONGEST_NAME = 36
"""Letters of a name that are written in a figure; of longer ones, the beginning and the end."""


@dataclass(frozen=True)
class ReportFigure:
    """One figure of a report.

    Attributes
    ----------
    title, caption : str
        What it shows.
    svg : str
        The figure, to stand inside a page.
    columns : tuple of str
        The columns of a table of its numbers; none without a table.
    rows : tuple of tuple of str
        The rows of that table.
    """

    title: str
    caption: str
    svg: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def report_figures(
    images: Sequence[ReportImage], progress: Progress = silent
) -> list[ReportFigure]:
    """Draw the shares by group, the ordination and the distances between palettes.

    Parameters
    ----------
    images : sequence of ReportImage
        The images. More than `MOST_COMPARED` are represented by as many of them, of each group in
        proportion.
    progress : callable, optional
        Called with the fraction done.

    Returns
    -------
    list of ReportFigure
        Those for which there are images enough: shares by group need the same clusters in all
        images, and two images can be compared, three ordered.
    """
    used = [at for at, image in enumerate(images) if image.palette.n_pixels]
    of_used = [images[at] for at in used]
    figures = []
    if used and same_clusters(of_used) and len({each.group for each in of_used}) <= MOST_GROUPS:
        figures.append(_group_shares(of_used))
    if len(used) > 1:
        chosen = _representatives(images, used)
        names = _short_names([images[at].name for at in chosen])
        palettes = {name: images[at].palette for name, at in zip(names, chosen, strict=True)}
        groups = {name: readable(images[at].group) for name, at in zip(names, chosen, strict=True)}
        comparison = compare_palettes(
            palettes, groups if any(groups.values()) else None, progress=progress
        )
        of_all = ""
        if len(chosen) < len(used):
            of_all = f" {len(chosen)} of {len(used):,} images are drawn, evenly from each group."
        if len(chosen) > 2:
            figures.append(_ordination(comparison, [f"#image={at}" for at in chosen], of_all))
        figures.append(_comparison(comparison, of_all))
    return figures


def _representatives(images: Sequence[ReportImage], used: Sequence[int]) -> list[int]:
    """The positions of images for all: every n-th, when they are in order of their groups."""
    by_group = sorted(used, key=lambda at: images[at].group)
    n_chosen = min(MOST_COMPARED, len(used))
    return sorted(by_group[(2 * at + 1) * len(used) // (2 * n_chosen)] for at in range(n_chosen))


def _short_names(names: Sequence[str]) -> list[str]:
    """Names that a figure has room for, each different."""
    short: dict[str, None] = {}
    half = _LONGEST_NAME // 2
    for name in map(readable, names):
        # A control character is nothing to draw.
        wanted = "".join(letter if letter.isprintable() else " " for letter in name)
        if len(wanted) > _LONGEST_NAME:
            wanted = f"{wanted[:half]}…{wanted[-half:]}"
        numbers = count(2)
        unique = wanted
        while unique in short:
            unique = f"{wanted} {next(numbers)}"
        short[unique] = None
    return list(short)


def _group_shares(images: Sequence[ReportImage]) -> ReportFigure:
    import pandas as pd

    palette = images[0].palette
    shares = pd.DataFrame(
        np.stack([image.palette.fractions for image in images]), columns=list(palette.names)
    )
    groups = [readable(image.group) for image in images]
    has_groups = any(groups)
    names = (
        [group or "no group" for group in groups] if has_groups else ["all images"] * len(images)
    )
    svg = figure_svg(
        "shares",
        lambda figure: draw_group_shares(figure, shares, palette.colors, names, _INK, _PAPER),
        (7.5, group_shares_height(len(palette), names)),
    )
    return ReportFigure(
        "Shares by group" if has_groups else "Shares",
        "A bar is the mean of its images, each counting the same; a point is an image.",
        svg,
        *_share_rows(shares, names),
    )


def _share_rows(shares: pd.DataFrame, groups: Sequence[str]) -> tuple[Any, Any]:
    """The columns and rows of a table of mean shares and standard deviations by group."""
    grouped = shares.groupby(np.asarray(groups, object))
    means, spread, sizes = grouped.mean(), grouped.std(), grouped.size()
    rows = []
    for group in in_natural_order(means.index):
        cells = zip(means.loc[group], spread.loc[group], strict=True)
        texts = (f"{m:.1%}" if np.isnan(s) else f"{m:.1%} ± {s:.1%}" for m, s in cells)
        rows.append((group, f"{sizes[group]:,}", *texts))
    return ("group", "images", *shares.columns), tuple(rows)


def _comparison(comparison: PaletteComparison, of_all: str) -> ReportFigure:
    height = min(max(2.8, 1.2 + 0.16 * len(comparison.images)), 12.0)
    svg = figure_svg(
        "distances", lambda figure: draw_comparison(figure, comparison, _INK), (9, height)
    )
    return ReportFigure(
        "Distances between palettes",
        f"Earth mover’s distances; similar images are neighbors.{of_all}",
        svg,
    )


def _ordination(comparison: PaletteComparison, links: list[str], of_all: str) -> ReportFigure:
    svg = figure_svg(
        "ordination",
        lambda figure: draw_ordination(figure, comparison, _INK, links),
        (7.5, 5.5),
    )
    titles = dict(zip(links, comparison.images, strict=True))
    svg = re.sub(r'<a xlink:href="(#image=\d+)"[^>]*>', lambda found: _link(found[1], titles), svg)
    return ReportFigure(
        "Ordination",
        f"Points lie apart as the palettes differ; click one to see its image.{of_all}",
        svg,
        *_test_rows(comparison),
    )


def _link(target: str, titles: dict[str, str]) -> str:
    # Reached by the grid: a hundred stops of the Tab key would be in the way.
    return f'<a href="{target}" tabindex="-1"><title>{escape(titles[target])}</title>'


def _test_rows(comparison: PaletteComparison) -> tuple[Any, Any]:
    """The columns and rows of the tests of groups; none where there are too few images."""
    try:
        table = comparison.group_tests()
    except ValueError:
        return (), ()
    rows = [
        (groups, *(number_words(column, values[column]) for column in HEADS))
        for groups, values in table.iterrows()
    ]
    return ("groups", *HEADS.values()), tuple(rows)


def figure_svg(name: str, draw: Callable[[Figure], None], size: tuple[float, float]) -> str:
    """Draw a figure as SVG that stands inside a page and takes its text color and font.

    Parameters
    ----------
    name : str
        What its ids begin with: each figure of a page needs its own.
    draw : callable
        Draws into a figure, with `_INK` for the text color.
    size : (float, float)
        Width and height in inches.
    """
    import matplotlib as mpl
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    # Names of files are no formulas, and text stays text.
    style = {"text.parse_math": False, "svg.fonttype": "none", "svg.hashsalt": "colorcluster"}
    target = io.StringIO()
    with mpl.rc_context(style), warnings.catch_warnings():
        # The browser has the letters that matplotlib's own font has not.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        warnings.filterwarnings("ignore", message="constrained_layout not applied")
        figure = Figure(figsize=size, dpi=150, layout="constrained")
        FigureCanvasSVG(figure)
        draw(figure)
        figure.savefig(target, format="svg", metadata={"Date": None}, transparent=True)
    svg = target.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = _with_own_ids(svg, name)
    return svg.replace(_INK, "currentColor").replace(_PAPER, "var(--raised)")


def _with_own_ids(svg: str, name: str) -> str:
    """The same with other ids, and with none where nothing refers to it.

    Those of matplotlib can be the same in several figures, and differ from time to time.
    """
    referred = re.findall(r'(?:href="|url\()#(\w+)[")]', svg)
    new = {old: f"{name}-{at}" for at, old in enumerate(dict.fromkeys(referred))}

    def own(found: re.Match[str]) -> str:
        return f' id="{new[found[1]]}"' if found[1] in new else ""

    svg = re.sub(r' id="([^"]*)"', own, svg)
    return re.sub(
        r'(href="|url\()#(\w+)(?=[")])',
        lambda found: f"{found[1]}#{new.get(found[2], found[2])}",
        svg,
    )
