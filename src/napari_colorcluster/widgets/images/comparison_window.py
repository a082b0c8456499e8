"""The window that sets images beside each other: shares, distances, groups, and which are alike."""

from __future__ import annotations

from dataclasses import replace
from math import hypot
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from qtpy.QtWidgets import QWidget

from napari_colorcluster.core.support.words import counted
from napari_colorcluster.layers.notify import Notices
from napari_colorcluster.layers.source import source_layers
from napari_colorcluster.report.group_test_words import number_words
from napari_colorcluster.session.group_tests import GroupTestsRequest
from napari_colorcluster.session.latest_job import LatestJob
from napari_colorcluster.session.requests.many_requests import shown_palettes
from napari_colorcluster.widgets.images.group_choice import GroupChoice
from napari_colorcluster.widgets.images.pointed_figure import PointedFigure
from napari_colorcluster.widgets.images.share_window import ShareWindow
from napari_colorcluster.widgets.palette.words import share_text
from napari_colorcluster.widgets.parts.sorted_table import Shown, SortedTable

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure
    from napari.components import ViewerModel

    from napari_colorcluster.core.studies.comparison import PaletteComparison


CHANGED = "Out of date: press Compare… in the panel to update."
DIFFERENT = (
    "These images have different clusters, so the table shows the distances between their "
    "palettes (ΔE2000). Apply palette or Pool gives them the same clusters and a table of shares."
)
TESTED = (
    "A small p tells that groups differ in their palettes (PERMANOVA), or in how far palettes lie "
    "apart within a group (PERMDISP); 999 permutations."
)
HEADS = {
    "images": "Images",
    "pseudo_f": "Pseudo-F",
    "r_squared": "R²",
    "p": "p",
    "p_adjusted": "Adjusted p",
    "dispersion_f": "PERMDISP F",
    "dispersion_p": "PERMDISP p",
}
"""The columns of `group_tests`, named shortly: it stands beside another table."""

NEAR = 10
"""Pixels from a point within which the mouse is at it."""

FEWEST_POINTS = 3
"""Of fewer images, points tell nothing that the distances do not."""

SIZE = (1240, 760)


