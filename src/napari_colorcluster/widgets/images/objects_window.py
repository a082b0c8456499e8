"""The window that shows the shares in each object of an image, and finds objects on the canvas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qtpy.QtWidgets import QWidget

from napari_colorcluster.layers.pattern.marks import Mark, outline
from napari_colorcluster.layers.pattern.sight import go_where
from napari_colorcluster.session.pattern_requests import Objects
from napari_colorcluster.widgets.images.pointed_figure import PointedFigure
from napari_colorcluster.widgets.images.share_window import ShareWindow
from napari_colorcluster.widgets.palette.words import share_text
from napari_colorcluster.widgets.parts.sorted_table import Shown, SortedTable

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure
    from napari.components import ViewerModel

OBJECT, SIZE = "object", "size"
"""The first columns of the table."""


class ObjectsWindow(ShareWindow):
    """The shares of the clusters in each object, as bars and as a table.

    Parameters
    ----------
    viewer : napari.Viewer
        Where an object is shown that is clicked here.
    objects : Objects
        What is shown.
    name : str
        The name of the layer that has the objects.
    parent : QWidget, optional
        Owner of the window.

    Attributes
    ----------
    objects : Objects
    """

    def __init__(
        self, viewer: ViewerModel, objects: Objects, name: str, parent: QWidget | None = None
    ) -> None:
        self._viewer = viewer
        self.objects = objects
        self._wide = wide_shares(objects)
        title = f'{objects.image.name}: shares of each object of "{name}"'
        figure = PointedFigure(self._draw, self._rows_at, self._describe, self._outline, self._fit)
        super().__init__(title, figure, parent, SortedTable())
        self._mark = mark = Mark(viewer)
        # Not a bound method: only the Python half of the window is left when it is called.
        self.destroyed.connect(lambda: mark.off())
        self.table.row_selected.connect(self._go_to)
        figure.clicked.connect(self.table.select)
        self.table.setToolTip(
            "Click a row, or a bar above, to go to the object on the canvas.\n"
            "Ctrl+C copies the table."
        )
        self.table.setAccessibleName("Shares of each object")
        self.add_save("shares", "shares of objects.csv", "Table", self._save_shares)
        self.add_save("patterns", "patterns of objects.csv", "Table", self._save_patterns)
        self.add_save("figure", "shares of objects.png", "Picture", self.figure.save)
        self.set_objects(objects)

    def set_objects(self, objects: Objects) -> None:
        """Show these; the object that is selected stays so, where it is still there."""
        row = self.table.selected_row()
        selected = None if row is None else self._wide[OBJECT].iloc[row]
        self.objects, self._wide = objects, wide_shares(objects)
        palette = objects.palette
        labels = [str(label) for label in palette.labels]
        unit = objects.spacing[1]
        heads = {OBJECT: "Object", SIZE: f"Area ({unit}²)" if unit else "Pixels"}
        heads |= dict(zip(labels, palette.names, strict=True))
        shown = Shown(
            self._wide,
            heads,
            write=dict.fromkeys(labels, share_text),
            head_colors=dict(zip(labels, palette.hex, strict=True)),
        )
        self.table.set_shown(shown)
        there = self._wide.index[self._wide[OBJECT] == selected].tolist()
        self._mark.off()
        self.figure.mark(None)
        self.table.select(there[0] if there else None)
        self.figure.redraw()

    def _draw(self, figure: Figure, text_color: str) -> None:
        from napari_colorcluster.report.objects_figure import draw_objects

        draw_objects(figure, self._shares(), list(self.objects.palette.hex), text_color)

    def _shares(self) -> pd.DataFrame:
        return self._wide.set_index(OBJECT).drop(columns=SIZE)

    def _fit(self, figure: Figure) -> None:
        from napari_colorcluster.report.objects_figure import fit_numbers

        fit_numbers(figure, self._shares())

    def _rows_at(self, event: Any) -> tuple[int, ...]:
        """The object whose bar is under the mouse."""
        if event.inaxes is None:
            return ()
        return (min(max(round(event.ydata), 0), len(self._wide) - 1),)

    def _describe(self, rows: tuple[int, ...]) -> str:
        return self._name(rows[0])

    def _name(self, row: int) -> str:
        return f"object {self._wide[OBJECT].iloc[row]}"

    def _outline(self, figure: Figure, row: int | None, text_color: str) -> None:
        from napari_colorcluster.report.comparison_figure import outline_row

        outline_row(figure.axes[0], row)

    def _go_to(self, row: int | None) -> None:
        self.figure.mark(row)
        image = self.objects.image
        if row is None or image not in self._viewer.layers:
            self._mark.off()
            return
        mask, corner = self.objects.mask_of(row)
        go_where(self._viewer, image, mask, corner)
        zoom = self._viewer.scene.camera.zoom
        self._mark.show(outline(mask, corner, image, zoom, self._name(row)))

    def _save_shares(self, path: Any) -> None:
        self.objects.shares().to_csv(path, index=False)

    def _save_patterns(self, path: Any) -> None:
        self.objects.patterns.indices().to_csv(path, index=False)


def wide_shares(objects: Objects) -> pd.DataFrame:
    """One row an object: its number, its size, and its share of each cluster by its label."""
    table = objects.shares()
    measure = "area" if "area" in table else "pixels"
    sizes = table.groupby("label")[measure].sum()
    wide = table.pivot(index="label", columns="index", values="fraction")
    wide = wide[objects.palette.labels.tolist()]
    wide.columns = [str(label) for label in wide.columns]
    wide.insert(0, SIZE, sizes)
    return wide.reset_index(names=OBJECT)