class ComparisonWindow(ShareWindow):
    """A comparison of palettes.

    Parameters
    ----------
    viewer : napari.Viewer
        Where the images are.
    comparison : PaletteComparison
        What is shown.
    parent : QWidget, optional
        Owner of the window.
    notices : Notices, optional
        Where errors are told, and what was saved.

    Attributes
    ----------
    choice : GroupChoice
        What the groups are.
    ordination : PointedFigure
        The images as points; hidden where they are too few.
    tests : SortedTable
        The tests of the groups, while there are some.
    """

    def __init__(
        self,
        viewer: ViewerModel,
        comparison: PaletteComparison,
        parent: QWidget | None = None,
        notices: Notices | None = None,
    ) -> None:
        from napari_colorcluster.report.comparison_figure import (
            draw_comparison,
            fit_texts,
            mark_row,
        )
        from napari_colorcluster.report.ordination_figure import fit_texts as fit_points
        from napari_colorcluster.report.ordination_figure import mark_point

        self._viewer, self._comparison = viewer, comparison
        # With a group for each image, which is empty where it has none.
        self._grouped = comparison
        self._places = np.argsort(comparison.order)
        figure = PointedFigure(
            lambda figure, text: draw_comparison(figure, comparison, text),
            self._rows_at,
            self._describe,
            lambda figure, row, text: mark_row(figure, None if row is None else self._places[row]),
            lambda figure: fit_texts(figure, comparison),
        )
        super().__init__(
            f"Comparison of {counted(len(comparison.images), 'image')}", figure, parent
        )
        self.notices = notices or self.notices
        self.choice = GroupChoice(_names(viewer, comparison), self.notices)
        self.ordination = PointedFigure(
            self._draw_points,
            self._points_at,
            self._describe,
            lambda figure, row, text: mark_point(figure, comparison, row, text),
            fit_points,
        )
        self.tests, self._table = SortedTable(), None
        self._tested, self._notes = "", self._fill_table()
        self._work = LatestJob()
        self._work.returned.connect(self._show_tests)
        self._work.failed.connect(self._refuse)
        work = self._work
        # Not a bound method: only the Python half of the window is left when it is called.
        self.destroyed.connect(lambda: work.close())
        self._lay_out()
        self._say()
        for view in (self.figure, self.ordination):
            view.clicked.connect(lambda row: self.table.mark(int(self._places[row])))
        self.table.row_selected.connect(self._go_to)
        self.choice.changed.connect(self._group)

    @property
    def is_busy(self) -> bool:
        """Whether groups are being tested."""
        return self._work.is_busy

    def follow(self) -> None:
        """Say where there are other palettes by now, or other images that have one."""
        there, left_out = shown_palettes(self._viewer), self._comparison.left_out
        compared = {name: each for name, each in there.items() if name not in left_out}
        is_current = compared == dict(self._comparison.palettes) and set(left_out) <= set(there)
        self.set_changed("" if is_current else CHANGED)

    def _lay_out(self) -> None:
        copied = "Ctrl+C copies the table."
        self.table.setToolTip(f"Click a row to select the image's layer. {copied}")
        self.table.setAccessibleName("Comparison of images")
        self.tests.setToolTip(copied)
        self.tests.setAccessibleName("Tests of groups")
        has_points = len(self._comparison.images) >= FEWEST_POINTS
        if has_points:
            self.set_head(self.choice)
            self.add_beside(self.ordination, self.tests)
            self.resize_within_screen(*SIZE)
        self.tests.hide()
        if _shares(self._comparison) is not None:
            self.add_save("shares", "shares.csv", "Table", self._save_shares)
        distances = self._comparison.distance_table()
        self.add_save("distances", "distances.csv", "Table", distances.to_csv)
        self._save_tests = self.add_save("tests", "tests.csv", "Table", self._write_tests)
        self._save_tests.hide()
        self.add_save("figure", "comparison.png", "Picture", self.figure.save)
        if has_points:
            self.add_save("ordination", "ordination.png", "Picture", self.ordination.save)

    def _fill_table(self) -> list[str]:
        """Show the shares, or else the distances; return what has to be said."""
        comparison, shares = self._comparison, _shares(self._comparison)
        # As in the figure, where like images stand together; files keep the order of the layers.
        order = comparison.order
        notes = []
        if comparison.left_out:
            notes.append(f"Left out, having no pixels: {', '.join(comparison.left_out)}.")
        if shares is None:
            distances = comparison.distance_table().iloc[order, order]
            self.table.set_table(distances, lambda distance: f"{distance:.2f}")
            notes.append(DIFFERENT)
        else:
            palette = next(iter(comparison.palettes.values()))
            self.table.set_table(shares.iloc[order], share_text, palette.hex)
        return notes

    def _say(self) -> None:
        self.set_note(" ".join([*self._notes, self._tested]).strip())

    def _group(self) -> None:
        """Show the groups that are chosen, and test them."""
        self._work.cancel()
        self._show_no_tests()
        try:
            groups, self._tested = self.choice.groups(), ""
        except ValueError as error:
            groups, self._tested = {}, str(error)
        every = tuple(groups.get(name, "") for name in self._comparison.images)
        self._grouped = replace(self._comparison, groups=every if groups else None)
        self.ordination.redraw()
        if groups:
            self._tested = "Testing the groups…"
            self._work.start(GroupTestsRequest(self._comparison.grouped(groups)))
        self._say()

    def _show_no_tests(self) -> None:
        self._table = None
        self.tests.hide()
        self._save_tests.hide()

    def _show_tests(self, request: GroupTestsRequest, table: pd.DataFrame) -> None:
        self._table = table
        heads = {"groups": "Groups", **HEADS}
        if len(table) == 1:
            del heads["p_adjusted"]
        write = {name: lambda value, name=name: number_words(name, value) for name in HEADS}
        self.tests.set_shown(Shown(table.reset_index(), heads, write=write))
        self.tests.show()
        self._save_tests.show()
        without = len(self._comparison.images) - len(request.comparison.images)
        left_out = "image has" if without == 1 else "images have"
        self._tested = f"{without} {left_out} no group. {TESTED}" if without else TESTED
        self._say()

    def _refuse(self, error: Exception) -> None:
        """Say why groups cannot be tested, such as there being one alone."""
        if isinstance(error, ValueError):
            self._tested = str(error)
        else:
            self._tested = ""
            self.notices.report(error)
        self._say()

    def _go_to(self, place: int | None) -> None:
        """Mark an image in the figures, and select its layer."""
        row = None if place is None else int(self._comparison.order[place])
        for view in (self.figure, self.ordination):
            view.mark(row)
        layer = None if row is None else _layer(self._viewer, self._comparison.images[row])
        if layer is not None:
            self._viewer.layers.selection.active = layer

    def _draw_points(self, figure: Figure, text_color: str) -> None:
        from napari_colorcluster.report.ordination_figure import draw_ordination

        draw_ordination(figure, self._grouped, text_color)

    def _rows_at(self, event: Any) -> tuple[int, ...]:
        """The images whose row, or whose cell of the distances, is under the mouse."""
        from napari_colorcluster.report.comparison_figure import DISTANCES, TREE

        axes = self.figure.figure.axes[:3]
        if event.inaxes not in axes or event.inaxes is axes[TREE]:
            return ()
        places = [event.ydata, event.xdata] if event.inaxes is axes[DISTANCES] else [event.ydata]
        inside = [min(max(round(at), 0), len(self._places) - 1) for at in places]
        return tuple(self._comparison.order[inside].tolist())

    def _points_at(self, event: Any) -> tuple[int, ...]:
        """The image whose point is nearest to the mouse, if it is near."""
        axes = self.ordination.figure.axes
        if not axes or event.inaxes is not axes[0]:
            return ()
        points = self._comparison.ordination.coordinates
        shown = axes[0].transData.transform(points) - (event.x, event.y)
        nearest = int(np.argmin(np.hypot(*shown.T)))
        is_near = hypot(*shown[nearest]) <= NEAR * self.ordination.canvas.device_pixel_ratio
        return (nearest,) if is_near else ()

    def _describe(self, rows: tuple[int, ...]) -> str:
        """Name images; of two, tell the distance."""
        names = [self._comparison.images[row] for row in rows]
        if len(set(rows)) == 2:
            return f"{names[0]} – {names[1]}: ΔE2000 {self._comparison.distances[rows]:.1f}"
        group = self._grouped.groups[rows[0]] if self._grouped.groups else ""
        return f"{names[0]} ({group})" if group else names[0]

    def _save_shares(self, path: Path) -> None:
        shares = _shares(self._comparison)
        if self._grouped.groups:
            shares.insert(0, "group", self._grouped.groups, allow_duplicates=True)
        shares.to_csv(path)

    def _write_tests(self, path: Path) -> None:
        self._table.to_csv(path)


def _layer(viewer: ViewerModel, name: str) -> Any:
    return next((each for each in source_layers(viewer) if each.name == name), None)


def _names(viewer: ViewerModel, comparison: PaletteComparison) -> dict[str, list[str]]:
    """What a table may call each image: its layer's name, or its file's."""
    names = {name: [name] for name in comparison.images}
    for layer in source_layers(viewer):
        if layer.name in names and layer.source.path:
            path = Path(layer.source.path)
            names[layer.name] += [str(path), path.name, path.stem]
    return names


def _shares(comparison: PaletteComparison) -> pd.DataFrame | None:
    """The table of shares; None where the images have not the same clusters."""
    try:
        return comparison.shares_table()
    except ValueError:
        return None
